import SynclineModel
import Testing

@testable import SynclineEngine

private let a = SmallMapping.a
private let b = SmallMapping.b
private let source = SmallMapping.source
private let target = SmallMapping.target
private let task = SmallMapping.task

@Suite("Mappings that come into force") struct MappingEventTests {
  private static let people = FoldedJournal.people
  /// A second task over the same objects.
  private static let staff = TaskTable(
    number: TaskNumber(2), name: "Staff", source: source, target: target,
    toTarget: [.init(field: a, input: a)], toSource: [.init(field: a, input: a)])
  /// `people`, finding partners by `a`.
  private static var matching: TaskTable {
    var table = people
    table.matchSource = [a]
    table.matchTarget = [a]
    return table
  }

  private static func agenda(
    _ entries: [(TaskNumber, AgendaClass, UInt64)]
  ) -> [[UInt8]] {
    entries.map { StateKey.agenda($0.0, $0.1, $0.2) }
  }

  private static func candidate(_ side: Side, _ text: String, _ record: UInt64) throws -> [UInt8] {
    let key = try #require(LooseKey([.text(Text(text))]))
    return StateKey.candidate(task, side, key, RecordNumber(record))
  }

  @Test func `a mapping is kept whole and its tables by task`() throws {
    var journal = try FoldedJournal()
    let table = MappingTable(tasks: [Self.people, Self.staff])
    let mapping = MappingAdopted(
      revision: MappingRevision(2), evaluator: 3, text: "text", compiled: [1, 2], table: table)
    try journal.append(.mappingAdopted(mapping))
    #expect(try journal.state.mapping(MappingRevision(2)) == mapping)
    #expect(try journal.state.taskTable(task) == Self.people)
    #expect(try journal.state.taskTable(TaskNumber(2)) == Self.staff)
    #expect(try journal.state.taskNumbers() == ["People": task, "Staff": TaskNumber(2)])
    var package = PackageState()
    package.lastTask = TaskNumber(2)
    package.revision = MappingRevision(2)
    package.tasks = [task, TaskNumber(2)]
    #expect(try journal.package == package)
  }

  @Test func `a new mapping moves no link and makes none due`() throws {
    var journal = try FoldedJournal()
    try journal.pair(PackedRow([a: .text("x")]))
    try journal.adopt(2, [Self.people])
    #expect(try journal.link() == LinkEventTests.known(at: 5, revision: 1))
    #expect(try journal.keys(.agenda) == [])
  }

  // MARK: Tasks that come and go

