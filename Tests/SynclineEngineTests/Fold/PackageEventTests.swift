import SynclineModel
import Testing

@testable import SynclineEngine

private let a = SmallMapping.a
private let b = SmallMapping.b
private let source = SmallMapping.source
private let target = SmallMapping.target
private let task = SmallMapping.task

private func range(_ first: Int64, _ last: Int64) -> EntryRange {
  EntryRange(first: first, last: last)
}

@Suite("Events of the package") struct PackageEventTests {
  /// The state after the first mapping.
  private static var adopted: PackageState {
    var package = PackageState()
    package.lastTask = task
    package.revision = MappingRevision(1)
    package.tasks = [task]
    return package
  }

  private static func tracking(
    _ generation: UInt32, _ objects: [ObjectNumber] = [source], side: Side = .source
  ) -> EventBody {
    .trackingCreated(
      TrackingCreated(
        side: side, generation: TrackingGeneration(generation), identity: SystemIdentity("db"),
        objects: objects))
  }

  private static func advanced(
    _ generation: UInt32, _ ranges: [EntryRange] = [], fullyRead: [ObjectNumber] = []
  ) -> EventBody {
    .cursorAdvanced(
      CursorAdvanced(
        side: .source, generation: TrackingGeneration(generation), ranges: ranges,
        fullyRead: fullyRead))
  }

  // MARK: Runs

