import CSQLite
import SynclineModel

/// A user's own connection to a database file, by the bare C interface.
struct RawDatabase: ~Copyable {
  struct Failure: Error {
    let message: String
  }

  private let handle: OpaquePointer

  init(_ file: String) throws {
    var opened: OpaquePointer?
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
    guard sqlite3_open_v2(file, &opened, flags, nil) == SQLITE_OK, let opened else {
      sqlite3_close(opened)
      throw Failure(message: "the database was not opened")
    }
    handle = opened
  }

  deinit { sqlite3_close(handle) }

  var lastKey: Int64 { sqlite3_last_insert_rowid(handle) }

  func run(_ sql: String, _ values: [Value] = []) throws { _ = try texts(sql, values) }

  /// The first column of every row, as text.
  func texts(_ sql: String, _ values: [Value] = []) throws -> [String] {
    var prepared: OpaquePointer?
    guard sqlite3_prepare_v2(handle, sql, -1, &prepared, nil) == SQLITE_OK else { throw failure }
    defer { sqlite3_finalize(prepared) }
    for (index, value) in values.enumerated() {
      guard Self.bind(value, to: Int32(index + 1), of: prepared) == SQLITE_OK else {
        throw failure
      }
    }
    var texts: [String] = []
    while true {
      switch sqlite3_step(prepared) {
      case SQLITE_ROW:
        if let text = sqlite3_column_text(prepared, 0) { texts.append(String(cString: text)) }
      case SQLITE_DONE: return texts
      default: throw failure
      }
    }
  }

  private var failure: Failure { Failure(message: String(cString: sqlite3_errmsg(handle))) }

  /// As an owner's program would write the value.
  private static func bind(_ value: Value, to place: Int32, of statement: OpaquePointer?) -> Int32 {
    switch value {
    case .null, .digest: sqlite3_bind_null(statement, place)
    case .boolean(let boolean): sqlite3_bind_int64(statement, place, boolean ? 1 : 0)
    case .integer(let integer): sqlite3_bind_int64(statement, place, integer)
    case .double(let double): sqlite3_bind_double(statement, place, double)
    case .decimal(let decimal):
      sqlite3_bind_double(statement, place, Double(decimal.description) ?? .nan)
    case .text(let text): bind(text: text.utf8, to: place, of: statement)
    case .bytes(let bytes): bind(bytes: bytes, to: place, of: statement)
    case .date(let date): bind(text: Array("\(date)".utf8), to: place, of: statement)
    case .time(let time): bind(text: Array("\(time)".utf8), to: place, of: statement)
    case .timestamp(let moment):
      bind(text: Array(ISOText.format(moment: moment).utf8), to: place, of: statement)
    case .localTimestamp(let local):
      bind(text: Array(ISOText.format(local: local).utf8), to: place, of: statement)
    case .uuid(let bytes):
      bind(text: Array(UUIDText.format(bytes).utf8), to: place, of: statement)
    }
  }

  private static func bind(
    text: [UInt8], to place: Int32, of statement: OpaquePointer?
  ) -> Int32 {
    text.withUnsafeBufferPointer { buffer in
      buffer.withMemoryRebound(to: CChar.self) { characters in
        sqlite3_bind_text(statement, place, characters.baseAddress, Int32(text.count), transient)
      }
    }
  }

  private static func bind(
    bytes: [UInt8], to place: Int32, of statement: OpaquePointer?
  ) -> Int32 {
    guard !bytes.isEmpty else { return sqlite3_bind_zeroblob(statement, place, 0) }
    return sqlite3_bind_blob(statement, place, bytes, Int32(bytes.count), transient)
  }

  /// SQLITE_TRANSIENT: SQLite copies what is bound.
  private static var transient: sqlite3_destructor_type? {
    // SAFETY: -1 is SQLITE_TRANSIENT, a mark that Swift does not import and SQLite never calls.
    unsafeBitCast(-1, to: sqlite3_destructor_type?.self)
  }
}
