import SynclineModel

// What the interface for programs has no way to do and people do all the same: bring records back,
// merge two, empty the recycle bin, and what the server does by itself.
extension Organization {
  /// Brings back a deleted record and what was deleted with it.
  mutating func undelete(_ id: RecordID, by author: Author) throws(APIError) {
    guard let object = catalog.object(of: id), let record = store.record(id, of: object.name)
    else { throw .noSuchRecord }
    guard let bin = record.bin, bin.emptied == nil else {
      throw APIError(400, "UNDELETE_FAILED", "entity is not in recycle bin")
    }
    let together = catalog.objects.flatMap { object in
      store.records(of: object.name).filter { $0.bin?.act == bin.act && $0.bin?.emptied == nil }
        .map { (object, $0) }
    }
    for (object, found) in together {
      var found = found
      found.bin = nil
      found.values["IsDeleted"] = .boolean(false)
      found.values["MasterRecordId"] = nil
      stamp(&found, object, author)
      store.put(found, of: object)
    }
  }

  /// Makes two records one: the children of the second become children of the first, and the second is
  /// deleted with the first as its master. `fields`: what the first takes over, as an update gives it.
  mutating func merge(
    master: RecordID, loser: RecordID, fields: JSON, by author: Author
  ) throws(APIError) {
    guard let object = catalog.object(of: master), object.isMergeable, master != loser,
      object.keyPrefix == loser.prefix
    else { throw APIError(400, "INVALID_OPERATION", "these records cannot be merged") }
    _ = try writable(master, object)
    _ = try writable(loser, object)
    for child in store.children(of: loser) where child != master {
      guard let childObject = catalog.object(of: child),
        var found = store.record(child, of: childObject.name)
      else { continue }
      for field in childObject.fields
      where field.kind == .reference && found.values[field.name]?.recordID == loser {
        found.values[field.name] = .text(master.text)
      }
      stamp(&found, childObject, author)
      store.put(found, of: childObject)
    }
    try delete(object, loser, by: author)
    try update(object, master, fields, by: author)
    guard var gone = store.record(loser, of: object.name) else { return }
    gone.values["MasterRecordId"] = .text(master.text)
    store.put(gone, of: object)
  }

  /// The server changes a record by itself: only its own stamp moves.
  mutating func touch(_ id: RecordID, by author: Author) throws(APIError) {
    guard let object = catalog.object(of: id), var record = store.record(id, of: object.name) else {
      throw .noSuchRecord
    }
    record.values["SystemModstamp"] = author.stamp
    store.put(record, of: object)
  }

  /// Empties the recycle bin. The records stay visible to `queryAll` until they are purged.
  mutating func emptyBin(now: Timestamp) {
    forDeleted { store, object, record in
      guard record.bin?.emptied == nil else { return }
      var record = record
      record.bin?.emptied = now
      store.put(record, of: object)
    }
    binDue = now
  }

  /// Takes away for good what is in no recycle bin any more.
  mutating func purge() {
    forDeleted { store, object, record in
      if record.bin?.emptied != nil { store.remove(record.id, of: object) }
    }
  }

  /// What time does to deleted records: each leaves the recycle bin, and is purged later.
  mutating func ageBin(to now: Timestamp) {
    guard let due = binDue, due <= now else { return }
    var next: Timestamp?
    forDeleted { store, object, record in
      guard var bin = record.bin else { return }
      if bin.emptied == nil, bin.leaves <= now {
        bin.emptied = bin.leaves
        var record = record
        record.bin = bin
        store.put(record, of: object)
      }
      let due = bin.purged ?? bin.leaves
      if due <= now {
        store.remove(record.id, of: object)
      } else {
        next = min(next ?? due, due)
      }
    }
    binDue = next
  }

  /// Remembers that a deleted record has to be looked at then.
  mutating func expectAging(at moment: Timestamp) { binDue = min(binDue ?? moment, moment) }

  /// Forgets deletes, as the server does when its log is full.
  mutating func prune(_ pruning: Pruning) {
    store.pruneDeletions { $0.date < pruning.knownFrom }
    self.pruning = pruning
    fresh.pruning = pruning
  }

  private mutating func forDeleted(
    _ act: (inout RecordStore, ObjectDescription, Record) -> Void
  ) {
    for object in schema.objects {
      for record in store.records(of: object.name).filter(\.isDeleted) {
        act(&store, object, record)
      }
    }
  }
}
