/// A number under which values that a match rule may find equal stand together. It is coarser than any
/// comparison of a system: letter case, accents, separators and the difference between a number and its
/// text do not show in it. What it brings together is compared properly afterwards; so it may be kept
/// in the state without the state knowing of mappings and normal forms.
public struct LooseKey: Hashable, Sendable {
  public let rawValue: UInt64

  /// The key of several values together; nil where one of them is null or absent, which never matches.
  public init?(_ values: [Value?]) {
    var hash = FNV()
    for value in values {
      guard let value, !value.isNull else { return nil }
      Self.add(value, to: &hash)
      hash.add(0xFF)
    }
    rawValue = hash.state
  }

  private static func add(_ value: Value, to hash: inout FNV) {
    switch value {
    case .null: return
    case .boolean(let boolean): hash.add(boolean ? 0x31 : 0x30)
    case .integer(let integer): add(String(integer), to: &hash)
    case .decimal(let decimal): add(decimal.description, to: &hash)
    case .double(let double):
      if let integer = Int64(exactly: double) {
        add(String(integer), to: &hash)
      } else {
        add(ExactDecimal(shortestOf: double)?.description ?? "nan", to: &hash)
      }
    case .text(let text): add(text.string, to: &hash)
    case .bytes(let bytes), .uuid(let bytes): add(Hexadecimal.text(bytes), to: &hash)
    case .date(let date): add(date.description, to: &hash)
    case .time(let time): add(time.description, to: &hash)
    case .timestamp(let timestamp), .localTimestamp(let timestamp):
      add(timestamp.description, to: &hash)
    case .digest(let digest): add(Hexadecimal.text(digest.sha256), to: &hash)
    }
  }

  /// Letters and digits in lower case. A letter with an accent is left out in both of its forms, as one
  /// scalar and as a letter with a combining mark.
  private static func add(_ text: String, to hash: inout FNV) {
    var pending: UInt32?
    for scalar in text.unicodeScalars {
      if scalar.value >= 0x300, scalar.properties.canonicalCombiningClass != .notReordered {
        pending = nil
        continue
      }
      if let pending { hash.add(scalar: pending) }
      pending = folded(scalar)
    }
    if let pending { hash.add(scalar: pending) }
  }

  /// The scalar to be kept, or nil for one that is left out.
  private static func folded(_ scalar: Unicode.Scalar) -> UInt32? {
    switch scalar.value {
    case 0x30...0x39, 0x61...0x7A: scalar.value
    case 0x41...0x5A: scalar.value + 0x20
    case 0...0x24F: nil
    // Scalars that have another form as a letter and a mark: Greek, Cyrillic, Latin, Hangul.
    case 0x340...0x345, 0x374...0x390, 0x3AA...0x3B0, 0x3CA...0x3D4, 0x400...0x407,
      0x40C...0x40E, 0x419, 0x439, 0x450...0x457, 0x45C...0x45E, 0x470...0x4FF, 0x622...0x626,
      0x1E00...0x1FFF, 0x2000...0x206F, 0x2126...0x212B, 0x304C...0x3094, 0x30AC...0x30FE,
      0xAC00...0xD7A3, 0xF900...0xFAFF:
      nil
    default:
      scalar.properties.lowercaseMapping.unicodeScalars.first?.value ?? scalar.value
    }
  }

  /// The 64-bit FNV-1a hash.
  private struct FNV {
    var state: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ byte: UInt8) { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }

    mutating func add(scalar: UInt32) {
      if scalar < 0x80 {
        add(UInt8(truncatingIfNeeded: scalar))
      } else {
        withUnsafeBytes(of: scalar.littleEndian) { for byte in $0 { add(byte) } }
      }
    }
  }
}
