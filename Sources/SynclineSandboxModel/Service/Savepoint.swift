/// A state of the organisation to come back to within one request.
struct Savepoint {
  let store: RecordStore.Mark
  let deletions: Int
  let scheduled: Int
}

extension Organization {
  var savepoint: Savepoint {
    Savepoint(
      store: store.mark, deletions: fresh.deletions.count, scheduled: scheduled.count)
  }

  /// Undoes everything since then, but for numbers given: those are never given twice.
  mutating func rollback(to savepoint: Savepoint) {
    store.rollback(to: savepoint.store, in: schema)
    fresh.deletions.removeLast(fresh.deletions.count - savepoint.deletions)
    scheduled.removeLast(scheduled.count - savepoint.scheduled)
  }
}
