import SynclineModel

/// Decides who gets a token, who must fetch one and who waits for that: at most one renewal is under
/// way at any time. Many services accept a refresh token once, and count sign-ins.
struct TokenMachine: Hashable, Sendable {
  private var current: IssuedToken?
  private(set) var isRenewing = false
  private var generation = 0

  enum Direction: Hashable, Sendable {
    case use(IssuedToken)
    /// The asker renews; all others wait until it tells.
    case renew
    case wait
  }

  /// Somebody needs a token.
  mutating func wanted(now: Timestamp) -> Direction {
    if isRenewing { return .wait }
    if let current, current.token.expires.map({ now < $0 }) ?? true { return .use(current) }
    return lead()
  }

  /// The service refused a token: it is used no more. A newer one may be there already.
  mutating func refused(_ token: IssuedToken, now: Timestamp) -> Direction {
    if current?.generation == token.generation { current = nil }
    return wanted(now: now)
  }

  /// The renewal brought a token, which all who wait may use.
  mutating func renewed(_ token: AccessToken) -> IssuedToken {
    precondition(isRenewing, "a token comes of a renewal")
    isRenewing = false
    generation += 1
    let issued = IssuedToken(token: token, generation: generation)
    current = issued
    return issued
  }

  /// The renewal brought none: it failed, or who carried it out was cancelled.
  mutating func renewalEnded() { isRenewing = false }

  private mutating func lead() -> Direction {
    isRenewing = true
    current = nil
    return .renew
  }
}
