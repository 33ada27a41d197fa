import CCurl

/// Where a request goes: https anywhere, http on this machine alone (127.0.0.0/8, ::1, localhost).
/// libcurl takes the text apart, so what is checked here is what is called later.
///
/// The description is scheme, host and port: paths and queries can hold tokens and values of fields.
public struct HTTPAddress: Hashable, Sendable, CustomStringConvertible {
  /// The whole address, in libcurl's normal form and without a fragment.
  public let text: String
  public let scheme: String
  /// Without the brackets of an IPv6 address.
  public let host: String
  public let port: Int

  /// What is wrong with an address; the text itself stays out, since it may hold a password.
  public enum Flaw: Error, Hashable, Sendable, CustomStringConvertible {
    case malformed
    /// The address holds a user or a password.
    case holdsUser(host: String)
    /// The scheme is neither https nor http.
    case otherScheme(String)
    /// http to another machine.
    case unprotected(host: String)

    public var description: String {
      switch self {
      case .malformed:
        "The address is none. Write https://host, with a port and a path where they are needed"
      case .holdsUser(let host):
        "The address of \(host) holds a user or a password. Take it out; secrets have keys of their own"
      case .otherScheme(let scheme):
        "An address with \(scheme): cannot be called. Write https://"
      case .unprotected(let host):
        "http would send everything to \(host) in the clear. Write https://;"
          + " http is for this machine alone (localhost)"
      }
    }
  }

  /// `https://host[:port][/path][?query]`.
  public init(_ text: String) throws(Flaw) {
    let parts = CurlAddress()
    guard parts.set(text) else { throw .malformed }
    try self.init(parts)
  }

  private init(_ parts: CurlAddress) throws(Flaw) {
    guard let scheme = parts.part(CURLUPART_SCHEME), let host = parts.part(CURLUPART_HOST),
      !host.isEmpty
    else { throw .malformed }
    let plainHost = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
    guard parts.part(CURLUPART_USER) == nil, parts.part(CURLUPART_PASSWORD) == nil else {
      throw .holdsUser(host: plainHost)
    }
    guard scheme == "https" || scheme == "http" else { throw .otherScheme(scheme) }
    guard scheme == "https" || Self.isLoopback(plainHost) else {
      throw .unprotected(host: plainHost)
    }
    parts.removeFragment()
    guard let text = parts.part(CURLUPART_URL),
      let port = parts.part(CURLUPART_PORT, flags: UInt32(CURLU_DEFAULT_PORT)).flatMap({ Int($0) })
    else { throw .malformed }
    self.text = text
    self.scheme = scheme
    self.host = plainHost
    self.port = port
  }

  /// Whether the host is this machine, whatever a name server says.
  public var isLoopback: Bool { Self.isLoopback(host) }

  static func isLoopback(_ host: String) -> Bool {
    if host == "localhost" || host == "::1" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }

  /// Whether both have scheme, host and port in common: what belongs to one may be told to the other.
  public func hasOrigin(of other: HTTPAddress) -> Bool {
    scheme == other.scheme && host == other.host && port == other.port
  }

  /// The address that `reference`, absolute or relative, means here.
  public func resolving(_ reference: String) throws(Flaw) -> HTTPAddress {
    let parts = CurlAddress()
    guard parts.set(text), parts.set(reference) else { throw .malformed }
    return try HTTPAddress(parts)
  }

  /// The address of a path and a query on this host. Segments and items are encoded here; nothing in
  /// them can end a segment or begin another item.
  public func at(
    _ segments: [String], query: KeyValuePairs<String, String> = [:]
  ) throws(Flaw) -> HTTPAddress {
    var reference = "/" + segments.map(Self.encode).joined(separator: "/")
    for (index, item) in query.enumerated() {
      reference += (index == 0 ? "?" : "&") + Self.encode(item.key) + "=" + Self.encode(item.value)
    }
    return try resolving(reference)
  }

  /// Percent-encodes all but the unreserved characters of RFC 3986; a segment of dots alone, which
  /// would climb, keeps none of them.
  public static func encode(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    let isDots = text == "." || text == ".."
    var encoded: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F, 0x7E: encoded.append(byte)
      case 0x2E where !isDots: encoded.append(byte)
      default: encoded += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: encoded, as: UTF8.self)
  }

  public var description: String {
    let isDefault = port == (scheme == "https" ? 443 : 80)
    let shownHost = host.contains(":") ? "[\(host)]" : host
    return "\(scheme)://\(shownHost)" + (isDefault ? "" : ":\(port)")
  }
}

/// An address in the hands of libcurl.
final class CurlAddress {
  private let handle = curl_url()

  deinit { curl_url_cleanup(handle) }

  /// Sets an absolute address, or what a relative one means beside the address that is set.
  func set(_ text: String) -> Bool {
    guard !text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else { return false }
    return curl_url_set(handle, CURLUPART_URL, text, UInt32(CURLU_NON_SUPPORT_SCHEME)) == CURLUE_OK
  }

  func removeFragment() { curl_url_set(handle, CURLUPART_FRAGMENT, nil, 0) }

  func part(_ part: CURLUPart, flags: UInt32 = 0) -> String? {
    var text: UnsafeMutablePointer<CChar>?
    guard curl_url_get(handle, part, &text, flags) == CURLUE_OK, let text else { return nil }
    defer { curl_free(text) }
    return String(cString: text)
  }
}
