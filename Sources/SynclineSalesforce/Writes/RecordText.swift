import SynclineModel

/// Writes rows as the bodies of requests hold them.
struct RecordText {
  let binding: ObjectBinding

  /// A record of a collection, with its id where it is there already.
  func record(_ row: PackedRow, id: String? = nil) -> JSON {
    var members: [(String, JSON)] = [
      ("attributes", .object(["type": .text(binding.name.rawValue)]))
    ]
    if let id { members.append(("id", .text(id))) }
    return .members(members + fields(row))
  }

  /// The fields of a row alone, as the body of a request for one record has them.
  func body(_ row: PackedRow) -> JSON { .members(fields(row)) }

  private func fields(_ row: PackedRow) -> [(String, JSON)] {
    binding.fields.compactMap { field in
      guard field.number != binding.key.number, let value = row[field.number] else { return nil }
      return (field.name.rawValue, Self.json(value))
    }
  }

  /// Why a row cannot be sent as it is; a value is never sent as another one. Nil where it can.
  func problem(_ row: PackedRow) -> RecordProblem? {
    for field in binding.fields {
      guard let flaw = row[field.number].flatMap(Self.flaw) else { continue }
      return RecordProblem(
        code: "value", message: "\(binding.name).\(field.name): \(flaw)", mayPass: false)
    }
    return nil
  }

  private static func flaw(_ value: Value) -> String? {
    switch value {
    case .digest: "only the digest of the value is known"
    case .bytes: "Salesforce takes no bytes in a record"
    case .double(let double) where !double.isFinite: "the value is no number"
    case .text(let text) where !text.isValid: "the text is no UTF-8"
    default: nil
    }
  }

  private static func json(_ value: Value) -> JSON {
    switch value {
    case .null: .null
    case .boolean(let flag): .boolean(flag)
    case .integer(let integer): .number(integer)
    case .decimal(let decimal): .number(decimal.description)
    case .double(let double): .number("\(double)")
    case .text(let text): .text(text.string)
    case .date(let date): .text("\(date)")
    case .time(let time): .text(StampText.format(time))
    case .timestamp(let moment), .localTimestamp(let moment): .text(StampText.format(moment))
    case .uuid(let bytes): .text(UUIDText.format(bytes))
    case .digest, .bytes: preconditionFailure("a row with a flaw is not sent")
    }
  }
}
