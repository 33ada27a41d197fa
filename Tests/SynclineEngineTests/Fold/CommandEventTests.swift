import SynclineModel
import Testing

@testable import SynclineEngine

private let a = SmallMapping.a
private let b = SmallMapping.b
private let c = SmallMapping.c
private let task = SmallMapping.task

@Suite("Commands and their outcomes") struct CommandEventTests {
  private static let old = PackedRow([a: .text("x"), b: .text("x")])
  private static let new = PackedRow([a: .text("y")])

  /// A quiet pair whose source was edited (event 6) and whose target is being written (event 7).
  private static func updating() throws -> (journal: FoldedJournal, command: EventSequence) {
    var journal = try FoldedJournal()
    try journal.pair(old)
    try journal.change(1, new)
    let command = try journal.issue(.update, to: .target, new, record: 2)
    return (journal, command)
  }

  // MARK: Issued

  @Test func `a command under way is an intent and its link waits`() throws {
    let (journal, command) = try Self.updating()
    var link = LinkEventTests.known(at: 7, revision: 1, agenda: .waiting)
    link.source.base = PackedRow([a: .text("x")])
    link.target.intent = CommandID(7)
    #expect(try journal.link() == link)
    #expect(
      try journal.intent(command)
        == IntentState(
          link: LinkNumber(1), run: RunNumber(1),
          command: CommandIssued(
            task: task, slot: Slot(.target), operation: .update, revision: MappingRevision(1),
            row: Self.new),
          inputs: Self.new, relations: []))
    #expect(try journal.state.unsettled(limit: 9) == [CommandID(7)])
    #expect(try journal.keys(.agenda) == [StateKey.agenda(task, .waiting, 1)])
    #expect(try journal.record(2)?.row == Self.old)
  }

  @Test func `an intent remembers the inputs of what it carries and no others`() throws {
    var journal = try FoldedJournal()
    try journal.pair(Self.old.setting(c, to: .text("x")))
    let command = try journal.issue(.update, to: .target, PackedRow([c: .null]), record: 2)
    #expect(try journal.intent(command)?.inputs == PackedRow([c: .text("x")]))
  }

  @Test(arguments: Side.allCases)
  func `an insert for a record without a link begins one`(side: Side) throws {
    var journal = try FoldedJournal()
    try journal.create(1, in: FoldedJournal.people.object(side.other), Self.old)
    try journal.issue(.insert, to: side, PackedRow([a: .text("x")]), origin: 1)
    var link = LinkState(task: task)
    link[side.other].record = RecordNumber(1)
    link[side.other].base = PackedRow([b: .null])
    link[side].intent = CommandID(3)
    link.lastEvent = EventSequence(3)
    link.agenda = .waiting
    #expect(try journal.link() == link)
    #expect(try journal.record(1)?.memberships == LinkEventTests.membership(1))
    #expect(try journal.keys(.agenda) == [StateKey.agenda(task, .waiting, 1)])
    #expect(try journal.package.lastLink == LinkNumber(1))
    #expect(try journal.package.links == [.init(number: task, count: 1)])
  }

  // MARK: Confirmed

  @Test func `a confirmed insert is a record of its own in the link`() throws {
    var journal = try FoldedJournal()
    try journal.append(
      .trackingCreated(
        TrackingCreated(
          side: .target, generation: TrackingGeneration(3), identity: SystemIdentity("db"),
          objects: [SmallMapping.target])))
    try journal.create(1, Self.old)
    let command = try journal.issue(.insert, to: .target, Self.old, origin: 1)
    try journal.confirm(
      command, record: 2,
      .init(
        key: NativeKey(integer: 40), stored: PackedRow([b: .text("X"), c: .text("default")]),
        mark: 12))
    #expect(
      try journal.record(2)
        == RecordState(
          object: SmallMapping.target, key: NativeKey(integer: 40), presence: .there,
          row: PackedRow([a: .text("x"), b: .text("X"), c: .text("default")]), stamp: Stamp(),
          observed: EventSequence(5), lastEvent: EventSequence(5),
          memberships: LinkEventTests.membership(1), bornIn: TrackingGeneration(3), bornAfter: 12))
    #expect(
      try journal.state.recordNumber(SmallMapping.target, NativeKey(integer: 40))
        == RecordNumber(2))
    #expect(try journal.link() == LinkEventTests.known(at: 5, revision: 1, written: .target))
    #expect(try journal.keys(.agenda) == [])
    #expect(try journal.keys(.intents) == [])
    #expect(try journal.package.lastRecord == RecordNumber(2))
    #expect(
      try journal.package.records == [
        .init(number: SmallMapping.source, count: 1), .init(number: SmallMapping.target, count: 1),
      ])
  }

  @Test func `an insert into a vacant slot fills it`() throws {
    var journal = try FoldedJournal()
    try journal.pair(Self.old)
    try journal.delete(2)
    try journal.append(.slotVacated(SlotVacated(slot: Slot(.target), reason: .epoch)), link: 1)
    let command = try journal.issue(.insert, to: .target, Self.old)
    try journal.confirm(command, record: 3, .init(key: NativeKey(integer: 3)))
    var expected = LinkEventTests.known(at: 9, revision: 1, written: .target)
    expected.target.record = RecordNumber(3)
    #expect(try journal.link() == expected)
    #expect(try journal.keys(.agenda) == [])
  }

  @Test func `a confirmed update is the written record's content`() throws {
    var (journal, command) = try Self.updating()
    try journal.confirm(command, record: 2)
    #expect(
      try journal.record(2)
        == RecordState(
          object: SmallMapping.target, key: NativeKey(integer: 2), presence: .there,
          row: PackedRow([a: .text("y"), b: .text("x")]), stamp: Stamp(),
          observed: EventSequence(8), lastEvent: EventSequence(8),
          memberships: LinkEventTests.membership(1)))
    #expect(try journal.link() == LinkEventTests.known(at: 8, revision: 1, written: .target))
    #expect(try journal.keys(.intents) == [])
  }

  @Test func `the stored representation of what was sent is the base`() throws {
    var (journal, command) = try Self.updating()
    try journal.confirm(command, record: 2, .init(stored: PackedRow([a: .text("Y")])))
    #expect(try journal.link() == LinkEventTests.known(at: 8, revision: 1, written: .target))
    #expect(try journal.record(2)?.row == PackedRow([a: .text("Y"), b: .text("x")]))
    #expect(try journal.keys(.agenda) == [])
  }

  @Test func `a confirmed delete leaves a link with a record that is gone`() throws {
    var journal = try FoldedJournal()
    try journal.pair(Self.old)
    try journal.delete(1)
    let command = try journal.issue(.delete, to: .target, record: 2)
    try journal.confirm(command, record: 2)
    #expect(
      try journal.link() == LinkEventTests.known(at: 8, revision: 1, agenda: .gone))
    #expect(try journal.record(2)?.presence == .deleted)
    #expect(try journal.keys(.keys) == [])
    #expect(try journal.keys(.intents) == [])
    #expect(try journal.keys(.agenda) == [StateKey.agenda(task, .gone, 1)])
  }

  @Test func `a command agrees under its own mapping, not under the one of its answer`() throws {
    var (journal, command) = try Self.updating()
    try journal.adopt(2, [FoldedJournal.people])
    try journal.confirm(command, record: 2)
    #expect(try journal.link() == LinkEventTests.known(at: 9, revision: 1, written: .target))
  }

  @Test func `a link whose other slot stands under an older mapping is decided again`() throws {
    var journal = try FoldedJournal()
    try journal.pair(Self.old)
    try journal.adopt(2, [FoldedJournal.people])
    try journal.change(1, Self.new)
    let command = try journal.issue(.update, to: .target, Self.new, record: 2, revision: 2)
    try journal.confirm(command, record: 2)
    var expected = LinkEventTests.known(at: 9, revision: 1, agenda: .linked, written: .target)
    expected.target.revision = MappingRevision(2)
    expected.target.isReported = true
    #expect(try journal.link() == expected)
  }

  // MARK: Derived

  @Test func `what the system rewrote is its base and is still to be sent back`() throws {
    var (journal, command) = try Self.updating()
    try journal.confirm(
      command, record: 2, .init(stored: PackedRow([a: .text("auto")]), derived: [a]))
    var expected = LinkEventTests.known(at: 8, revision: 1, agenda: .linked, written: .target)
    expected.target.derived = Self.new
    expected.bounces = 1
    expected.target.echo = .rewritten
    #expect(try journal.link() == expected)
    #expect(try journal.record(2)?.row == PackedRow([a: .text("auto"), b: .text("x")]))
    #expect(try journal.keys(.agenda) == [StateKey.agenda(task, .linked, 1)])
  }

  @Test func `what an insert's system rewrote is still to be sent back`() throws {
    var journal = try FoldedJournal()
    try journal.create(1, Self.old)
    let command = try journal.issue(.insert, to: .target, Self.old, origin: 1)
    try journal.confirm(
      command, record: 2,
      .init(
        key: NativeKey(integer: 2), stored: PackedRow([b: .text("auto")]), derived: [b]))
    var expected = LinkEventTests.known(at: 4, revision: 1, agenda: .linked, written: .target)
    expected.target.derived = PackedRow([b: .text("x")])
    expected.bounces = 1
    expected.target.echo = .rewritten
    #expect(try journal.link() == expected)
  }

  @Test func `a derived value that was sent back is agreed`() throws {
    var (journal, command) = try Self.updating()
    let auto = PackedRow([a: .text("auto")])
    try journal.confirm(command, record: 2, .init(stored: auto, derived: [a]))
    let back = try journal.issue(.update, to: .source, auto, record: 1)
    try journal.confirm(back, record: 1)
    var expected = LinkEventTests.known(at: 10, revision: 1, written: .source)
    expected.bounces = 1
    #expect(try journal.link() == expected)
    #expect(try journal.record(1)?.row == PackedRow([a: .text("auto"), b: .text("x")]))
    #expect(try journal.keys(.agenda) == [])
  }

  @Test func `rewrites in a row are counted up to the limit`() throws {
    var (journal, command) = try Self.updating()
    for expected in [UInt8(1), 2, 3, 3] {
      try journal.confirm(
        command, record: 2, .init(stored: PackedRow([a: .text("auto")]), derived: [a]))
      #expect(try journal.link()?.bounces == expected)
      command = try journal.issue(.update, to: .target, Self.new, record: 2)
    }
    try journal.confirm(command, record: 2)
    #expect(try journal.link()?.bounces == 0)
  }

  @Test func `an edit by somebody else ends the count of rewrites`() throws {
    var (journal, command) = try Self.updating()
    try journal.confirm(
      command, record: 2, .init(stored: PackedRow([a: .text("auto")]), derived: [a]))
    try journal.change(2, PackedRow([b: .text("z")]))
    #expect(try journal.link()?.bounces == 0)
  }

  // MARK: Rejected

  @Test(arguments: [CommandRejected.Disposition.stale, .withdrawn])
  func `a command that was not carried out leaves the link as it was`(
    disposition: CommandRejected.Disposition
  ) throws {
    var (journal, command) = try Self.updating()
    try journal.reject(command, disposition)
    var expected = LinkEventTests.known(at: 8, revision: 1, agenda: .linked)
    expected.source.base = PackedRow([a: .text("x")])
    #expect(try journal.link() == expected)
    #expect(try journal.keys(.intents) == [])
    #expect(try journal.keys(.failures) == [])
    #expect(try journal.record(2)?.row == Self.old)
  }

  @Test func `a refused command is a failure of the record it was made for`() throws {
    var (journal, command) = try Self.updating()
    try journal.reject(command, .record)
    #expect(
      try journal.failure(of: 1)
        == FailureState(
          count: 1, run: RunNumber(1), time: Timestamp(microseconds: 8), retry: RunNumber(2),
          isParked: false, event: EventSequence(8),
          failure: RecordFailed(
            task: task, side: .target, code: "unique", message: "People.a is taken")))
    #expect(try journal.keys(.failures).count == 1)
    #expect(try journal.keys(.agenda) == [StateKey.agenda(task, .linked, 1)])
  }

  @Test func `a refused insert leaves a link with one record`() throws {
    var journal = try FoldedJournal()
    try journal.create(1, Self.old)
    let command = try journal.issue(.insert, to: .target, Self.old, origin: 1)
    try journal.reject(command, .record)
    var link = LinkState(task: task)
    link.source.record = RecordNumber(1)
    link.lastEvent = EventSequence(4)
    link.agenda = .single
    #expect(try journal.link() == link)
    #expect(try journal.keys(.agenda) == [StateKey.agenda(task, .single, 1)])
  }

  @Test func `an outcome without its command does nothing`() throws {
    var journal = try FoldedJournal()
    try journal.pair(Self.old)
    try journal.confirm(EventSequence(3), record: 2)
    try journal.reject(EventSequence(3), .record)
    #expect(try journal.link() == LinkEventTests.known(at: 7, revision: 1))
    #expect(try journal.keys(.failures) == [])
  }
}
