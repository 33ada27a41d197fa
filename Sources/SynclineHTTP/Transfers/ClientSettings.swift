/// How a client reaches its servers. None of it turns the verification of a server off.
public struct ClientSettings: Hashable, Sendable {
  public var limits: TransferLimits
  public var proxies: ProxySettings
  /// A file of certificates (PEM) that are trusted in the place of the system's.
  public var caFile: String?
  public var userAgent: String

  public init(
    limits: TransferLimits = TransferLimits(), proxies: ProxySettings = .none,
    caFile: String? = nil, userAgent: String = "Syncline"
  ) {
    self.limits = limits
    self.proxies = proxies
    self.caFile = caFile
    self.userAgent = userAgent
  }
}

/// What one transfer may take.
public struct TransferLimits: Hashable, Sendable {
  /// Until a connection stands, protected.
  public var connectMilliseconds: Int
  /// Without a single byte.
  public var idleSeconds: Int
  /// From beginning to end.
  public var wholeMilliseconds: Int
  /// Of an answer's body, unpacked.
  public var bodyBytesMax: Int
  /// Unpacked bytes that wait for their reader; above that the server is made to wait.
  public var waitingBytesMax: Int
  /// How many times its size a packed body may unpack to, once it is larger than 4 MiB.
  public var unpackingMax: Int
  /// Connections to one host at a time.
  public var connectionsMax: Int
  /// A kept connection that served nobody for longer is not used again: a server closes such a one
  /// without a word, and the outcome of a write that meets it is unknown.
  public var keptSeconds: Int

  public init(
    connectMilliseconds: Int = 15_000, idleSeconds: Int = 60, wholeMilliseconds: Int = 300_000,
    bodyBytesMax: Int = 64 << 20, waitingBytesMax: Int = 256 << 10, unpackingMax: Int = 500,
    connectionsMax: Int = 8, keptSeconds: Int = 50
  ) {
    self.connectMilliseconds = connectMilliseconds
    self.idleSeconds = idleSeconds
    self.wholeMilliseconds = wholeMilliseconds
    self.bodyBytesMax = bodyBytesMax
    self.waitingBytesMax = waitingBytesMax
    self.unpackingMax = unpackingMax
    self.connectionsMax = connectionsMax
    self.keptSeconds = keptSeconds
  }
}
