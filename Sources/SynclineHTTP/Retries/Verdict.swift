/// What an answer means for its request. Statuses tell most of it; where the body must be asked, the
/// connector judges (`HTTPSession.perform`, `judge`).
public enum Verdict: Hashable, Sendable {
  /// For the caller, whatever it says.
  case final
  /// The access token is not accepted; nothing was done.
  case unauthorized
  /// The server refused before it did anything, and may not a moment later.
  case busy
  /// The server failed; what it had done by then is not known.
  case broken

  /// What the status alone tells.
  public init(status: Int) {
    switch status {
    case 401: self = .unauthorized
    case 429: self = .busy
    case 408, 500, 502, 503, 504: self = .broken
    default: self = .final
    }
  }
}
