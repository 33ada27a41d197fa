public import SynclineModel

/// How long a server wants us to wait, from the headers `Retry-After` and `Date`.
public enum RetryAfter {
  /// Whole seconds from now; nil where the server says nothing that can be understood. A moment is
  /// judged by the server's own clock where the answer tells it, else by `now`; one that is past
  /// means 0.
  public static func seconds(in headers: HTTPHeaders, now: Timestamp) -> Int? {
    guard let text = headers["Retry-After"] else { return nil }
    if let seconds = number(text) { return seconds }
    guard let moment = HTTPDate.parse(text) else { return nil }
    let server = headers["Date"].flatMap(HTTPDate.parse) ?? now
    let (seconds, rest) = (moment.microseconds - server.microseconds)
      .quotientAndRemainder(dividingBy: 1_000_000)
    return max(0, Int(seconds) + (rest > 0 ? 1 : 0))
  }

  /// Digits alone; more of them than fit are a very long time.
  private static func number(_ text: String) -> Int? {
    guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int(text) ?? Int.max
  }
}

/// The one form of dates in headers that servers may send (RFC 9110, IMF-fixdate).
public enum HTTPDate {
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// `Sun, 06 Nov 1994 08:49:37 GMT`
  public static func parse(_ text: String) -> Timestamp? {
    let parts = text.split(separator: " ", omittingEmptySubsequences: false)
    guard parts.count == 6, parts[0].utf8.count == 4, parts[0].hasSuffix(","), parts[5] == "GMT",
      parts[1].utf8.count == 2, parts[3].utf8.count == 4,
      let day = Int(parts[1]), let year = Int(parts[3]),
      let month = months.firstIndex(of: String(parts[2])),
      let date = CalendarDate(year: year, month: month + 1, day: day),
      let time = ISOText.time(Array(parts[4].utf8))
    else { return nil }
    return Timestamp(date: date, time: time)
  }

  private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]

  /// The same spelling; what is finer than a second is cut off.
  public static func format(_ moment: Timestamp) -> String {
    let (date, time) = moment.parts
    let parts = date.parts
    // The days are counted from a Thursday.
    let weekday = weekdays[((Int(date.daysSinceEpoch) % 7) + 7) % 7]
    let day = parts.day < 10 ? "0\(parts.day)" : "\(parts.day)"
    let clock = ClockTime(microseconds: time.microseconds / 1_000_000 * 1_000_000)
    return "\(weekday), \(day) \(months[parts.month - 1]) \(parts.year) \(clock) GMT"
  }
}
