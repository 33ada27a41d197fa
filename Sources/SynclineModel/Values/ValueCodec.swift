// The canonical encoding of values (Docs/JournalFormat.md, "Values"): a tag byte, then what the tag
// says. Every item tells its own length, so a row is walked without decoding it.

/// The tag bytes of encoded values.
public enum ValueTag {
  public static let null: UInt8 = 0
  public static let `false`: UInt8 = 1
  public static let `true`: UInt8 = 2
  /// Zigzag varint.
  public static let integer: UInt8 = 3
  /// Sign (0 or 1), scale (one byte), magnitude (16 bytes, little-endian): up to 38 digits.
  public static let decimal: UInt8 = 4
  /// Sign, scale (varint), counted ASCII digits: more than 38 digits, or a scale above 255.
  public static let longDecimal: UInt8 = 5
  /// 8 bytes, little-endian.
  public static let double: UInt8 = 6
  /// Counted UTF-8.
  public static let text: UInt8 = 7
  /// Counted bytes.
  public static let bytes: UInt8 = 8
  /// Zigzag varint of days since 1970-01-01.
  public static let date: UInt8 = 9
  /// Varint of microseconds since midnight.
  public static let time: UInt8 = 10
  /// Zigzag varint of microseconds since 1970-01-01T00:00:00Z.
  public static let timestamp: UInt8 = 11
  /// The same, without a zone.
  public static let localTimestamp: UInt8 = 12
  /// 16 bytes.
  public static let uuid: UInt8 = 13
  /// Varint length, 32 bytes of SHA-256.
  public static let digest: UInt8 = 14

  /// The first number of microseconds that is no time of day.
  @usableFromInline static let timeEnd: Int64 = 86_400_000_000
}

extension ByteWriter {
  /// The canonical encoding of a value.
  public mutating func value(_ value: Value) {
    switch value {
    case .null: byte(ValueTag.null)
    case .boolean(let boolean): byte(boolean ? ValueTag.true : ValueTag.false)
    case .integer(let integer):
      byte(ValueTag.integer)
      zigzag(integer)
    case .decimal(let decimal): self.decimal(decimal)
    case .double(let double):
      byte(ValueTag.double)
      fixed(double.bitPattern)
    case .text(let text):
      byte(ValueTag.text)
      counted(text.utf8)
    case .bytes(let bytes):
      byte(ValueTag.bytes)
      counted(bytes)
    case .date(let date):
      byte(ValueTag.date)
      zigzag(Int64(date.daysSinceEpoch))
    case .time(let time):
      byte(ValueTag.time)
      varint(UInt64(bitPattern: time.microseconds))
    case .timestamp(let timestamp):
      byte(ValueTag.timestamp)
      zigzag(timestamp.microseconds)
    case .localTimestamp(let timestamp):
      byte(ValueTag.localTimestamp)
      zigzag(timestamp.microseconds)
    case .uuid(let bytes):
      precondition(bytes.count == 16, "a UUID has 16 bytes")
      byte(ValueTag.uuid)
      raw(bytes)
    case .digest(let digest):
      byte(ValueTag.digest)
      varint(digest.length)
      raw(digest.sha256)
    }
  }

  private mutating func decimal(_ decimal: ExactDecimal) {
    if decimal.digits.count <= 38, decimal.scale <= 255 {
      var magnitude: UInt128 = 0
      for digit in decimal.digits { magnitude = magnitude * 10 + UInt128(digit - 0x30) }
      byte(ValueTag.decimal)
      byte(decimal.isNegative ? 1 : 0)
      byte(UInt8(decimal.scale))
      fixed(magnitude)
    } else {
      byte(ValueTag.longDecimal)
      byte(decimal.isNegative ? 1 : 0)
      varint(UInt64(decimal.scale))
      counted(decimal.digits)
    }
  }
}

