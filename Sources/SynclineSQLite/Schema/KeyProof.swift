import CSQLite
import SynclineModel
import SynclineSQL

/// Proves that the database assigns the key of a table where a task says so: inserts a row without
/// the key, looks, and rolls back. Foreign keys and checks are off meanwhile, since the row means
/// nothing.
struct KeyProof {
  let table: TableShape
  /// 16 random bytes, for values that no row holds yet.
  let random: [UInt8]

  /// Why the key is not proven, or nil where the database assigned one.
  func refusal(in database: Database) throws -> String? {
    guard let key = table.key, let rowid = table.rowidName else { return nil }
    guard !database.isReadOnly else {
      return "\(table.name).\(key.name) is said to be assigned, which an insert (rolled back) must "
        + "prove, but the file is read-only; give write permission"
    }
    try database.execute("PRAGMA foreign_keys = OFF")
    try database.execute("PRAGMA ignore_check_constraints = ON")
    let refusal = Result { try attempt(key.name, rowid: rowid, in: database) }
    database.rollBack()
    try database.execute("PRAGMA ignore_check_constraints = OFF")
    try database.execute("PRAGMA foreign_keys = ON")
    return try refusal.get()
  }

  private func attempt(_ key: String, rowid: String, in database: Database) throws -> String? {
    let required = table.columns.filter {
      $0.isRequired && !$0.hasDefault && !$0.isGenerated && $0.name != key
    }
    let statements = SQLiteTableStatements(table: table.name, key: key, columns: [])
    try database.execute("BEGIN IMMEDIATE")
    do {
      try database.execute(
        statements.insert(required.map(\.name)),
        required.map { value(DeclaredType($0.declaredType)) })
    } catch {
      guard error.primaryCode == SQLITE_CONSTRAINT else { throw error }
      return "\(table.name): an insert without \(key), rolled back, was refused, so that nothing "
        + "proves that the database assigns the key; \(mend)"
    }
    guard database.changes > 0 else { return unassigned(key) }
    let assigned = try database.first(
      statements.key(byRowid: rowid), [.integer(database.lastInsertRowid)]
    ) { $0.stored(0) }
    return assigned == nil || assigned == .null ? unassigned(key) : nil
  }

  private func unassigned(_ key: String) -> String {
    "\(table.name).\(key) is said to be assigned, but an insert without it, rolled back, left it "
      + "empty; \(mend)"
  }

  private var mend: String {
    "add a trigger or a default that assigns it, or use an INTEGER PRIMARY KEY"
  }

  private func value(_ type: DeclaredType) -> StoredValue {
    let number = random.prefix(6).reduce(Int64(0)) { $0 << 8 | Int64($1) }
    switch type.fieldType(zoneMinutes: 0, foldsCase: false).kind {
    case .boolean: return .integer(1)
    case .integer, .decimal, .any: return .integer(number)
    case .double: return .real(Double(number))
    case .text: return .text(Hexadecimal.text(random))
    case .bytes: return .blob(random)
    case .date: return .text("2000-01-01")
    case .time: return .text("00:00:00")
    case .timestamp: return .text("2000-01-01T00:00:00Z")
    case .localTimestamp: return .text("2000-01-01 00:00:00")
    case .uuid: return .text(UUIDText.format(random))
    }
  }
}
