import SynclineModel

/// JSON as text, with the members of an object in the order in which they are given, so that equal facts
/// have equal text.
indirect enum JSON {
  case null
  case boolean(Bool)
  case number(String)
  case text(String)
  case list([JSON])
  case object(KeyValuePairs<String, JSON>)
  case members([(String, JSON)])

  static func number(_ value: some BinaryInteger) -> JSON { .number(String(value)) }

  /// On one line.
  var line: String {
    var text = ""
    write(to: &text)
    return text
  }

  private func write(to text: inout String) {
    switch self {
    case .null: text += "null"
    case .boolean(let value): text += value ? "true" : "false"
    case .number(let digits): text += digits
    case .text(let value): Self.quote(value, &text)
    case .list(let values):
      text += "["
      for (index, value) in values.enumerated() {
        if index > 0 { text += "," }
        value.write(to: &text)
      }
      text += "]"
    case .object(let members): Self.write(members.map { ($0.key, $0.value) }, &text)
    case .members(let members): Self.write(members, &text)
    }
  }

  private static func write(_ members: [(String, JSON)], _ text: inout String) {
    text += "{"
    for (index, member) in members.enumerated() {
      if index > 0 { text += "," }
      quote(member.0, &text)
      text += ":"
      member.1.write(to: &text)
    }
    text += "}"
  }

  private static func quote(_ value: String, _ text: inout String) {
    text += "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value):
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }

  /// A value of a record. Numbers that JSON's readers would round stay text.
  init(_ value: Value) {
    switch value {
    case .null: self = .null
    case .boolean(let boolean): self = .boolean(boolean)
    case .integer(let integer):
      self = integer.magnitude <= 1 << 53 ? .number(integer) : .text(String(integer))
    default: self = .text(value.shown)
    }
  }
}

extension Value {
  /// The value for a person to read.
  var shown: String {
    switch self {
    case .null: "null"
    case .boolean(let boolean): boolean ? "true" : "false"
    case .integer(let integer): String(integer)
    case .decimal(let decimal): decimal.description
    case .double(let double): "\(double)"
    case .text(let text): text.string
    case .bytes(let bytes): "0x" + Hexadecimal.text(bytes)
    case .date(let date): date.description
    case .time(let time): time.description
    case .timestamp(let timestamp): "\(timestamp)Z"
    case .localTimestamp(let timestamp): timestamp.description
    case .uuid(let bytes): UUIDText.format(bytes)
    case .digest(let digest): "\(digest.length) bytes, SHA-256 \(Hexadecimal.text(digest.sha256))"
    }
  }

  /// The value on a terminal: quoted where it is text, control characters made visible.
  var onTerminal: String {
    guard case .text = self else { return shown }
    return JSON.text(shown).line
  }
}

extension String {
  /// The text without anything that a terminal would obey.
  var neutral: String {
    String(
      String.UnicodeScalarView(
        unicodeScalars.map { scalar in
          scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            || (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
            ? "\u{FFFD}" : scalar
        }))
  }
}
