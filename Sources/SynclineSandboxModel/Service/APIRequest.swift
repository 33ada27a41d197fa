import SynclineModel

/// A request as it came, before anything is known of it.
public struct APIRequest: Sendable {
  /// `GET`, `POST` and the others, in capitals.
  public var method: String
  /// The path as it was sent, percent signs and all, without the query.
  public var path: String
  /// Names and values of the query, decoded, in order.
  public var query: [(name: String, value: String)]
  /// Headers by name in small letters.
  public var headers: [String: String]
  /// The body.
  public var body: [UInt8]
  /// Bytes of the request's target and of all its headers.
  public var sizes = (target: 0, headers: 0)

  /// A request; `target` is the path with the query.
  public init(
    _ method: String, _ target: String, headers: [String: String] = [:], body: [UInt8] = []
  ) {
    self.method = method
    let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    path = String(parts.first ?? "")
    query = parts.count == 2 ? FormText.read(String(parts[1])) : []
    self.headers = headers
    self.body = body
    sizes = (
      target.utf8.count, headers.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count + 4 }
    )
  }

  /// The path in parts, decoded, without a last slash.
  var segments: [String] {
    path.split(separator: "/").map { FormText.decoded(String($0), plusIsBlank: false) }
  }

  /// The value of a name in the query.
  subscript(name: String) -> String? { query.first { $0.name == name }?.value }

  /// The body as JSON.
  func json() throws(APIError) -> JSON {
    if let type = headers["content-type"], !type.lowercased().hasPrefix("application/json") {
      throw APIError(
        415, "UNSUPPORTED_MEDIA_TYPE",
        "Content-Type header specified in HTTP request is not supported: \(type)")
    }
    do {
      return try JSONReader.read(body)
    } catch {
      throw .badJSON(error)
    }
  }
}

/// An answer.
public struct APIResponse: Sendable {
  /// The status.
  public var status: Int
  /// Headers in order.
  public var headers: [(name: String, value: String)]
  /// The body.
  public var body: [UInt8]

  /// An answer with a body of JSON, or with none.
  init(_ status: Int, _ json: JSON? = nil, headers: [(name: String, value: String)] = []) {
    self.status = status
    self.headers = headers
    body = []
    if let json {
      body = Array(json.line.utf8)
      self.headers.append(("Content-Type", "application/json;charset=UTF-8"))
    }
  }

  /// An answer of other text.
  public init(_ status: Int, html: String) {
    self.status = status
    headers = [("Content-Type", "text/html;charset=UTF-8")]
    body = Array(html.utf8)
  }

  init(_ error: APIError) {
    self.init(error.status, .list([error.json]))
    if error.status == 401 { headers.append(("WWW-Authenticate", "Token")) }
  }
}

/// The text of forms and of the part of an address behind the question mark.
enum FormText {
  static func read(_ text: String) -> [(name: String, value: String)] {
    text.split(separator: "&").map { pair in
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (
        decoded(String(parts[0]), plusIsBlank: true),
        parts.count == 2 ? decoded(String(parts[1]), plusIsBlank: true) : ""
      )
    }
  }

  static func decoded(_ text: String, plusIsBlank: Bool) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == 0x25, let high = hexadecimal(rest.first),
        let low = hexadecimal(rest.dropFirst().first)
      {
        bytes.append(high << 4 | low)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte == 0x2B && plusIsBlank ? 0x20 : byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func hexadecimal(_ byte: UInt8?) -> UInt8? {
    switch byte {
    case .some(let byte) where (0x30...0x39).contains(byte): byte - 0x30
    case .some(let byte) where (0x41...0x46).contains(byte): byte - 0x37
    case .some(let byte) where (0x61...0x66).contains(byte): byte - 0x57
    default: nil
    }
  }
}
