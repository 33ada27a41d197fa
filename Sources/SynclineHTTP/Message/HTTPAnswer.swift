/// Status and headers of an answer.
public struct HTTPHead: Hashable, Sendable {
  public var status: Int
  public var headers: HTTPHeaders

  public init(status: Int, headers: HTTPHeaders = [:]) {
    self.status = status
    self.headers = headers
  }

  /// The first part of `Content-Type`, in small letters.
  public var mediaType: String? {
    headers["Content-Type"]?.split(separator: ";").first.map {
      String($0.filter { $0 != " " }).lowercased()
    }
  }
}

/// An answer whose body comes as it arrives.
public struct HTTPResponse: Sendable {
  public let head: HTTPHead
  public let body: HTTPBody
}

/// An answer that was read to its end.
public struct HTTPAnswer: Hashable, Sendable {
  public var head: HTTPHead
  public var body: [UInt8]

  public init(head: HTTPHead, body: [UInt8] = []) {
    self.head = head
    self.body = body
  }

  public var status: Int { head.status }
  public var headers: HTTPHeaders { head.headers }
}
