/// JSON as text, with the members of an object in the order in which they are given, so that equal facts
/// have equal text.
public indirect enum JSON: Sendable {
  case null
  case boolean(Bool)
  /// A number, spelled out.
  case number(String)
  case text(String)
  case list([JSON])
  case object(KeyValuePairs<String, JSON>)
  /// An object whose members are computed.
  case members([(String, JSON)])

  /// A whole number.
  public static func number(_ value: some BinaryInteger) -> JSON { .number(String(value)) }

  /// The text, on one line.
  public var line: String {
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
      case "\u{00}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}",
        "\u{200E}", "\u{200F}", "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}":
        // Controls and marks that would change what a terminal shows.
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
