/// Decides what follows each sending of one request: facts in, decisions out. It has no clock and no
/// dice: waits are drawn by the `roll` that comes with the fact.
///
/// - Waits are spread by full jitter: any time from 0 to a limit that doubles, so that many clients
///   do not come back at once. A wait that the server asks for comes on top, and is never cut short:
///   where it is longer than a run waits, the request fails as `throttled`.
/// - A request whose repetition could do something twice is sent again only where the server
///   certainly did nothing: it was never sent, or was refused as busy or unauthorized.
/// - One renewed token for each request: a fresh token that is refused, too, is an answer.
public struct RetryMachine: Hashable, Sendable {
  private let policy: RetryPolicy
  private let repetition: HTTPRequest.Repetition
  /// Sendings so far that count.
  public private(set) var attempts = 0
  private var hasRenewed = false

  public enum Decision: Hashable, Sendable {
    /// The answer goes to the caller.
    case deliver
    /// The failure goes to the caller.
    case fail
    /// The server asks for a wait that is too long; the caller is told.
    case putOff(seconds: Int)
    /// Wait, then send again.
    case pause(milliseconds: Int)
    /// Get another token, then send again at once.
    case renewToken
  }

  public init(_ policy: RetryPolicy, _ repetition: HTTPRequest.Repetition) {
    self.policy = policy
    self.repetition = repetition
  }

  /// An answer came. `retryAfterSeconds`: the wait that it asks for. `roll`: at least 0, below 1.
  public mutating func answered(
    _ verdict: Verdict, retryAfterSeconds: Int?, roll: Double
  ) -> Decision {
    switch verdict {
    case .final: return .deliver
    case .unauthorized:
      if hasRenewed { return .deliver }
      hasRenewed = true
      return .renewToken
    case .busy: return again(retryAfterSeconds, roll) ?? .deliver
    case .broken:
      guard repetition == .harmless else { return .deliver }
      return again(retryAfterSeconds, roll) ?? .deliver
    }
  }

  /// No answer came, or not the whole of it.
  public mutating func failed(_ failure: HTTPFailure, roll: Double) -> Decision {
    guard failure.mayPass, repetition == .harmless || failure.reach == .notSent else {
      return .fail
    }
    return again(nil, roll) ?? .fail
  }

  private mutating func again(_ asked: Int?, _ roll: Double) -> Decision? {
    precondition(roll >= 0 && roll < 1, "a roll lies in 0..<1")
    attempts += 1
    if let asked, asked > policy.retryAfterSecondsMax { return .putOff(seconds: asked) }
    guard attempts < policy.attemptsMax else { return nil }
    let jitter = Int(roll * Double(policy.pauseMilliseconds(after: attempts)))
    return .pause(milliseconds: (asked ?? 0) * 1000 + jitter)
  }
}
