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
    for field in binding.fields where field.number != binding.key.number {
      if let value = row[field.number] { members.append((field.name.rawValue, Self.json(value))) }
    }
    return .members(members)
  }

  private static func json(_ value: Value) -> JSON {
    switch value {
    case .null, .digest: .null
    case .boolean(let flag): .boolean(flag)
    case .integer(let integer): .number(integer)
    case .decimal(let decimal): .number(decimal.description)
    case .double(let double): double.isFinite ? .number("\(double)") : .null
    case .text(let text): .text(text.string)
    case .date(let date): .text("\(date)")
    case .time(let time): .text(StampText.format(time))
    case .timestamp(let moment), .localTimestamp(let moment): .text(StampText.format(moment))
    case .uuid(let bytes): .text(UUIDText.format(bytes))
    case .bytes(let bytes): .text(String(decoding: bytes, as: UTF8.self))
    }
  }
}
