public import SynclineModel

/// What a field holds; an empty field holds none.
public enum FieldValue: Hashable, Sendable {
  /// Text, a choice, or the 18 characters of an id.
  case text(String)
  /// True or false.
  case boolean(Bool)
  /// A number of any type, exactly.
  case number(ExactDecimal)
  /// A day.
  case date(CalendarDate)
  /// A moment, to the second.
  case moment(Timestamp)
  /// A time of day.
  case time(ClockTime)

  /// The text, where it is one.
  var text: String? {
    guard case .text(let text) = self else { return nil }
    return text
  }

  /// The record that it names, where it names one.
  var recordID: RecordID? { text.flatMap { RecordID(parsing: $0) } }

  /// As an answer spells it.
  public func json(as kind: FieldKind) -> JSON {
    switch self {
    case .text(let text): .text(text)
    case .boolean(let value): .boolean(value)
    case .number(let number): .number(Self.digits(number, kind))
    case .date(let date): .text(date.description)
    case .moment(let moment): .text(StampText.format(moment))
    case .time(let time): .text(StampText.format(time))
    }
  }

  /// A number that is no whole one by its type keeps a digit behind the point.
  private static func digits(_ number: ExactDecimal, _ kind: FieldKind) -> String {
    kind != .int && number.scale == 0 ? "\(number).0" : "\(number)"
  }
}

/// Times as answers write them and as requests may.
public enum StampText {
  /// `2020-10-22T21:03:23.000+0000`
  public static func format(_ moment: Timestamp) -> String {
    let parts = moment.parts
    return "\(parts.date)T\(clock(parts.time))+0000"
  }

  /// `14:30:00.000Z`
  static func format(_ time: ClockTime) -> String { clock(time) + "Z" }

  private static func clock(_ time: ClockTime) -> String {
    let parts = time.parts
    let seconds = ClockTime(
      microseconds: time.microseconds - Int64(parts.microsecond))
    let fraction = String(parts.microsecond / 1000)
    return "\(seconds).\(String(repeating: "0", count: 3 - fraction.utf8.count))\(fraction)"
  }

  /// Reads `Z`, `+02:00` and `+0200`, with or without a fraction.
  public static func moment(_ text: String) -> Timestamp? {
    var bytes = Array(text.utf8)
    // An offset without a colon gets one.
    if bytes.count > 5, bytes[bytes.count - 5] == 0x2B || bytes[bytes.count - 5] == 0x2D,
      bytes.suffix(4).allSatisfy({ (0x30...0x39).contains($0) })
    {
      bytes.insert(0x3A, at: bytes.count - 2)
    }
    guard bytes.count > 10, bytes[10] == 0x54 else { return nil }
    return ISOText.timestamp(bytes)
  }

  /// Reads `14:30:00.000Z`.
  static func time(_ text: String) -> ClockTime? {
    ISOText.time(Array((text.hasSuffix("Z") ? String(text.dropLast()) : text).utf8))
  }
}

extension Timestamp {
  /// Without what is smaller than a second.
  var wholeSecond: Timestamp { floored(to: 1_000_000) }

  /// Without seconds.
  var wholeMinute: Timestamp { floored(to: 60_000_000) }

  private func floored(to unit: Int64) -> Timestamp {
    let rest = microseconds % unit
    return Timestamp(microseconds: microseconds - (rest < 0 ? rest + unit : rest))
  }

  /// So many seconds later.
  func adding(seconds: Int64) -> Timestamp {
    Timestamp(microseconds: microseconds + seconds * 1_000_000)
  }
}
