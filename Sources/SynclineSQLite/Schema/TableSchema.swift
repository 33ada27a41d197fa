import SynclineModel
import SynclineSQL

// From the shape of a table to the schema of an object, or to the reason why it is none.

extension TableShape {
  /// Why the table cannot be synced, with the mend; nil where nothing stands against it. A key that
  /// a trigger assigns is proven elsewhere (`KeyProof`).
  func refusal(keyIsAssigned: Bool) -> String? {
    switch type {
    case "view": return "\(name) is a view; name the table behind it"
    case "virtual":
      return "\(name) is a virtual table, which SQLite cannot track by triggers; "
        + "name an ordinary one"
    case "shadow": return "\(name) holds the content of a virtual table; name an ordinary one"
    default: break
    }
    let keys = columns.filter { $0.keyPlace > 0 }
    if keys.isEmpty { return "\(name) has no primary key; give it an INTEGER PRIMARY KEY" }
    if keys.count > 1 {
      return "\(name) has a primary key of \(keys.count) columns; give it an INTEGER PRIMARY KEY "
        + "and make these columns UNIQUE"
    }
    if isWithoutRowid {
      return "\(name) is a WITHOUT ROWID table, whose keys SQLite does not generate; make it an "
        + "ordinary table with an INTEGER PRIMARY KEY"
    }
    if !keyIsRowid, !keyIsAssigned {
      return "SQLite does not generate \(name).\(keys[0].name), the primary key; make it an "
        + "INTEGER PRIMARY KEY, or say `key: assigned` in the task where a trigger assigns it"
    }
    return rowidRefusal ?? keyCollationRefusal ?? collationRefusal
  }

  /// A full read goes ascending by key, byte by byte, and two spellings are two keys.
  private var keyCollationRefusal: String? {
    guard let index = indexes.first(where: \.isPrimaryKey), let term = index.terms.first,
      term.collation.uppercased() != "BINARY"
    else { return nil }
    return "\(name) has a primary key with the collation \(term.collation); use BINARY, "
      + "SQLite's default, for it"
  }

  private var rowidRefusal: String? {
    guard !keyIsRowid, rowidName == nil else { return nil }
    return "\(name) has columns named rowid, oid and _rowid_, so that a new row cannot be found "
      + "again; rename one of them"
  }

  /// Our connection cannot write into an index that sorts by another program's rules.
  private var collationRefusal: String? {
    let known: Set<String> = ["BINARY", "NOCASE", "RTRIM"]
    for index in indexes {
      for term in index.terms where !known.contains(term.collation.uppercased()) {
        return "\(name) has the index \(index.name) with the collation \(term.collation), which "
          + "only its own program knows; use NOCASE or BINARY"
      }
    }
    return nil
  }

  func schema(in database: Database, zoneMinutes: Int16) -> ObjectSchema {
    let fields = columns.map { column in
      let isKey = column.keyPlace > 0
      let folds = foldsCase(column.name, in: database)
      return FieldSchema(
        name: FieldName(column.name),
        type: fieldType(column, zoneMinutes: zoneMinutes, foldsCase: folds),
        isNullable: !column.isRequired && !isKey, hasDefault: column.hasDefault || isKey,
        isCalculated: column.isGenerated, isUnique: isKey || isUnique(column.name))
    }
    return ObjectSchema(
      name: ObjectName(name), key: FieldName(key?.name ?? ""), fields: fields,
      foreignKeys: references.map { reference in
        ForeignKey(
          field: FieldName(reference.column), parent: ObjectName(reference.parent),
          onDelete: onDelete(reference.onDelete))
      })
  }

  /// A column of type ANY in a STRICT table converts nothing; elsewhere it has numeric affinity.
  private func fieldType(_ column: Column, zoneMinutes: Int16, foldsCase: Bool) -> FieldType {
    var type = DeclaredType(column.declaredType).fieldType(
      zoneMinutes: zoneMinutes, foldsCase: foldsCase)
    if isStrict, type.kind == .any { type.storage = .blobAffinity }
    return type
  }

  private func onDelete(_ action: String) -> ForeignKey.OnDelete {
    switch action.uppercased() {
    case "CASCADE": .cascade
    case "SET NULL": .setNull
    case "SET DEFAULT": .setDefault
    default: .refuse
    }
  }

  private func isUnique(_ column: String) -> Bool {
    indexes.contains { index in
      index.isUnique && !index.isPartial && index.terms.map(\.content) == [.column(column)]
    }
  }

  /// By the column's own collation, or by that of a unique index over it alone.
  private func foldsCase(_ column: String, in database: Database) -> Bool {
    if database.collation(table: name, column: column)?.uppercased() == "NOCASE" { return true }
    return indexes.contains { index in
      index.isUnique && index.terms.map(\.content) == [.column(column)]
        && index.terms[0].collation.uppercased() == "NOCASE"
    }
  }
}
