import CSQLite
import Foundation
import Synchronization
import SynclineModel
import SynclinePorts
import SynclineSQLite
import SynclineTesting

/// A database file as a world: users edit it by a connection of their own, without our settings.
final class SQLiteWorld: ContractWorld {
  let traits: WorldTraits
  private let folder: URL
  private let file: String
  private let users: Mutex<RawDatabase>

  /// `journalMode`: `WAL` or `DELETE`.
  init(_ objects: [SystemObject], journalMode: String) throws {
    traits = WorldTraits(
      holdsNotANumber: false, letsUsersWriteDuringChangeRead: journalMode == "WAL")
    folder = FileManager.default.temporaryDirectory.appending(
      path: "syncline-contract-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    file = folder.appending(path: "data.db").path
    let database = try RawDatabase(file)
    try database.run("PRAGMA journal_mode = \(journalMode)")
    try database.run("PRAGMA foreign_keys = ON")
    for object in objects {
      for statement in SQLiteTable(object).statements { try database.run(statement) }
    }
    users = Mutex(database)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func connector(patienceMilliseconds: Int) -> any ContractConnector {
    SQLiteConnector(
      file: file, zoneMinutes: 0, busyTimeoutMilliseconds: patienceMilliseconds,
      identifiers: { (0..<16).map { _ in UInt8.random(in: 0...255) } })
  }

  func edit(_ edits: [UserEdit]) throws -> [NativeKey] {
    try users.withLock { database in
      try database.run("BEGIN IMMEDIATE")
      do {
        let keys = try edits.map { try Self.carryOut($0, in: database) }
        try database.run("COMMIT")
        return keys
      } catch {
        try database.run("ROLLBACK")
        throw error
      }
    }
  }

  private static func carryOut(_ edit: UserEdit, in database: borrowing RawDatabase) throws
    -> NativeKey
  {
    switch edit {
    case .insert(let name, let fields): return try insert("INSERT", name, fields, in: database)
    case .replace(let name, let fields):
      return try insert("INSERT OR REPLACE", name, fields, in: database)
    case .update(let name, let key, let fields):
      let fields = fields.sorted { $0.key < $1.key }
      let list = fields.map { "\(quoted($0.key.rawValue)) = ?" }.joined(separator: ", ")
      try database.run(
        "UPDATE \(quoted(name.rawValue)) SET \(list) WHERE id = ?",
        fields.map(\.value) + [key.value])
      return key
    case .delete(let name, let key):
      try database.run("DELETE FROM \(quoted(name.rawValue)) WHERE id = ?", [key.value])
      return key
    case .rekey(let name, let key, let new):
      try database.run(
        "UPDATE \(quoted(name.rawValue)) SET id = ? WHERE id = ?", [new.value, key.value])
      return new
    }
  }

  private static func insert(
    _ verb: String, _ name: ObjectName, _ fields: [FieldName: Value],
    in database: borrowing RawDatabase
  ) throws -> NativeKey {
    let fields = fields.sorted { $0.key < $1.key }
    let names = fields.map { quoted($0.key.rawValue) }.joined(separator: ", ")
    let marks = fields.map { _ in "?" }.joined(separator: ", ")
    let values = fields.isEmpty ? "DEFAULT VALUES" : "(\(names)) VALUES (\(marks))"
    try database.run("\(verb) INTO \(quoted(name.rawValue)) \(values)", fields.map(\.value))
    return NativeKey(integer: database.lastKey)
  }

  func damageTracking(of object: ObjectName) throws {
    try users.withLock { database in
      let triggers = try database.texts(
        """
        SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ? \
        AND name LIKE 'syncline%' ORDER BY name
        """, [.text(object.rawValue)])
      guard let first = triggers.first else { return }
      try database.run("DROP TRIGGER \(quoted(first))")
    }
  }

  func fingerprint() throws -> String {
    try users.withLock { database in
      // `sqlite_sequence` comes with the first AUTOINCREMENT and cannot be dropped.
      let schema = try database.texts(
        "SELECT type || name || coalesce(sql, '') FROM sqlite_schema "
          + "WHERE name NOT LIKE 'sqlite_%' ORDER BY 1")
      let tables = try database.texts(
        "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
      let rows = try tables.flatMap { table in
        let columns = try database.texts(
          "SELECT name FROM pragma_table_xinfo(?)", [.text(table)])
        let list = columns.map { "quote(\(quoted($0)))" }.joined(separator: " || ', ' || ")
        return try database.texts(
          "SELECT '\(table): ' || \(list) FROM \(quoted(table)) ORDER BY 1")
      }
      return (schema + rows).joined(separator: "\n")
    }
  }

  func hold() throws { try users.withLock { try $0.run("BEGIN EXCLUSIVE") } }

  func letGo() throws { try users.withLock { try $0.run("ROLLBACK") } }
}

/// A name between quotes, as SQL takes it.
func quoted(_ name: String) -> String {
  "\"" + name.replacingOccurrences(of: "\"", with: "\"\"") + "\""
}
