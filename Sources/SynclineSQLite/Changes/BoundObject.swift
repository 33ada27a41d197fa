import CCrypto
import SynclineModel
import SynclineSQL

/// An object with the statements that read and write it.
struct BoundObject {
  let binding: ObjectBinding
  let reader: RowReader
  let statements: SQLiteTableStatements
  /// How a new row is found again by its rowid; nil where the key is the rowid.
  private let keyByRowid: String?

  init(_ binding: ObjectBinding, table: TableShape) {
    self.binding = binding
    reader = RowReader(object: binding)
    statements = SQLiteTableStatements(
      table: binding.name.rawValue, key: binding.key.name.rawValue,
      columns: binding.fields.map(\.name.rawValue))
    keyByRowid =
      table.keyIsRowid ? nil : table.rowidName.map { [statements] in statements.key(byRowid: $0) }
  }

  /// A row that stands in the table, with its key as it is stored.
  struct Found {
    let storedKey: StoredValue
    let row: Result<PackedRow, RowFault>

    var sizeBytes: Int { (try? row.get())?.bytes.count ?? 0 }
  }

  /// The row under a key, or nil where there is none.
  func find(_ key: NativeKey, in database: Database) throws -> Found? {
    let forms = binding.storedForms(key)
    let sql = forms.count == 1 ? statements.row : statements.rowByForms
    return try find(sql, forms, key, in: database)
  }

  /// The row under a key in just this stored form.
  func find(
    _ key: NativeKey, storedAs form: StoredValue, in database: Database
  ) throws -> Found? {
    try find(statements.row, [form], key, in: database)
  }

  /// A column that folds case finds `abc` for `ABC`; that is another key.
  private func find(
    _ sql: String, _ forms: [StoredValue], _ key: NativeKey, in database: Database
  ) throws -> Found? {
    try database.first(sql, forms) { statement -> Found? in
      let found = found(statement)
      return nativeKey(found.storedKey) == key ? found : nil
    } ?? nil
  }

  private func keyFault(_ stored: StoredValue) -> RowFault? {
    binding.nativeKey(stored) == nil ? noKey : nil
  }

  /// Why a record without a usable key cannot be taken.
  var noKey: RowFault {
    RowFault(
      code: "key",
      message: "\(binding.name).\(binding.key.name) of a record holds no integer, text, blob or "
        + "UUID of at most \(NativeKey.lengthMax) bytes")
  }

  /// The tag of a stand-in; no key has it.
  private static let standIn = UInt8(ascii: "?")

  /// Whether the key only stands for what can be no key. No record is found by it: its owner's
  /// mending is noted in the queue, under both keys.
  func isStandIn(_ key: NativeKey) -> Bool { key.bytes.first == Self.standIn }

  /// The key of the row that was just inserted; NULL where it has none.
  func storedKey(rowid: Int64, in database: Database) throws -> StoredValue {
    guard let keyByRowid else { return .integer(rowid) }
    return try database.first(keyByRowid, [.integer(rowid)]) { $0.stored(0) } ?? .null
  }

  /// The key that a stored value is. A value that can be no key (NULL, a real, a long text) gets a
  /// stand-in, under which the record is reported as one that cannot be taken.
  func nativeKey(_ stored: StoredValue) -> NativeKey {
    if let key = binding.nativeKey(stored) { return key }
    var digest = [UInt8](repeating: 0, count: 32)
    let content: [UInt8] =
      switch stored {
      case .text(let bytes), .blob(let bytes): bytes
      case .real(let real): Array(real.description.utf8)
      case .integer, .null: []
      }
    _ = syncline_sha256(content, content.count, &digest)
    return NativeKey(encoded: [Self.standIn] + digest)
  }

  /// What a statement of ours stands at: the key as it is stored, and the row or why it cannot be
  /// taken.
  func found(_ statement: Statement) -> Found {
    let stored = statement.stored(0)
    return Found(
      storedKey: stored,
      row: Result { () throws(RowFault) in
        if let fault = keyFault(stored) { throw fault }
        return try reader.row(statement)
      })
  }
}

extension ReadFailure {
  init(key: NativeKey, _ fault: RowFault) {
    self.init(key: key, code: fault.code, message: fault.message)
  }
}
