/// The identifier of a record: 15 characters that name it, case and all, and 3 that spell the case out
/// once more, so that the 18 together name the record in any case. The first three tell the object.
public struct RecordID: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// All 18 characters.
  public let text: String

  /// Reads 15 characters as they are, or 18 in any case. Nil for everything else, also where the last
  /// three contradict the others.
  public init?(parsing text: some StringProtocol) {
    let bytes = Array(text.utf8)
    guard bytes.allSatisfy(Self.isAlphanumeric) else { return nil }
    switch bytes.count {
    case 15: self.text = String(decoding: bytes + Self.suffix(of: bytes), as: UTF8.self)
    case 18:
      guard let name = Self.restored(bytes) else { return nil }
      self.text = String(decoding: name + Self.suffix(of: name), as: UTF8.self)
    default: return nil
    }
  }

  /// The `number`-th record of an object. Later records sort behind earlier ones.
  public init?(prefix: String, number: UInt64) {
    var digits: [UInt8] = []
    var rest = number
    while digits.count < 9 {
      digits.append(Self.alphabet[Int(rest % 62)])
      rest /= 62
    }
    self.init(parsing: prefix + "SB0" + String(decoding: digits.reversed(), as: UTF8.self))
  }

  /// The three characters that tell the object.
  public var prefix: String { String(text.prefix(3)) }

  /// The short form.
  public var fifteen: String { String(text.prefix(15)) }

  public var description: String { text }

  public static func < (first: Self, second: Self) -> Bool {
    first.text.utf8.lexicographicallyPrecedes(second.text.utf8)
  }

  private static let alphabet = Array(
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
  private static let suffixAlphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ012345".utf8)

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || isUpper(byte) || isLower(byte)
  }

  private static func isUpper(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }
  private static func isLower(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }

  /// One character for each five: bit i is set where the i-th of the five is a capital.
  private static func suffix(of name: [UInt8]) -> [UInt8] {
    stride(from: 0, to: 15, by: 5).map { start in
      var bits = 0
      for index in 0..<5 where isUpper(name[start + index]) { bits |= 1 << index }
      return suffixAlphabet[bits]
    }
  }

  /// The first 15 of 18 characters in the case that the last three tell.
  private static func restored(_ bytes: [UInt8]) -> [UInt8]? {
    var name = Array(bytes.prefix(15))
    for (group, mark) in bytes.suffix(3).enumerated() {
      let mark = isLower(mark) ? mark - 0x20 : mark
      guard let bits = suffixAlphabet.firstIndex(of: mark) else { return nil }
      for index in 0..<5 {
        let place = group * 5 + index
        let isCapital = bits & 1 << index != 0
        switch (isCapital, name[place]) {
        case (true, let byte) where isLower(byte): name[place] = byte - 0x20
        case (true, let byte) where !isUpper(byte): return nil
        case (false, let byte) where isUpper(byte): name[place] = byte + 0x20
        default: break
        }
      }
    }
    return name
  }
}
