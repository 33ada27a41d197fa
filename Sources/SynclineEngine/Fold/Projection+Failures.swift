import SynclineModel

// What failed and when it is tried again (design, section 4, "Failures"): after 1, 2, 4, 8 … runs, parked
// after many, and at once after new content of the link or its parent, a mapping or schema change. All of
// these are facts that the fold sees, so nothing is journaled when a record comes out of parking.

extension Projection {
  /// After how many failures in a row a record is tried less often.
  public static let parkedAfter: UInt32 = 10

  /// Notes a failure; the next attempts come after 1, 2, 4, 8 … runs.
  mutating func fail(
    _ failed: RecordFailed, record: RecordNumber, _ header: EventHeader,
    _ store: inout some StateStore & ~Copyable
  ) throws(StateFailure) {
    let before = try store.failure(failed.task, record)
    // Tries are counted by runs: one run may try several times.
    let earlier = before?.count ?? 0
    let count = before?.run == header.run ? max(earlier, 1) : earlier + 1
    let failure = FailureState(
      count: count, run: header.run, time: header.time,
      retry: RunNumber(header.run.rawValue + (1 << min(count - 1, 20))),
      isParked: before?.isParked ?? false, event: header.sequence, failure: failed)
    try store.set(.failures, StateKey.failure(failed.task, record), failure.encoded)
    holdsFailures = true
  }

  /// The record is tried once a day from now on.
  mutating func park(
    _ header: EventHeader, _ store: inout some StateStore & ~Copyable
  ) throws(StateFailure) {
    guard let record = try record(header.record, store) else { return }
    let named = try link(header.link, store)?.task
    // Without a link the record's reading is meant too.
    let unnamed: [TaskNumber] = named == nil ? [.none] : []
    for task in try unnamed + tasks(of: record.object, store)
    where named == nil || task == named {
      guard var failure = try store.failure(task, header.record) else { continue }
      failure.isParked = true
      try store.set(.failures, StateKey.failure(task, header.record), failure.encoded)
    }
  }

  /// The link has new content: what failed is tried by the next decision. True where anything had.
  mutating func retry(
    _ number: LinkNumber, _ store: inout some StateStore & ~Copyable
  ) throws(StateFailure) -> Bool {
    guard let link = try link(number, store) else { return false }
    var hadFailed = false
    for side in Side.allCases where link[side].record != .none {
      if try retry(link.task, link[side].record, &store) { hadFailed = true }
    }
    return hadFailed
  }

  /// What failed is tried by the next decision, as if for the first time. True where it had failed.
  @discardableResult
  func retry(
    _ task: TaskNumber, _ record: RecordNumber, _ store: inout some StateStore & ~Copyable
  ) throws(StateFailure) -> Bool {
    guard var failure = try store.failure(task, record) else { return false }
    failure.count = 0
    failure.retry = .none
    failure.isParked = false
    try store.set(.failures, StateKey.failure(task, record), failure.encoded)
    return true
  }

  /// A new mapping or schema may mend what failed: everything is tried by the next run. Its links are due, so
  /// that what the mapping does not ask for any more is forgotten.
  mutating func forgetBackoff(
    _ store: inout some StateStore & ~Copyable
  ) throws(StateFailure) {
    for entry in try store.entries(.failures, prefix: [], limit: Int.max) {
      var failure = try store.decoding(.failures) { () throws(DecodingFailure) in
        try FailureState(encoded: entry.value)
      }
      failure.retry = .none
      failure.isParked = false
      try store.set(.failures, entry.key, failure.encoded)
      let record = RecordNumber(StateKey.trailing(entry.key, as: UInt64.self))
      guard let number = try peek(record, store)?.link(in: failure.failure.task),
        var link = try link(number, store), link.source.record != .none,
        link.target.record != .none
      else { continue }
      link.source.isReported = true
      link.target.isReported = true
      hold(link, number)
    }
  }

  /// A record has new content: its children may be taken now, whichever side refused them. So those of
  /// its counterparts are tried too: a new child is known on one side only.
  mutating func retryChildren(
    of number: RecordNumber, _ store: inout some StateStore & ~Copyable
  ) throws(StateFailure) {
    guard try hasFailures(store), let parent = try peek(number, store) else { return }
    var parents = [number: parent]
    for membership in parent.memberships {
      guard let link = try peek(membership.link, store) else { continue }
      for side in Side.allCases { parents[link[side].record] = try peek(link[side].record, store) }
    }
    for number in parents.keys.sorted() {
      guard let parent = parents[number] else { continue }
      let prefix = StateKey.references(to: parent.object, parent.key)
      var after: [UInt8]?
      while true {
        let found = try store.entries(.references, prefix: prefix, after: after, limit: 512)
        for entry in found { try retryChild(ofReference: entry.key, &store) }
        guard let last = found.last else { break }
        after = last.key
      }
    }
  }

  private func retryChild(
    ofReference key: [UInt8], _ store: inout some StateStore & ~Copyable
  ) throws(StateFailure) {
    let child = RecordNumber(StateKey.trailing(key, as: UInt64.self))
    let task = StateKey.task(ofReference: key)
    let link = try peek(child, store)?.link(in: task) ?? .none
    guard let held = try peek(link, store) else {
      try retry(task, child, &store)
      return
    }
    for side in Side.allCases { try retry(task, held[side].record, &store) }
  }

  /// Whether anything failed at all, read once in a batch: where nothing did, new content costs nothing.
  mutating func hasFailures(
    _ store: borrowing some StateStore & ~Copyable
  ) throws(StateFailure) -> Bool {
    if let holdsFailures { return holdsFailures }
    let found = try !store.entries(.failures, prefix: [], limit: 1).isEmpty
    holdsFailures = found
    return found
  }

  /// The link's records went through: nothing of them is failed any more.
  mutating func forgetFailures(
    of link: LinkState, _ store: inout some StateStore & ~Copyable
  ) throws(StateFailure) {
    for side in Side.allCases where link[side].record != .none {
      try store.remove(.failures, StateKey.failure(link.task, link[side].record))
    }
  }
}
