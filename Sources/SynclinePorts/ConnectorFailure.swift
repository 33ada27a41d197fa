public import SynclineModel

/// A failure of a whole call to a system. `description` names the thing, the cause and the mend and
/// carries no secret and no field value.
public struct ConnectorFailure: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Disposition: Hashable, Sendable {
    /// The same call may succeed later: the run ends Failed and resumable.
    case retry
    /// The run must stop (disk full, damaged database).
    case stop
    /// A person must change something (missing file, no permission): exit 2.
    case user
  }

  /// A short word of ours: `busy`, `unreachable`, `full`, `damaged`, `readOnly`, `missing`, `schema`…
  public var code: String
  /// What was being done: `open`, `read Customer`, `write Customer`.
  public var operation: String
  public var message: String
  /// What an operator can do.
  public var hint: String
  public var disposition: Disposition
  /// Whether it is certain that nothing of what the call asked for was done, nor will be.
  public var didNothing: Bool
  /// Of a write that may have done something: the commands of which it is certain that nothing was done.
  public var undone: [CommandID] = []

  public init(
    code: String, operation: String, message: String, hint: String, disposition: Disposition,
    didNothing: Bool = false
  ) {
    self.code = code
    self.operation = operation
    self.message = message
    self.hint = hint
    self.disposition = disposition
    self.didNothing = didNothing
  }

  public var description: String { "\(operation): \(message). \(hint)" }
}
