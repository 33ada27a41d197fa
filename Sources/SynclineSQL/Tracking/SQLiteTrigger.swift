public import SynclineModel

/// A unique index of a tracked table, as the triggers need it.
public struct SQLiteUniqueIndex: Hashable, Sendable {
  public struct Column: Hashable, Sendable {
    public var name: String
    public var collation: String

    public init(name: String, collation: String = "BINARY") {
      self.name = name
      self.collation = collation
    }
  }

  public var columns: [Column]
  /// The condition of a partial index, as its definition spells it.
  public var condition: String?

  public init(columns: [Column], condition: String? = nil) {
    self.columns = columns
    self.condition = condition
  }
}

/// The triggers of one tracked table. They run inside the owner's programs, whatever the settings of
/// these, so they call nothing but functions of SQLite itself and only append to the queue.
///
/// REPLACE deletes the rows that stand in its way without firing delete triggers, unless the program
/// has set `recursive_triggers`. So triggers *before* an insert or update note the rows that hold the
/// new row's unique values, as `displaced`: a hint; whether they are gone, the reader sees.
public struct SQLiteTrigger: Hashable, Sendable {
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    case insert
    case update
    case delete
    case beforeInsert = "before_insert"
    case beforeUpdate = "before_update"
  }

  public let names: SQLiteTrackingNames
  public let object: ObjectNumber
  public let table: String
  public let key: String
  public let uniqueIndexes: [SQLiteUniqueIndex]

  public init(
    names: SQLiteTrackingNames, object: ObjectNumber, table: String, key: String,
    uniqueIndexes: [SQLiteUniqueIndex]
  ) {
    self.names = names
    self.object = object
    self.table = table
    self.key = key
    self.uniqueIndexes = uniqueIndexes
  }

  /// The triggers that the table needs. A table without unique indexes needs none before: an insert
  /// under a live key, and a key that changes to a live one, tell by themselves what they displaced.
  public var kinds: [Kind] {
    uniqueIndexes.isEmpty ? [.insert, .update, .delete] : Kind.allCases
  }

  /// The statement that creates the trigger; SQLite keeps this very text.
  public func definition(_ kind: Kind) -> String {
    let lines =
      switch kind {
      case .insert: [append(.insert, after: new)]
      case .update: [append(.update, before: old, after: new)]
      case .delete: [append(.delete, before: old)]
      case .beforeInsert: uniqueIndexes.map { displacement($0, isUpdate: false) }
      case .beforeUpdate: [keyDisplacement] + uniqueIndexes.map { displacement($0, isUpdate: true) }
      }
    let name = SQLiteText.identifier(names.trigger(kind, of: object))
    return """
      CREATE TRIGGER \(name) \(event(kind)) ON \(SQLiteText.identifier(table))
      BEGIN
      \(lines.map { "  \($0);\n" }.joined())END
      """
  }

  /// Milliseconds since 1970, by functions that every version of SQLite has.
  public static let now = "CAST(ROUND((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER)"

  private var new: String { SQLiteText.column(key, of: "NEW") }
  private var old: String { SQLiteText.column(key, of: "OLD") }
  private var queue: String { SQLiteText.identifier(names.queue) }

  private func event(_ kind: Kind) -> String {
    switch kind {
    case .insert: "AFTER INSERT"
    case .update: "AFTER UPDATE"
    case .delete: "AFTER DELETE"
    case .beforeInsert: "BEFORE INSERT"
    case .beforeUpdate: "BEFORE UPDATE"
    }
  }

  private func append(
    _ operation: TrackingEntry.Operation, before: String = "NULL", after: String = "NULL"
  ) -> String {
    """
    INSERT INTO \(queue) (object, operation, key_before, key_after, time) \
    VALUES (\(object), \(operation.rawValue), \(before), \(after), \(Self.now))
    """
  }

  private func displacement(_ index: SQLiteUniqueIndex, isUpdate: Bool) -> String {
    var conditions = index.columns.map { column in
      let mine = SQLiteText.column(column.name, of: SQLiteText.identifier(table))
      let collation = SQLiteText.identifier(column.collation)
      return "\(mine) COLLATE \(collation) = \(SQLiteText.column(column.name, of: "NEW"))"
    }
    // On a line of its own: the condition may end in a comment.
    if let condition = index.condition { conditions.append("(\(condition)\n  )") }
    if isUpdate { conditions.append("\(mineKey) IS NOT \(old)") }
    return displacement(where: conditions)
  }

  private var mineKey: String { SQLiteText.column(key, of: SQLiteText.identifier(table)) }

  /// UPDATE OR REPLACE that gives a row the key of another one.
  private var keyDisplacement: String {
    displacement(where: ["\(new) IS NOT \(old)", "\(mineKey) = \(new)"])
  }

  private func displacement(where conditions: [String]) -> String {
    """
    INSERT INTO \(queue) (object, operation, key_before, time) \
    SELECT \(object), \(TrackingEntry.Operation.displaced.rawValue), \(mineKey), \(Self.now) \
    FROM \(SQLiteText.identifier(table)) WHERE \(conditions.joined(separator: " AND "))
    """
  }
}
