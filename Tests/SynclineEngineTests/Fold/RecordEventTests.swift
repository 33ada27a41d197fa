import SynclineModel
import Testing

@testable import SynclineEngine

private let a = SmallMapping.a
private let b = SmallMapping.b
private let source = SmallMapping.source
private let target = SmallMapping.target
private let task = SmallMapping.task

@Suite("Events of a record") struct RecordEventTests {
  /// Record 1 under key 1 with this content, observed and named last by `event`.
  static func known(
    _ row: PackedRow, at event: UInt64, presence: RecordState.Presence = .there,
    link: UInt64? = nil
  ) -> RecordState {
    RecordState(
      object: source, key: NativeKey(integer: 1), presence: presence, row: row, stamp: Stamp(),
      observed: EventSequence(event), lastEvent: EventSequence(event),
      memberships: link.map { [.init(task: task, link: LinkNumber($0))] } ?? [])
  }

  @Test func `a record seen for the first time is there, under its key, and counted`() throws {
    var journal = try FoldedJournal()
    let stamp = Stamp(time: Timestamp(microseconds: 7), author: "ann")
    let row = PackedRow([a: .text("x")])
    try journal.append(
      .recordCreated(
        RecordCreated(object: source, key: NativeKey(integer: 5), row: row, stamp: stamp)),
      record: 1)
    #expect(
      try journal.record(1)
        == RecordState(
          object: source, key: NativeKey(integer: 5), presence: .there, row: row, stamp: stamp,
          observed: EventSequence(2), lastEvent: EventSequence(2), memberships: []))
    #expect(
      try journal.state.recordNumber(source, NativeKey(integer: 5)) == RecordNumber(1))
    var package = PackageState()
    package.lastRecord = RecordNumber(1)
    package.lastTask = task
    package.revision = MappingRevision(1)
    package.tasks = [task]
    package.records = [.init(number: source, count: 1)]
    #expect(try journal.package == package)
  }

  @Test(arguments: [(source, AgendaClass.newSource), (target, .newTarget)])
  func `a new record is to be decided by the task that maps its object`(
    object: ObjectNumber, part: AgendaClass
  ) throws {
    var journal = try FoldedJournal()
    try journal.create(1, in: object)
    #expect(try journal.keys(.agenda) == [StateKey.agenda(task, part, 1)])
  }

  @Test func `a record of an object that no task maps is to be decided by nobody`() throws {
    var journal = try FoldedJournal()
    try journal.create(1, in: ObjectNumber(9))
    #expect(try journal.keys(.agenda) == [])
  }

  @Test func `a change replaces the fields it names and the stamp`() throws {
    var journal = try FoldedJournal()
    try journal.create(1, PackedRow([a: .text("x"), b: .text("y")]))
    let stamp = Stamp(time: nil, author: "bob")
    try journal.append(
      .recordChanged(RecordChanged(row: PackedRow([b: .null]), stamp: stamp)), record: 1)
    var expected = Self.known(PackedRow([a: .text("x"), b: .null]), at: 3)
    expected.stamp = stamp
    #expect(try journal.record(1) == expected)
  }

  @Test func `a touch changes nothing where the link stands under the mapping in force`() throws {
    var journal = try FoldedJournal()
    let row = PackedRow([a: .text("x")])
    try journal.pair(row)
    let link = try journal.link()
    try journal.append(.recordTouched(RecordTouched()), record: 1)
    #expect(try journal.link() == link)
    var expected = Self.known(row, at: 2, link: 1)
    expected.lastEvent = EventSequence(6)
    #expect(try journal.record(1) == expected)
    #expect(try journal.keys(.agenda) == [])
  }

  @Test(arguments: Side.allCases)
  func `a touch makes a link due that stands under an older mapping`(side: Side) throws {
    var journal = try FoldedJournal()
    try journal.pair(PackedRow([a: .text("x")]))
    try journal.adopt(2, [FoldedJournal.people])
    var link = try #require(try journal.link())
    #expect(link.agenda == nil)
    try journal.append(.recordTouched(RecordTouched()), record: side == .source ? 1 : 2)
    link[side].isReported = true
    link.agenda = .linked
    #expect(try journal.link() == link)
    #expect(try journal.keys(.agenda) == [StateKey.agenda(task, .linked, 1)])
  }

  @Test func `a deleted record that no link holds leaves nothing but its number`() throws {
    var journal = try FoldedJournal()
    try journal.create(1, PackedRow([a: .text("x")]))
    try journal.delete(1)
    #expect(try journal.record(1) == Self.known(PackedRow(), at: 3, presence: .deleted))
    for tree in [StateTree.keys, .agenda, .missing, .references, .candidates] {
      #expect(try journal.keys(tree) == [])
    }
    #expect(try journal.package.records == [])
  }

  @Test func `a deleted record keeps its content while a link holds it`() throws {
    var journal = try FoldedJournal()
    let row = PackedRow([a: .text("x")])
    try journal.pair(row)
    try journal.delete(1)
    #expect(
      try journal.record(1) == Self.known(row, at: 6, presence: .deleted, link: 1))
    #expect(try journal.keys(.agenda) == [StateKey.agenda(task, .gone, 1)])
    #expect(try journal.state.recordNumber(source, NativeKey(integer: 1)) == nil)
    #expect(try journal.package.records == [.init(number: target, count: 1)])
  }

  @Test func `an absence that nobody confirms is missing, keeps its key and is listed`() throws {
    var journal = try FoldedJournal()
    let row = PackedRow([a: .text("x")])
    try journal.pair(row)
    try journal.delete(1, isConfirmed: false)
    #expect(
      try journal.record(1) == Self.known(row, at: 6, presence: .missing, link: 1))
    #expect(try journal.state.missing(source) == [RecordNumber(1)])
    #expect(
      try journal.state.recordNumber(source, NativeKey(integer: 1)) == RecordNumber(1))
    #expect(try journal.keys(.agenda) == [StateKey.agenda(task, .gone, 1)])
    #expect(try journal.package.records == [.init(number: target, count: 1)])
  }

  @Test func `a missing record that is seen again is there as before`() throws {
    var journal = try FoldedJournal()
    let row = PackedRow([a: .text("x")])
    try journal.create(1, row)
    try journal.delete(1, isConfirmed: false)
    #expect(try journal.keys(.agenda) == [])
    try journal.change(1, PackedRow())
    #expect(try journal.record(1) == Self.known(row, at: 4))
    #expect(try journal.keys(.missing) == [])
    #expect(try journal.keys(.agenda) == [StateKey.agenda(task, .newSource, 1)])
    #expect(try journal.package.records == [.init(number: source, count: 1)])
  }

  @Test func `a missing record whose deletion is confirmed is deleted`() throws {
    var journal = try FoldedJournal()
    try journal.create(1, PackedRow([a: .text("x")]))
    try journal.delete(1, isConfirmed: false)
    try journal.delete(1)
    #expect(try journal.record(1) == Self.known(PackedRow(), at: 4, presence: .deleted))
    #expect(try journal.keys(.missing) == [])
    #expect(try journal.keys(.keys) == [])
  }

  @Test func `a deleted record that is reported again stays deleted`() throws {
    var journal = try FoldedJournal()
    try journal.create(1)
    try journal.delete(1)
    try journal.delete(1, isConfirmed: false)
    var expected = Self.known(PackedRow(), at: 3, presence: .deleted)
    expected.lastEvent = EventSequence(4)
    #expect(try journal.record(1) == expected)
    #expect(try journal.keys(.missing) == [])
  }

  @Test func `a key that is used again after a deletion names a new record`() throws {
    var journal = try FoldedJournal()
    try journal.create(1)
    try journal.delete(1)
    try journal.create(2, key: 1)
    #expect(
      try journal.state.recordNumber(source, NativeKey(integer: 1)) == RecordNumber(2))
    #expect(try journal.record(1) == Self.known(PackedRow(), at: 3, presence: .deleted))
    #expect(try journal.record(2) == Self.known(PackedRow(), at: 4))
  }

  @Test func `a rekeyed record is the same record under another key`() throws {
    var journal = try FoldedJournal()
    let row = PackedRow([a: .text("x")])
    try journal.pair(row)
    try journal.append(.recordRekeyed(RecordRekeyed(key: NativeKey(integer: 8))), record: 1)
    var expected = Self.known(row, at: 6, link: 1)
    expected.key = NativeKey(integer: 8)
    #expect(try journal.record(1) == expected)
    #expect(try journal.state.recordNumber(source, NativeKey(integer: 1)) == nil)
    #expect(
      try journal.state.recordNumber(source, NativeKey(integer: 8)) == RecordNumber(1))
    #expect(try journal.keys(.agenda) == [])
  }

  @Test func `a missing record that is found under another key is there`() throws {
    var journal = try FoldedJournal()
    try journal.create(1)
    try journal.delete(1, isConfirmed: false)
    try journal.append(.recordRekeyed(RecordRekeyed(key: NativeKey(integer: 8))), record: 1)
    var expected = Self.known(PackedRow(), at: 4)
    expected.key = NativeKey(integer: 8)
    #expect(try journal.record(1) == expected)
    #expect(try journal.keys(.missing) == [])
    #expect(try journal.keys(.keys) == [StateKey.key(source, NativeKey(integer: 8))])
    #expect(try journal.package.records == [.init(number: source, count: 1)])
  }

  @Test func `records that swap their keys are found under the new ones`() throws {
    var journal = try FoldedJournal()
    try journal.create(1)
    try journal.create(2)
    try journal.append(.recordRekeyed(RecordRekeyed(key: NativeKey(integer: 2))), record: 1)
    try journal.append(.recordRekeyed(RecordRekeyed(key: NativeKey(integer: 1))), record: 2)
    #expect(
      try journal.state.recordNumber(source, NativeKey(integer: 2)) == RecordNumber(1))
    #expect(
      try journal.state.recordNumber(source, NativeKey(integer: 1)) == RecordNumber(2))
  }

  @Test func `the end of a missing record leaves its key to the record that has it now`() throws {
    var journal = try FoldedJournal()
    try journal.create(1)
    try journal.delete(1, isConfirmed: false)
    try journal.create(2, key: 1)
    try journal.append(
      .overrideRequested(OverrideRequested(kind: .missingConfirmed)), record: 1)
    #expect(
      try journal.state.recordNumber(source, NativeKey(integer: 1)) == RecordNumber(2))
  }

  @Test func `an event points to the one before it of its record and of its link`() throws {
    var journal = try FoldedJournal()
    try journal.pair(PackedRow([a: .text("x")]))
    let change = try journal.change(1, PackedRow([a: .text("y")]))
    let command = try journal.issue(.update, to: .target, PackedRow([a: .text("y")]), record: 2)
    try journal.confirm(command, record: 2)
    #expect(
      journal.pointers == [
        [0, 0], [0, 0], [0, 0], [0, 0], [0, 4], [2, 0], [3, 5], [command.rawValue, 7],
      ])
    #expect(change == EventSequence(6))
  }

  @Test func `a missing record that a person confirms as deleted is deleted`() throws {
    var journal = try FoldedJournal()
    let row = PackedRow([a: .text("x")])
    try journal.pair(row)
    try journal.delete(1, isConfirmed: false)
    try journal.append(
      .overrideRequested(OverrideRequested(kind: .missingConfirmed)), record: 1)
    #expect(
      try journal.record(1) == Self.known(row, at: 7, presence: .deleted, link: 1))
    #expect(try journal.keys(.missing) == [])
    #expect(try journal.keys(.agenda) == [StateKey.agenda(task, .gone, 1)])
  }

  @Test func `a missing record that a person wants kept leaves a vacant slot`() throws {
    var journal = try FoldedJournal()
    try journal.pair(PackedRow([a: .text("x")]))
    try journal.delete(1, isConfirmed: false)
    try journal.append(.overrideRequested(OverrideRequested(kind: .missingKept)), record: 1)
    #expect(try journal.record(1) == Self.known(PackedRow(), at: 7, presence: .deleted))
    var link = LinkState(task: task)
    link.source.isVacant = true
    link.source.former = RecordNumber(1)
    link.target.record = RecordNumber(2)
    link.target.revision = MappingRevision(1)
    link.lastEvent = EventSequence(5)
    link.agenda = .single
    #expect(try journal.link() == link)
    #expect(try journal.keys(.agenda) == [StateKey.agenda(task, .single, 1)])
  }

  @Test(arguments: [OverrideRequested.Kind.missingConfirmed, .missingKept])
  func `a person's word about a record that is there does nothing`(
    kind: OverrideRequested.Kind
  ) throws {
    var journal = try FoldedJournal()
    try journal.create(1)
    try journal.append(.overrideRequested(OverrideRequested(kind: kind)), record: 1)
    var expected = Self.known(PackedRow(), at: 2)
    expected.lastEvent = EventSequence(3)
    #expect(try journal.record(1) == expected)
  }
}
