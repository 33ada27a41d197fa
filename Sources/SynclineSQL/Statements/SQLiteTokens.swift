/// Just enough of SQLite's tokens to find a keyword in a definition without being misled by quotes,
/// brackets, comments and parentheses.
public enum SQLiteTokens {
  /// The condition of a partial index: what stands behind the outermost WHERE of its definition.
  public static func condition(ofIndex definition: String) -> String? {
    let text = Array(definition.utf8)
    var position = 0
    var depth = 0
    while position < text.count {
      let end = endOfToken(in: text, at: position)
      if text[position] == 0x28 { depth += 1 }
      if text[position] == 0x29 { depth -= 1 }
      if depth == 0, isWhere(text[position..<end]) {
        return String(decoding: text[end...], as: UTF8.self).trimmed
      }
      position = end
    }
    return nil
  }

  private static func isWhere(_ word: ArraySlice<UInt8>) -> Bool {
    word.count == 5 && word.map { $0 | 0x20 } == Array("where".utf8)
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

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x24, 0x80...: true
    default: false
    }
  }
}

extension String {
  fileprivate var trimmed: String {
    let isSpace = { (byte: UInt8) in byte == 0x20 || (0x09...0x0D).contains(byte) }
    let start = utf8.drop(while: isSpace)
    return String(decoding: start.reversed().drop(while: isSpace).reversed(), as: UTF8.self)
  }
}
