public import SynclineModel

/// The triggers of one tracked table. They run inside the owner's programs, whatever the settings
/// of these, so they call nothing but functions of SQLite itself and only append to the queue.
///
/// REPLACE deletes the rows that stand in its way without firing delete triggers, unless the
/// program has set `recursive_triggers`. So triggers *before* an insert or update note the rows
/// that hold the new row's unique values, as `displaced`: a hint; whether they are gone, the reader
/// sees.
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
  public let columns: [String]
  public let uniqueIndexes: [SQLiteUniqueIndex]

  public init(
    names: SQLiteTrackingNames, object: ObjectNumber, table: String, key: String,
    columns: [String] = [], uniqueIndexes: [SQLiteUniqueIndex]
  ) {
    self.names = names
    self.object = object
    self.table = table
    self.key = key
    self.columns = columns
    self.uniqueIndexes = uniqueIndexes
  }

  /// The triggers that the table needs. A table without unique indexes needs none before: an insert
  /// under a live key, and a key that changes to a live one, tell by themselves what they
  /// displaced.
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

  /// The condition of a partial index comes first: what the index is over may not be computable for
  /// other rows.
  private func displacement(_ index: SQLiteUniqueIndex, isUpdate: Bool) -> String {
    var conditions: [String] = []
    // A line of its own, here and below: the text may end in a comment.
    if let condition = index.condition { conditions.append("(\(condition)\n  )") }
    conditions += index.terms.map { isHeld($0, of: index) }
    if isUpdate { conditions.append("\(heldKey) IS NOT \(old)") }
    return displacement(where: conditions)
  }

  /// That a row holds the new row's value of a term. An expression stands twice: about the row that
  /// is there, and about a row made of the new values, so that its bare names mean these.
  private func isHeld(_ term: SQLiteUniqueIndex.Term, of index: SQLiteUniqueIndex) -> String {
    let collation = SQLiteText.identifier(term.collation)
    switch term.content {
    case .column(let name):
      let held = SQLiteText.column(name, of: "held")
      return "\(held) COLLATE \(collation) = \(SQLiteText.column(name, of: "NEW"))"
    case .expression(let text):
      let condition = index.condition.map { "\n  WHERE (\($0)\n  )" } ?? ""
      return """
        (\(text)
          ) COLLATE \(collation) = (SELECT \(text)
          FROM (SELECT \(newValues(namedIn: text + condition)))\(condition))
        """
    }
  }

  /// The new values of the columns that a text may name. No others: SQLite lets nobody drop a column
  /// that a trigger names.
  private func newValues(namedIn text: String) -> String {
    let text = text.lowercased()
    let named = columns.filter { column in
      text.contains(column.lowercased()) || column.contains { "\"`[]".contains($0) }
    }
    let values = named.map {
      "\(SQLiteText.column($0, of: "NEW")) AS \(SQLiteText.identifier($0))"
    }
    return values.isEmpty ? "NULL" : values.joined(separator: ", ")
  }

  /// The key of the row that holds the value. The table has another name here, because one called
  /// NEW or OLD would hide the row of the trigger.
  private var heldKey: String { SQLiteText.column(key, of: "held") }

  /// UPDATE OR REPLACE that gives a row the key of another one.
  private var keyDisplacement: String {
    displacement(where: ["\(new) IS NOT \(old)", "\(heldKey) = \(new)"])
  }

  private func displacement(where conditions: [String]) -> String {
    """
    INSERT INTO \(queue) (object, operation, key_before, time) \
    SELECT \(object), \(TrackingEntry.Operation.displaced.rawValue), \(heldKey), \(Self.now) \
    FROM \(SQLiteText.identifier(table)) AS held WHERE \(conditions.joined(separator: " AND "))
    """
  }
}
