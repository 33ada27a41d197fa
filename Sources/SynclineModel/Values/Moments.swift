/// A moment, or a wall-clock reading: microseconds since 1970-01-01T00:00:00.
@frozen public struct Timestamp: Hashable, Sendable, Comparable, CustomStringConvertible {
  public let microseconds: Int64

  @inlinable
  public init(microseconds: Int64) { self.microseconds = microseconds }

  @inlinable
  public static func < (first: Self, second: Self) -> Bool {
    first.microseconds < second.microseconds
  }

  /// The day that the moment falls on, and the time of that day.
  public var parts: (date: CalendarDate, time: ClockTime) {
    let day = Int64(86_400_000_000)
    let (quotient, rest) = microseconds.quotientAndRemainder(dividingBy: day)
    return (
      CalendarDate(daysSinceEpoch: Int32(truncatingIfNeeded: rest < 0 ? quotient - 1 : quotient)),
      ClockTime(microseconds: rest < 0 ? rest + day : rest)
    )
  }

  public init(date: CalendarDate, time: ClockTime) {
    microseconds = Int64(date.daysSinceEpoch) * 86_400_000_000 + time.microseconds
  }

  /// `2026-11-24T09:30:00.000000`, without a zone mark; trailing zeros of the fraction are left out.
  public var description: String {
    let parts = parts
    return "\(parts.date)T\(parts.time)"
  }
}

/// A day of the proleptic Gregorian calendar.
@frozen public struct CalendarDate: Hashable, Sendable, Comparable, CustomStringConvertible {
  public let daysSinceEpoch: Int32

  @inlinable
  public init(daysSinceEpoch: Int32) { self.daysSinceEpoch = daysSinceEpoch }

  /// The day, where the calendar has it: years 1 to 9999.
  public init?(year: Int, month: Int, day: Int) {
    guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
      day <= Self.days(inMonth: month, of: year)
    else { return nil }
    // Days are counted in 400-year eras that begin on the first of March.
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    daysSinceEpoch = Int32(era * 146_097 + dayOfEra - 719_468)
  }

  static func days(inMonth month: Int, of year: Int) -> Int {
    switch month {
    case 4, 6, 9, 11: 30
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    default: 31
    }
  }

  public var parts: (year: Int, month: Int, day: Int) {
    let shifted = Int(daysSinceEpoch) + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }

  @inlinable
  public static func < (first: Self, second: Self) -> Bool {
    first.daysSinceEpoch < second.daysSinceEpoch
  }

  public var description: String {
    let parts = parts
    return "\(padded(parts.year, 4))-\(padded(parts.month, 2))-\(padded(parts.day, 2))"
  }
}

/// A time of day, in microseconds since midnight.
@frozen public struct ClockTime: Hashable, Sendable, Comparable, CustomStringConvertible {
  public let microseconds: Int64

  @inlinable
  public init(microseconds: Int64) { self.microseconds = microseconds }

  /// The time, where a clock shows it; leap seconds are none.
  public init?(hour: Int, minute: Int, second: Int, microsecond: Int = 0) {
    guard (0...23).contains(hour), (0...59).contains(minute), (0...59).contains(second),
      (0...999_999).contains(microsecond)
    else { return nil }
    microseconds = Int64(((hour * 60) + minute) * 60 + second) * 1_000_000 + Int64(microsecond)
  }

  public var parts: (hour: Int, minute: Int, second: Int, microsecond: Int) {
    let seconds = Int(microseconds / 1_000_000)
    return (
      seconds / 3600, seconds / 60 % 60, seconds % 60, Int(microseconds % 1_000_000)
    )
  }

  @inlinable
  public static func < (first: Self, second: Self) -> Bool {
    first.microseconds < second.microseconds
  }

  /// `09:30:00`, with as many digits behind a point as the fraction needs.
  public var description: String {
    let parts = parts
    let clock = "\(padded(parts.hour, 2)):\(padded(parts.minute, 2)):\(padded(parts.second, 2))"
    guard parts.microsecond != 0 else { return clock }
    var fraction = padded(parts.microsecond, 6)
    while fraction.last == "0" { fraction.removeLast() }
    return "\(clock).\(fraction)"
  }
}

private func padded(_ number: Int, _ width: Int) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