  @Test func `an open run is running, and the newest`() throws {
    var journal = try FoldedJournal()
    journal.run = RunNumber(3)
    try journal.append(.runOpened(RunOpened(program: "1.0", allowances: ["deletes=9"])))
    var package = Self.adopted
    package.lastRun = RunNumber(3)
    #expect(try journal.package == package)
    #expect(
      try journal.state.run(RunNumber(3))
        == RunSummary(
          opened: Timestamp(microseconds: 2), closed: nil, state: .running, tally: RunTally(),
          reason: ""))
  }

  @Test func `a closed run keeps its tally, and the owner rows it renewed`() throws {
    var journal = try FoldedJournal()
    try journal.append(.runOpened(RunOpened(program: "1.0", allowances: [])))
    var tally = RunTally()
    tally.target.inserts = 4
    tally.held = 1
    try journal.append(
      .runClosed(
        RunClosed(
          state: .failed, tally: tally, sourceOwner: EventSequence(2), reason: "no disk")))
    var package = Self.adopted
    package.lastRun = RunNumber(1)
    package.source.owner = EventSequence(2)
    #expect(try journal.package == package)
    #expect(
      try journal.state.run(RunNumber(1))
        == RunSummary(
          opened: Timestamp(microseconds: 2), closed: Timestamp(microseconds: 3), state: .failed,
          tally: tally, reason: "no disk"))
  }

  @Test(arguments: [true, false])
  func `only a run that read everything and was not limited ends the epoch`(
    endsEpoch: Bool
  ) throws {
    var journal = try FoldedJournal()
    try journal.append(.parameterReset(ParameterReset(parameter: .lastSyncTime)))
    try journal.append(.runOpened(RunOpened(program: "1.0", allowances: [])))
    try journal.append(
      .runClosed(RunClosed(state: .succeeded, tally: RunTally(), endsEpoch: endsEpoch)))
    #expect(try journal.package.isInEpoch == !endsEpoch)
  }

  // MARK: Parameters

  @Test func `a reset of LastSyncTime begins an epoch in which everything is read`() throws {
    var journal = try FoldedJournal()
    try journal.append(Self.tracking(1))
    try journal.append(
      .cursorAdvanced(
        CursorAdvanced(
          side: .source, generation: TrackingGeneration(1), ranges: [range(1, 5)],
          fullyRead: [source], tasks: [task], lastSyncTime: Timestamp(microseconds: 90))))
    try journal.append(.parameterReset(ParameterReset(parameter: .lastSyncTime)))
    var package = Self.adopted
    package.isInEpoch = true
    package.source.initTracking = false
    package.source.identity = SystemIdentity("db")
    package.source.generation = TrackingGeneration(1)
    package.source.tracked = [source]
    package.source.covered = [range(1, 5)]
    #expect(try journal.package == package)
  }

  @Test func `a reset of LastSyncTime leaves links and records as they are`() throws {
    var journal = try FoldedJournal()
    try journal.pair(PackedRow([a: .text("x")]))
    let (link, record) = (try journal.link(), try journal.record(1))
    try journal.append(.parameterReset(ParameterReset(parameter: .lastSyncTime)))
    #expect(try journal.link() == link)
    #expect(try journal.record(1) == record)
  }

  @Test func `InitTrackingObjects is set until both sides' objects were made, and by its reset`()
    throws
  {
    var journal = try FoldedJournal()
    #expect(try journal.package.initTrackingObjects)
    try journal.append(Self.tracking(1))
    #expect(try journal.package.initTrackingObjects)
    #expect(try !journal.package.source.initTracking)
    try journal.append(Self.tracking(1, side: .target))
    #expect(try !journal.package.initTrackingObjects)
    let before = try journal.package
    try journal.append(.parameterReset(ParameterReset(parameter: .initTrackingObjects)))
    var expected = before
    expected.initTrackingObjects = true
    #expect(try journal.package == expected)
  }

  // MARK: Tracking

  @Test func `objects of the same generation join those that are tracked`() throws {
    var journal = try FoldedJournal()
    try journal.append(Self.tracking(1, [ObjectNumber(3)]))
    try journal.append(Self.advanced(1, [range(1, 5)]))
    try journal.append(Self.tracking(1, [source]))
    var expected = SideState()
    expected.identity = SystemIdentity("db")
    expected.generation = TrackingGeneration(1)
    expected.initTracking = false
    expected.tracked = [source, ObjectNumber(3)]
    expected.covered = [range(1, 5)]
    #expect(try journal.package.source == expected)
    #expect(try journal.package.target == SideState())
  }

  @Test func `a new generation starts a new count of entries`() throws {
    var journal = try FoldedJournal()
    try journal.append(Self.tracking(1, [source, ObjectNumber(3)]))
    try journal.append(Self.advanced(1, [range(1, 5)]))
    try journal.append(Self.tracking(2, [source]))
    var expected = SideState()
    expected.identity = SystemIdentity("db")
    expected.generation = TrackingGeneration(2)
    expected.initTracking = false
    expected.tracked = [source]
    #expect(try journal.package.source == expected)
  }

  @Test(arguments: [
    ([range(1, 5), range(6, 9)], [range(1, 9)]),
    ([range(6, 9), range(1, 4)], [range(1, 4), range(6, 9)]),
    ([range(1, 4), range(6, 9), range(5, 5)], [range(1, 9)]),
    ([range(1, 9), range(3, 4)], [range(1, 9)]),
    ([range(2, 6), range(1, 4)], [range(1, 6)]),
    ([range(1, .max), range(4, 9)], [range(1, .max)]),
  ])
  func `covered entries are the union of what was read`(
    read: [EntryRange], covered: [EntryRange]
  ) throws {
    var journal = try FoldedJournal()
    try journal.append(Self.tracking(1))
    for range in read { try journal.append(Self.advanced(1, [range])) }
    #expect(try journal.package.source.covered == covered)
  }

  @Test(arguments: [
    ([range(1, 9)], []),
    ([range(1, 4)], [range(5, 9)]),
    ([range(7, 20)], [range(1, 6)]),
    ([range(4, 5)], [range(1, 3), range(6, 9)]),
    ([range(1, 1), range(9, 9)], [range(2, 8)]),
    ([range(10, 12)], [range(1, 9)]),
  ])
  func `entries that the side deleted are covered no more`(
    gone: [EntryRange], covered: [EntryRange]
  ) throws {
    var journal = try FoldedJournal()
    try journal.append(Self.tracking(1))
    try journal.append(Self.advanced(1, [range(1, 9)]))
    try journal.append(
      .entriesForgotten(
        EntriesForgotten(
          side: .source, generation: TrackingGeneration(1), ranges: gone,
          owner: EventSequence(3))))
    #expect(try journal.package.source.covered == covered)
    #expect(try journal.package.source.owner == EventSequence(3))
  }

  @Test func `entries of an earlier generation say nothing about those of this one`() throws {
    var journal = try FoldedJournal()
    try journal.append(Self.tracking(1))
    try journal.append(Self.tracking(2))
    try journal.append(Self.advanced(2, [range(1, 9)]))
    try journal.append(Self.advanced(1, [range(20, 30)]))
    try journal.append(
      .entriesForgotten(
        EntriesForgotten(
          side: .source, generation: TrackingGeneration(1), ranges: [range(1, 9)],
          owner: .none)))
    #expect(try journal.package.source.covered == [range(1, 9)])
  }

  // MARK: Cursors and objects

  @Test func `a cursor tells what was read in full and when a task was last synced`() throws {
    var journal = try FoldedJournal()
    for (time, tasks) in [(Int64(50), [UInt16(2), 1]), (90, [1])] {
      try journal.append(
        .cursorAdvanced(
          CursorAdvanced(
            side: .target, generation: .none, fullyRead: [target],
            tasks: tasks.map { TaskNumber($0) }, lastSyncTime: Timestamp(microseconds: time))))
    }
    var expected = SideState()
    expected.fullyRead = [target]
    expected.lastSync = [
      .init(task: task, time: Timestamp(microseconds: 90)),
      .init(task: TaskNumber(2), time: Timestamp(microseconds: 50)),
    ]
    #expect(try journal.package.target == expected)
    #expect(try journal.package.source == SideState())
  }

  private static func object(captured: [FieldNumber], name: ObjectName = "people")
    -> ObjectObserved
  {
    ObjectObserved(
      object: source, side: .source, name: name, key: FieldNumber(1),
      fields: [a, b].map {
        .init(
          number: $0, schema: FieldSchema(name: FieldName("f\($0)"), type: FieldType(.text)),
          isCaptured: captured.contains($0))
      }, foreignKeys: [])
  }

  @Test func `an observed object is known by its number, as it looked last`() throws {
    var journal = try FoldedJournal()
    try journal.append(.objectObserved(Self.object(captured: [a])))
    try journal.append(.objectObserved(Self.object(captured: [a], name: "persons")))
    #expect(try journal.state.objects() == [Self.object(captured: [a], name: "persons")])
    var package = Self.adopted
    package.lastObject = source
    #expect(try journal.package == package)
  }

  @Test(arguments: [([a, b], false), ([a], true), ([b], false), ([], true)])
  func `only an object of which more is captured must be read in full again`(
    captured: [FieldNumber], isFullyRead: Bool
  ) throws {
    var journal = try FoldedJournal()
    try journal.append(.objectObserved(Self.object(captured: [a])))
    try journal.append(Self.advanced(0, fullyRead: [source]))
    try journal.append(.objectObserved(Self.object(captured: captured)))
    #expect(try journal.package.source.fullyRead == (isFullyRead ? [source] : []))
  }
}
