import CCurl

/// Which requests go through a proxy. Requests to this machine never do.
public struct ProxySettings: Hashable, Sendable {
  /// For https addresses; http is only called on this machine.
  public var proxy: Proxy?
  /// Hosts and domains that are called without the proxy, separated by commas, as NO_PROXY has them.
  public var exceptions: String

  /// No proxy, whatever the environment says.
  public static let none = ProxySettings(proxy: nil)

  public init(proxy: Proxy?, exceptions: String = "") {
    self.proxy = proxy
    self.exceptions = exceptions
  }

  /// What the variables of the environment say: `https_proxy` or `all_proxy`, and `no_proxy`, in small
  /// letters before capitals.
  public init(environment: [String: String]) throws(Proxy.Flaw) {
    func value(_ names: String...) -> String? {
      names.lazy.flatMap { [$0, $0.uppercased()] }.compactMap { environment[$0] }
        .first { !$0.isEmpty }
    }
    self.init(
      proxy: try value("https_proxy", "all_proxy").map { text throws(Proxy.Flaw) in
        try Proxy(text)
      }, exceptions: value("no_proxy") ?? "")
  }
}

/// A proxy; user and password show in no description.
public struct Proxy: Hashable, Sendable, CustomStringConvertible {
  /// `http://host:port`, without user and password.
  public let address: String
  public let user: Secret?
  public let password: Secret?

  /// The text is no proxy; it stays out, since it may hold a password.
  public struct Flaw: Error, Hashable, Sendable, CustomStringConvertible {
    public var description: String {
      "The proxy (https_proxy, all_proxy) is no address. Write http://host:port;"
        + " http, https, socks5 and socks5h are known"
    }
  }

  /// `[scheme://][user:password@]host[:port]`; http where no scheme is given.
  public init(_ text: String) throws(Flaw) {
    let parts = CurlAddress()
    guard parts.set(text.contains("://") ? text : "http://" + text),
      let scheme = parts.part(CURLUPART_SCHEME), let host = parts.part(CURLUPART_HOST),
      ["http", "https", "socks5", "socks5h"].contains(scheme), !host.isEmpty
    else { throw Flaw() }
    let port = parts.part(CURLUPART_PORT) ?? (scheme == "https" ? "443" : "1080")
    address = "\(scheme)://\(host):\(port)"
    user = parts.part(CURLUPART_USER, flags: UInt32(CURLU_URLDECODE)).map(Secret.init)
    password = parts.part(CURLUPART_PASSWORD, flags: UInt32(CURLU_URLDECODE)).map(Secret.init)
  }

  public var description: String { address }
}
