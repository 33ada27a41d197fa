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
    var count = 0
    var sizeBytes = 0
    // One entry more than asked for tells whether the page is the last.
    try database.leadingRows(
      "SELECT number, object, operation, time, key_before, key_after "
        + "FROM main.\(SQLiteText.identifier(queue)) WHERE number > ?1 ORDER BY number LIMIT ?2",
      [.integer(after), .integer(Int64(limit) + 1)],
      while: { statement in
        page.isLast = count < limit && sizeBytes < RowReader.pageBytesMax
        guard page.isLast else { return false }
        count += 1
        let number = statement.integer(0)
        page.ranges.append(number: number)
        last = number
        let object = ObjectNumber(UInt16(truncatingIfNeeded: statement.integer(1)))
        if let object = objects[object] {
          sizeBytes += try take(statement, of: object, into: &page, database)
        }
        return true
      })
    if page.isLast { release(database) }
    return page
  }

  /// Adds the entry that the statement stands at, and the rows that it names; returns their size.
  private func take(
    _ statement: Statement, of object: BoundObject, into page: inout ChangePage,
    _ database: Database
  ) throws -> Int {
    let entry = entry(statement, of: object)
    var sizeBytes = 0
    page.entries.append(entry)
    for (column, key) in [(Int32(4), entry.keyBefore), (5, entry.keyAfter)] {
      guard let key else { continue }
      let sought = ObjectKey(object: entry.object, key: key)
      if page.has(sought) { continue }
      let found = try object.find(key, storedAs: statement.stored(column), in: database)
      sizeBytes += found?.sizeBytes ?? 0
      page.take(found, for: sought)
    }
    return sizeBytes
  }

  /// Ends the snapshot, where one is open.
  mutating func release(_ database: Database) {
    last = nil
    database.rollBack()
  }

  private func entry(_ statement: Statement, of object: BoundObject) -> TrackingEntry {
    func key(_ column: Int32) -> NativeKey? {
      let stored = statement.stored(column)
      return stored == .null ? nil : object.nativeKey(stored)
    }
    let hint = TrackingEntry.Operation(rawValue: UInt8(truncatingIfNeeded: statement.integer(2)))
    let time: Timestamp? =
      statement.stored(3) == .null
      ? nil : Timestamp(microseconds: statement.integer(3) &* 1000)
    return TrackingEntry(
      number: statement.integer(0), object: object.binding.object, operation: hint ?? .update,
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
  fileprivate func has(_ key: ObjectKey) -> Bool { rows[key] != nil || failures[key] != nil }

  fileprivate mutating func take(_ found: BoundObject.Found?, for key: ObjectKey) {
    switch found?.row {
    case .success(let row): rows[key] = row
    case .failure(let fault): failures[key] = ReadFailure(key: key.key, fault)
    case nil: break
    }
  }
}
