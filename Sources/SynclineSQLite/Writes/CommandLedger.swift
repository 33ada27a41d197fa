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

  /// The key of the record that a command wrote and the highest tracking entry before it, or nil where it
  /// was not carried out.
  func entry(
    _ command: CommandID, of object: BoundObject
  ) throws -> (key: NativeKey, mark: Int64)? {
    try database.first(
      "SELECT key, mark FROM \(table) WHERE id = ?1", [.bits(command.rawValue)]
    ) { (object.nativeKey($0.stored(0)), $0.integer(1)) }
  }

  func note(_ command: CommandID, key: StoredValue, mark: Int64) throws {
    try database.execute(
      "INSERT INTO \(table) (id, key, mark) VALUES (?1, ?2, ?3)",
      [.bits(command.rawValue), key, .integer(mark)])
  }

  func hasBelow(_ command: CommandID) throws -> Bool {
    try database.exists(
      "SELECT 1 FROM \(table) WHERE id < ?1 LIMIT 1", [.bits(command.rawValue)])
  }

  func forgetBelow(_ command: CommandID) throws {
    try database.execute("DELETE FROM \(table) WHERE id < ?1", [.bits(command.rawValue)])
  }
}
