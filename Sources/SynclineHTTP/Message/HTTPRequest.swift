/// What is asked of a server, and what may be done with the asking.
public struct HTTPRequest: Hashable, Sendable, CustomStringConvertible {
  public enum Method: String, Hashable, Sendable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
  }

  /// What a second sending would do.
  public enum Repetition: Hashable, Sendable {
    /// The same as one: a read, a write that is told apart by a key.
    case harmless
    /// Perhaps something twice: the request is sent again only where the server certainly did not
    /// act upon it.
    case onlyIfNotDone
  }

  /// What the request is for, in the words of failures: `read Account`, `sign in`. No value of a
  /// field and no secret.
  public var operation: String
  public var method: Method
  public var address: HTTPAddress
  public var headers: HTTPHeaders
  public var body: [UInt8]
  public var repetition: Repetition

  /// `repetition`: where none is given, only GET and HEAD are harmless.
  public init(
    _ operation: String, _ method: Method = .get, _ address: HTTPAddress,
    headers: HTTPHeaders = [:], body: [UInt8] = [], repetition: Repetition? = nil
  ) {
    self.operation = operation
    self.method = method
    self.address = address
    self.headers = headers
    self.body = body
    let isRead = method == .get || method == .head
    self.repetition = repetition ?? (isRead ? .harmless : .onlyIfNotDone)
  }

  public var description: String { "\(method.rawValue) \(address) (\(operation))" }
}
