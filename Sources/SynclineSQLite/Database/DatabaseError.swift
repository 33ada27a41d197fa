import CSQLite

/// What SQLite answered to a call that failed. Its message can name tables and columns, and in a
/// trigger's RAISE whatever the owner wrote.
struct DatabaseError: Error {
  /// The extended code.
  let code: Int32
  let message: String
  /// Whether a statement failed at a row, not because it was wrong itself.
  let isAtRow: Bool

  /// The code without its extension.
  var primaryCode: Int32 { code & 0xFF }

  /// Whether the call was ended because its task was cancelled.
  var isInterrupt: Bool { primaryCode == SQLITE_INTERRUPT }

  init(code: Int32, handle: OpaquePointer?, isAtRow: Bool = false) {
    self.isAtRow = isAtRow
    let extended = handle.map { sqlite3_extended_errcode($0) } ?? code
    self.code = extended & 0xFF == code & 0xFF ? extended : code
    let text = handle.flatMap { sqlite3_errmsg($0) } ?? sqlite3_errstr(code)
    message = text.map { String(cString: $0) } ?? "error \(code)"
  }
}
