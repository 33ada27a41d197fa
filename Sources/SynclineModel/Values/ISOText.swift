// ISO 8601 text of dates, times and moments, in the few forms that databases write. Reading is strict:
// a form that is not listed here is no date, so that nothing is guessed (Docs/Mapping.md, "Text").

/// Reads the ISO forms of dates, times and moments, and writes the ones that SQLite stores.
public enum ISOText {
  /// `2026-11-24`
  public static func date(_ text: [UInt8]) -> CalendarDate? {
    var scanner = TextScanner(text)
    guard let date = scanner.isoDate(), scanner.isAtEnd else { return nil }
    return date
  }

  /// `09:30:00`, with up to six digits behind a point.
  public static func time(_ text: [UInt8]) -> ClockTime? {
    var scanner = TextScanner(text)
    guard let time = scanner.clock(), scanner.isAtEnd else { return nil }
    return time
  }

  /// `2026-11-24 09:30:00` or `2026-11-24T09:30:00`, with a fraction, without a zone.
  public static func localTimestamp(_ text: [UInt8]) -> Timestamp? {
    var scanner = TextScanner(text)
    guard let moment = scanner.isoDateAndClock(), scanner.isAtEnd else { return nil }
    return moment
  }

  /// The same followed by `Z` or an offset, `+02:00`.
  public static func timestamp(_ text: [UInt8]) -> Timestamp? {
    var scanner = TextScanner(text)
    guard let local = scanner.isoDateAndClock(), let minutes = scanner.offset(), scanner.isAtEnd
    else { return nil }
    return Timestamp(microseconds: local.microseconds - Int64(minutes) * 60_000_000)
  }

  /// `2026-11-24 09:30:00`, as SQLite's own functions write it.
  public static func format(local timestamp: Timestamp) -> String {
    let parts = timestamp.parts
    return "\(parts.date) \(parts.time)"
  }

  /// `2026-11-24T09:30:00Z`
  public static func format(moment timestamp: Timestamp) -> String { "\(timestamp)Z" }
}

/// Walks ASCII text by digits of fixed width and by marks.
public struct TextScanner {
  private let text: [UInt8]
  private var index = 0

  public init(_ text: [UInt8]) { self.text = text }

  public var isAtEnd: Bool { index == text.count }

  /// The next byte, which stays where it is.
  public var peek: UInt8? { index < text.count ? text[index] : nil }

  /// Steps over `byte`, where it is next.
  public mutating func mark(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    index += 1
    return true
  }

  /// Exactly `width` digits.
  public mutating func number(width: Int) -> Int? {
    guard text.count - index >= width else { return nil }
    var number = 0
    for byte in text[index..<index + width] {
      guard (0x30...0x39).contains(byte) else { return nil }
      number = number * 10 + Int(byte - 0x30)
    }
    index += width
    return number
  }

  /// `hh:mm:ss`, and up to six digits behind a point.
  public mutating func clock() -> ClockTime? {
    guard let hour = number(width: 2), mark(0x3A), let minute = number(width: 2), mark(0x3A),
      let second = number(width: 2)
    else { return nil }
    guard mark(0x2E) else { return ClockTime(hour: hour, minute: minute, second: second) }
    var microsecond = 0
    var unit = 100_000
    while unit > 0, let digit = number(width: 1) {
      microsecond += digit * unit
      unit /= 10
    }
    guard unit < 100_000 else { return nil }
    return ClockTime(hour: hour, minute: minute, second: second, microsecond: microsecond)
  }

  mutating func isoDate() -> CalendarDate? {
    guard let year = number(width: 4), mark(0x2D), let month = number(width: 2), mark(0x2D),
      let day = number(width: 2)
    else { return nil }
    return CalendarDate(year: year, month: month, day: day)
  }

  mutating func isoDateAndClock() -> Timestamp? {
    guard let date = isoDate(), mark(0x20) || mark(0x54), let time = clock() else { return nil }
    return Timestamp(date: date, time: time)
  }

  /// Minutes east of UTC.
  mutating func offset() -> Int? {
    if mark(0x5A) { return 0 }
    let isWest = mark(0x2D)
    guard isWest || mark(0x2B), let hours = number(width: 2), mark(0x3A),
      let minutes = number(width: 2), hours < 24, minutes < 60
    else { return nil }
    return (isWest ? -1 : 1) * (hours * 60 + minutes)
  }
}
