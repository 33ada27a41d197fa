// Numbers from their text straight to their canonical encoding: a page holds hundred thousands of them,
// and none passes through a Double, which would lose digits.

extension ByteWriter {
  /// The canonical encoding of the number that `text` spells: optional minus, digits with at most one
  /// point, optional exponent, as JSON has it. False, with nothing written, for anything else and for
  /// an exponent beyond reason.
  public mutating func number(_ text: RawSpan) -> Bool {
    if let plain = PlainNumber(text) {
      plain.write(to: &self)
      return true
    }
    let bytes = text.withUnsafeBytes { Array($0) }
    guard let decimal = ExactDecimal(parsing: bytes) else { return false }
    value(Value(decimal: decimal))
    return true
  }
}

/// A number of up to 38 digits without an exponent: what nearly all numbers are, read without an
/// allocation.
private struct PlainNumber {
  private var isNegative = false
  private var magnitude: UInt128 = 0
  private var scale = 0

  init?(_ text: RawSpan) {
    var end = text.byteCount
    var index = 0
    if end > 0, Self.byte(text, 0) == 0x2D {
      isNegative = true
      index = 1
    }
    guard let point = Self.place(of: 0x2E, text, from: index) else { return nil }
    // Zeros at the end of the fraction say nothing.
    if point < end {
      guard point + 1 < end else { return nil }
      while Self.byte(text, end - 1) == 0x30 { end -= 1 }
      if end == point + 1 { end = point }
    }
    guard index < min(point, end), end - index <= 39 else { return nil }
    var digits = 0
    while index < end {
      let digit = Self.byte(text, index)
      if digit != 0x2E {
        magnitude = magnitude &* 10 &+ UInt128(digit &- 0x30)
        if magnitude != 0 { digits += 1 }
      }
      index += 1
    }
    guard digits <= 38 else { return nil }
    scale = max(0, end - point - 1)
  }

  /// Where `mark` stands, or the end; nil where anything but digits and one mark stands there.
  private static func place(of mark: UInt8, _ text: RawSpan, from start: Int) -> Int? {
    var place = text.byteCount
    for index in start..<text.byteCount {
      let found = byte(text, index)
      if found == mark, place == text.byteCount {
        place = index
      } else if !(0x30...0x39).contains(found) {
        return nil
      }
    }
    return place
  }

  private static func byte(_ text: RawSpan, _ index: Int) -> UInt8 {
    text.unsafeLoad(fromByteOffset: index, as: UInt8.self)
  }

  func write(to writer: inout ByteWriter) {
    let limit = UInt128(Int64.max) + (isNegative ? 1 : 0)
    if scale == 0, magnitude <= limit {
      writer.byte(ValueTag.integer)
      let low = Int64(truncatingIfNeeded: magnitude)
      writer.zigzag(isNegative ? 0 &- low : low)
    } else {
      writer.byte(ValueTag.decimal)
      writer.byte(isNegative ? 1 : 0)
      writer.byte(UInt8(scale))
      writer.fixed(magnitude)
    }
  }
}
