import SynclineModel
import Testing

@testable import SynclineEngine

private let a = SmallMapping.a
/// The foreign key of an order, under different numbers on the two sides.
private let buyer = FieldNumber(8)
private let customer = FieldNumber(10)
private let orders = TaskNumber(2)
private let people = SmallMapping.task

/// Orders point to people: in the source by `buyer`, in the target by `customer`.
@Suite("Relations in the fold") struct RelationFoldTests {
  private static let table = TaskTable(
    number: orders, name: "Orders", source: ObjectNumber(3), target: ObjectNumber(4),
    toTarget: [
      .init(field: a, input: a), .init(field: customer, input: buyer, parent: people),
    ],
    toSource: [
      .init(field: a, input: a), .init(field: buyer, input: customer, parent: people),
    ])

  /// People 1 (key 1) and 2 (key 20) in link 1; orders 3 and 4 in link 2 point to them.
  private static func family(agreed: Bool = true) throws -> FoldedJournal {
    var journal = try FoldedJournal([FoldedJournal.people, table])
    try journal.create(1)
    try journal.create(2, in: SmallMapping.target, key: 20)
    try journal.link(source: 1, target: 2)
    try journal.agree(source: [], target: [])
    try journal.create(3, in: table.source, PackedRow([buyer: .integer(1)]))
    try journal.create(4, in: table.target, PackedRow([customer: .integer(20)]))
    try journal.link(2, source: 3, target: 4, task: orders)
    if agreed { try journal.agree(2, source: [buyer], target: [customer]) }
    return journal
  }

  private static func reference(
    to parent: ObjectNumber, _ key: Int64, _ field: FieldNumber, child: UInt64
  ) -> [UInt8] {
    StateKey.reference(
      to: parent, NativeKey(integer: key), task: orders, field: field,
      child: RecordNumber(child))
  }

  private static let bases: [Side: [SlotState.RelationBase]] = [
    .target: [.init(field: customer, link: LinkNumber(1), record: RecordNumber(2))],
    .source: [.init(field: buyer, link: LinkNumber(1), record: RecordNumber(1))],
  ]

  // MARK: References

