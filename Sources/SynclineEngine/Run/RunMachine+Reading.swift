import SynclineModel

// Pages of full reads and of changes become observations.

extension RunMachine {
  mutating func pageRead(
    _ side: Side, _ page: RecordPage, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [Action] {
    guard case .readInFull(let object)? = readers[side]?.steps.first,
      let after = readers[side].map(\.after)
    else { preconditionFailure("a page came that was not asked for") }
    let isStamped = settings[side].detection.stamps != nil
    var observer = try stampedObserver(side, page.records.map(\.key), of: object, state)
    for record in page.records {
      if isStamped {
        try observer.see(record, of: object, state)
      } else {
        try observer.see(
          ObjectKey(object: object, key: record.key), record.row, isReport: false, record.stamp,
          state)
      }
    }
    for failure in page.failures { try observer.fail(object, failure, state) }
    // A page of nothing but failures moves the read along too.
    let end = page.records.last?.key ?? page.lastKey ?? after
    try observer.census(
      object, page, after: after, through: page.isLast ? nil : end, state)
    try take(observer, state)
    let count = UInt64(page.records.count + page.failures.count)
    done += count
    readers[side]?.seen += count
    readers[side]?.after = end
    readers[side]?.isWaiting = false
    readers[side]?.stamped.doubts += observer.doubts
    if page.isLast {
      readers[side]?.fullyRead.append(object)
      readers[side]?.after = nil
      readers[side]?.seen = 0
      stepDone(side)
    }
    readers[side]?.askFirst()
    return [report(object)] + (try observe(state))
  }

  mutating func changesRead(
    _ side: Side, _ page: ChangePage, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [Action] {
    guard var reader = readers[side], let step = reader.steps.first else {
      preconditionFailure("changes came that were not asked for")
    }
    let package = try state.package()
    var changes = ChangeObserver(
      observer: Observer(side: side, state: package, generation: reader.generation), page: page,
      dangling: reader.dangling)
    changes.observer.objects = objects
    changes.observer.ignoring = ignoring[side]
    for entry in page.entries { try changes.take(entry, state) }
    if page.isLast || planted(.absentJudgedEarly) { try changes.finish(state) }
    reader.dangling = changes.dangling
    try take(changes.observer, state)
    reader.ranges.insert(page.ranges)
    if !page.ranges.isEmpty {
      draft(
        .cursorAdvanced(
          CursorAdvanced(side: side, generation: reader.generation, ranges: page.ranges)))
    }
    done += UInt64(page.entries.count)
    reader.isWaiting = false
    if page.isLast {
      reader.steps.removeFirst()
      if step == .readChanges, !reader.ranges.isEmpty { reader.steps.insert(.forget, at: 0) }
    }
    readers[side] = reader
    return [report(page.entries.first?.object ?? .none)] + (try observe(state))
  }

  /// Drafts what an observer found.
  mutating func take(
    _ observer: Observer, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) {
    let side = observer.side
    for found in observer.found {
      draft(found.body, record: found.record, link: found.link)
      if !found.represented.isEmpty { try accept(found, on: side, state) }
    }
    tally[side].created += observer.created
    tally[side].changed += observer.changed
    tally[side].deleted += observer.deleted
  }

  /// What the system made of our own write, seen later: base, and no edit.
  private mutating func accept(
    _ found: Observer.Found, on side: Side, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) {
    for membership in try state.record(found.record)?.memberships ?? [] {
      draft(
        .agreed(
          Agreed(
            reason: .represented, revision: revision, slots: [],
            sourceFields: side == .source ? found.represented : [],
            targetFields: side == .target ? found.represented : [])), link: membership.link)
    }
  }

  func report(_ object: ObjectNumber) -> Action {
    .report(
      RunProgress(phase: .reading, done: done, object: objects[object]?.name.rawValue ?? ""))
  }

  /// An acknowledgement went through: the entries are gone from the side.
  mutating func acknowledged(
    _ side: Side, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [Action] {
    awaited.remove(side)
    if phase == .closing { return try close(state) }
    let package = try state.package()
    draft(
      .entriesForgotten(
        EntriesForgotten(
          side: side, generation: package[side].generation, ranges: package[side].covered,
          owner: owners[side] ?? .none)))
    stepDone(side)
    return try observe(state)
  }
}
