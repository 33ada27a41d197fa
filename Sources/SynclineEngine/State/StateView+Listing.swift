public import SynclineModel

// Lists for people: page by page, so that no list is held whole.

extension StateView where Self: ~Copyable {
  /// Conflicts above `after`, ascending by their sequence.
  public func conflicts(
    after: EventSequence, limit: Int
  ) throws(StateFailure) -> [(sequence: EventSequence, conflict: ConflictState)] {
    var found: [(sequence: EventSequence, conflict: ConflictState)] = []
    for entry in try entries(
      .conflicts, prefix: [], after: StateKey.conflict(after), limit: limit)
    {
      let state = try decoding(.conflicts) { () throws(DecodingFailure) in
        try ConflictState(encoded: entry.value)
      }
      found.append((EventSequence(StateKey.trailing(entry.key, as: UInt64.self)), state))
    }
    return found
  }

  /// Failures behind `place`, by task and record.
  public func failures(after place: [UInt8]?, limit: Int) throws(StateFailure) -> [FailingRecord] {
    var found: [FailingRecord] = []
    for entry in try entries(.failures, prefix: [], after: place, limit: limit) {
      let state = try decoding(.failures) { () throws(DecodingFailure) in
        try FailureState(encoded: entry.value)
      }
      found.append(
        FailingRecord(
          record: RecordNumber(StateKey.trailing(entry.key, as: UInt64.self)), failure: state,
          place: entry.key))
    }
    return found
  }

  /// Failures of one task (none: of reading) whose records are above `after`, ascending by record.
  func failures(
    of task: TaskNumber, after record: RecordNumber, limit: Int
  ) throws(StateFailure) -> [FailingRecord] {
    let prefix = Array(StateKey.failure(task, .none).dropLast(8))
    var found: [FailingRecord] = []
    for entry in try entries(
      .failures, prefix: prefix, after: StateKey.failure(task, record), limit: limit)
    {
      let state = try decoding(.failures) { () throws(DecodingFailure) in
        try FailureState(encoded: entry.value)
      }
      found.append(
        FailingRecord(
          record: RecordNumber(StateKey.trailing(entry.key, as: UInt64.self)), failure: state,
          place: entry.key))
    }
    return found
  }

  /// Records above `after`, those that are gone among them, ascending by number.
  public func records(
    after: RecordNumber, limit: Int
  ) throws(StateFailure) -> [(number: RecordNumber, record: RecordState)] {
    var found: [(number: RecordNumber, record: RecordState)] = []
    for entry in try entries(.records, prefix: [], after: StateKey.record(after), limit: limit) {
      let state = try decoding(.records) { () throws(DecodingFailure) in
        try RecordState(encoded: entry.value)
      }
      found.append((RecordNumber(StateKey.trailing(entry.key, as: UInt64.self)), state))
    }
    return found
  }

  /// Links above `after`, ascending by number.
  public func links(
    after: LinkNumber, limit: Int
  ) throws(StateFailure) -> [(number: LinkNumber, link: LinkState)] {
    var found: [(number: LinkNumber, link: LinkState)] = []
    for entry in try entries(.links, prefix: [], after: StateKey.link(after), limit: limit) {
      let state = try decoding(.links) { () throws(DecodingFailure) in
        try LinkState(encoded: entry.value)
      }
      found.append((LinkNumber(StateKey.trailing(entry.key, as: UInt64.self)), state))
    }
    return found
  }

  /// How many records are there that could not be read.
  public func unreadable() throws(StateFailure) -> UInt64 {
    let prefix = Array(StateKey.failure(.none, .none).dropLast(8))
    var count: UInt64 = 0
    try scan(.failures, from: prefix) { key, _ in
      guard key.starts(with: prefix) else { return false }
      count += 1
      return true
    }
    return count
  }

  /// Runs below `before`, newest first.
  public func runs(
    before: RunNumber?, limit: Int
  ) throws(StateFailure) -> [(run: RunNumber, summary: RunSummary)] {
    var number = try package().lastRun.next
    if let before { number = before }
    var found: [(run: RunNumber, summary: RunSummary)] = []
    while number.rawValue > 1, found.count < limit {
      number = RunNumber(number.rawValue - 1)
      if let summary = try run(number) { found.append((number, summary)) }
    }
    return found
  }

  /// How many entries of the agenda a task has, by class.
  public func agendaCounts(_ task: TaskNumber) throws(StateFailure) -> [AgendaClass: Int] {
    var counts: [AgendaClass: Int] = [:]
    for part in AgendaClass.allCases {
      let prefix = Array(StateKey.agenda(task, part).dropLast(8))
      try scan(.agenda, from: prefix) { key, _ in
        guard key.starts(with: prefix) else { return false }
        counts[part, default: 0] += 1
        return true
      }
    }
    return counts
  }
}

/// A failure and the record that it is about.
public struct FailingRecord: Sendable {
  public var record: RecordNumber
  public var failure: FailureState
  /// Where the list goes on.
  public var place: [UInt8]
}
