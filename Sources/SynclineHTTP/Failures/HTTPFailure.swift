public import SynclinePorts

/// Why a request has no answer. `description` names the host, the cause and the mend; it holds no
/// path, no query, no header and no word of the server.
public struct HTTPFailure: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Code: String, Hashable, Sendable, CaseIterable {
    /// An address that is none, or that must not be called.
    case address
    /// A header that would be no line of its own.
    case header
    /// The host's name has no address.
    case unknownHost
    /// Nobody answers there.
    case unreachable
    /// The proxy cannot be used.
    case proxy
    /// The server's certificate is not to be trusted.
    case certificate
    /// No protected connection came about.
    case handshake
    case timeout
    /// The connection ended before the answer began.
    case interrupted
    /// The answer ended before its time.
    case truncated
    /// The answer is larger than allowed, or unpacks out of all proportion.
    case tooLarge
    /// The answer is no HTTP, or packed in a way that cannot be read.
    case garbled
    /// The server sends us somewhere where we do not go.
    case redirect
    /// The server asks for a longer wait than a run makes.
    case throttled
    /// The answer's status is none that the caller can use.
    case status
    /// The task was cancelled.
    case cancelled
    /// A file is missing, or memory.
    case system
  }

  /// How far the request came. Who writes must know.
  public enum Reach: Hashable, Sendable {
    /// The server never saw it.
    case notSent
    /// The server may have done what was asked.
    case perhaps
    /// The server answered.
    case answered
  }

  public var code: Code
  public var operation: String
  /// Scheme, host and port.
  public var host: String
  public var message: String
  public var hint: String
  public var reach: Reach
  /// How long the server wants us to wait.
  public var retryAfterSeconds: Int?

  public init(
    _ code: Code, operation: String, host: String, message: String, hint: String, reach: Reach,
    retryAfterSeconds: Int? = nil
  ) {
    self.code = code
    self.operation = operation
    self.host = host
    self.message = message
    self.hint = hint
    self.reach = reach
    self.retryAfterSeconds = retryAfterSeconds
  }

  init(
    _ code: Code, _ request: HTTPRequest, _ message: String, _ hint: String, reach: Reach
  ) {
    self.init(
      code, operation: request.operation, host: "\(request.address)", message: message, hint: hint,
      reach: reach)
  }

  public var description: String { "\(operation): \(host) \(message). \(hint)" }

  /// Whether the same request may go through a moment later.
  public var mayPass: Bool {
    switch code {
    case .unknownHost, .unreachable, .timeout, .interrupted, .truncated, .garbled: true
    case .address, .header, .proxy, .certificate, .handshake, .tooLarge, .redirect, .throttled,
      .status, .cancelled, .system:
      false
    }
  }

  /// Whether the server did nothing for certain, nor will: it never saw the request, or refused it as busy.
  public var didNothing: Bool { reach == .notSent || code == .throttled }

  /// What it means for a run.
  public var disposition: ConnectorFailure.Disposition {
    switch code {
    case .unknownHost, .unreachable, .timeout, .interrupted, .truncated, .garbled, .throttled,
      .handshake, .status, .cancelled, .proxy:
      .retry
    case .address, .header, .certificate, .redirect, .tooLarge: .user
    case .system: .stop
    }
  }
}

extension ConnectorFailure {
  /// The failure of a call that the transport did not carry through.
  public init(_ failure: HTTPFailure) {
    self.init(
      code: failure.code.rawValue, operation: failure.operation,
      message: "\(failure.host) \(failure.message)", hint: failure.hint,
      disposition: failure.disposition, didNothing: failure.didNothing)
  }
}

extension HTTPAnswer {
  /// The failure of an answer that the caller can make nothing of. An answer of 2xx is one of the
  /// wrong kind: HTML where JSON was awaited.
  public func unexpected(_ request: HTTPRequest) -> HTTPFailure {
    let kind = head.mediaType.map { Self.known($0) } ?? "no content type"
    let hint =
      switch status {
      case 200..<300: "Look whether the address is that of the service and not of a page for people"
      case 401: "The sign-in is refused: check user, secret and permissions of the connection"
      case 403: "The user lacks a permission, or a limit is reached: look into the service's set-up"
      case 404: "Check the address in the package"
      case 429: "The service is asked too much: run again later"
      case 500...: "The service has trouble of its own: run again later"
      default: "Check the address in the package"
      }
    return HTTPFailure(.status, request, "answered \(status) with \(kind)", hint, reach: .answered)
  }

  /// A type of media that is no word of the server's own.
  private static func known(_ type: String) -> String {
    switch type {
    case "application/json", "text/html", "text/plain", "application/xml", "text/xml": type
    default: "another content type"
    }
  }
}
