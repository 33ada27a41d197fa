/// Ids have 15 characters that name the record, case and all, and mostly 3 more that spell the case out
/// once more. The form of 18 is the one that is compared and stored.
enum RecordIdentifier {
  private static let marks = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ012345")

  /// The 18 characters of an id that has 15 or 18; nil for everything else. What was written in other cases
  /// than those that the last three spell out gets its own again.
  static func normalized(_ text: String) -> String? {
    let bytes = Array(text.utf8)
    guard bytes.allSatisfy(isAlphanumeric) else { return nil }
    switch bytes.count {
    case 18: return restored(bytes) ?? text
    case 15: return text + suffix(of: bytes)
    default: return nil
    }
  }

  /// Nil where the last three spell out no cases of the letters before them.
  private static func restored(_ bytes: [UInt8]) -> String? {
    var name: [UInt8] = []
    for (place, mark) in bytes[15...].enumerated() {
      guard let bits = marks.firstIndex(of: Character(UnicodeScalar(upper(mark)))) else {
        return nil
      }
      for index in 0..<5 {
        let byte = bytes[place * 5 + index]
        let isUpper = bits & 1 << index != 0
        if isUpper, upper(byte) == lower(byte) { return nil }
        name.append(isUpper ? upper(byte) : lower(byte))
      }
    }
    return String(decoding: name + bytes[15...].map(upper), as: UTF8.self)
  }

  private static func upper(_ byte: UInt8) -> UInt8 {
    (0x61...0x7A).contains(byte) ? byte - 0x20 : byte
  }

  private static func lower(_ byte: UInt8) -> UInt8 {
    (0x41...0x5A).contains(byte) ? byte + 0x20 : byte
  }

  private static func suffix(of name: [UInt8]) -> String {
    String(
      stride(from: 0, to: 15, by: 5).map { start in
        var bits = 0
        for index in 0..<5 where (0x41...0x5A).contains(name[start + index]) { bits |= 1 << index }
        return marks[bits]
      })
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: false
    }
  }
}
