import SynclineModel

/// Requests of the last 24 hours, against the limit of the day.
struct Usage: Sendable {
  /// How many a day allows.
  var limit = 15_000
  /// Calls by the minute in which they came, counted from 1970 on.
  private(set) var minutes: [Int64: Int] = [:]

  /// Requests of the last 24 hours.
  var count: Int { minutes.values.reduce(0, +) }

  /// Counts one, and returns its minute.
  mutating func add(at now: Timestamp) -> Int64 {
    let minute = Self.minute(of: now)
    minutes[minute, default: 0] += 1
    return minute
  }

  /// Takes what a log tells of a minute.
  mutating func take(_ calls: Int, in minute: Int64) { minutes[minute] = calls }

  /// Forgets what is a day old.
  mutating func pass(to now: Timestamp) {
    let minute = Self.minute(of: now)
    guard minutes.contains(where: { $0.key <= minute - 1440 }) else { return }
    minutes = minutes.filter { $0.key > minute - 1440 }
  }

  private static func minute(of now: Timestamp) -> Int64 { now.microseconds / 60_000_000 }

  /// As the header tells it.
  var header: String { "api-usage=\(count)/\(limit)" }
}

extension Organization {
  /// Counts a request against the limit of the day.
  mutating func countCall(at now: Timestamp) { fresh.calls = usage.add(at: now) }
}
