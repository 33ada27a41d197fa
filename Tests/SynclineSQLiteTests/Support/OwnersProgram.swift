import CSQLite
import Testing

/// Another program's connection to a database: raw, with SQLite's own defaults.
final class OwnersProgram {
  private let handle: OpaquePointer

  init(_ file: String) throws {
    var handle: OpaquePointer?
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
    guard sqlite3_open_v2(file, &handle, flags, nil) == SQLITE_OK, let handle else {
      throw Failure(message: "cannot open \(file)")
    }
    self.handle = handle
    // A collation that no other program knows.
    sqlite3_create_collation_v2(handle, "theirs", SQLITE_UTF8, nil, { _, _, _, _, _ in 0 }, nil)
  }

  deinit { sqlite3_close_v2(handle) }

  struct Failure: Error, CustomStringConvertible {
    let message: String
    var description: String { message }
  }

  /// Runs statements, as a script.
  func run(_ sql: String) throws {
    guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else {
      throw Failure(message: String(cString: sqlite3_errmsg(handle)))
    }
  }

  /// The rows of a query, columns as `quote()` shows them, joined by bars.
  func rows(_ sql: String) throws -> [String] {
    var statement: OpaquePointer?
    guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK else {
      throw Failure(message: String(cString: sqlite3_errmsg(handle)))
    }
    defer { sqlite3_finalize(statement) }
    var rows: [String] = []
    while sqlite3_step(statement) == SQLITE_ROW {
      let columns = (0..<sqlite3_column_count(statement)).map { column -> String in
        guard let text = sqlite3_column_text(statement, column) else { return "NULL" }
        return String(cString: text)
      }
      rows.append(columns.joined(separator: "|"))
    }
    return rows
  }

  /// Everything that stands in the schema, but SQLite's own tables.
  func schema() throws -> [String] {
    try rows(
      "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' "
        + "ESCAPE '\\' ORDER BY type, name")
  }
}
