import SynclineModel

/// Cuts the text of a query into tokens.
struct SOQLLexer {
  private let text: SOQLText
  private var index = 0

  private init(_ text: SOQLText) { self.text = text }

  static func tokens(of text: SOQLText) throws(APIError) -> [SOQLToken] {
    var lexer = SOQLLexer(text)
    var tokens: [SOQLToken] = []
    while let token = try lexer.next() { tokens.append(token) }
    return tokens + [SOQLToken(kind: .end, offset: text.characters.count)]
  }

  private var current: Character? {
    index < text.characters.count ? text.characters[index] : nil
  }

  private mutating func next() throws(APIError) -> SOQLToken? {
    while let character = current, character.isWhitespace { index += 1 }
    guard let character = current else { return nil }
    let start = index
    if character == "'" { return SOQLToken(kind: .text(try quoted()), offset: start) }
    if Self.isNameStart(character) {
      return SOQLToken(kind: .word(run(where: Self.isNamePart)), offset: start)
    }
    if Self.isDigit(character) || character == "-" || character == "+" {
      return SOQLToken(kind: try literal(), offset: start)
    }
    return SOQLToken(kind: .mark(try mark()), offset: start)
  }

  private mutating func run(where belongs: (Character) -> Bool) -> String {
    let start = index
    while let character = current, belongs(character) { index += 1 }
    return String(text.characters[start..<index])
  }

  private static func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }

  private static func isNameStart(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character == "_")
  }

  private static func isNamePart(_ character: Character) -> Bool {
    isNameStart(character) || isDigit(character)
  }

  private mutating func mark() throws(APIError) -> String {
    let rest = text.characters[index...]
    for operation in ["!=", "<>", "<=", ">=", "=", "<", ">", "(", ")", ",", ".", ":"]
    where rest.starts(with: operation) {
      index += operation.count
      return operation
    }
    throw text.refusal(
      "MALFORMED_QUERY", at: index, "unexpected char: '\(text.characters[index])'")
  }

  /// A number, a date or a moment.
  private mutating func literal() throws(APIError) -> SOQLToken.Kind {
    let start = index
    let word = run { Self.isDigit($0) || "+-.:TZeE".contains($0) }
    if let date = ISOText.date(Array(word.utf8)) { return .date(date) }
    if let moment = StampText.moment(word), word.utf8.count > 10 { return .moment(moment) }
    if !word.contains(":"), let number = ExactDecimal(parsing: word.utf8) { return .number(number) }
    throw text.refusal("MALFORMED_QUERY", at: start, "unexpected token: '\(word)'")
  }

  /// Text in quotes. Each backslash must be one of the known escapes; those of LIKE stay as they are.
  private mutating func quoted() throws(APIError) -> String {
    let start = index
    index += 1
    var value = ""
    while let character = current {
      index += 1
      if character == "'" { return value }
      if character == "\\" {
        value += try escaped()
      } else {
        value.append(character)
      }
    }
    throw text.refusal("MALFORMED_QUERY", at: start, "unexpected token: '<EOF>'")
  }

  private mutating func escaped() throws(APIError) -> String {
    let simple: [Character: String] = [
      "'": "'", "\"": "\"", "\\": "\\", "n": "\n", "N": "\n", "r": "\r", "R": "\r", "t": "\t",
      "T": "\t", "b": "\u{8}", "B": "\u{8}", "f": "\u{C}", "F": "\u{C}", "_": "\\_", "%": "\\%",
    ]
    guard let character = current else { return "" }
    if let value = simple[character] {
      index += 1
      return value
    }
    let digits = String(text.characters[min(index + 1, text.characters.count)...].prefix(4))
    guard character == "u", digits.count == 4, let code = UInt32(digits, radix: 16),
      let scalar = Unicode.Scalar(code)
    else {
      throw text.refusal(
        "MALFORMED_QUERY", at: index - 1, "Illegal character escape: '\\\(character)'")
    }
    index += 5
    return String(scalar)
  }
}
