import CSQLite

/// A prepared statement. Only `Database` steps it, so that it is always reset after use: one that
/// is left in the middle would hold the database's lock.
final class Statement {
  private let pointer: OpaquePointer

  init(_ sql: String, handle: OpaquePointer) throws(DatabaseError) {
    var pointer: OpaquePointer?
    let code = sqlite3_prepare_v3(
      handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &pointer, nil)
    guard code == SQLITE_OK, let pointer else {
      throw DatabaseError(code: code == SQLITE_OK ? SQLITE_MISUSE : code, handle: handle)
    }
    self.pointer = pointer
  }

  deinit { sqlite3_finalize(pointer) }

  func bind(_ values: [StoredValue]) throws(DatabaseError) {
    for (index, value) in values.enumerated() {
      let code = bind(value, at: Int32(index + 1))
      guard code == SQLITE_OK else {
        throw DatabaseError(code: code, handle: sqlite3_db_handle(pointer))
      }
    }
  }

  private func bind(_ value: StoredValue, at index: Int32) -> Int32 {
    // SAFETY: -1 is SQLITE_TRANSIENT, a mark that Swift does not import and SQLite never calls.
    let copies = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    switch value {
    case .null: return sqlite3_bind_null(pointer, index)
    case .integer(let integer): return sqlite3_bind_int64(pointer, index, integer)
    case .real(let real): return sqlite3_bind_double(pointer, index, real)
    case .text(let utf8) where utf8.isEmpty: return sqlite3_bind_text(pointer, index, "", 0, copies)
    case .text(let utf8):
      return utf8.withUnsafeBytes { buffer in
        sqlite3_bind_text64(
          pointer, index, buffer.bindMemory(to: CChar.self).baseAddress, UInt64(buffer.count),
          copies, UInt8(SQLITE_UTF8))
      }
    case .blob(let bytes) where bytes.isEmpty: return sqlite3_bind_zeroblob(pointer, index, 0)
    case .blob(let bytes):
      return bytes.withUnsafeBytes { buffer in
        sqlite3_bind_blob64(pointer, index, buffer.baseAddress, UInt64(buffer.count), copies)
      }
    }
  }

  /// Whether the statement came to a row.
  func step() throws(DatabaseError) -> Bool {
    switch sqlite3_step(pointer) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    case let code:
      throw DatabaseError(code: code, handle: sqlite3_db_handle(pointer), isAtRow: true)
    }
  }

  func reset() {
    sqlite3_reset(pointer)
    sqlite3_clear_bindings(pointer)
  }

  /// SQLITE_INTEGER, SQLITE_FLOAT, SQLITE_TEXT, SQLITE_BLOB or SQLITE_NULL.
  func storageClass(_ column: Int32) -> Int32 { sqlite3_column_type(pointer, column) }

  func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(pointer, column) }

  func real(_ column: Int32) -> Double { sqlite3_column_double(pointer, column) }

  /// The bytes of a text or blob, valid until the next step.
  func withBytes<Result>(
    _ column: Int32, _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result {
    // The order matters: the pointer first (it converts to UTF-8), then its length.
    let start =
      storageClass(column) == SQLITE_TEXT
      ? UnsafeRawPointer(sqlite3_column_text(pointer, column))
      : sqlite3_column_blob(pointer, column)
    let count = Int(sqlite3_column_bytes(pointer, column))
    return body(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count))
  }

  func stored(_ column: Int32) -> StoredValue {
    switch storageClass(column) {
    case SQLITE_INTEGER: .integer(integer(column))
    case SQLITE_FLOAT: .real(real(column))
    case SQLITE_TEXT: .text(withBytes(column) { Array($0) })
    case SQLITE_BLOB: .blob(withBytes(column) { Array($0) })
    default: .null
    }
  }

  /// The text of a column, or nil where it is NULL.
  func string(_ column: Int32) -> String? {
    guard storageClass(column) != SQLITE_NULL else { return nil }
    return withBytes(column) { String(decoding: $0, as: UTF8.self) }
  }
}
