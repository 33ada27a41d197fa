import SynclineModel
import Testing

@testable import SynclineEngine

private let a = SmallMapping.a
private let b = SmallMapping.b
private let task = SmallMapping.task

@Suite("Events of a link") struct LinkEventTests {
  /// Link 1 between records 1 and 2, named last by `event`, agreed under `revision`.
  static func known(
    at event: UInt64, revision: UInt32, agenda: AgendaClass? = nil, written: Side? = nil
  ) -> LinkState {
    var link = LinkState(task: task)
    for side in Side.allCases {
      link[side].record = RecordNumber(side == .source ? 1 : 2)
      link[side].revision = MappingRevision(revision)
    }
    if let written { link[written].echo = .awaited }
    link.lastEvent = EventSequence(event)
    link.agenda = agenda
    return link
  }

  static func membership(_ link: UInt64) -> [RecordState.Membership] {
    [.init(task: task, link: LinkNumber(link))]
  }

  @Test func `a new link has no ancestor, is to be decided, and is counted`() throws {
    var journal = try FoldedJournal()
    try journal.create(1)
    try journal.create(2, in: SmallMapping.target)
    try journal.link(source: 1, target: 2)
    #expect(try journal.link() == Self.known(at: 4, revision: 0, agenda: .linked))
    #expect(try journal.keys(.agenda) == [StateKey.agenda(task, .linked, 1)])
    #expect(try journal.record(1)?.memberships == Self.membership(1))
    #expect(try journal.record(2)?.memberships == Self.membership(1))
    #expect(try journal.package.lastLink == LinkNumber(1))
    #expect(try journal.package.links == [.init(number: task, count: 1)])
  }

  @Test func `a slot that moves lets go of its record and has no ancestor`() throws {
    var journal = try FoldedJournal()
    try journal.pair(PackedRow([a: .text("x")]))
    try journal.change(1, PackedRow([a: .text("y")]))
    try journal.create(3, in: SmallMapping.target)
    try journal.link(target: 3)
    var expected = Self.known(at: 8, revision: 0, agenda: .linked)
    expected.target.record = RecordNumber(3)
    #expect(try journal.link() == expected)
    #expect(try journal.record(2)?.memberships == [])
    #expect(try journal.record(3)?.memberships == Self.membership(1))
    #expect(
      try journal.keys(.agenda) == [
        StateKey.agenda(task, .linked, 1), StateKey.agenda(task, .newTarget, 2),
      ])
    #expect(try journal.package.links == [.init(number: task, count: 1)])
  }

  @Test func `a slot that is named again with its own record stays as it is`() throws {
    var journal = try FoldedJournal()
    try journal.pair(PackedRow([a: .text("x")]))
    try journal.link(source: 1, target: 2)
    #expect(try journal.link() == Self.known(at: 6, revision: 1))
  }

  @Test func `an ended link is gone and frees its records`() throws {
    var journal = try FoldedJournal()
    try journal.pair(PackedRow([a: .text("x")]))
    try journal.delete(1)
    try journal.append(.unlinked(Unlinked()), link: 1)
    #expect(try journal.link() == nil)
    var gone = RecordEventTests.known(PackedRow(), at: 6, presence: .deleted)
    gone.lastEvent = EventSequence(6)
    #expect(try journal.record(1) == gone)
    #expect(try journal.record(2)?.memberships == [])
    #expect(try journal.keys(.agenda) == [StateKey.agenda(task, .newTarget, 2)])
    #expect(try journal.package.links == [])
    #expect(try journal.package.lastLink == LinkNumber(1))
  }

  @Test func `an agreement moves the base of the named fields to what is known now`() throws {
    var journal = try FoldedJournal()
    try journal.pair(PackedRow([a: .text("x"), b: .text("x")]))
    try journal.change(1, PackedRow([a: .text("y"), b: .text("y")]))
    try journal.change(2, PackedRow([a: .text("y")]))
    var link = Self.known(at: 5, revision: 1, agenda: .linked)
    link.source.base = PackedRow([a: .text("x"), b: .text("x")])
    link.target.base = PackedRow([a: .text("x")])
    #expect(try journal.link() == link)
    try journal.agree(source: [a], target: [a])
    link.source.base = PackedRow([b: .text("x")])
    link.target.base = PackedRow()
    link.lastEvent = EventSequence(8)
    #expect(try journal.link() == link)
    #expect(try journal.keys(.agenda) == [StateKey.agenda(task, .linked, 1)])
  }

  @Test func `an agreement in all that differs leaves nothing to decide`() throws {
    var journal = try FoldedJournal()
    try journal.pair(PackedRow([a: .text("x")]))
    try journal.change(1, PackedRow([a: .text("y")]))
    try journal.agree(source: [a], target: [])
    #expect(try journal.link() == Self.known(at: 7, revision: 1))
    #expect(try journal.keys(.agenda) == [])
  }

  @Test func `an agreement sets the revision of the written slots that it names`() throws {
    var journal = try FoldedJournal()
    try journal.pair(PackedRow([a: .text("x")]))
    try journal.adopt(2, [FoldedJournal.people])
    try journal.append(.recordTouched(RecordTouched()), record: 1)
    try journal.append(.recordTouched(RecordTouched()), record: 2)
    try journal.agree(revision: 2, slots: [.target], source: [], target: [])
    var expected = Self.known(at: 9, revision: 1, agenda: .linked)
    expected.target.revision = MappingRevision(2)
    // What the target was reported for is decided by the slot that it writes, which is the source.
    expected.target.isReported = true
    #expect(try journal.link() == expected)
  }

  @Test func `a vacated slot is empty and the other has no base`() throws {
    var journal = try FoldedJournal()
    try journal.pair(PackedRow([a: .text("x")]))
    try journal.change(1, PackedRow([a: .text("y")]))
    try journal.delete(2)
    try journal.append(
      .slotVacated(SlotVacated(slot: Slot(.target), reason: .changedElsewhere)), link: 1)
    var expected = Self.known(at: 8, revision: 1, agenda: .single)
    expected.target = SlotState()
    expected.target.isVacant = true
    expected.target.former = RecordNumber(2)
    #expect(try journal.link() == expected)
    #expect(try journal.record(2)?.memberships == [])
    #expect(try journal.record(2)?.row == PackedRow())
    #expect(try journal.keys(.agenda) == [StateKey.agenda(task, .single, 1)])
  }

  @Test func `a vacant slot that is linked again is vacant no more`() throws {
    var journal = try FoldedJournal()
    try journal.pair(PackedRow([a: .text("x")]))
    try journal.delete(2)
    try journal.append(.slotVacated(SlotVacated(slot: Slot(.target), reason: .epoch)), link: 1)
    try journal.create(3, in: SmallMapping.target)
    try journal.link(target: 3)
    var expected = Self.known(at: 9, revision: 0, agenda: .linked)
    expected.target.record = RecordNumber(3)
    #expect(try journal.link() == expected)
  }

  @Test func `what is ignored leaves no more than its mention`() throws {
    var journal = try FoldedJournal()
    try journal.pair(PackedRow([a: .text("x")]))
    try journal.append(
      .ignored(Ignored(rule: .drift, slot: Slot(.target), row: PackedRow([a: .text("z")]))),
      link: 1)
    #expect(try journal.link() == Self.known(at: 6, revision: 1))
  }
}
