import SynclineModel

/// Dates and times as text: what is read as one, and the normal form in which one is written
/// (Docs/Connectors/SQLite.md, "Values").
enum MomentText {
  /// `2026-11-24`.
  static func date(_ text: some RandomAccessCollection<UInt8>) -> CalendarDate? {
    var scanner = Scanner(text)
    guard let date = scanner.date(), scanner.isAtEnd else { return nil }
    return date
  }

  /// `09:30`, `09:30:00` or `09:30:00.25`.
  static func time(_ text: some RandomAccessCollection<UInt8>) -> ClockTime? {
    var scanner = Scanner(text)
    guard let time = scanner.time(), scanner.isAtEnd else { return nil }
    return time
  }

  /// A date, a space or T, a time; with `Z` or an offset it is a moment, else a wall-clock reading.
  static func timestamp(_ text: some RandomAccessCollection<UInt8>) -> Value? {
    var scanner = Scanner(text)
    guard let date = scanner.date(), scanner.take(0x20) || scanner.take(0x54),
      let time = scanner.time()
    else { return nil }
    let reading = Timestamp(date: date, time: time)
    if scanner.isAtEnd { return .localTimestamp(reading) }
    guard let minutes = scanner.offsetMinutes(), scanner.isAtEnd else { return nil }
    return .timestamp(
      Timestamp(microseconds: reading.microseconds - Int64(minutes) * 60_000_000))
  }

  /// The normal form, or nil where the year has not four digits, which no reader would understand.
  static func normalForm(ofLocal timestamp: Timestamp) -> String? {
    let parts = timestamp.parts
    guard isWritable(parts.date) else { return nil }
    return "\(parts.date) \(parts.time)"
  }

  static func normalForm(of moment: Timestamp) -> String? {
    let parts = moment.parts
    guard isWritable(parts.date) else { return nil }
    return "\(parts.date)T\(parts.time)Z"
  }

  static func normalForm(of date: CalendarDate) -> String? {
    isWritable(date) ? date.description : nil
  }

  private static func isWritable(_ date: CalendarDate) -> Bool {
    (1...9999).contains(date.parts.year)
  }
}

/// Takes a text apart, byte by byte.
private struct Scanner<Bytes: RandomAccessCollection<UInt8>> {
  private let text: Bytes
  private var position: Bytes.Index

  init(_ text: Bytes) {
    self.text = text
    position = text.startIndex
  }

  var isAtEnd: Bool { position == text.endIndex }

  mutating func take(_ byte: UInt8) -> Bool {
    guard !isAtEnd, text[position] == byte else { return false }
    position = text.index(after: position)
    return true
  }

  private mutating func digit() -> Int? {
    guard !isAtEnd, (0x30...0x39).contains(text[position]) else { return nil }
    defer { position = text.index(after: position) }
    return Int(text[position] - 0x30)
  }

  private mutating func number(digits: Int) -> Int? {
    var number = 0
    for _ in 0..<digits {
      guard let digit = digit() else { return nil }
      number = number * 10 + digit
    }
    return number
  }

  mutating func date() -> CalendarDate? {
    guard let year = number(digits: 4), take(0x2D), let month = number(digits: 2), take(0x2D),
      let day = number(digits: 2)
    else { return nil }
    return CalendarDate(year: year, month: month, day: day)
  }

  mutating func time() -> ClockTime? {
    guard let hour = number(digits: 2), take(0x3A), let minute = number(digits: 2) else {
      return nil
    }
    guard take(0x3A) else { return ClockTime(hour: hour, minute: minute, second: 0) }
    guard let second = number(digits: 2), let microsecond = fraction() else { return nil }
    return ClockTime(hour: hour, minute: minute, second: second, microsecond: microsecond)
  }

  /// Up to six digits behind a point, and zeros behind these; 0 where there is no point. A finer
  /// fraction is none that we could keep.
  private mutating func fraction() -> Int? {
    guard take(0x2E) else { return 0 }
    var number = 0
    var digits = 0
    while let digit = digit() {
      digits += 1
      if digits <= 6 { number = number * 10 + digit } else if digit != 0 { return nil }
    }
    guard digits > 0 else { return nil }
    for _ in digits..<max(digits, 6) { number *= 10 }
    return number
  }

  /// `Z`, `+02:00`, `-0530` or `+02`, in minutes east of UTC.
  mutating func offsetMinutes() -> Int? {
    if take(0x5A) || take(0x7A) { return 0 }
    let isWest = take(0x2D)
    guard isWest || take(0x2B), let hours = number(digits: 2), hours <= 18 else { return nil }
    var minutes = 0
    if !isAtEnd {
      _ = take(0x3A)
      guard let number = number(digits: 2), number < 60 else { return nil }
      minutes = number
    }
    return (isWest ? -1 : 1) * (hours * 60 + minutes)
  }
}
