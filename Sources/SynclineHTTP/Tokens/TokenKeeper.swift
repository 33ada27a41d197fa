public import SynclineModel

/// Keeps the access token of one account session; renewals are one at a time.
///
/// Who first needs a token carries the renewal out; the others wait. Its failure is everybody's, since
/// a wrong secret does not become right by asking again, except where it was cancelled: then the next
/// in the row takes over.
public final class TokenKeeper: Sendable {
  /// Gets a token from the service.
  public typealias Renewal = @Sendable () async throws -> AccessToken

  private typealias News = Result<IssuedToken, any Error>?
  private let state = Guarded(State())
  private let now: @Sendable () -> Timestamp
  private let renew: Renewal

  private struct State {
    var machine = TokenMachine()
    var lastWaiter = 0
    var waiters: [Int: CheckedContinuation<News, Never>] = [:]
    /// Cancelled before they began to wait.
    var gone: Set<Int> = []
  }

  public init(now: @escaping @Sendable () -> Timestamp, renew: @escaping Renewal) {
    self.now = now
    self.renew = renew
  }

  /// A token that may be used now.
  public func token() async throws -> IssuedToken {
    let now = now()
    return try await follow(state.withLock { $0.machine.wanted(now: now) })
  }

  /// A token in the place of one that the service refused.
  public func token(insteadOf refused: IssuedToken) async throws -> IssuedToken {
    let now = now()
    return try await follow(state.withLock { $0.machine.refused(refused, now: now) })
  }

  /// How many wait for the renewal that is under way.
  var waiting: Int { state.withLock { $0.waiters.count } }

  private func follow(_ direction: TokenMachine.Direction) async throws -> IssuedToken {
    switch direction {
    case .use(let token): return token
    case .renew: return try await lead()
    case .wait:
      if let result = await news() { return try result.get() }
      // Who renewed was cancelled, or we were.
      try Task.checkCancellation()
      return try await token()
    }
  }

  private func lead() async throws -> IssuedToken {
    do {
      let token = try await renew()
      let issued = state.withLock { $0.machine.renewed(token) }
      tell(.success(issued))
      return issued
    } catch {
      state.withLock { $0.machine.renewalEnded() }
      tell(Task.isCancelled ? nil : .failure(error))
      throw error
    }
  }

  /// Waits for the renewal that is under way; nil where it was given up, or has just ended.
  private func news() async -> News {
    let waiter = state.withLock { state in
      state.lastWaiter += 1
      return state.lastWaiter
    }
    defer { state.withLock { _ = $0.gone.remove(waiter) } }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state in
          if state.gone.contains(waiter) || !state.machine.isRenewing { return true }
          state.waiters[waiter] = continuation
          return false
        }
        if isOver { continuation.resume(returning: nil) }
      }
    } onCancel: {
      let continuation = state.withLock { state in
        let continuation = state.waiters.removeValue(forKey: waiter)
        if continuation == nil { state.gone.insert(waiter) }
        return continuation
      }
      continuation?.resume(returning: nil)
    }
  }

  private func tell(_ news: News) {
    let told = state.withLock { state in
      let waiters = state.waiters
      state.waiters = [:]
      return waiters
    }
    for (_, waiter) in told.sorted(by: { $0.key < $1.key }) { waiter.resume(returning: news) }
  }
}
