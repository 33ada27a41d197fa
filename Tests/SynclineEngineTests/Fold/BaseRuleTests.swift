import SynclineModel
import Testing

@testable import SynclineEngine

private let a = SmallMapping.a
private let b = SmallMapping.b
private let c = SmallMapping.c
private let unmapped = SmallMapping.unmapped

/// The rules by which the base moves, one by one (Docs/Architecture.md, "Fold").
@Suite("What moves the base") struct BaseRuleTests {
  private static let old = PackedRow([a: .text("x"), b: .text("x")])

  @Test func `an edit leaves what was agreed as the base`() throws {
    var journal = try FoldedJournal()
    try journal.pair(Self.old)
    try journal.change(1, PackedRow([a: .text("y")]))
    #expect(try journal.link()?.source.base == PackedRow([a: .text("x")]))
    try journal.change(1, PackedRow([a: .text("z")]))
    #expect(try journal.link()?.source.base == PackedRow([a: .text("x")]))
    #expect(try journal.link()?.target.base == PackedRow())
  }

  @Test func `an edit that is taken back leaves nothing to decide`() throws {
    var journal = try FoldedJournal()
    try journal.pair(Self.old)
    try journal.change(1, PackedRow([a: .text("y")]))
    #expect(try journal.keys(.agenda) == [StateKey.agenda(SmallMapping.task, .linked, 1)])
    try journal.change(1, PackedRow([a: .text("x")]))
    #expect(try journal.link() == LinkEventTests.known(at: 5, revision: 1))
    #expect(try journal.keys(.agenda) == [])
  }

  // MARK: Rule 1

  @Test func `a command moves the base of carried fields and of their inputs`() throws {
    var journal = try FoldedJournal()
    try journal.pair(Self.old)
    try journal.change(1, PackedRow([a: .text("y")]))
    let command = try journal.issue(.update, to: .target, PackedRow([a: .text("y")]), record: 2)
    try journal.confirm(command, record: 2)
    #expect(try journal.link() == LinkEventTests.known(at: 8, revision: 1, written: .target))
    #expect(try journal.record(2)?.row == PackedRow([a: .text("y"), b: .text("x")]))
    #expect(try journal.keys(.agenda) == [])
  }

  @Test func `the base moves to what the command rested on, not to what came up since`() throws {
    var journal = try FoldedJournal()
    try journal.pair(Self.old)
    try journal.change(1, PackedRow([a: .text("y")]))
    let command = try journal.issue(.update, to: .target, PackedRow([a: .text("y")]), record: 2)
    try journal.change(1, PackedRow([a: .text("z")]))
    try journal.confirm(command, record: 2)
    var expected = LinkEventTests.known(at: 9, revision: 1, agenda: .linked, written: .target)
    expected.source.base = PackedRow([a: .text("y")])
    #expect(try journal.link() == expected)
  }

  @Test func `an edit taken back while its command was under way is due again`() throws {
    var journal = try FoldedJournal()
    try journal.pair(Self.old)
    try journal.change(1, PackedRow([a: .text("y")]))
    let command = try journal.issue(.update, to: .target, PackedRow([a: .text("y")]), record: 2)
    try journal.change(1, PackedRow([a: .text("x")]))
    try journal.confirm(command, record: 2)
    var expected = LinkEventTests.known(at: 9, revision: 1, agenda: .linked, written: .target)
    expected.source.base = PackedRow([a: .text("y")])
    #expect(try journal.link() == expected)
  }

  @Test func `the base follows the input where it bears another number than the field`() throws {
    let renamed = TaskTable(
      number: SmallMapping.task, name: "People", source: SmallMapping.source,
      target: SmallMapping.target, toTarget: [.init(field: b, input: a)],
      toSource: [.init(field: a, input: b)])
    var journal = try FoldedJournal([renamed])
    try journal.create(1, PackedRow([a: .text("x")]))
    try journal.create(2, in: SmallMapping.target, PackedRow([b: .text("x")]))
    try journal.link(source: 1, target: 2)
    try journal.agree(source: [a], target: [b])
    try journal.change(1, PackedRow([a: .text("y")]))
    let command = try journal.issue(.update, to: .target, PackedRow([b: .text("y")]), record: 2)
    try journal.confirm(command, record: 2)
    #expect(try journal.link() == LinkEventTests.known(at: 8, revision: 1, written: .target))
  }

  // MARK: Rule 2

  @Test func `a field that the command does not carry keeps its base`() throws {
    var journal = try FoldedJournal()
    try journal.pair(Self.old)
    try journal.change(1, PackedRow([a: .text("y"), b: .text("y")]))
    let command = try journal.issue(.update, to: .target, PackedRow([a: .text("y")]), record: 2)
    try journal.confirm(command, record: 2)
    var expected = LinkEventTests.known(at: 8, revision: 1, agenda: .linked, written: .target)
    expected.source.base = PackedRow([b: .text("x")])
    #expect(try journal.link() == expected)
  }

  @Test func `what a trigger wrote beside the command is an edit`() throws {
    var journal = try FoldedJournal()
    try journal.pair(Self.old)
    try journal.change(1, PackedRow([a: .text("y")]))
    let command = try journal.issue(.update, to: .target, PackedRow([a: .text("y")]), record: 2)
    try journal.confirm(command, record: 2, .init(stored: PackedRow([b: .text("t")])))
    var expected = LinkEventTests.known(at: 8, revision: 1, agenda: .linked, written: .target)
    expected.target.base = PackedRow([b: .text("x")])
    #expect(try journal.link() == expected)
    #expect(try journal.record(2)?.row == PackedRow([a: .text("y"), b: .text("t")]))
  }

