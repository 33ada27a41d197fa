import SynclineModel

// Records by their keys (the port's `fetch`). The caller holds the snapshot.

extension BoundObject {
  /// What stands under the keys, up to the one with which the answer is as large as a page may be.
  func fetch(_ keys: [NativeKey], in database: Database) throws -> FetchedRecords {
    var answer = FetchedRecords()
    var sizeBytes = 0
    for key in keys {
      if sizeBytes >= RowReader.pageBytesMax { break }
      if isStandIn(key) {
        answer.failures.append(ReadFailure(key: key, noKey))
        continue
      }
      guard let found = try find(key, in: database) else {
        answer.absent.append(key)
        continue
      }
      sizeBytes += found.sizeBytes
      switch found.row {
      case .success(let row): answer.records.append(ReadRecord(key: key, row: row))
      case .failure(let fault): answer.failures.append(ReadFailure(key: key, fault))
      }
    }
    return answer
  }
}
