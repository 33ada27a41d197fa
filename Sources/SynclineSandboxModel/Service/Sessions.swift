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