  @Test func `who points to a record is found by its key, on each side`() throws {
    let journal = try Self.family()
    #expect(
      try journal.keys(.references) == [
        Self.reference(to: SmallMapping.source, 1, buyer, child: 3),
        Self.reference(to: SmallMapping.target, 20, customer, child: 4),
      ])
  }

  @Test func `a reference follows the foreign key`() throws {
    var journal = try Self.family()
    try journal.change(3, PackedRow([buyer: .integer(7)]))
    try journal.change(4, PackedRow([customer: .null]))
    #expect(
      try journal.keys(.references) == [
        Self.reference(to: SmallMapping.source, 7, buyer, child: 3)
      ])
  }

  @Test func `a deleted child points to nobody, a missing one still does`() throws {
    var journal = try Self.family()
    try journal.delete(3)
    try journal.delete(4, isConfirmed: false)
    #expect(
      try journal.keys(.references) == [
        Self.reference(to: SmallMapping.target, 20, customer, child: 4)
      ])
  }

  @Test func `a child may point to a parent that is not known yet`() throws {
    var journal = try FoldedJournal([FoldedJournal.people, Self.table])
    try journal.create(3, in: Self.table.source, PackedRow([buyer: .integer(5)]))
    #expect(
      try journal.keys(.references) == [
        Self.reference(to: SmallMapping.source, 5, buyer, child: 3)
      ])
  }

  @Test func `a relation that leaves the mapping leaves no references`() throws {
    var journal = try Self.family()
    var plain = Self.table
    plain.toTarget.removeAll { $0.parent != .none }
    plain.toSource.removeAll { $0.parent != .none }
    try journal.adopt(2, [FoldedJournal.people, plain])
    #expect(try journal.keys(.references) == [])
    try journal.adopt(3, [FoldedJournal.people, Self.table])
    #expect(
      try journal.keys(.references) == [
        Self.reference(to: SmallMapping.source, 1, buyer, child: 3),
        Self.reference(to: SmallMapping.target, 20, customer, child: 4),
      ])
  }

  // MARK: Failures

  private static let failed = RecordFailed(
    task: orders, side: .target, code: "check", message: "Orders 3 is refused")

  /// The family, whose order failed (as a record of its own where it has no link) in run 1 and is parked.
  private static func failing(isLinked: Bool = true) throws -> FoldedJournal {
    var journal = try family()
    if !isLinked { try journal.append(.unlinked(Unlinked()), link: 2) }
    try journal.append(.recordFailed(failed), record: 3)
    try journal.append(.parked(Parked()), record: 3)
    return journal
  }

  @Test(arguments: [UInt64(1), 2], [true, false])
  func `new content of a parent, on either side, lets its failed children be tried at once`(
    parent: UInt64, isLinked: Bool
  ) throws {
    var journal = try Self.failing(isLinked: isLinked)
    let known = try #require(try journal.failure(of: 3, in: orders))
    try #require(known.isParked && known.retry == RunNumber(2))
    try journal.change(parent, PackedRow([a: .text("new")]))
    var expected = known
    expected.count = 0
    expected.retry = .none
    expected.isParked = false
    #expect(try journal.failure(of: 3, in: orders) == expected)
  }

  @Test func `new content of another parent lets no child be tried sooner`() throws {
    var journal = try Self.failing()
    let known = try journal.failure(of: 3, in: orders)
    try journal.create(5, key: 9)
    try journal.change(5, PackedRow([a: .text("new")]))
    #expect(try journal.failure(of: 3, in: orders) == known)
  }

  @Test func `a parent that comes to the other side lets its failed children be tried at once`()
    throws
  {
    var journal = try Self.failing()
    try journal.delete(2)
    try journal.append(
      .slotVacated(SlotVacated(slot: Slot(.target), reason: .changedElsewhere)), link: 1)
    let known = try #require(try journal.failure(of: 3, in: orders))
    try #require(known.retry == RunNumber(2))
    let command = try journal.issue(.insert, to: .target, origin: 1)
    try journal.confirm(command, record: 5, CommandConfirmed(key: NativeKey(integer: 30)))
    #expect(try journal.failure(of: 3, in: orders)?.retry == RunNumber.none)
  }

  // MARK: Bases

  @Test func `an agreement notes what each foreign key points to`() throws {
    let journal = try Self.family()
    for side in Side.allCases {
      #expect(try journal.link(2)?[side].relations == Self.bases[side])
    }
  }

  @Test func `without an agreement no foreign key has a base`() throws {
    let journal = try Self.family(agreed: false)
    for side in Side.allCases { #expect(try journal.link(2)?[side].relations == []) }
  }

  @Test(arguments: [Value.null, .integer(99)])
  func `a foreign key that leads to no link is agreed as pointing nowhere`(
    value: Value
  ) throws {
    var journal = try Self.family()
    try journal.change(3, PackedRow([buyer: value]))
    try journal.agree(2, source: [buyer], target: [])
    #expect(
      try journal.link(2)?.target.relations == [
        .init(field: customer, link: .none, record: .none)
      ])
  }

  @Test func `a command's foreign key has the base it rested on, in both directions`() throws {
    var journal = try Self.family(agreed: false)
    let command = try journal.append(
      .commandIssued(
        CommandIssued(
          task: orders, slot: Slot(.target), operation: .update, revision: MappingRevision(1),
          row: PackedRow([customer: .integer(20)]))), record: 4, link: 2)
    let base = try #require(Self.bases[.target])
    #expect(try journal.intent(command)?.relations == base)
    #expect(try journal.intent(command)?.inputs == PackedRow([buyer: .integer(1)]))
    try journal.append(
      .commandConfirmed(CommandConfirmed()), record: 4, link: 2, causes: EventCauses(command))
    for side in Side.allCases {
      #expect(try journal.link(2)?[side].relations == Self.bases[side])
    }
  }

  @Test func `a foreign key that an insert left out is due on the side that holds it`() throws {
    var journal = try FoldedJournal([FoldedJournal.people, Self.table])
    try journal.create(3, in: Self.table.source, PackedRow([a: .text("x"), buyer: .integer(1)]))
    let command = try journal.append(
      .commandIssued(
        CommandIssued(
          task: orders, slot: Slot(.target), operation: .insert, revision: MappingRevision(1),
          row: PackedRow([a: .text("x")]), origin: RecordNumber(3))), link: 1)
    try journal.append(
      .commandConfirmed(
        CommandConfirmed(
          key: NativeKey(integer: 40), stored: PackedRow([customer: .null]))),
      record: 4, link: 1, causes: EventCauses(command))
    #expect(try journal.link()?.source.base == PackedRow([buyer: .null]))
    #expect(try journal.link()?.target.base == PackedRow())
    #expect(try journal.link()?.target.relations == [])
    #expect(try journal.keys(.agenda) == [StateKey.agenda(orders, .linked, 1)])
  }

  // MARK: Parents that move

  @Test func `children are due when their parent's slot moves to a new record`() throws {
    var journal = try Self.family()
    let before = try #require(try journal.link(2))
    #expect(before.agenda == nil)
    try journal.create(5, in: SmallMapping.target, key: 21)
    try journal.link(target: 5)
    var expected = before
    // The source's key is what the target's is computed from.
    expected.source.isReported = true
    expected.agenda = .linked
    #expect(try journal.link(2) == expected)
  }

  @Test func `children are due when their parent is inserted again`() throws {
    var journal = try Self.family()
    let before = try #require(try journal.link(2))
    try journal.delete(2)
    try journal.append(
      .slotVacated(SlotVacated(slot: Slot(.target), reason: .changedElsewhere)), link: 1)
    #expect(try journal.link(2) == before)
    let command = try journal.issue(.insert, to: .target)
    try journal.confirm(command, record: 5, .init(key: NativeKey(integer: 21)))
    var expected = before
    expected.source.isReported = true
    expected.agenda = .linked
    #expect(try journal.link(2) == expected)
  }

  @Test func `a base from before a slot moved is forgotten on both sides`() throws {
    var journal = try Self.family()
    try journal.create(6, in: Self.table.target, key: 41)
    try journal.link(2, target: 6, task: orders)
    for side in Side.allCases { #expect(try journal.link(2)?[side].relations == []) }
  }
}
