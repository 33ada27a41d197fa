public import SynclineMapping

/// How an organisation is reached, as the package says it.
public struct SalesforceConnection: Hashable, Sendable {
  /// The way to sign in.
  public enum SignIn: Hashable, Sendable {
    case clientCredentials
    case assertion
    case password
  }

  /// The address of the sign-in.
  public var url: String
  public var signIn: SignIn
  public var client: String
  /// Of the connected app; nil for an assertion.
  public var clientSecret: SecretReference?
  /// Nil for client credentials: the connected app names the user.
  public var user: String?
  public var password: SecretReference?
  /// A private key, as PEM.
  public var privateKey: SecretReference?
  /// To whom an assertion is addressed, where it is not the site at which people sign in.
  public var audience: String?
  /// `60.0`
  public var version: String
  /// The file of the authority that signed the server's certificate, as written.
  public var caFile: String?
  /// Calls of one run at most.
  public var callsMax: Int?
  /// Whether each record is compared before it is written (`writes: strict`).
  public var isStrict: Bool
  public var location: FileLocation?

  public init(
    url: String, signIn: SignIn = .clientCredentials, client: String,
    clientSecret: SecretReference? = nil, user: String? = nil, password: SecretReference? = nil,
    privateKey: SecretReference? = nil, audience: String? = nil, version: String = "60.0",
    caFile: String? = nil, callsMax: Int? = nil, isStrict: Bool = false,
    location: FileLocation? = nil
  ) {
    self.url = url
    self.signIn = signIn
    self.client = client
    self.clientSecret = clientSecret
    self.user = user
    self.password = password
    self.privateKey = privateKey
    self.audience = audience
    self.version = version
    self.caFile = caFile
    self.callsMax = callsMax
    self.isStrict = isStrict
    self.location = location
  }
}
