import SynclineHTTP
import SynclineModel
import SynclinePorts

// What refusals mean for a run. Sentences of the service are not passed on, since they may hold values.

extension Account {
  /// The failure of a call that has no answer.
  func failure(_ error: any Error, _ operation: String) -> any Error {
    switch error {
    case let failure as ConnectorFailure: failure
    case let failure as HTTPFailure where CallBudget.isUsedUp(failure):
      callsUsedUp(operation, settings.callsMax ?? 0)
    case let failure as HTTPFailure where failure.code == .cancelled: CancellationError()
    case let failure as HTTPFailure: ConnectorFailure(failure)
    default: error
    }
  }

  /// Whether it was a renewal of the token that failed: the request itself was refused before.
  static func isOfSignIn(_ error: any Error) -> Bool {
    switch error {
    case is ConnectorFailure: true
    case let failure as HTTPFailure: failure.operation == SignInRequest.operation
    default: false
    }
  }

  /// The failure of a call that did nothing for certain.
  static func undone(_ error: any Error) -> any Error {
    guard var failure = error as? ConnectorFailure else { return error }
    failure.didNothing = true
    return failure
  }

  /// The failure of a call that was refused as a whole.
  static func refusal(_ answer: HTTPAnswer, _ request: HTTPRequest) -> ConnectorFailure {
    let code = APIProblem.first(in: answer.body)?.code ?? ""
    guard !code.isEmpty, let known = known[code] ?? unknown(answer.status) else {
      return ConnectorFailure(answer.unexpected(request))
    }
    return ConnectorFailure(
      code: known.code, operation: request.operation,
      message: "\(request.address) \(known.message) (\(code))", hint: known.hint,
      disposition: known.disposition, didNothing: [401, 403, 429].contains(answer.status))
  }

  private typealias Meaning = (
    code: String, message: String, hint: String, disposition: ConnectorFailure.Disposition
  )

  private static let known: [String: Meaning] = [
    "INVALID_SESSION_ID": (
      "signIn", "refuses a fresh token",
      "Check that the user may use the API and that no policy ends its sessions", .user
    ),
    "REQUEST_LIMIT_EXCEEDED": (
      "limit", "has no calls left", "Run again later; the limit counts the last 24 hours", .retry
    ),
    "API_DISABLED_FOR_ORG": (
      "permission", "offers no API to this user",
      "Use an edition with the API and give the user the permission “API Enabled”", .user
    ),
    "API_CURRENTLY_DISABLED": (
      "unavailable", "has switched the API off for now", "Run again later", .retry
    ),
    "INSUFFICIENT_ACCESS": (
      "permission", "denies the user access", "Give the user the permission in the set-up", .user
    ),
    "OPERATION_TOO_LARGE": (
      "refused", "finds the request too large for this user",
      "Give the user “View All Data”", .stop
    ),
    "TXN_SECURITY_METERING_ERROR": (
      "refused", "stops the request by a transaction security policy",
      "Look at the organisation's transaction security policies", .stop
    ),
    "SERVER_UNAVAILABLE": (
      "unavailable", "cannot answer now", "Run again later", .retry
    ),
  ]

  /// A refusal by a code that is not in the table keeps its code.
  private static func unknown(_ status: Int) -> Meaning? {
    guard status == 403 else { return nil }
    return (
      "refused", "refuses the request", "Run `check`; if it finds nothing, report the code", .stop
    )
  }

  private func callsUsedUp(_ operation: String, _ most: Int) -> ConnectorFailure {
    ConnectorFailure(
      code: "maxCalls", operation: operation, message: "The run has used its \(most) calls",
      hint: "The next run goes on from here; raise `maxCalls` to let a run do more",
      disposition: .retry, didNothing: true)
  }
}
