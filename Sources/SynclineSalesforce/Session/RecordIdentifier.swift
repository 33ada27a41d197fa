/// Ids have 15 characters that name the record, case and all, and mostly 3 more that spell the case out
/// once more. The form of 18 is the one that is compared and stored.
enum RecordIdentifier {
  private static let marks = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ012345")

  /// The 18 characters of an id that has 15 or 18; nil for everything else.
  static func normalized(_ text: String) -> String? {
    guard text.utf8.allSatisfy(isAlphanumeric) else { return nil }
    switch text.utf8.count {
    case 18: return text
    case 15: return text + suffix(of: Array(text.utf8))
    default: return nil
    }
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
