public import SynclineModel

/// What is wrong with a text that should be JSON.
public struct JSONProblem: Error, Hashable, Sendable {
  /// What was found, in the words of the real server's parser.
  public let message: String
  /// Where, in characters from the start of the text.
  public let offset: Int
}

/// Reads JSON text strictly (RFC 8259), numbers as they are spelled.
public struct JSONReader {
  private let bytes: [UInt8]
  private var index = 0
  private var depth = 0
  private static let depthMax = 64

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The value that the text spells.
  public static func read(_ bytes: [UInt8]) throws(JSONProblem) -> JSON {
    var reader = JSONReader(bytes)
    reader.skipBlanks()
    let value = try reader.value()
    reader.skipBlanks()
    guard reader.index == bytes.count else { throw reader.unexpected() }
    return value
  }

  private mutating func value() throws(JSONProblem) -> JSON {
    guard index < bytes.count else {
      throw JSONProblem(message: "Unexpected end-of-input", offset: index)
    }
    switch bytes[index] {
    case 0x7B: return try object()
    case 0x5B: return try list()
    case 0x22: return .text(try string())
    case 0x74: return try word("true", .boolean(true))
    case 0x66: return try word("false", .boolean(false))
    case 0x6E: return try word("null", .null)
    default: return .number(try number())
    }
  }

  private mutating func object() throws(JSONProblem) -> JSON {
    try enter()
    var members: [(String, JSON)] = []
    if take(0x7D) { return leave(.members([])) }
    while true {
      guard index < bytes.count, bytes[index] == 0x22 else { throw unexpected() }
      let name = try string()
      skipBlanks()
      guard take(0x3A) else { throw unexpected() }
      members.append((name, try value()))
      skipBlanks()
      if take(0x7D) { return leave(.members(members)) }
      guard take(0x2C) else { throw unexpected() }
    }
  }

  private mutating func list() throws(JSONProblem) -> JSON {
    try enter()
    var items: [JSON] = []
    if take(0x5D) { return leave(.list([])) }
    while true {
      items.append(try value())
      skipBlanks()
      if take(0x5D) { return leave(.list(items)) }
      guard take(0x2C) else { throw unexpected() }
    }
  }

  private mutating func enter() throws(JSONProblem) {
    depth += 1
    guard depth <= Self.depthMax else {
      throw JSONProblem(message: "Nested too deep", offset: index)
    }
    index += 1
    skipBlanks()
  }

  private mutating func leave(_ value: JSON) -> JSON {
    depth -= 1
    return value
  }

  /// Steps over `byte` and the blanks behind it, where it is next.
  private mutating func take(_ byte: UInt8) -> Bool {
    guard index < bytes.count, bytes[index] == byte else { return false }
    index += 1
    if depth > 0 { skipBlanks() }
    return true
  }

  private mutating func skipBlanks() {
    while index < bytes.count {
      switch bytes[index] {
      case 0x20, 0x09, 0x0A, 0x0D: index += 1
      default: return
      }
    }
  }

  private mutating func word(_ word: String, _ value: JSON) throws(JSONProblem) -> JSON {
    guard bytes[index...].starts(with: word.utf8) else { throw unexpected() }
    index += word.utf8.count
    return value
  }

  private mutating func number() throws(JSONProblem) -> String {
    let start = index
    _ = step(0x2D)
    if !step(0x30) { try digits() }
    if step(0x2E) { try digits() }
    if step(0x65) || step(0x45) {
      _ = step(0x2B) || step(0x2D)
      try digits()
    }
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }

  private mutating func digits() throws(JSONProblem) {
    let start = index
    while index < bytes.count, (0x30...0x39).contains(bytes[index]) { index += 1 }
    guard index > start else { throw unexpected() }
  }

  private mutating func step(_ byte: UInt8) -> Bool {
    guard index < bytes.count, bytes[index] == byte else { return false }
    index += 1
    return true
  }

  private mutating func string() throws(JSONProblem) -> String {
    index += 1
    var text: [UInt8] = []
    while index < bytes.count {
      let byte = bytes[index]
      switch byte {
      case 0x22:
        index += 1
        guard let string = String(validating: text, as: UTF8.self) else {
          throw JSONProblem(message: "Invalid UTF-8", offset: index)
        }
        return string
      case 0x5C: try escape(&text)
      case 0..<0x20: throw unexpected()
      default:
        text.append(byte)
        index += 1
      }
    }
    throw JSONProblem(message: "Unexpected end-of-input in a string", offset: index)
  }

  private static let escapes: [UInt8: UInt8] = [
    0x22: 0x22, 0x5C: 0x5C, 0x2F: 0x2F, 0x62: 0x08, 0x66: 0x0C, 0x6E: 0x0A, 0x72: 0x0D, 0x74: 0x09,
  ]

  private mutating func escape(_ text: inout [UInt8]) throws(JSONProblem) {
    index += 1
    guard index < bytes.count else { throw unexpected() }
    if let byte = Self.escapes[bytes[index]] {
      text.append(byte)
      index += 1
    } else if bytes[index] == 0x75 {
      text += Array(String(Character(try codePoint())).utf8)
    } else {
      throw unexpected()
    }
  }

  /// The character behind `\u`, of one or of two halves.
  private mutating func codePoint() throws(JSONProblem) -> Unicode.Scalar {
    let first = try codeUnit()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard (0xD800...0xDBFF).contains(first), step(0x5C), index < bytes.count, bytes[index] == 0x75
    else { throw unexpected() }
    let second = try codeUnit()
    guard (0xDC00...0xDFFF).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { throw unexpected() }
    return scalar
  }

  private mutating func codeUnit() throws(JSONProblem) -> UInt32 {
    guard bytes.count - index > 4,
      let unit = UInt32(String(decoding: bytes[index + 1...index + 4], as: UTF8.self), radix: 16)
    else { throw unexpected() }
    index += 5
    return unit
  }

  private func unexpected() -> JSONProblem {
    guard index < bytes.count else {
      return JSONProblem(message: "Unexpected end-of-input", offset: index)
    }
    let shown = String(decoding: [bytes[index]], as: UTF8.self)
    return JSONProblem(
      message: "Unexpected character ('\(shown)' (code \(bytes[index])))", offset: index)
  }
}
