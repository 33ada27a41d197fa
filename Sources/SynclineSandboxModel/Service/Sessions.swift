import SynclineModel

/// Who is logged in.
struct Sessions: Sendable {
  struct Session: Sendable {
    let user: RecordID
    /// Moves with every request.
    var expires: Timestamp
  }

  private(set) var open: [String: Session] = [:]

  /// Opens one.
  mutating func issue(_ token: String, user: RecordID, expires: Timestamp) {
    open[token] = Session(user: user, expires: expires)
  }

  /// The session of a token, which lives on by being used.
  mutating func use(_ token: String, now: Timestamp, lifetime: Int64) -> Session? {
    guard var session = open[token], session.expires > now else { return nil }
    session.expires = now.adding(seconds: lifetime)
    open[token] = session
    return session
  }

  /// Ends one.
  mutating func revoke(_ token: String) { open[token] = nil }

  /// Ends all.
  mutating func revokeAll() { open.removeAll() }

  mutating func pass(to now: Timestamp) { open = open.filter { $0.value.expires > now } }
}

/// Requests of the last 24 hours, against the limit of the day.
struct Usage: Sendable {
  /// How many a day allows.
  var limit = 15_000
  /// Calls by the minute in which they came.
  private var minutes: [Int64: Int] = [:]

  /// Requests of the last 24 hours.
  var count: Int { minutes.values.reduce(0, +) }

  /// Counts one.
  mutating func add(at now: Timestamp) {
    let minute = now.microseconds / 60_000_000
    minutes[minute, default: 0] += 1
    if minutes.count > 1500 { minutes = minutes.filter { $0.key > minute - 1440 } }
  }

  /// As the header tells it.
  var header: String { "api-usage=\(count)/\(limit)" }
}