extension ByteReader {
  /// The value that begins here.
  @_lifetime(self: copy self)
  public mutating func value() throws(DecodingFailure) -> Value {
    let start = offset
    switch try byte() {
    case ValueTag.null: return .null
    case ValueTag.false: return .boolean(false)
    case ValueTag.true: return .boolean(true)
    case ValueTag.integer: return .integer(try zigzag())
    case ValueTag.decimal:
      let isNegative = try byte() == 1
      let scale = Int(try byte())
      let magnitude = try fixed(UInt128.self)
      return Value(
        decimal: ExactDecimal(
          isNegative: isNegative, digits: String(magnitude).utf8, scale: scale))
    case ValueTag.longDecimal:
      let isNegative = try byte() == 1
      let (scale, digits) = try longDecimal()
      return Value(decimal: ExactDecimal(isNegative: isNegative, digits: digits, scale: scale))
    case ValueTag.double: return Value(double: Double(bitPattern: try fixed()))
    case ValueTag.text: return .text(Text(utf8: try counted()))
    case ValueTag.bytes: return .bytes(try counted())
    case ValueTag.date:
      guard let days = Int32(exactly: try zigzag()) else {
        throw .malformed(what: "date", offset: start)
      }
      return .date(CalendarDate(daysSinceEpoch: days))
    case ValueTag.time:
      let microseconds = try small(Int64.self)
      guard microseconds < ValueTag.timeEnd else { throw .malformed(what: "time", offset: start) }
      return .time(ClockTime(microseconds: microseconds))
    case ValueTag.timestamp: return .timestamp(Timestamp(microseconds: try zigzag()))
    case ValueTag.localTimestamp: return .localTimestamp(Timestamp(microseconds: try zigzag()))
    case ValueTag.uuid: return .uuid(try raw(16))
    case ValueTag.digest:
      return .digest(ValueDigest(length: try varint(), sha256: try raw(32)))
    default: throw .malformed(what: "value", offset: start)
    }
  }

  /// Scale and digits behind the tag. A scale beyond all reason would be a memory bomb in a text.
  @usableFromInline
  @_lifetime(self: copy self)
  mutating func longDecimal() throws(DecodingFailure) -> (scale: Int, digits: [UInt8]) {
    let start = offset
    let scale = try small(Int.self)
    let digits = try counted()
    guard scale < 1 << 24, digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
      throw .malformed(what: "decimal", offset: start)
    }
    return (scale, digits)
  }

  /// Steps over the value that begins here, without decoding it, and with the same checks.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func skipValue() throws(DecodingFailure) {
    let start = offset
    switch try byte() {
    case ValueTag.null, ValueTag.false, ValueTag.true: return
    case ValueTag.integer, ValueTag.timestamp, ValueTag.localTimestamp: _ = try varint()
    case ValueTag.date:
      guard Int32(exactly: try zigzag()) != nil else {
        throw .malformed(what: "date", offset: start)
      }
    case ValueTag.time:
      guard try varint() < UInt64(ValueTag.timeEnd) else {
        throw .malformed(what: "time", offset: start)
      }
    case ValueTag.decimal: try skip(18)
    case ValueTag.longDecimal:
      try skip(1)
      _ = try longDecimal()
    case ValueTag.double: try skip(8)
    case ValueTag.text, ValueTag.bytes: try skip(try small(Int.self))
    case ValueTag.uuid: try skip(16)
    case ValueTag.digest:
      _ = try varint()
      try skip(32)
    default: throw .malformed(what: "value", offset: start)
    }
  }
}

extension Value {
  /// The canonical bytes.
  public var encoded: [UInt8] {
    var writer = ByteWriter()
    writer.value(self)
    return writer.bytes
  }

  /// The value of exactly these canonical bytes.
  public init(encoded bytes: [UInt8]) throws(DecodingFailure) {
    var reader = ByteReader(bytes.span.bytes)
    self = try reader.value()
    guard reader.isAtEnd else { throw .malformed(what: "single value", offset: reader.offset) }
  }
}
