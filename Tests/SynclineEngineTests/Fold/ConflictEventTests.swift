import SynclineModel
import Testing

@testable import SynclineEngine

private let a = SmallMapping.a
private let task = SmallMapping.task

@Suite("Events of a conflict") struct ConflictEventTests {
  private static let between = EventCauses(EventSequence(6), EventSequence(7))

  private static func opened(_ kind: ConflictOpened.Kind) -> ConflictOpened {
    ConflictOpened(
      task: task, kind: kind, rule: 1, loser: .target, lost: PackedRow([a: .text("z")]),
      base: PackedRow([a: .text("x")]), won: PackedRow([a: .text("y")]))
  }

  /// A pair both of whose records were edited (events 6 and 7), with something on record (event 8).
  private static func meeting(_ kind: ConflictOpened.Kind) throws -> FoldedJournal {
    var journal = try FoldedJournal()
    try journal.pair(PackedRow([a: .text("x")]))
    try journal.change(1, PackedRow([a: .text("y")]))
    try journal.change(2, PackedRow([a: .text("z")]))
    try journal.append(.conflictOpened(opened(kind)), link: 1, causes: between)
    return journal
  }

  private static func known(
    _ status: ConflictState.Status, _ kind: ConflictOpened.Kind = .bothChanged
  ) -> ConflictState {
    ConflictState(
      status: status, link: LinkNumber(1), run: RunNumber(1), time: Timestamp(microseconds: 8),
      between: between, conflict: opened(kind))
  }

  private static func link(at event: UInt64) -> LinkState {
    var link = LinkEventTests.known(at: event, revision: 1, agenda: .linked)
    link.source.base = PackedRow([a: .text("x")])
    link.target.base = PackedRow([a: .text("x")])
    return link
  }

  @Test(arguments: [ConflictOpened.Kind.bothChanged, .deletedAndChanged, .changedAndDeleted])
  func `a conflict is open between two observations and its link knows it`(
    kind: ConflictOpened.Kind
  ) throws {
    let journal = try Self.meeting(kind)
    #expect(try journal.state.conflict(EventSequence(8)) == Self.known(.open, kind))
    var expected = Self.link(at: 8)
    expected.conflict = EventSequence(8)
    #expect(try journal.link() == expected)
  }

  @Test(arguments: [ConflictOpened.Kind.firstMatch, .drift])
  func `an overwritten value that is no conflict is decided as it is noted`(
    kind: ConflictOpened.Kind
  ) throws {
    let journal = try Self.meeting(kind)
    #expect(try journal.state.conflict(EventSequence(8)) == Self.known(.decided, kind))
    var expected = Self.link(at: 8)
    expected.noted = EventSequence(8)
    #expect(try journal.link() == expected)
  }

  @Test func `a superseded conflict is on record and open no more`() throws {
    var journal = try Self.meeting(.bothChanged)
    try journal.append(
      .conflictSuperseded(ConflictSuperseded()), link: 1, causes: EventCauses(EventSequence(8)))
    #expect(try journal.state.conflict(EventSequence(8)) == Self.known(.superseded))
    #expect(try journal.link() == Self.link(at: 9))
  }

  @Test func `a decided conflict is on record and open no more`() throws {
    var journal = try Self.meeting(.bothChanged)
    try journal.append(
      .conflictDecided(ConflictDecided()), link: 1, causes: EventCauses(EventSequence(8)))
    #expect(try journal.state.conflict(EventSequence(8)) == Self.known(.decided))
    #expect(try journal.link() == Self.link(at: 9))
  }

  @Test func `the end of an earlier conflict leaves a later one open`() throws {
    var journal = try Self.meeting(.bothChanged)
    try journal.append(
      .conflictOpened(Self.opened(.bothChanged)), link: 1, causes: Self.between)
    try journal.append(
      .conflictSuperseded(ConflictSuperseded()), link: 1, causes: EventCauses(EventSequence(8)))
    #expect(try journal.link()?.conflict == EventSequence(9))
    #expect(
      try journal.state.conflicts(after: .none, limit: 9).map(\.conflict.status)
        == [.superseded, .open])
  }

  @Test func `a conflict that is decided after its link ended is on record`() throws {
    var journal = try Self.meeting(.deletedAndChanged)
    try journal.append(.unlinked(Unlinked()), link: 1)
    try journal.append(
      .conflictDecided(ConflictDecided()), link: 1, causes: EventCauses(EventSequence(8)))
    #expect(
      try journal.state.conflict(EventSequence(8)) == Self.known(.decided, .deletedAndChanged))
    #expect(try journal.link() == nil)
  }

  @Test func `a link with an open conflict is to be decided though nothing differs`() throws {
    var journal = try Self.meeting(.bothChanged)
    try journal.agree(source: [a], target: [a])
    var expected = LinkEventTests.known(at: 9, revision: 1, agenda: .linked)
    expected.conflict = EventSequence(8)
    #expect(try journal.link() == expected)
    #expect(try journal.keys(.agenda) == [StateKey.agenda(task, .linked, 1)])
    try journal.append(
      .conflictDecided(ConflictDecided()), link: 1, causes: EventCauses(EventSequence(8)))
    #expect(try journal.keys(.agenda) == [])
  }
}
