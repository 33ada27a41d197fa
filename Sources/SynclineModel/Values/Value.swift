/// A value of a field. Each value has one canonical encoding (`ValueCodec`), so equal bytes mean
/// equal values. *Absent* (not read) is not a value: a row simply lacks the field.
public enum Value: Hashable, Sendable {
  /// Read, and empty.
  case null
  case boolean(Bool)
  case integer(Int64)
  /// Never a number that fits `integer`: use `Value.init(decimal:)`.
  case decimal(ExactDecimal)
  /// Never negative zero and only the one quiet NaN: use `Value.init(double:)`.
  case double(Double)
  case text(Text)
  case bytes([UInt8])
  case date(CalendarDate)
  case time(ClockTime)
  /// A moment.
  case timestamp(Timestamp)
  /// A wall-clock reading without a zone, as microseconds as if it were UTC.
  case localTimestamp(Timestamp)
  /// 16 bytes.
  case uuid([UInt8])
  /// What is kept of a value that is too large to keep and that no mapping reads.
  case digest(ValueDigest)

  /// The canonical value of a decimal: an integer where it is one and fits 64 bits.
  public init(decimal: ExactDecimal) {
    if let integer = decimal.integer { self = .integer(integer) } else { self = .decimal(decimal) }
  }

  /// The canonical value of a double: one zero, one NaN.
  public init(double: Double) {
    self = .double(double == 0 ? 0 : double.isNaN ? Double.nan : double)
  }

  public var isNull: Bool {
    if case .null = self { true } else { false }
  }

  public static func text(_ string: String) -> Value { .text(Text(string)) }
}

extension Value {
  /// Equal where the canonical bytes are: the one NaN, too, is equal to itself.
  public static func == (first: Value, second: Value) -> Bool {
    switch (first, second) {
    case (.null, .null): true
    case (.boolean(let first), .boolean(let second)): first == second
    case (.integer(let first), .integer(let second)): first == second
    case (.decimal(let first), .decimal(let second)): first == second
    case (.double(let first), .double(let second)): first.bitPattern == second.bitPattern
    case (.text(let first), .text(let second)): first == second
    case (.bytes(let first), .bytes(let second)): first == second
    case (.date(let first), .date(let second)): first == second
    case (.time(let first), .time(let second)): first == second
    case (.timestamp(let first), .timestamp(let second)): first == second
    case (.localTimestamp(let first), .localTimestamp(let second)): first == second
    case (.uuid(let first), .uuid(let second)): first == second
    case (.digest(let first), .digest(let second)): first == second
    default: false
    }
  }
}

/// The length and SHA-256 of a value that the journal does not keep.
public struct ValueDigest: Hashable, Sendable {
  /// In bytes.
  public let length: UInt64
  /// Exactly 32 bytes.
  public let sha256: [UInt8]

  public init(length: UInt64, sha256: [UInt8]) {
    precondition(sha256.count == 32, "a SHA-256 digest has 32 bytes")
    self.length = length
    self.sha256 = sha256
  }
}
