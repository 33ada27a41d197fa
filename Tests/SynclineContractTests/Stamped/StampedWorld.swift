import SynclineModel
import SynclinePorts
import Testing

/// A system that tells its changes by stamps, with people who use it, as the contract suite needs it. No
/// word of it depends on the kind of system. Each test has a world of its own, which ends with it.
protocol StampedWorld: AnyObject {
  /// A new session with the system.
  func connector() throws -> any StampedSystem

  /// Somebody else than us makes a record.
  func make(_ object: ObjectName, _ fields: [FieldName: Value]) throws -> NativeKey
  func edit(_ object: ObjectName, _ key: NativeKey, _ fields: [FieldName: Value]) throws
  func remove(_ object: ObjectName, _ key: NativeKey) throws
  /// A deleted record comes back, and what was deleted with it.
  func bringBack(_ key: NativeKey) throws
  /// The stamp of a record moves, its content does not.
  func touch(_ key: NativeKey) throws
  /// Deleted records can no longer be read in any way; only the feed of deletes knows them.
  func purge() throws
  /// The feed of deletes forgets what it held.
  func forgetDeletions() throws
  /// Our next write is answered at once and to be seen only later.
  func hideNextWrite() throws
  /// What was hidden is to be seen from now on.
  func showHidden() throws
  /// Our next write takes effect, and its answer is lost.
  func loseNextAnswer(of operation: SynclineModel.Operation) throws
  /// All that the system holds.
  func fingerprint() throws -> String
}

/// The kinds of system that the suite runs over.
enum StampedKind: String, CaseIterable, CustomTestStringConvertible {
  case sandbox = "Salesforce sandbox"
  /// Pages are smaller than what is asked for.
  case sandboxOfSmallPages = "Salesforce sandbox, pages of two"
  /// Each record is compared before it is written.
  case sandboxStrict = "Salesforce sandbox, strict"

  var testDescription: String { rawValue }

  func make() throws -> any StampedWorld {
    switch self {
    case .sandbox: try SandboxWorld()
    case .sandboxOfSmallPages: try SandboxWorld(faults: ["batch=2"])
    case .sandboxStrict: try SandboxWorld(isStrict: true)
    }
  }
}

/// What every connector of a system with stamps keeps (Docs/Connectors/README.md). The laws of queues and
/// transactions are those of `ConnectorContract`.
@Suite struct StampedContract {}
