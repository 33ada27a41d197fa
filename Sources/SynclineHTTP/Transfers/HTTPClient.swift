/// Carries requests to servers. Each request is sent at most once, unless a second sending is harmless;
/// redirects are handed back as answers. Cancelling the task ends the transfer at once.
public protocol HTTPClient: Sendable {
  /// Returns when the head of the answer is there; the body follows as it is read.
  /// Throws an `HTTPFailure`.
  func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse
}

extension HTTPClient {
  /// The answer with its whole body.
  public func answer(to request: HTTPRequest) async throws(HTTPFailure) -> HTTPAnswer {
    let response = try await send(request)
    return HTTPAnswer(head: response.head, body: try await response.body.collect())
  }
}
