import SynclineModel
import SynclineSQL

/// Reads an object in slices by key. A slice is one statement, hence one short snapshot.
struct PageReader {
  /// Where the slice before ended. The next one begins behind its last row *as it is stored*, which
  /// the key alone does not always tell.
  private struct Position {
    let object: ObjectNumber
    let keys: Set<NativeKey>
    let stored: StoredValue
  }

  private var position: Position?

  mutating func page(
    _ request: PageRequest, of object: BoundObject, in database: Database
  ) throws -> RecordPage {
    var page = RecordPage(records: [], isLast: true)
    var last: StoredValue?
    var sizeBytes = 0
    // One row more than asked for tells whether the slice is the last.
    var arguments: [StoredValue] = [.integer(Int64(request.limit) + 1)]
    if let after = request.after {
      arguments.append(try start(after, of: object, in: database))
    }
    let sql = request.after == nil ? object.statements.firstPage : object.statements.nextPage
    try database.leadingRows(
      sql, arguments,
      while: { statement in
        let count = page.records.count + page.failures.count
        page.isLast = count < request.limit && sizeBytes < RowReader.pageBytesMax
        guard page.isLast else { return false }
        let found = object.found(statement)
        last = found.storedKey
        sizeBytes += found.sizeBytes
        page.append(found, key: object.nativeKey(found.storedKey))
        return true
      })
    position = last.map { stored in
      let keys = [page.records.last?.key, page.failures.last?.key].compactMap(\.self)
      return Position(object: request.object, keys: Set(keys), stored: stored)
    }
    return page
  }

  private func start(
    _ after: NativeKey, of object: BoundObject, in database: Database
  ) throws -> StoredValue {
    if let position, position.object == object.binding.object, position.keys.contains(after) {
      // Nothing is greater than NULL in SQL, but every key that is none is greater than this.
      return position.stored == .null ? .real(-.infinity) : position.stored
    }
    return try object.find(after, in: database)?.storedKey
      ?? object.binding.storedForms(after).first ?? .null
  }
}

extension RecordPage {
  fileprivate mutating func append(_ found: BoundObject.Found, key: NativeKey) {
    switch found.row {
    case .success(let row): records.append(ReadRecord(key: key, row: row))
    case .failure(let fault): failures.append(ReadFailure(key: key, fault))
    }
  }
}
