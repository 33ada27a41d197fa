import SynclineModel

// Events as JSON Lines (Docs/JournalFormat.md, "Export"): one object a line, members in a fixed order,
// values with their type, no number that a reader could round.

extension Journal {
  /// Hands over each event as one line of JSON, without the line's end, until `body` returns false.
  public func export(_ body: (String) -> Bool) throws(JournalFailure) {
    try events { event in body(event.json.line) }
  }
}

extension JournalEvent {
  /// The event as JSON. References that are not there are left out.
  var json: JSON {
    var members: [(String, JSON)] = [
      ("sequence", .number(header.sequence.rawValue)), ("kind", .text("\(header.kind)")),
      ("version", .number(header.version)),
      ("time", .text(ISOText.format(moment: header.time))), ("run", .number(header.run.rawValue)),
    ]
    let references: [(String, UInt64)] = [
      ("record", header.record.rawValue), ("link", header.link.rawValue),
      ("previousOfRecord", header.previousOfRecord.rawValue),
      ("previousOfLink", header.previousOfLink.rawValue),
    ]
    for (name, number) in references where number != 0 { members.append((name, .number(number))) }
    let causes = [header.causes.first, header.causes.second].filter { $0 != .none }
    if !causes.isEmpty { members.append(("causes", .numbers(causes))) }
    members.append(("payload", .members(body.members)))
    return .members(members)
  }
}

extension JSON {
  static func number(_ number: some DenseNumber) -> JSON { .number("\(number.rawValue)") }

  static func numbers<Number: DenseNumber>(_ numbers: [Number]) -> JSON {
    .list(numbers.map { .number($0) })
  }

  static func side(_ side: Side) -> JSON { .text(side.description) }

  static func slot(_ slot: Slot) -> JSON {
    .members([("side", .side(slot.side)), ("index", .number(slot.index))])
  }

  static func ranges(_ ranges: [EntryRange]) -> JSON {
    .list(ranges.map { .list([.number($0.first), .number($0.last)]) })
  }

  static func stamp(_ stamp: Stamp) -> JSON {
    .members([
      ("time", stamp.time.map { .text(ISOText.format(moment: $0)) } ?? .null),
      ("author", .text(stamp.author)), ("version", .number("\(stamp.version)")),
    ])
  }

  static func hexadecimal(_ bytes: some Sequence<UInt8>) -> JSON {
    .text(Hexadecimal.text(bytes))
  }

  /// Fields by number, ascending.
  static func row(_ row: PackedRow) -> JSON {
    .members(row.values.map { ("\($0.field.rawValue)", .value($0.value)) })
  }

  static func key(_ key: NativeKey) -> JSON { .value(key.value) }

  /// A value with the name of its kind; null is null.
  static func value(_ value: Value) -> JSON {
    switch value {
    case .null: .null
    case .boolean(let boolean): typed("boolean", .boolean(boolean))
    // As text: a reader may hold numbers as doubles.
    case .integer(let integer): typed("integer", .text("\(integer)"))
    case .decimal(let decimal): typed("decimal", .text(decimal.description))
    case .double(let double): typed("double", .text("\(double)"))
    case .text(let text):
      text.isValid ? typed("text", .text(text.string)) : typed("text8", .hexadecimal(text.utf8))
    case .bytes(let bytes): typed("bytes", .hexadecimal(bytes))
    case .date(let date): typed("date", .text(date.description))
    case .time(let time): typed("time", .text(time.description))
    case .timestamp(let moment): typed("timestamp", .text(ISOText.format(moment: moment)))
    case .localTimestamp(let local):
      typed("localTimestamp", .text(ISOText.format(local: local)))
    case .uuid(let bytes): typed("uuid", .text(UUIDText.format(bytes)))
    case .digest(let digest):
      typed(
        "digest",
        .members([("length", .number(digest.length)), ("sha256", .hexadecimal(digest.sha256))]))
    }
  }

  private static func typed(_ kind: String, _ value: JSON) -> JSON {
    .members([(kind, value)])
  }
}
