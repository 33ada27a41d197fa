import SynclineMapping
import SynclineModel

// Records that are listed because they could not be read are read again by their keys, by the rule of
// failures: by the next run, then after 2, 4, 8 … runs, or once a day (Docs/Operating.md). So what was
// mended without a touch is found. Like a full read, this goes before the queue, which then tells what
// changed meanwhile.

/// A record that is to be read by its key.
struct WantedRecord: Hashable, Sendable {
  var record: RecordNumber
  var key: NativeKey
}

extension RunMachine {
  /// The mapped objects of a side with records whose reading is due.
  func unread(
    on side: Side, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [ObjectNumber] {
    let mapped = Set(mapping.tasks.map { $0.object(side) })
    var objects: Set<ObjectNumber> = []
    try due(on: side, after: .none, state) { _, record in
      if mapped.contains(record.object) { objects.insert(record.object) }
      return objects.count < mapped.count
    }
    return objects.sorted()
  }

  /// Makes sure that the reader knows what to fetch next, where anything is left.
  func want(
    _ object: ObjectNumber, _ side: Side, _ reader: inout SideReader,
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) {
    guard reader.wanted.isEmpty else { return }
    var wanted: [WantedRecord] = []
    try due(on: side, after: reader.lastWanted, state) { number, record in
      if record.object == object { wanted.append(WantedRecord(record: number, key: record.key)) }
      return wanted.count < settings[side].page
    }
    reader.wanted = wanted
    reader.lastWanted = wanted.last?.record ?? .none
  }

  /// Hands over the unreadable records of a side whose time has come, ascending, until `body` returns
  /// false.
  private func due(
    on side: Side, after record: RecordNumber, _ state: borrowing some StateView & ~Copyable,
    _ body: (RecordNumber, RecordState) -> Bool
  ) throws(StateFailure) {
    var after = record
    while true {
      let page = try state.failures(of: .none, after: after, limit: 512)
      for failing in page where failing.failure.failure.side == side && isDue(failing.failure) {
        guard let record = try state.record(failing.record), record.presence != .deleted else {
          continue
        }
        if !body(failing.record, record) { return }
      }
      guard let last = page.last else { return }
      after = last.record
    }
  }

  private func isDue(_ failure: FailureState) -> Bool {
    failure.retry <= run
      || clock.microseconds - failure.time.microseconds >= RunSettings.retryAfter
  }

  mutating func fetched(
    _ side: Side, _ answer: FetchedRecords, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [Action] {
    if let batch = preReads.removeValue(forKey: side) {
      return try preReadAnswered(side, batch, answer, state)
    }
    if let back = readBacks.removeValue(forKey: side) {
      return try readBackAnswered(side, back, answer, state)
    }
    switch readers[side]?.steps.first {
    case .ask: return try doubtsAnswered(side, answer, state)
    case .verify: return try verified(side, answer, state)
    default: break
    }
    guard var reader = readers[side], case .fetch(let object)? = reader.steps.first else {
      preconditionFailure("records came that were not asked for")
    }
    var observer = try stampedObserver(side, [], of: object, state)
    observer.isByKey = true
    for record in answer.records {
      try observer.see(
        ObjectKey(object: object, key: record.key), record.row, isReport: false, record.stamp,
        state)
    }
    for failure in answer.failures { try observer.fail(object, failure, state) }
    for key in answer.absent {
      try observer.lose(ObjectKey(object: object, key: key), isConfirmed: false, Stamp(), state)
    }
    for key in answer.deleted {
      try observer.lose(ObjectKey(object: object, key: key), isConfirmed: true, Stamp(), state)
    }
    try take(observer, state)
    let failed = Set(answer.failures.map(\.key))
    for wanted in reader.wanted where failed.contains(wanted.key) {
      try park(.none, wanted.record, .none, state)
    }
    let answered = answer.answered
    done += UInt64(answered.count)
    // Without any answer the next run asks again.
    reader.wanted.removeAll { answered.isEmpty || answered.contains($0.key) }
    reader.isWaiting = false
    if !reader.fetched.contains(object) { reader.fetched.append(object) }
    readers[side] = reader
    return [report(object)] + (try observe(state))
  }
}

extension SideReader {
  /// The same reading with records of these objects fetched before the queue is read. Those that are
  /// read in full need no fetch.
  func fetching(_ objects: [ObjectNumber]) -> SideReader {
    let single = objects.filter { !steps.contains(.readInFull($0)) }
    guard !single.isEmpty else { return self }
    var reader = self
    let place = reader.steps.lastIndex(of: .readChanges) ?? reader.steps.endIndex
    reader.steps.insert(contentsOf: single.map { .fetch($0) }, at: place)
    if !reader.steps.contains(.confirmAbsences) { reader.steps.append(.confirmAbsences) }
    return reader
  }
}