  @Test func `records that are known are new to a task that comes`() throws {
    var journal = try FoldedJournal()
    try journal.pair(PackedRow([a: .text("x")]))
    try journal.create(3)
    try journal.create(4)
    try journal.delete(4)
    try journal.create(5, in: target)
    try journal.delete(5, isConfirmed: false)
    try journal.adopt(2, [Self.people, Self.staff])
    let second = TaskNumber(2)
    #expect(
      try journal.keys(.agenda)
        == Self.agenda([
          (task, .newSource, 3), (second, .newSource, 1), (second, .newSource, 3),
          (second, .newTarget, 2),
        ]))
  }

  @Test func `a record is linked in each task by itself`() throws {
    var journal = try FoldedJournal([Self.people, Self.staff])
    try journal.create(1)
    try journal.link(2, source: 1, task: TaskNumber(2))
    try journal.link(1, source: 1)
    #expect(
      try journal.record(1)?.memberships == [
        .init(task: task, link: LinkNumber(1)), .init(task: TaskNumber(2), link: LinkNumber(2)),
      ])
    #expect(
      try journal.keys(.agenda)
        == Self.agenda([(task, .single, 1), (TaskNumber(2), .single, 2)]))
    #expect(
      try journal.package.links == [
        .init(number: task, count: 1), .init(number: TaskNumber(2), count: 1),
      ])
  }

  @Test func `the links of a task that goes go on learning what their records hold`() throws {
    var journal = try FoldedJournal([Self.people, Self.staff])
    try journal.pair(PackedRow([a: .text("x"), b: .text("x")]))
    try journal.adopt(2, [Self.staff])
    try journal.change(1, PackedRow([a: .text("y")]))
    #expect(try journal.link()?.source.base == PackedRow([a: .text("x")]))
    #expect(try journal.package.tasks == [TaskNumber(2)])
    #expect(try journal.package.lastTask == TaskNumber(2))
    #expect(try journal.package.links == [.init(number: task, count: 1)])
  }

  @Test func `a task that comes back finds what is new to it, and no more`() throws {
    var journal = try FoldedJournal([Self.people, Self.staff])
    try journal.create(1)
    try journal.create(2)
    try journal.adopt(2, [Self.staff])
    try journal.delete(1)
    try journal.create(3)
    try journal.adopt(3, [Self.people, Self.staff])
    #expect(
      try journal.keys(.agenda)
        == Self.agenda([
          (task, .newSource, 2), (task, .newSource, 3), (TaskNumber(2), .newSource, 2),
          (TaskNumber(2), .newSource, 3),
        ]))
    #expect(try journal.package.lastTask == TaskNumber(2))
  }

  @Test func `an object that no task maps any more must be read in full to come back`() throws {
    var journal = try FoldedJournal()
    for side in Side.allCases {
      try journal.append(
        .cursorAdvanced(
          CursorAdvanced(
            side: side, generation: .none, fullyRead: [side == .source ? source : target])))
    }
    var other = Self.staff
    other.source = ObjectNumber(3)
    try journal.adopt(2, [other])
    #expect(try journal.package.source.fullyRead == [])
    #expect(try journal.package.target.fullyRead == [target])
  }

  @Test func `what one task inserts is new to another task over the same object`() throws {
    var journal = try FoldedJournal([Self.people, Self.staff])
    let row = PackedRow([a: .text("x"), b: .text("x")])
    try journal.create(1, row)
    let command = try journal.issue(.insert, to: .target, row, origin: 1)
    try journal.confirm(command, record: 2, .init(key: NativeKey(integer: 2)))
    #expect(
      try journal.keys(.agenda)
        == Self.agenda([
          (TaskNumber(2), .newSource, 1), (TaskNumber(2), .newTarget, 2),
        ]))
  }

  @Test func `a task that turns to another object forgets what was new in the old one`() throws {
    var moved = Self.matching
    moved.source = ObjectNumber(3)
    var journal = try FoldedJournal([Self.matching, Self.staff])
    try journal.create(1, PackedRow([a: .text("Ann")]))
    try journal.create(2, in: ObjectNumber(3), PackedRow([a: .text("Eve")]))
    try journal.adopt(2, [moved, Self.staff])
    #expect(
      try journal.keys(.agenda)
        == Self.agenda([(task, .newSource, 2), (TaskNumber(2), .newSource, 1)]))
    #expect(try journal.keys(.candidates) == [Self.candidate(.source, "eve", 2)])
  }

  // MARK: Candidates

  @Test func `a match rule finds records of each side by their content`() throws {
    var journal = try FoldedJournal([Self.matching])
    try journal.create(1, PackedRow([a: .text("Ann")]))
    try journal.create(2, in: target, PackedRow([a: .text("Bob")]))
    #expect(
      try journal.keys(.candidates) == [
        Self.candidate(.source, "ann", 1), Self.candidate(.target, "bob", 2),
      ])
    try journal.change(1, PackedRow([a: .text("Eve")]))
    try journal.delete(2)
    #expect(try journal.keys(.candidates) == [Self.candidate(.source, "eve", 1)])
  }

  @Test func `a null, or a field that was not read, matches nothing`() throws {
    var journal = try FoldedJournal([Self.matching])
    try journal.create(1, PackedRow([a: .null]))
    try journal.create(2, in: target, PackedRow([b: .text("x")]))
    #expect(try journal.keys(.candidates) == [])
  }

  @Test func `a match rule that comes finds the records that are known`() throws {
    var journal = try FoldedJournal()
    try journal.create(1, PackedRow([a: .text("Ann")]))
    #expect(try journal.keys(.candidates) == [])
    try journal.adopt(2, [Self.matching])
    #expect(try journal.keys(.candidates) == [Self.candidate(.source, "ann", 1)])
    try journal.adopt(3, [Self.people])
    #expect(try journal.keys(.candidates) == [])
  }

  @Test func `a match rule comes back with its task, as the records are then`() throws {
    var journal = try FoldedJournal([Self.matching, Self.staff])
    try journal.create(1, PackedRow([a: .text("Ann")]))
    try journal.adopt(2, [Self.staff])
    try journal.change(1, PackedRow([a: .text("Eve")]))
    try journal.adopt(3, [Self.matching, Self.staff])
    #expect(try journal.keys(.candidates) == [Self.candidate(.source, "eve", 1)])
  }
}
