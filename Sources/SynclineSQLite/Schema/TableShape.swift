import SynclineSQL

/// A table as SQLite's pragmas describe it.
struct TableShape {
  struct Column {
    var name: String
    var declaredType: String
    var isRequired: Bool
    var hasDefault: Bool
    /// The place in the primary key, from 1; 0 outside it.
    var keyPlace: Int
    var isGenerated: Bool
  }

  struct Index {
    var name: String
    var isUnique: Bool
    var isPrimaryKey: Bool
    var terms: [SQLiteUniqueIndex.Term]
    var condition: String?
    var isPartial: Bool
  }

  struct Reference {
    var column: String
    var parent: String
    /// Nil where the parent's primary key is meant.
    var parentColumn: String?
    var onDelete: String
  }

  /// As the database spells it.
  var name: String
  /// `table`, `view`, `virtual` or `shadow`.
  var type: String
  var isWithoutRowid: Bool
  var isStrict: Bool
  var columns: [Column]
  var indexes: [Index]
  var references: [Reference]

  /// Reads the shape of a table of the main database, or nil where there is none of this name.
  /// Names are compared as SQLite does, without regard to the case of ASCII letters.
  init?(_ name: String, in database: Database) throws {
    let found = try database.first(
      "SELECT name, type, wr, strict FROM pragma_table_list WHERE schema = 'main' "
        + "AND name = ?1 COLLATE NOCASE", [.text(name)]
    ) { row in
      (row.string(0) ?? "", row.string(1) ?? "", row.integer(2) != 0, row.integer(3) != 0)
    }
    guard let (name, type, isWithoutRowid, isStrict) = found else { return nil }
    self.name = name
    self.type = type
    self.isWithoutRowid = isWithoutRowid
    self.isStrict = isStrict
    columns = try Self.columns(of: name, in: database)
    indexes = try Self.indexes(of: name, in: database)
    references = try Self.references(of: name, in: database)
  }

  private static func columns(of table: String, in database: Database) throws -> [Column] {
    var columns: [Column] = []
    try database.rows(
      "SELECT name, type, \"notnull\", dflt_value IS NOT NULL, pk, hidden "
        + "FROM pragma_table_xinfo(?1) ORDER BY cid", [.text(table)]
    ) { row in
      let hidden = row.integer(5)
      guard hidden != 1 else { return }
      columns.append(
        Column(
          name: row.string(0) ?? "", declaredType: row.string(1) ?? "",
          isRequired: row.integer(2) != 0, hasDefault: row.integer(3) != 0,
          keyPlace: Int(row.integer(4)), isGenerated: hidden != 0))
    }
    return columns
  }

  private static func indexes(of table: String, in database: Database) throws -> [Index] {
    var indexes: [(Index, SQLiteTokens)] = []
    try database.rows(
      "SELECT l.name, l.\"unique\", l.origin, l.partial, s.sql FROM pragma_index_list(?1) AS l "
        + "LEFT JOIN main.sqlite_schema AS s ON s.type = 'index' AND s.name = l.name "
        + "ORDER BY l.name", [.text(table)]
    ) { row in
      let isPartial = row.integer(3) != 0
      let tokens = SQLiteTokens(row.string(4) ?? "")
      let index = Index(
        name: row.string(0) ?? "", isUnique: row.integer(1) != 0,
        isPrimaryKey: row.string(2) == "pk", terms: [],
        condition: isPartial ? tokens.condition : nil, isPartial: isPartial)
      indexes.append((index, tokens))
    }
    return try indexes.map { index, tokens in
      var index = index
      index.terms = try terms(of: index.name, tokens, in: database)
      return index
    }
  }

  private static func terms(
    of index: String, _ tokens: SQLiteTokens, in database: Database
  ) throws -> [SQLiteUniqueIndex.Term] {
    let spelled = tokens.terms
    var terms: [SQLiteUniqueIndex.Term] = []
    try database.rows(
      "SELECT name, coll FROM pragma_index_xinfo(?1) WHERE key = 1 ORDER BY seqno", [.text(index)]
    ) { row in
      // SQLite names the columns of an index, and of an expression only that it is one.
      let expression = spelled.indices.contains(terms.count) ? spelled[terms.count] : "NULL"
      terms.append(
        SQLiteUniqueIndex.Term(
          row.string(0).map { .column($0) } ?? .expression(expression),
          collation: row.string(1) ?? "BINARY"))
    }
    return terms
  }

  private static func references(of table: String, in database: Database) throws -> [Reference] {
    var references: [Reference] = []
    try database.rows(
      "SELECT \"from\", \"table\", \"to\", on_delete FROM pragma_foreign_key_list(?1) "
        + "ORDER BY id, seq", [.text(table)]
    ) { row in
      references.append(
        Reference(
          column: row.string(0) ?? "", parent: row.string(1) ?? "", parentColumn: row.string(2),
          onDelete: row.string(3) ?? ""))
    }
    return references
  }

  /// The column of a single primary key.
  var key: Column? {
    let keys = columns.filter { $0.keyPlace > 0 }
    return keys.count == 1 ? keys.first : nil
  }

  /// Whether the key is an INTEGER PRIMARY KEY, another name of the rowid: SQLite then keeps no
  /// index for it.
  var keyIsRowid: Bool { key != nil && !indexes.contains { $0.isPrimaryKey } }

  /// A name of the rowid that no column bears.
  var rowidName: String? {
    ["rowid", "_rowid_", "oid"].first { name in
      !columns.contains { $0.name.lowercased() == name }
    }
  }

  /// The unique indexes that the triggers watch.
  var watchedIndexes: [SQLiteUniqueIndex] {
    indexes.filter(\.isUnique).map { SQLiteUniqueIndex($0.terms, condition: $0.condition) }
  }
}
