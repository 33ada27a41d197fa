import SynclineModel

/// Asks a service with all the patience that is due: carries out what `RetryMachine` decides, follows
/// redirects, signs requests with the session's token and renews it where it is refused. Every sending
/// is counted, since services count them, too.
public final class HTTPSession: Sendable {
  private let client: any HTTPClient
  private let policy: RetryPolicy
  private let pacer: Pacer
  /// Nil for requests that need no token, such as those that get one.
  private let tokens: TokenKeeper?
  private let count = Guarded(0)

  public init(
    _ client: any HTTPClient, policy: RetryPolicy = RetryPolicy(), pacer: Pacer,
    tokens: TokenKeeper? = nil
  ) {
    self.client = client
    self.policy = policy
    self.pacer = pacer
    self.tokens = tokens
  }

  /// Requests sent so far, repetitions and redirects included.
  public var calls: Int { count.withLock { $0 } }

  /// The final answer to a request, whatever its status. Where all attempts failed, the last failure
  /// is thrown: an `HTTPFailure`, or what the renewal of a token threw.
  ///
  /// `judge`: what an answer means where its status does not tell, as a limit that comes as 403.
  public func perform(
    _ request: HTTPRequest,
    judge: @Sendable (HTTPAnswer) -> Verdict = { Verdict(status: $0.status) }
  ) async throws -> HTTPAnswer {
    var machine = RetryMachine(policy, request.repetition)
    var token = try await tokens?.token()
    while true {
      let decision: RetryMachine.Decision
      let outcome = await attempt(request, token)
      switch outcome {
      case .success(let answer):
        let asked = RetryAfter.seconds(in: answer.headers, now: pacer.now())
        decision = machine.answered(judge(answer), retryAfterSeconds: asked, roll: pacer.roll())
      case .failure(let failure): decision = machine.failed(failure, roll: pacer.roll())
      }
      switch decision {
      case .deliver, .fail: return try outcome.get()
      case .putOff(let seconds): throw Self.putOff(request, seconds)
      case .pause(let milliseconds): try await pause(milliseconds, request)
      case .renewToken:
        guard let tokens, let refused = token else { return try outcome.get() }
        token = try await tokens.token(insteadOf: refused)
      }
    }
  }

  private func attempt(
    _ request: HTTPRequest, _ token: IssuedToken?
  ) async -> Result<HTTPAnswer, HTTPFailure> {
    var request = request
    if let secret = token?.token.secret {
      request.headers.set("Authorization", .secret(Secret("Bearer " + secret.revealed)))
    }
    do throws(HTTPFailure) { return .success(try await follow(request)) } catch {
      return .failure(error)
    }
  }

  private func follow(_ first: HTTPRequest) async throws(HTTPFailure) -> HTTPAnswer {
    var request = first
    var followed = 0
    while true {
      count.withLock { $0 += 1 }
      let answer = try await client.answer(to: request)
      switch Redirect(answer.head, to: request, followed: followed) {
      case .none: return answer
      case .refuse(let refusal): throw refusal.failure(request)
      case .follow(let next):
        request = next
        followed += 1
      }
    }
  }

  private func pause(_ milliseconds: Int, _ request: HTTPRequest) async throws {
    do { try await pacer.pause(milliseconds) } catch {
      throw HTTPFailure.cancelled(request, reach: .notSent)
    }
  }

  private static func putOff(_ request: HTTPRequest, _ seconds: Int) -> HTTPFailure {
    var failure = HTTPFailure(
      .throttled, request, "asks to be left alone for \(seconds) s",
      "Run again after that time", reach: .answered)
    failure.retryAfterSeconds = seconds
    return failure
  }
}
