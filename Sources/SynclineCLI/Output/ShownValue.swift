import SynclineModel

extension JSON {
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
