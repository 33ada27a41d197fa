import SynclineModel
import Testing

@testable import SynclineEngine

private let a = SmallMapping.a

/// The fold is total: what an event of a damaged or foreign journal names may be unknown.
@Suite("Events that name what nobody knows") struct UnknownNumberTests {
  private static let bodies: [EventBody] = [
    .recordChanged(RecordChanged(row: PackedRow([a: .text("x")]))),
    .recordTouched(RecordTouched()),
    .recordDeleted(RecordDeleted(isConfirmed: true)),
    .recordDeleted(RecordDeleted(isConfirmed: false)),
    .recordRekeyed(RecordRekeyed(key: NativeKey(integer: 3))),
    .parked(Parked()),
    .overrideRequested(OverrideRequested(kind: .missingKept)),
    .unlinked(Unlinked()),
    .agreed(
      Agreed(
        reason: .converged, revision: MappingRevision(1), slots: Side.allCases,
        sourceFields: [a], targetFields: [a])),
    .slotVacated(SlotVacated(slot: Slot(.source), reason: .epoch)),
    .ignored(Ignored(rule: .drift, slot: Slot(.target), row: PackedRow())),
    .commandConfirmed(CommandConfirmed(key: NativeKey(integer: 3))),
    .commandRejected(CommandRejected(disposition: .record)),
    .conflictSuperseded(ConflictSuperseded()),
    .conflictDecided(ConflictDecided()),
  ]

  @Test(arguments: bodies) func `leave the state as it was`(body: EventBody) throws {
    var journal = try FoldedJournal()
    try journal.pair(PackedRow([a: .text("x")]))
    let before = try journal.state
    try journal.append(
      body, record: 99, link: 99, causes: EventCauses(EventSequence(99), EventSequence(98)))
    #expect(try journal.state == before)
  }

  @Test func `leave a link of unknown records with nothing to decide`() throws {
    var journal = try FoldedJournal()
    try journal.link(source: 1, target: 2)
    #expect(try journal.link() == LinkEventTests.known(at: 2, revision: 0))
    #expect(try journal.keys(.agenda) == [])
    #expect(try journal.keys(.records) == [])
  }
}
