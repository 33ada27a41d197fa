import SynclineModel
import Testing

@testable import SynclineEngine

private let a = SmallMapping.a
private let b = SmallMapping.b

/// A stopgap breaks a circle of unique values: a third value is written, and the value itself later.
@Suite("What a stopgap leaves owed") struct StopgapTests {
  private static let old = PackedRow([a: .text("x"), b: .text("x")])

  /// Events 6 to 8: the source's edit, a stopgap into the target, and its confirmation.
  private static func stopped() throws -> FoldedJournal {
    var journal = try FoldedJournal()
    try journal.pair(old)
    try journal.change(1, PackedRow([a: .text("y")]))
    let command = try journal.issue(
      .update, to: .target, PackedRow([a: .text("stopgap")]), record: 2, isInterim: true)
    try journal.confirm(command, record: 2)
    return journal
  }

  /// The link after `stopped`.
  private static func owing(at event: UInt64) -> LinkState {
    var link = LinkEventTests.known(at: event, revision: 1, agenda: .linked, written: .target)
    link.source.base = PackedRow([a: .text("x")])
    link.target.owed = [a]
    return link
  }

  @Test func `a stopgap rests on no input`() throws {
    var journal = try FoldedJournal()
    try journal.pair(Self.old)
    let row = PackedRow([a: .text("stopgap")])
    let command = try journal.issue(.update, to: .target, row, record: 2, isInterim: true)
    #expect(
      try journal.intent(command)
        == IntentState(
          link: LinkNumber(1), run: RunNumber(1),
          command: CommandIssued(
            task: SmallMapping.task, slot: Slot(.target), operation: .update,
            revision: MappingRevision(1), row: row, isInterim: true),
          inputs: PackedRow(), relations: []))
  }

  @Test func `a stopgap moves no agreement and leaves its fields owed`() throws {
    let journal = try Self.stopped()
    #expect(try journal.link() == Self.owing(at: 8))
    #expect(try journal.record(2)?.row == PackedRow([a: .text("stopgap"), b: .text("x")]))
    #expect(try journal.keys(.agenda) == [StateKey.agenda(SmallMapping.task, .linked, 1)])
  }

  @Test func `a field stays owed when the other side's edit is taken back`() throws {
    var journal = try Self.stopped()
    try journal.change(1, PackedRow([a: .text("x")]))
    var expected = LinkEventTests.known(at: 8, revision: 1, agenda: .linked, written: .target)
    expected.target.owed = [a]
    #expect(try journal.link() == expected)
  }

  @Test func `the value itself settles what was owed`() throws {
    var journal = try Self.stopped()
    let command = try journal.issue(.update, to: .target, PackedRow([a: .text("y")]), record: 2)
    try journal.confirm(command, record: 2)
    #expect(try journal.link() == LinkEventTests.known(at: 10, revision: 1, written: .target))
    #expect(try journal.keys(.agenda) == [])
  }

  @Test func `a command without the owed field leaves it owed`() throws {
    var journal = try Self.stopped()
    try journal.change(1, PackedRow([b: .text("y")]))
    let command = try journal.issue(.update, to: .target, PackedRow([b: .text("y")]), record: 2)
    try journal.confirm(command, record: 2)
    #expect(try journal.link() == Self.owing(at: 11))
  }

  @Test func `a second stopgap owes each field once, in ascending order`() throws {
    var journal = try Self.stopped()
    let row = PackedRow([a: .text("again"), b: .text("again")])
    let command = try journal.issue(.update, to: .target, row, record: 2, isInterim: true)
    try journal.confirm(command, record: 2)
    #expect(try journal.link()?.target.owed == [a, b])
    #expect(try journal.link()?.target.base == PackedRow())
  }

  @Test func `an edit over a stopgap owes nothing and is an edit`() throws {
    var journal = try Self.stopped()
    try journal.change(2, PackedRow([a: .text("user")]))
    var expected = Self.owing(at: 8)
    expected.target.owed = []
    expected.target.echo = .none
    expected.target.base = PackedRow([a: .text("stopgap")])
    #expect(try journal.link() == expected)
  }

  @Test func `an agreement in the owed field settles it`() throws {
    var journal = try Self.stopped()
    try journal.agree(source: [a], target: [a])
    #expect(try journal.link() == LinkEventTests.known(at: 9, revision: 1, written: .target))
  }

  @Test func `a stopgap forgets no failure`() throws {
    var journal = try FoldedJournal()
    try journal.pair(Self.old)
    let failed = RecordFailed(
      task: SmallMapping.task, side: .target, code: "unique", message: "People.a is taken")
    try journal.append(.recordFailed(failed), record: 1)
    let command = try journal.issue(
      .update, to: .target, PackedRow([a: .text("stopgap")]), record: 2, isInterim: true)
    try journal.confirm(command, record: 2)
    #expect(try journal.failure(of: 1)?.failure == failed)
  }

  @Test func `nothing is owed any more once the other side's record is gone`() throws {
    var journal = try Self.stopped()
    try journal.append(.slotVacated(SlotVacated(slot: Slot(.source), reason: .epoch)), link: 1)
    #expect(try journal.link()?.target.owed == [])
  }
}
