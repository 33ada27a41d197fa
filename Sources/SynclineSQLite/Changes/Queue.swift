import SynclineModel
import SynclineSQL

/// A journal's queue of tracking entries.
struct Queue {
  let database: Database
  private let table: String

  init(_ names: SQLiteTrackingNames, in database: Database) {
    self.database = database
    table = "main.\(SQLiteText.identifier(names.queue))"
  }

  /// The highest number in the queue, or 0.
  func highest() throws -> Int64 {
    try database.first("SELECT max(number) FROM \(table)") { $0.integer(0) } ?? 0
  }

  /// Whether an entry up to `mark` tells that the record under the key ended: it was deleted, displaced
  /// or given another key.
  func tellsOfEnd(of key: NativeKey, in object: BoundObject, upTo mark: Int64) throws -> Bool {
    var isFound = false
    try database.rows(
      "SELECT key_before FROM \(table) WHERE number <= ?1 AND object = ?2 "
        + "AND key_before IS NOT NULL AND key_before IS NOT key_after",
      [.integer(mark), .integer(Int64(object.binding.object.rawValue))]
    ) { statement in
      if object.nativeKey(statement.stored(0)) == key { isFound = true }
    }
    return isFound
  }

  func has(_ range: EntryRange) throws -> Bool {
    try database.exists(
      "SELECT 1 FROM \(table) WHERE number BETWEEN ?1 AND ?2 LIMIT 1",
      [.integer(range.first), .integer(range.last)])
  }

  func delete(_ range: EntryRange) throws {
    try database.execute(
      "DELETE FROM \(table) WHERE number BETWEEN ?1 AND ?2",
      [.integer(range.first), .integer(range.last)])
  }

  /// Deletes the entries above `mark` that tell of nothing but these records of the object.
  func deleteEntries(above mark: Int64, about keys: Set<NativeKey>, of object: BoundObject) throws {
    var ranges: [EntryRange] = []
    try database.rows(
      "SELECT number, key_before, key_after FROM \(table) WHERE number > ?1 AND object = ?2 "
        + "ORDER BY number",
      [.integer(mark), .integer(Int64(object.binding.object.rawValue))]
    ) { statement in
      let named = [statement.stored(1), statement.stored(2)].filter { $0 != .null }
      if named.allSatisfy({ keys.contains(object.nativeKey($0)) }) {
        ranges.append(number: statement.integer(0))
      }
    }
    for range in ranges { try delete(range) }
  }

  /// How many entries wait, and the time of the oldest.
  func length() throws -> (length: Int, oldest: Timestamp?) {
    try database.first("SELECT count(*), min(time) FROM \(table)") { statement in
      let oldest: Timestamp? =
        statement.stored(1) == .null
        ? nil : Timestamp(microseconds: statement.integer(1) &* 1000)
      return (Int(statement.integer(0)), oldest)
    } ?? (0, nil)
  }
}
