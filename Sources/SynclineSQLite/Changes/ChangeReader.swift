import SynclineModel
import SynclineSQL

/// Reads a journal's queue and the rows that its entries name, all pages in one snapshot: a read
/// transaction that begins with the first page and ends with the last.
struct ChangeReader {
  /// The last entry that was read; nil while no read is going on.
  private var last: Int64?

  mutating func page(
    limit: Int, queue: String, objects: [ObjectNumber: BoundObject], in database: Database
  ) throws -> ChangePage {
    if last == nil { try database.execute("BEGIN") }
    var page = ChangePage(entries: [], rows: [:], ranges: [], isLast: true)
    let after = last ?? 0
    var rest = limit
    // One entry more than asked for tells whether the page is the last.
    var sought: [ObjectKey: StoredValue] = [:]
    try database.rows(
      "SELECT number, object, operation, time, key_before, key_after "
        + "FROM main.\(SQLiteText.identifier(queue)) WHERE number > ?1 ORDER BY number LIMIT ?2",
      [.integer(after), .integer(Int64(limit) + 1)]
    ) { statement in
      guard rest > 0 else {
        page.isLast = false
        return
      }
      rest -= 1
      let number = statement.integer(0)
      page.ranges.append(number: number)
      last = number
      if let object = objects[ObjectNumber(UInt16(truncatingIfNeeded: statement.integer(1)))] {
        page.entries.append(entry(statement, of: object, sought: &sought))
      }
    }
    for (key, stored) in sought {
      guard let object = objects[key.object] else { continue }
      page.take(try object.find(key.key, storedAs: stored, in: database), for: key)
    }
    if page.isLast { release(database) }
    return page
  }

  /// Ends the snapshot, where one is open.
  mutating func release(_ database: Database) {
    last = nil
    database.rollBack()
  }

  private func entry(
    _ statement: Statement, of object: BoundObject, sought: inout [ObjectKey: StoredValue]
  ) -> TrackingEntry {
    let number = object.binding.object
    func key(_ column: Int32) -> NativeKey? {
      let stored = statement.stored(column)
      guard stored != .null else { return nil }
      let key = object.nativeKey(stored)
      sought[ObjectKey(object: number, key: key)] = stored
      return key
    }
    let hint = TrackingEntry.Operation(rawValue: UInt8(truncatingIfNeeded: statement.integer(2)))
    let time: Timestamp? =
      statement.stored(3) == .null
      ? nil : Timestamp(microseconds: statement.integer(3) &* 1000)
    return TrackingEntry(
      number: statement.integer(0), object: number, operation: hint ?? .update,
      keyBefore: key(4), keyAfter: key(5), time: time)
  }
}

extension [EntryRange] {
  /// Adds a number above all that stand here.
  mutating func append(number: Int64) {
    if let range = last, range.last + 1 == number {
      self[count - 1].last = number
    } else {
      append(EntryRange(first: number, last: number))
    }
  }
}

extension ChangePage {
  fileprivate mutating func take(_ found: BoundObject.Found?, for key: ObjectKey) {
    switch found?.row {
    case .success(let row): rows[key] = row
    case .failure(let fault): failures[key] = ReadFailure(key: key.key, fault)
    case nil: break
    }
  }
}
