import SynclineModel
import SynclinePorts
import SynclineTesting
import Testing

/// A system with users, as the contract suite needs it: no word of it depends on the kind of
/// system. Each test has a world of its own, which ends with it.
protocol ContractWorld: Sendable {
  var traits: WorldTraits { get }

  /// A new session with the system. `patienceMilliseconds`: how long a call waits for others.
  func connector(patienceMilliseconds: Int) -> any ContractConnector

  /// Carries out a user's edits in one transaction; the keys of their records.
  @discardableResult
  func edit(_ edits: [UserEdit]) throws -> [NativeKey]

  /// Somebody drops a trigger of an object.
  func damageTracking(of object: ObjectName) throws

  /// Everything that the system holds, objects that track changes included.
  func fingerprint() throws -> String

  /// Makes writes of others wait until `letGo`.
  func hold() throws
  func letGo() throws
}

typealias ContractConnector = Connector & TrackedSystem

/// What a kind of system cannot help doing differently; everything else is the same for all.
struct WorldTraits: Hashable {
  /// Whether a field holds "not a number"; otherwise it becomes null.
  var holdsNotANumber: Bool
  /// Whether users can write while a read of changes is open.
  var letsUsersWriteDuringChangeRead: Bool
}

/// The kinds of system that the suite runs over.
enum WorldKind: String, CaseIterable, CustomTestStringConvertible {
  case memory
  case sqliteWAL = "SQLite, WAL"
  case sqliteRollback = "SQLite, rollback journal"

  var testDescription: String { rawValue }

  /// A new system with these objects and nothing in them.
  func make(_ objects: [SystemObject]) throws -> any ContractWorld {
    switch self {
    case .memory: MemoryWorld(objects)
    case .sqliteWAL: try SQLiteWorld(objects, journalMode: "WAL")
    case .sqliteRollback: try SQLiteWorld(objects, journalMode: "DELETE")
    }
  }
}
