import CSQLite
import Foundation

/// A database file as its owner's application sees it: a connection of its own, plain SQL.
public struct SQLiteFile: Sendable {
  public let path: String

  public init(_ path: String) { self.path = path }

  /// Runs statements. Throws with SQLite's message.
  public func execute(_ sql: String) throws {
    try open { database in
      var message: UnsafeMutablePointer<CChar>?
      let code = sqlite3_exec(database, sql, nil, nil, &message)
      defer { sqlite3_free(message) }
      guard code == SQLITE_OK else {
        throw SQLiteFileFailure(message.map { String(cString: $0) } ?? "code \(code)")
      }
    }
  }

  /// Holds the database's write lock, and with it out every other writer, while `body` runs; then
  /// runs the statements, before the lock goes.
  public func locked<Result>(
    committing sql: String = "", _ body: () throws -> Result
  ) throws -> Result {
    try open { database in
      func execute(_ sql: String) throws {
        guard sqlite3_exec(database, sql, nil, nil, nil) == SQLITE_OK else {
          throw SQLiteFileFailure(String(cString: sqlite3_errmsg(database)))
        }
      }
      try execute("BEGIN IMMEDIATE")
      let result = try body()
      try execute(sql + "; COMMIT")
      return result
    }
  }

  /// The rows of a query; each value as SQLite would quote it (`'a'`, `1`, `NULL`, `X'00'`).
  public func rows(_ sql: String) throws -> [[String]] {
    try open { database in
      var statement: OpaquePointer?
      guard sqlite3_prepare_v2(database, sql, -1, &statement, nil) == SQLITE_OK else {
        throw SQLiteFileFailure(String(cString: sqlite3_errmsg(database)))
      }
      defer { sqlite3_finalize(statement) }
      var rows: [[String]] = []
      while true {
        switch sqlite3_step(statement) {
        case SQLITE_ROW:
          rows.append((0..<sqlite3_column_count(statement)).map { Self.quoted(statement, $0) })
        case SQLITE_DONE: return rows
        default: throw SQLiteFileFailure(String(cString: sqlite3_errmsg(database)))
        }
      }
    }
  }

  private static func quoted(_ statement: OpaquePointer?, _ column: Int32) -> String {
    let bytes = { () -> [UInt8] in
      let count = Int(sqlite3_column_bytes(statement, column))
      guard count > 0, let start = sqlite3_column_blob(statement, column) else { return [] }
      return [UInt8](UnsafeRawBufferPointer(start: start, count: count))
    }
    switch sqlite3_column_type(statement, column) {
    case SQLITE_NULL: return "NULL"
    case SQLITE_INTEGER: return String(sqlite3_column_int64(statement, column))
    case SQLITE_FLOAT: return "\(sqlite3_column_double(statement, column))"
    case SQLITE_BLOB:
      return "X'" + bytes().map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        + "'"
    default:
      let text = String(decoding: bytes(), as: UTF8.self)
      return "'" + text.replacingOccurrences(of: "'", with: "''") + "'"
    }
  }

  private func open<Result>(_ body: (OpaquePointer?) throws -> Result) throws -> Result {
    var database: OpaquePointer?
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
    guard sqlite3_open_v2(path, &database, flags, nil) == SQLITE_OK else {
      sqlite3_close(database)
      throw SQLiteFileFailure("cannot open \(path)")
    }
    defer { sqlite3_close(database) }
    sqlite3_busy_timeout(database, 10_000)
    return try body(database)
  }
}

/// Why a statement of a test failed.
public struct SQLiteFileFailure: Error, CustomStringConvertible {
  public let description: String
  init(_ description: String) { self.description = description }
}

extension SQLiteFile {
  /// Holds the database locked, as another program's transaction does, until `release`.
  public func lock(_ begin: String = "BEGIN IMMEDIATE") throws -> SQLiteLock {
    var database: OpaquePointer?
    guard sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE, nil) == SQLITE_OK,
      sqlite3_exec(database, begin, nil, nil, nil) == SQLITE_OK
    else {
      sqlite3_close(database)
      throw SQLiteFileFailure("cannot lock \(path)")
    }
    return SQLiteLock(database)
  }
}

/// A transaction of another program.
public final class SQLiteLock {
  private var database: OpaquePointer?
  init(_ database: OpaquePointer?) { self.database = database }
  deinit { release() }

  /// Ends the transaction without a change.
  public func release() {
    sqlite3_close(database)
    database = nil
  }
}
