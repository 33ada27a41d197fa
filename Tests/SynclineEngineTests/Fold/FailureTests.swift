import SynclineModel
import Testing

@testable import SynclineEngine

private let a = SmallMapping.a
private let task = SmallMapping.task

@Suite("Failures and when they are tried again") struct FailureTests {
  static let failed = RecordFailed(
    task: task, side: .target, code: "unique", message: "People.a is taken")

  /// What is known after `count` failures, the last by `event` in `run`.
  static func known(
    count: UInt32, run: UInt32, retry: UInt32, event: UInt64, isParked: Bool = false,
    failed: RecordFailed = Self.failed
  ) -> FailureState {
    FailureState(
      count: count, run: RunNumber(run), time: Timestamp(microseconds: Int64(event)),
      retry: RunNumber(retry), isParked: isParked, event: EventSequence(event), failure: failed)
  }

  /// A quiet pair, events 2 to 5, whose source record failed in this many runs, from event 6 on.
  private static func failing(_ count: UInt64, parked: Bool = false) throws -> FoldedJournal {
    var journal = try FoldedJournal()
    try journal.pair(PackedRow([a: .text("x")]))
    for run in 0..<count {
      journal.run = RunNumber(UInt32(run) + 1)
      try journal.append(.recordFailed(failed), record: 1)
    }
    if parked { try journal.append(.parked(Parked()), record: 1) }
    return journal
  }