  @Test func `after an insert the base of what it left out is null on both sides`() throws {
    var journal = try FoldedJournal()
    try journal.create(1, Self.old)
    let command = try journal.issue(.insert, to: .target, PackedRow([a: .text("x")]), origin: 1)
    try journal.confirm(
      command, record: 2,
      .init(key: NativeKey(integer: 2), stored: PackedRow([b: .text("default")])))
    var expected = LinkEventTests.known(at: 4, revision: 1, agenda: .linked, written: .target)
    expected.source.base = PackedRow([b: .null])
    expected.target.base = PackedRow([b: .null])
    #expect(try journal.link() == expected)
  }

  @Test func `after an insert a null that was left out agrees with a null`() throws {
    var journal = try FoldedJournal()
    try journal.create(1, PackedRow([a: .text("x"), b: .null]))
    let command = try journal.issue(.insert, to: .target, PackedRow([a: .text("x")]), origin: 1)
    try journal.confirm(
      command, record: 2, .init(key: NativeKey(integer: 2), stored: PackedRow([b: .null])))
    #expect(try journal.link() == LinkEventTests.known(at: 4, revision: 1, written: .target))
    #expect(try journal.keys(.agenda) == [])
  }

  @Test(arguments: [Value.null, .text("default")])
  func `what an insert left out and nobody read back is judged at the first look`(
    value: Value
  ) throws {
    var journal = try FoldedJournal()
    try journal.create(1, PackedRow([a: .text("x"), b: .null]))
    let command = try journal.issue(.insert, to: .target, PackedRow([a: .text("x")]), origin: 1)
    try journal.confirm(command, record: 2, .init(key: NativeKey(integer: 2)))
    #expect(try journal.link()?.target.base == PackedRow([b: .null]))
    try journal.change(2, PackedRow([b: value]))
    #expect(
      try journal.link()?.target.base == (value.isNull ? PackedRow() : PackedRow([b: .null])))
  }

  // MARK: Rules 3 to 5

  @Test func `a field that was never read before is learnt`() throws {
    var journal = try FoldedJournal()
    try journal.pair(PackedRow([a: .text("x")]))
    try journal.change(1, PackedRow([b: .text("first seen")]))
    #expect(try journal.link() == LinkEventTests.known(at: 5, revision: 1))
    try journal.change(1, PackedRow([b: .text("edited")]))
    #expect(try journal.link()?.source.base == PackedRow([b: .text("first seen")]))
  }

  @Test(arguments: Side.allCases)
  func `an edit of a field that no mapping reads or writes moves its own base`(
    side: Side
  ) throws {
    var journal = try FoldedJournal()
    try journal.pair(PackedRow([a: .text("x"), unmapped: .text("x")]))
    try journal.change(side == .source ? 1 : 2, PackedRow([unmapped: .text("y")]))
    #expect(try journal.link() == LinkEventTests.known(at: 5, revision: 1))
  }

  @Test func `an edit of a field that is written and not read keeps its base`() throws {
    var journal = try FoldedJournal()
    try journal.pair(PackedRow([a: .text("x"), c: .text("x")]))
    try journal.change(2, PackedRow([c: .text("drift")]))
    #expect(try journal.link()?.target.base == PackedRow([c: .text("x")]))
  }

  @Test func `a field that left the mapping keeps its base until the link is decided under it`()
    throws
  {
    var journal = try FoldedJournal()
    try journal.pair(Self.old)
    try journal.change(1, PackedRow([b: .text("y")]))
    var narrow = FoldedJournal.people
    narrow.toTarget.removeAll { $0.field == b }
    narrow.toSource.removeAll { $0.field == b }
    try journal.adopt(2, [narrow])
    #expect(try journal.link()?.source.base == PackedRow([b: .text("x")]))
    try journal.change(1, PackedRow([b: .text("z")]))
    #expect(try journal.link()?.source.base == PackedRow([b: .text("x")]))
    try journal.agree(revision: 2, source: [], target: [])
    #expect(try journal.link()?.source.base == PackedRow())
  }

  @Test func `an ignored edit leaves nothing to decide until somebody else edits`() throws {
    var journal = try FoldedJournal()
    try journal.pair(Self.old)
    let row = PackedRow([a: .text("by hand")])
    try journal.change(1, row)
    try journal.append(
      .ignored(Ignored(rule: .dedicated, slot: Slot(.source), row: row)), record: 1, link: 1)
    #expect(try journal.link()?.source.ignored == [a])
    #expect(try journal.link()?.agenda == nil)
    try journal.change(1, PackedRow([b: .text("z")]))
    #expect(try journal.link()?.agenda == .linked)
    // And the whole of it travels.
    #expect(try [a, b].map { try journal.link()?.source.isEdited($0) } == [true, true])
    try journal.change(1, PackedRow([a: .text("theirs")]))
    #expect(try journal.link()?.source.ignored == [])
  }

  @Test func `a link without an ancestor stays so until it is agreed or written`() throws {
    var journal = try FoldedJournal()
    try journal.create(1, Self.old)
    try journal.create(2, in: SmallMapping.target, Self.old)
    try journal.link(source: 1, target: 2)
    try journal.change(2, PackedRow([unmapped: .text("y")]))
    var expected = LinkEventTests.known(at: 4, revision: 0, agenda: .linked)
    expected.target.isReported = true
    #expect(try journal.link() == expected)
    try journal.agree(source: [a, b], target: [a, b])
    #expect(try journal.link() == LinkEventTests.known(at: 6, revision: 1))
  }
}
