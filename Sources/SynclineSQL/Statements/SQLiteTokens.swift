/// Just enough of SQLite's tokens to take the definition of an index apart without being misled by
/// quotes, brackets, comments and parentheses.
public struct SQLiteTokens {
  private struct Token {
    let range: Range<Int>
    /// How many parentheses are open around the token; one that opens or closes stands outside.
    let depth: Int
  }

  private let text: [UInt8]
  private let tokens: [Token]

  public init(_ definition: String) {
    text = Array(definition.utf8)
    var tokens: [Token] = []
    var position = 0
    var depth = 0
    while position < text.count {
      let end = Self.endOfToken(in: text, at: position)
      if text[position] == 0x29 { depth -= 1 }
      tokens.append(Token(range: position..<end, depth: depth))
      if text[position] == 0x28 { depth += 1 }
      position = end
    }
    self.tokens = tokens
  }

  /// The condition of a partial index: what stands behind the outermost WHERE.
  public var condition: String? {
    guard let word = tokens.first(where: { $0.depth == 0 && isWord($0, "WHERE") }) else {
      return nil
    }
    return trimmed(word.range.upperBound..<text.count)
  }

  /// What an index is over: its columns or expressions, without ASC and DESC.
  public var terms: [String] {
    guard let open = tokens.firstIndex(where: { $0.depth == 0 && isMark($0, 0x28) }),
      let close = tokens[open...].firstIndex(where: { $0.depth == 0 && isMark($0, 0x29) })
    else { return [] }
    return tokens[(open + 1)..<close].split { $0.depth == 1 && isMark($0, 0x2C) }.map(term)
  }

  private func term(_ tokens: ArraySlice<Token>) -> String {
    var tokens = tokens
    while let last = tokens.last,
      isBlank(last) || isWord(last, "ASC") || isWord(last, "DESC")
    {
      tokens.removeLast()
    }
    guard let first = tokens.first, let last = tokens.last else { return "" }
    return trimmed(first.range.lowerBound..<last.range.upperBound)
  }

  private func isWord(_ token: Token, _ word: String) -> Bool {
    text[token.range].elementsEqual(word.utf8) { byte, letter in byte & 0xDF == letter }
  }

  private func isMark(_ token: Token, _ mark: UInt8) -> Bool {
    token.range.count == 1 && text[token.range.lowerBound] == mark
  }

  /// White space and comments.
  private func isBlank(_ token: Token) -> Bool {
    let head = text[token.range].prefix(2)
    return head.first.map(Self.isSpace) ?? true || head.elementsEqual("--".utf8)
      || head.elementsEqual("/*".utf8)
  }

  private func trimmed(_ range: Range<Int>) -> String {
    let start = text[range].drop(while: Self.isSpace)
    let end = start.reversed().drop(while: Self.isSpace).reversed()
    return String(decoding: end, as: UTF8.self)
  }

  private static func endOfToken(in text: [UInt8], at start: Int) -> Int {
    switch text[start] {
    case 0x27, 0x22, 0x60: return end(in: text, from: start + 1, mark: text[start])
    case 0x5B: return end(in: text, from: start + 1, mark: 0x5D)
    case 0x2D where start + 1 < text.count && text[start + 1] == 0x2D:
      return end(in: text, from: start + 2, mark: 0x0A)
    case 0x2F where start + 1 < text.count && text[start + 1] == 0x2A:
      return endOfComment(in: text, from: start + 2)
    default:
      var end = start
      while end < text.count, isWordByte(text[end]) { end += 1 }
      return max(end, start + 1)
    }
  }

  /// A doubled mark inside quotes ends one run and begins the next, which comes to the same.
  private static func end(in text: [UInt8], from start: Int, mark: UInt8) -> Int {
    (text[start...].firstIndex(of: mark) ?? text.count - 1) + 1
  }

  private static func endOfComment(in text: [UInt8], from start: Int) -> Int {
    var position = start
    while position + 1 < text.count {
      if text[position] == 0x2A, text[position + 1] == 0x2F { return position + 2 }
      position += 1
    }
    return text.count
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0D).contains(byte)
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x24, 0x80...: true
    default: false
    }
  }
}
