public import SynclineHTTP

/// How an organisation is reached and signed in to.
public struct SalesforceSettings: Hashable, Sendable {
  /// How a program proves who it is. Secrets show in no description.
  public enum SignIn: Hashable, Sendable {
    /// As the user that the connected app runs as.
    case clientCredentials(client: String, secret: Secret)
    /// As `user`, by a text signed with the private key (PEM) whose certificate the app holds.
    case assertion(client: String, user: String, key: Secret, audience: String)
    /// As `user`; a security token follows the password where the organisation asks for one.
    case password(client: String, secret: Secret, user: String, password: Secret)
  }

  /// Where sign-ins are sent: the organisation's own host (My Domain), or login.salesforce.com.
  public var host: HTTPAddress
  public var signIn: SignIn
  /// `60.0`
  public var version: String
  /// Calls that a run may make; nil where only the organisation's own limit counts.
  public var callsMax: Int?
  /// Whether each record is compared before it is written, one by one.
  public var isStrict: Bool

  public init(
    host: HTTPAddress, signIn: SignIn, version: String = "60.0", callsMax: Int? = nil,
    isStrict: Bool = false
  ) {
    self.isStrict = isStrict
    self.host = host
    self.signIn = signIn
    self.version = version
    self.callsMax = callsMax
  }

  /// Whether the version of the interface has `collateSubrequests`.
  var canCollate: Bool { version.split(separator: ".").first.flatMap { Int($0) } ?? 0 >= 48 }

  /// The audience of an assertion where the package names none: the site at which people of the organisation
  /// sign in. The organisation's own host is none that Salesforce takes.
  public static func audience(of host: HTTPAddress) -> String {
    let isSandbox =
      host.host == "test.salesforce.com" || host.host.hasSuffix(".sandbox.my.salesforce.com")
    return isSandbox ? "https://test.salesforce.com" : "https://login.salesforce.com"
  }
}
