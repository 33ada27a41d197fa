import SynclineModel
import SynclineSQL

/// The commands that were carried out in this database, each noted in the transaction that did it.
struct CommandLedger {
  let database: Database
  private let table: String

  init(_ names: SQLiteTrackingNames, in database: Database) {
    self.database = database
    table = "main.\(SQLiteText.identifier(names.commands))"
  }

  /// The key of the record that a command wrote, or nil where it was not carried out.
  func key(_ command: CommandID, of object: BoundObject) throws -> NativeKey? {
    try database.first(
      "SELECT key FROM \(table) WHERE id = ?1", [.bits(command.rawValue)]
    ) { object.nativeKey($0.stored(0)) }
  }

  func note(_ command: CommandID, key: StoredValue) throws {
    try database.execute(
      "INSERT INTO \(table) (id, key) VALUES (?1, ?2)", [.bits(command.rawValue), key])
  }

  func hasBelow(_ command: CommandID) throws -> Bool {
    try database.exists(
      "SELECT 1 FROM \(table) WHERE id < ?1 LIMIT 1", [.bits(command.rawValue)])
  }

  func forgetBelow(_ command: CommandID) throws {
    try database.execute("DELETE FROM \(table) WHERE id < ?1", [.bits(command.rawValue)])
  }
}
