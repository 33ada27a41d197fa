public import SynclineModel

extension SeededGenerator {
  /// Any value, small and large ones alike.
  public mutating func value() -> Value {
    switch Int.random(in: 0...12, using: &self) {
    case 0: .null
    case 1: .boolean(.random(using: &self))
    case 2: .integer(Int64(truncatingIfNeeded: next()) >> Int64.random(in: 0...63, using: &self))
    case 3: Value(decimal: decimal())
    case 4: Value(double: Double(bitPattern: next()))
    case 5: .text(Text(utf8: bytes(upTo: 40)))
    case 6: .bytes(bytes(upTo: 300))
    case 7: .date(CalendarDate(daysSinceEpoch: Int32(truncatingIfNeeded: next())))
    case 8: .time(ClockTime(microseconds: .random(in: 0..<86_400_000_000, using: &self)))
    case 9: .timestamp(Timestamp(microseconds: Int64(truncatingIfNeeded: next())))
    case 10: .localTimestamp(Timestamp(microseconds: Int64(truncatingIfNeeded: next())))
    case 11: .uuid(bytes(count: 16))
    default: .digest(ValueDigest(length: next() >> 20, sha256: bytes(count: 32)))
    }
  }

  /// Any decimal, of up to 60 digits.
  public mutating func decimal() -> ExactDecimal {
    let count = Int.random(in: 0...60, using: &self)
    var digits: [UInt8] = []
    for _ in 0..<count { digits.append(0x30 + UInt8.random(in: 0...9, using: &self)) }
    return ExactDecimal(
      isNegative: .random(using: &self), digits: digits,
      scale: .random(in: -10...300, using: &self))
  }

  /// At most so many bytes.
  public mutating func bytes(upTo limit: Int) -> [UInt8] {
    bytes(count: .random(in: 0...limit, using: &self))
  }

  /// So many bytes.
  public mutating func bytes(count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    for _ in 0..<count { bytes.append(UInt8(truncatingIfNeeded: next())) }
    return bytes
  }
}
