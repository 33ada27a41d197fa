import Synchronization
import SynclineHTTP

/// Lets a run make as many calls as the package allows, and no more. Every sending counts, of sign-ins,
/// repetitions and redirects too, since the organisation counts them as well.
final class CallBudget: HTTPClient {
  private let client: any HTTPClient
  let callsMax: Int?
  private let made = Mutex(0)

  init(_ client: any HTTPClient, callsMax: Int?) {
    self.client = client
    self.callsMax = callsMax
  }

  var calls: Int { made.withLock(\.self) }

  func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
    let isAllowed = made.withLock { made in
      if let callsMax, made >= callsMax { return false }
      made += 1
      return true
    }
    guard isAllowed else { throw Self.refusal(request) }
    return try await client.send(request)
  }

  private static func refusal(_ request: HTTPRequest) -> HTTPFailure {
    HTTPFailure(
      .throttled, operation: request.operation, host: "\(request.address)",
      message: "is not called any more in this run",
      hint: "The next run goes on from here; raise `maxCalls` to let a run do more", reach: .notSent
    )
  }

  /// Whether a request was not sent since the calls are used up.
  static func isUsedUp(_ failure: HTTPFailure) -> Bool {
    failure.code == .throttled && failure.reach == .notSent
  }
}
