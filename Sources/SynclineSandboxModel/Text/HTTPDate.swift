public import SynclineModel

/// Moments as headers hold them: `Wed, 25 Nov 2026 01:11:00 GMT`.
public enum HTTPDate {
  private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// The text of a moment.
  public static func format(_ moment: Timestamp) -> String {
    let (date, time) = moment.wholeSecond.parts
    let parts = date.parts
    let weekday = days[((Int(date.daysSinceEpoch) % 7) + 7) % 7]
    let day = parts.day < 10 ? "0\(parts.day)" : "\(parts.day)"
    return "\(weekday), \(day) \(months[parts.month - 1]) \(parts.year) \(time) GMT"
  }

  /// Reads that text.
  static func read(_ text: String) -> Timestamp? {
    let words = text.split(separator: " ")
    guard words.count == 6, words[5] == "GMT", words[0].hasSuffix(","),
      days.contains(String(words[0].dropLast())), let day = Int(words[1]), let year = Int(words[3]),
      let month = months.firstIndex(of: String(words[2])),
      let date = CalendarDate(year: year, month: month + 1, day: day),
      let time = ISOText.time(Array(words[4].utf8))
    else { return nil }
    return Timestamp(date: date, time: time)
  }
}
