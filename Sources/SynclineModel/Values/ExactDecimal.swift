/// A decimal number of any size, exactly. There is one representation of each number: no leading
/// zeros, no trailing zeros behind the point, one zero. A decimal that is integral and fits 64 bits
/// is an integer (`Value.init(decimal:)` sees to it), so that 5 and 5.00 have equal bytes.
public struct ExactDecimal: Hashable, Sendable, CustomStringConvertible {
  public let isNegative: Bool
  /// How many of the digits stand behind the point.
  public let scale: Int
  /// ASCII digits, most significant first; empty for zero. With `scale` above their count, zeros
  /// stand between the point and the first digit.
  public let digits: [UInt8]

  /// The number `digits` × 10^-`scale`; `scale` may be negative. Brought to the one representation.
  public init(isNegative: Bool, digits: some Sequence<UInt8>, scale: Int) {
    var digits = Array(digits.drop { $0 == 0x30 })
    var scale = scale
    while scale > 0, digits.last == 0x30 {
      digits.removeLast()
      scale -= 1
    }
    if digits.isEmpty {
      scale = 0
    } else if scale < 0 {
      digits.append(contentsOf: repeatElement(0x30, count: -scale))
      scale = 0
    }
    self.digits = digits
    self.scale = scale
    self.isNegative = isNegative && !digits.isEmpty
  }

  public init(_ integer: Int64) {
    self.init(isNegative: integer < 0, digits: String(integer.magnitude).utf8, scale: 0)
  }

  /// The number that `text` spells: optional sign, digits with at most one point, optional exponent.
  /// Nil for anything else, and for an exponent beyond ±`exponentMax`, whose digits would be a
  /// memory bomb.
  public init?(parsing text: some Sequence<UInt8>, exponentMax: Int = 400) {
    var isNegative = false
    var digits: [UInt8] = []
    var scale = 0
    var sawPoint = false
    var sawDigit = false
    var iterator = Array(text)[...]
    if let sign = iterator.first, sign == 0x2D || sign == 0x2B {
      isNegative = sign == 0x2D
      iterator = iterator.dropFirst()
    }
    while let character = iterator.first {
      if (0x30...0x39).contains(character) {
        digits.append(character)
        sawDigit = true
        if sawPoint { scale += 1 }
      } else if character == 0x2E, !sawPoint {
        sawPoint = true
      } else {
        break
      }
      iterator = iterator.dropFirst()
    }
    guard sawDigit else { return nil }
    if let mark = iterator.first {
      guard mark == 0x65 || mark == 0x45,
        let exponent = Int(String(decoding: iterator.dropFirst(), as: UTF8.self)),
        abs(exponent) <= exponentMax
      else { return nil }
      scale -= exponent
    }
    self.init(isNegative: isNegative, digits: digits, scale: scale)
  }

  /// The integer, where the number is one and fits.
  public var integer: Int64? {
    guard scale == 0, digits.count <= 19 else { return nil }
    if digits.isEmpty { return 0 }
    return Int64((isNegative ? "-" : "") + String(decoding: digits, as: UTF8.self))
  }

  /// How many digits stand before the point.
  public var integralDigits: Int { max(0, digits.count - scale) }

  /// Plain notation with a point and without an exponent.
  public var description: String {
    var text: [UInt8] = isNegative ? [0x2D] : []
    if scale == 0 {
      text += digits.isEmpty ? [0x30] : digits
    } else {
      let padded = Array(repeating: UInt8(0x30), count: max(0, scale + 1 - digits.count)) + digits
      text += padded.dropLast(scale) + [0x2E] + padded.suffix(scale)
    }
    return String(decoding: text, as: UTF8.self)
  }
}
