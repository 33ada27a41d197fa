import CSQLite

/// An open SQLite database: one connection, used from one place. Statements are prepared once and
/// kept.
final class Database {
  private let handle: Handle
  private var statements: [String: Statement] = [:]
  private let watcher: CommitWatcher?

  /// Owns the connection; closing waits for nothing, since statements go with it.
  private struct Handle: ~Copyable {
    let pointer: OpaquePointer
    deinit { sqlite3_close_v2(pointer) }
  }

  /// Opens a file that exists; never makes one.
  init(
    file: String, busyTimeoutMilliseconds: Int, watcher: CommitWatcher? = nil
  ) throws(DatabaseError) {
    self.watcher = watcher
    var pointer: OpaquePointer?
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
    let code = sqlite3_open_v2(file, &pointer, flags, nil)
    guard let pointer else { throw DatabaseError(code: SQLITE_NOMEM, handle: nil) }
    handle = Handle(pointer: pointer)
    guard code == SQLITE_OK else { throw DatabaseError(code: code, handle: pointer) }
    sqlite3_busy_timeout(pointer, Int32(clamping: busyTimeoutMilliseconds))
    // Asks every thousand steps, on the thread of the task that waits for the statement. (An
    // interrupt from the task's cancellation handler is lost where it comes between two
    // statements.)
    sqlite3_progress_handler(pointer, 1000, { _ in Task.isCancelled ? 1 : 0 }, nil)
    try execute("PRAGMA foreign_keys = ON")
  }

  /// Whether writing is impossible (the file's permissions, or a format that this SQLite only
  /// reads).
  var isReadOnly: Bool { sqlite3_db_readonly(handle.pointer, "main") == 1 }

  /// Whether a transaction is open; a trigger's RAISE(ROLLBACK) ends one behind our back.
  var isInTransaction: Bool { sqlite3_get_autocommit(handle.pointer) == 0 }

  /// The rowid of the last insert, as the outermost statement made it.
  var lastInsertRowid: Int64 { sqlite3_last_insert_rowid(handle.pointer) }

  /// The rows that the last statement itself inserted, changed or deleted.
  var changes: Int { Int(sqlite3_changes(handle.pointer)) }

  /// Runs a statement to its end, for each of its rows.
  func rows(
    _ sql: String, _ arguments: [StoredValue] = [], each: (Statement) throws -> Void
  ) throws {
    try leadingRows(
      sql, arguments,
      while: { statement in
        try each(statement)
        return true
      })
  }

  /// Runs a statement until `goesOn` says no, or to its end.
  func leadingRows(
    _ sql: String, _ arguments: [StoredValue], while goesOn: (Statement) throws -> Bool
  ) throws {
    let statement = try prepared(sql)
    defer { statement.reset() }
    try statement.bind(arguments)
    while try statement.step() {
      guard try goesOn(statement) else { return }
    }
  }

  /// What `read` makes of a statement's first row, or nil where it has none.
  func first<Result>(
    _ sql: String, _ arguments: [StoredValue] = [], read: (Statement) throws -> Result
  ) throws -> Result? {
    let statement = try prepared(sql)
    defer { statement.reset() }
    try statement.bind(arguments)
    guard try statement.step() else { return nil }
    return try read(statement)
  }

  /// Runs a statement that returns nothing.
  func execute(_ sql: String, _ arguments: [StoredValue] = []) throws(DatabaseError) {
    let statement = try prepared(sql)
    defer { statement.reset() }
    try statement.bind(arguments)
    while try statement.step() {}
  }

  /// Whether a query has a row.
  func exists(_ sql: String, _ arguments: [StoredValue] = []) throws -> Bool {
    try first(sql, arguments) { _ in true } ?? false
  }

  /// Runs `body` in a transaction and commits it; where anything throws, nothing of it stays.
  func transaction<Result>(
    _ kind: String = "BEGIN IMMEDIATE", _ body: () throws -> Result
  ) throws -> Result {
    try execute(kind)
    do {
      let result = try body()
      try commit()
      return result
    } catch {
      rollBack()
      throw error
    }
  }

  /// Ends the open transaction with its effects.
  func commit() throws(DatabaseError) {
    watcher?(.beforeCommit)
    try execute("COMMIT")
    watcher?(.afterCommit)
  }

  /// Ends an open transaction without its effects. SQLite refuses this only where none is open.
  func rollBack() {
    guard isInTransaction else { return }
    sqlite3_exec(handle.pointer, "ROLLBACK", nil, nil, nil)
  }

  /// Lets triggers fire themselves and REPLACE fire delete triggers (`recursive_triggers`), unless
  /// the owner has triggers: these are written for SQLite's default, and one that touches its own
  /// table would run until it fails, or do its work many times over.
  func setTriggerNesting() throws {
    let hasOwnersTriggers = try exists(
      "SELECT 1 FROM main.sqlite_schema WHERE type = 'trigger' AND name NOT GLOB 'syncline_*'")
    try execute("PRAGMA recursive_triggers = \(hasOwnersTriggers ? "OFF" : "ON")")
  }

  /// The collation of a column, or nil where SQLite does not tell.
  func collation(table: String, column: String) -> String? {
    var collation: UnsafePointer<CChar>?
    let code = sqlite3_table_column_metadata(
      handle.pointer, "main", table, column, nil, &collation, nil, nil, nil)
    guard code == SQLITE_OK, let collation else { return nil }
    return String(cString: collation)
  }

  private func prepared(_ sql: String) throws(DatabaseError) -> Statement {
    if let statement = statements[sql] { return statement }
    // Texts that are used once (DDL, odd sets of columns) must not gather.
    if statements.count >= 64 { statements.removeAll() }
    let statement = try Statement(sql, handle: handle.pointer)
    statements[sql] = statement
    return statement
  }
}

/// A moment of a transaction at which a watcher is told.
public enum CommitMoment: String, Hashable, Sendable {
  case beforeCommit, afterCommit
}

/// Told around each commit of a connection: tests end the process there.
public typealias CommitWatcher = @Sendable (CommitMoment) -> Void