  @Test(arguments: [
    (UInt64(1), UInt32(1)), (2, 2), (3, 4), (4, 8), (5, 16), (6, 32), (7, 64), (8, 128),
  ])
  func `after each failure twice as many runs pass`(count: UInt64, runs: UInt32) throws {
    let journal = try Self.failing(count)
    let run = UInt32(count)
    #expect(
      try journal.failure(of: 1)
        == Self.known(count: run, run: run, retry: run + runs, event: 5 + count))
  }

  @Test func `several failures in one run count as one`() throws {
    var journal = try Self.failing(2)
    try journal.append(.recordFailed(Self.failed), record: 1)
    #expect(try journal.failure(of: 1) == Self.known(count: 2, run: 2, retry: 4, event: 8))
  }

  @Test func `a failure leaves the record and its link where they stand`() throws {
    let journal = try Self.failing(1)
    #expect(try journal.link() == LinkEventTests.known(at: 5, revision: 1))
    #expect(try journal.record(1)?.lastEvent == EventSequence(6))
    #expect(try journal.record(1)?.observed == EventSequence(2))
    #expect(try journal.keys(.failures) == [StateKey.failure(task, RecordNumber(1))])
  }

  @Test(arguments: [UInt64(1), 2])
  func `new content on either side of the link is tried at once`(record: UInt64) throws {
    var journal = try Self.failing(10, parked: true)
    try journal.change(record, PackedRow([a: .text("y")]))
    #expect(
      try journal.failure(of: 1) == Self.known(count: 0, run: 10, retry: 0, event: 15))
    journal.run = RunNumber(11)
    try journal.append(.recordFailed(Self.failed), record: 1)
    #expect(
      try journal.failure(of: 1) == Self.known(count: 1, run: 11, retry: 12, event: 18))
  }

  @Test func `a failure in the run that brought new content is one try`() throws {
    var journal = try Self.failing(3)
    try journal.change(1, PackedRow([a: .text("y")]))
    try journal.append(.recordFailed(Self.failed), record: 1)
    #expect(try journal.failure(of: 1) == Self.known(count: 1, run: 3, retry: 4, event: 10))
  }

  @Test func `new content of a record without a link is tried at once`() throws {
    var journal = try FoldedJournal()
    try journal.create(1)
    try journal.append(.recordFailed(Self.failed), record: 1)
    try journal.append(.parked(Parked()), record: 1)
    try journal.change(1, PackedRow([a: .text("y")]))
    #expect(try journal.failure(of: 1) == Self.known(count: 0, run: 1, retry: 0, event: 3))
  }

  @Test func `a deletion in the link is tried at once`() throws {
    var journal = try Self.failing(4)
    try journal.delete(2)
    #expect(try journal.failure(of: 1) == Self.known(count: 0, run: 4, retry: 0, event: 9))
  }

  @Test func `a new mapping lets everything be tried at once`() throws {
    var journal = try Self.failing(10, parked: true)
    try journal.adopt(2, [FoldedJournal.people])
    #expect(
      try journal.failure(of: 1) == Self.known(count: 10, run: 10, retry: 0, event: 15))
  }

  @Test func `an object that looks otherwise lets everything be tried at once`() throws {
    var journal = try Self.failing(10, parked: true)
    var object = ObjectObserved(
      object: SmallMapping.target, side: .target, name: "people", key: FieldNumber(1), fields: [],
      foreignKeys: [ForeignKey(field: "a", parent: "towns")])
    try journal.append(.objectObserved(object))
    let parked = try journal.failure(of: 1)
    #expect(parked?.isParked == true)
    try journal.append(.objectObserved(object))
    #expect(try journal.failure(of: 1) == parked)
    object.foreignKeys = []
    try journal.append(.objectObserved(object))
    #expect(
      try journal.failure(of: 1) == Self.known(count: 10, run: 10, retry: 0, event: 15))
  }

  @Test func `a touch or an edit of another link lets nothing be tried sooner`() throws {
    var journal = try Self.failing(4)
    try journal.append(.recordTouched(RecordTouched()), record: 1)
    try journal.create(3)
    try journal.change(3, PackedRow([a: .text("y")]))
    #expect(try journal.failure(of: 1) == Self.known(count: 4, run: 4, retry: 12, event: 9))
  }

  @Test func `a parked record stays so through failures until it has new content`() throws {
    var journal = try Self.failing(10, parked: true)
    journal.run = RunNumber(11)
    try journal.append(.recordFailed(Self.failed), record: 1)
    #expect(
      try journal.failure(of: 1)
        == Self.known(count: 11, run: 11, retry: 11 + 1024, event: 17, isParked: true))
    try journal.change(1, PackedRow([a: .text("y")]))
    #expect(
      try journal.failure(of: 1) == Self.known(count: 0, run: 11, retry: 0, event: 17))
  }

  @Test func `a record that is parked in one task is tried by another as before`() throws {
    var second = FoldedJournal.people
    second.number = TaskNumber(2)
    second.name = "Staff"
    var journal = try FoldedJournal([FoldedJournal.people, second])
    try journal.create(1)
    try journal.link(source: 1)
    try journal.link(2, source: 1, task: second.number)
    try journal.append(.recordFailed(Self.failed), record: 1)
    var other = Self.failed
    other.task = second.number
    try journal.append(.recordFailed(other), record: 1)
    try journal.append(.parked(Parked()), record: 1, link: 1)
    #expect(try journal.failure(of: 1)?.isParked == true)
    #expect(try journal.failure(of: 1, in: second.number)?.isParked == false)
  }

  @Test func `what went through is no failure any more`() throws {
    var journal = try Self.failing(3)
    let command = try journal.issue(.update, to: .target, PackedRow([a: .text("y")]), record: 2)
    try journal.confirm(command, record: 2)
    #expect(try journal.keys(.failures) == [])
  }

  @Test func `an agreement is no failure any more`() throws {
    var journal = try Self.failing(3)
    try journal.agree(source: [], target: [])
    #expect(try journal.keys(.failures) == [])
  }

  @Test func `an ended link has no failures`() throws {
    var journal = try Self.failing(3)
    try journal.append(.unlinked(Unlinked()), link: 1)
    #expect(try journal.keys(.failures) == [])
  }

  @Test func `a record that is gone and has no link fails no more`() throws {
    var journal = try FoldedJournal()
    try journal.create(1)
    try journal.append(.recordFailed(Self.failed), record: 1)
    try journal.delete(1, isConfirmed: false)
    #expect(try journal.keys(.failures).count == 1)
    try journal.delete(1)
    #expect(try journal.keys(.failures) == [])
  }

  // MARK: Unreadable records

  @Test func `a record that cannot be read is counted until a read shows it`() throws {
    var journal = try FoldedJournal()
    let unread = RecordFailed(
      task: .none, side: .source, code: "too large", message: "People.a is too large")
    try journal.create(1)
    try journal.append(.recordFailed(unread), record: 1)
    #expect(
      try journal.failure(of: 1, in: .none)
        == Self.known(count: 1, run: 1, retry: 2, event: 3, failed: unread))
    #expect(try journal.state.unreadable() == 1)
    try journal.change(1, PackedRow([a: .text("x")]))
    #expect(try journal.keys(.failures) == [])
    #expect(try journal.state.unreadable() == 0)
  }

  @Test func `a record that cannot be read and is gone is counted no more`() throws {
    var journal = try FoldedJournal()
    try journal.pair(PackedRow([a: .text("x")]))
    try journal.append(
      .recordFailed(RecordFailed(task: .none, side: .source, code: "type", message: "")),
      record: 1)
    try journal.delete(1)
    #expect(try journal.keys(.failures) == [])
  }
}
