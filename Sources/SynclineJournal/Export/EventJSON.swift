import SynclineModel

// Events as JSON Lines (Docs/JournalFormat.md, "Export"): one object a line, members in a fixed order,
// values with their type, no number that a reader could round.

extension Journal {
  /// Hands over each event as one line of JSON, without the line's end, until `body` returns false.
  public func export(_ body: (String) -> Bool) throws(JournalFailure) {
    try events { event in body(event.json.text) }
  }
}

extension JournalEvent {
  /// The event as JSON. References that are not there are left out.
  var json: JSONValue {
    var members: [(String, JSONValue)] = [
      ("sequence", .number(header.sequence.rawValue)), ("kind", .string("\(header.kind)")),
      ("version", .number(header.version)),
      ("time", .string(ISOText.format(moment: header.time))), ("run", .number(header.run.rawValue)),
    ]
    let references: [(String, UInt64)] = [
      ("record", header.record.rawValue), ("link", header.link.rawValue),
      ("previousOfRecord", header.previousOfRecord.rawValue),
      ("previousOfLink", header.previousOfLink.rawValue),
    ]
    for (name, number) in references where number != 0 { members.append((name, .number(number))) }
    let causes = [header.causes.first, header.causes.second].filter { $0 != .none }
    if !causes.isEmpty { members.append(("causes", .numbers(causes))) }
    members.append(("payload", .object(body.members)))
    return .object(members)
  }
}

extension JSONValue {
  static func number(_ number: some DenseNumber) -> JSONValue { .number("\(number.rawValue)") }

  static func numbers<Number: DenseNumber>(_ numbers: [Number]) -> JSONValue {
    .array(numbers.map { .number($0) })
  }

  static func side(_ side: Side) -> JSONValue { .string(side.description) }

  static func slot(_ slot: Slot) -> JSONValue {
    .object([("side", .side(slot.side)), ("index", .number(slot.index))])
  }

  static func ranges(_ ranges: [EntryRange]) -> JSONValue {
    .array(ranges.map { .array([.number($0.first), .number($0.last)]) })
  }

  static func stamp(_ stamp: Stamp) -> JSONValue {
    .object([
      ("time", stamp.time.map { .string(ISOText.format(moment: $0)) } ?? .null),
      ("author", .string(stamp.author)),
    ])
  }

  static func hexadecimal(_ bytes: some Sequence<UInt8>) -> JSONValue {
    .string(Hexadecimal.text(bytes))
  }

  /// Fields by number, ascending.
  static func row(_ row: PackedRow) -> JSONValue {
    .object(row.values.map { ("\($0.field.rawValue)", .value($0.value)) })
  }

  static func key(_ key: NativeKey) -> JSONValue { .value(key.value) }

  /// A value with the name of its kind; null is null.
  static func value(_ value: Value) -> JSONValue {
    switch value {
    case .null: .null
    case .boolean(let boolean): typed("boolean", .boolean(boolean))
    // As text: a reader may hold numbers as doubles.
    case .integer(let integer): typed("integer", .string("\(integer)"))
    case .decimal(let decimal): typed("decimal", .string(decimal.description))
    case .double(let double): typed("double", .string("\(double)"))
    case .text(let text):
      text.isValid ? typed("text", .string(text.string)) : typed("text8", .hexadecimal(text.utf8))
    case .bytes(let bytes): typed("bytes", .hexadecimal(bytes))
    case .date(let date): typed("date", .string(date.description))
    case .time(let time): typed("time", .string(time.description))
    case .timestamp(let moment): typed("timestamp", .string(ISOText.format(moment: moment)))
    case .localTimestamp(let local):
      typed("localTimestamp", .string(ISOText.format(local: local)))
    case .uuid(let bytes): typed("uuid", .string(UUIDText.format(bytes)))
    case .digest(let digest):
      typed(
        "digest",
        .object([("length", .number(digest.length)), ("sha256", .hexadecimal(digest.sha256))]))
    }
  }

  private static func typed(_ kind: String, _ value: JSONValue) -> JSONValue {
    .object([(kind, value)])
  }
}
