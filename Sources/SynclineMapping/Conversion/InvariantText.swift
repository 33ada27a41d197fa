// How a value that is no text looks where it becomes one, and back (Docs/Mapping.md, "Text"). The
// forms are those of .NET's invariant culture, which users know; reading takes exactly these and the
// ISO forms of dates, and nothing else: a lenient reader takes `1.234,5` for 1.234.

import SynclineModel

enum InvariantText {
  /// Shortest text that reads back as the same double: `0.1`, `100000`, `1E+15`, `1E-05`.
  static func double(_ double: Double) -> String {
    guard let number = SignificantDigits(double) else {
      return double.isNaN ? "NaN" : double < 0 ? "-Infinity" : "Infinity"
    }
    return number.exponent >= 15 || number.exponent < -4
      ? number.scientific(mark: "E", pointed: false) : number.plain(pointed: false)
  }

  /// `11/24/2026`
  static func date(_ date: CalendarDate) throws(ConversionProblem) -> String {
    let parts = date.parts
    guard (1...9999).contains(parts.year) else {
      throw ConversionProblem("a date outside the years 1 to 9999")
    }
    return "\(padded(parts.month, 2))/\(padded(parts.day, 2))/\(padded(parts.year, 4))"
  }

  /// `11/24/2026 09:30:00`
  static func timestamp(_ timestamp: Timestamp) throws(ConversionProblem) -> String {
    let parts = timestamp.parts
    return "\(try date(parts.date)) \(parts.time)"
  }

  /// The number that the text spells: digits, a point with digits on both sides, an exponent.
  static func number(_ text: [UInt8]) -> ExactDecimal? {
    var scanner = TextScanner(text)
    _ = scanner.mark(0x2D)
    guard scanner.digits() else { return nil }
    if scanner.mark(0x2E), !scanner.digits() { return nil }
    if scanner.mark(0x45) || scanner.mark(0x65) {
      if !scanner.mark(0x2D) { _ = scanner.mark(0x2B) }
      guard scanner.digits() else { return nil }
    }
    guard scanner.isAtEnd else { return nil }
    return ExactDecimal(parsing: text)
  }

  /// The date, time or moment that the text spells, in the invariant or an ISO form.
  static func moment(_ text: [UInt8]) -> Value? {
    if let date = ISOText.date(text) { return .date(date) }
    if let local = ISOText.localTimestamp(text) { return .localTimestamp(local) }
    if let time = ISOText.time(text) { return .time(time) }
    if let moment = ISOText.timestamp(text) { return .timestamp(moment) }
    var scanner = TextScanner(text)
    guard let month = scanner.number(width: 2), scanner.mark(0x2F),
      let day = scanner.number(width: 2), scanner.mark(0x2F),
      let year = scanner.number(width: 4),
      let date = CalendarDate(year: year, month: month, day: day)
    else { return nil }
    if scanner.isAtEnd { return .date(date) }
    guard scanner.mark(0x20), let time = scanner.clock(), scanner.isAtEnd else { return nil }
    return .localTimestamp(Timestamp(date: date, time: time))
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

extension TextScanner {
  /// Steps over one or more digits.
  mutating func digits() -> Bool {
    guard number(width: 1) != nil else { return false }
    while number(width: 1) != nil {}
    return true
  }
}
