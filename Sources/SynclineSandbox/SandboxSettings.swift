public import SynclineModel
public import SynclineSandboxModel

/// How a sandbox is started.
public struct SandboxSettings: Sendable {
  /// What the server takes from its surroundings.
  public struct Surroundings: Sendable {
    /// The clock of the machine.
    public let now: @Sendable () -> Timestamp
    /// Text that nobody can guess, new at each call.
    public let secret: @Sendable () -> String
    /// Lets so many milliseconds pass.
    public let pause: @Sendable (Int) async throws -> Void

    /// Surroundings.
    public init(
      now: @escaping @Sendable () -> Timestamp, secret: @escaping @Sendable () -> String,
      pause: @escaping @Sendable (Int) async throws -> Void
    ) {
      self.now = now
      self.secret = secret
      self.pause = pause
    }
  }

  /// The port on the loopback address; 0 takes a free one.
  public var port: Int
  /// Where certificate and key for TLS are, or are to be made; nil speaks plain HTTP.
  public var certificateFolder: String?
  /// Where records are kept; nil keeps them in memory.
  public var dataPath: String?
  /// Objects, fields, automations and users of its own.
  public var schemaPath: String?
  /// The public key or certificate that signed assertions are checked with.
  public var assertionKeyPath: String?
  /// What programs and people log in with.
  public var credentials: Credentials
  /// Faults from the start, as the command line spells them.
  public var faults: [String]

  /// Settings of a sandbox that keeps nothing.
  public init(port: Int = 0, credentials: Credentials = Credentials()) {
    self.port = port
    self.credentials = credentials
    faults = []
  }
}

/// Why a sandbox cannot start.
public struct SandboxFailure: Error, CustomStringConvertible, Sendable {
  /// What, why, and what would help.
  public let description: String
}
