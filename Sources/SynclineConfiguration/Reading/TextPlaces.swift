import SynclineMapping

/// Finds places in a text before it is parsed.
enum TextPlaces {
  /// Where the first bytes that are no UTF-8 stand.
  static func firstInvalid(_ bytes: ArraySlice<UInt8>) -> FileLocation {
    // The longest valid prefix ends at most three bytes before the first wrong one.
    var low = 0
    var high = bytes.count
    while low < high {
      let middle = (low + high + 1) / 2
      let isValid = (0..<4).contains { drop in
        drop <= middle && String(validating: bytes.prefix(middle - drop), as: UTF8.self) != nil
      }
      if isValid { low = middle } else { high = middle - 1 }
    }
    while low > 0, String(validating: bytes.prefix(low), as: UTF8.self) == nil { low -= 1 }
    return end(of: String(decoding: bytes.prefix(low), as: UTF8.self).unicodeScalars)
  }

  /// Where the first character stands that YAML does not allow in a file.
  static func firstControlCharacter(_ text: String) -> FileLocation? {
    let scalars = text.unicodeScalars
    let index = scalars.firstIndex { scalar in
      switch scalar.value {
      case 0x09, 0x0A, 0x0D, 0x85: false
      case 0x00...0x1F, 0x7F...0x9F, 0xFFFE, 0xFFFF: true
      default: false
      }
    }
    return index.map { end(of: scalars[..<$0]) }
  }

  /// The character that stands at a place.
  static func character(at location: FileLocation, in text: String) -> Unicode.Scalar? {
    let lines = text.unicodeScalars.split(
      separator: "\n", maxSplits: location.line, omittingEmptySubsequences: false)
    guard lines.indices.contains(location.line - 1) else { return nil }
    return lines[location.line - 1].dropFirst(location.column - 1).first
  }

  /// The place behind `scalars`.
  private static func end(of scalars: some Collection<Unicode.Scalar>) -> FileLocation {
    var place = FileLocation(line: 1, column: 1)
    for scalar in scalars {
      if scalar == "\n" {
        place = FileLocation(line: place.line + 1, column: 1)
      } else {
        place.column += 1
      }
    }
    return place
  }

  /// Whether aliases may multiply inside keys. The parser hashes every key while it reads, with
  /// aliases expanded, so a bomb there goes off before anything can be counted. Only keys that are
  /// collections or aliases can hold one, and with 24 aliases it stays small (3 to the 8th power).
  static func mayExpandKeys(_ bytes: ArraySlice<UInt8>) -> Bool {
    var aliases = 0
    var sawComplexKey = false
    var beforeLast: UInt8 = 0x0A
    var last: UInt8 = 0x0A
    var lastVisible: UInt8 = 0
    for byte in bytes {
      if last == 0x2A, byte > 0x20, byte != 0x2A, isBoundary(beforeLast) { aliases += 1 }
      switch byte {
      case 0x3F: sawComplexKey = true
      case 0x3A where lastVisible == 0x5D || lastVisible == 0x7D: sawComplexKey = true
      // An alias takes the colon that follows it at once for a part of its name.
      case 0x3A where last == 0x20: sawComplexKey = true
      default: break
      }
      if byte > 0x20 { lastVisible = byte }
      beforeLast = last
      last = byte
    }
    return sawComplexKey && aliases > 24
  }

  /// Whether a token may begin behind the byte: a blank, or one of `,`, `:`, `?`, `[`, `{`, `]`, `}`.
  private static func isBoundary(_ byte: UInt8) -> Bool {
    byte <= 0x20 || [0x2C, 0x3A, 0x3F, 0x5B, 0x5D, 0x7B, 0x7D].contains(byte)
  }
}
