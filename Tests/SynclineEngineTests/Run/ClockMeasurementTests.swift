import SynclineMapping
import SynclineModel
import SynclineTesting
import Testing

@testable import SynclineEngine

/// How the systems' clocks stand to the run's is measured when both sides are inspected.
@Suite("Clocks measured at opening") struct ClockMeasurementTests {
  private static let schema = ObjectSchema(
    name: "People", key: "id",
    fields: [
      FieldSchema(name: "id", type: FieldType(.integer), isNullable: false),
      FieldSchema(name: "name", type: FieldType(.text)),
    ])

  private static let settings: RunSettings = {
    let people = ObjectDefinition(object: "People")
    let limits = SideLimits(batch: 10, page: 10, tracksByTriggers: true, reportsTime: true)
    return RunSettings(
      definition: PackageDefinition(
        source: SideDefinition(connection: "left"), target: SideDefinition(connection: "right"),
        connections: [:],
        tasks: [
          TaskDefinition(
            name: "People", source: people, target: people,
            columns: [ColumnDefinition(source: "name", target: "name")])
        ]),
      journal: JournalID(bytes: [UInt8](repeating: 7, count: 16)), program: "test",
      source: limits, target: limits)
  }()

  private static func inspection(now: Int64?) -> Inspection {
    Inspection(
      identity: nil, objects: ["People": schema], tracking: ["People": .missing],
      now: now.map { Timestamp(microseconds: $0) })
  }

  /// What the run that begins at 1,000 journals first, when each answer comes so much later.
  private static func opened(
    source: (now: Int64?, after: Int64), target: (now: Int64?, after: Int64)
  ) throws -> EventBody? {
    let begin: Int64 = 1000
    var machine = RunMachine(settings: settings, now: Timestamp(microseconds: begin))
    let state = MemoryTrees()
    var actions = try machine.handle(
      .started, state: state, head: .empty, now: Timestamp(microseconds: begin))
    for (side, answer) in [(Side.source, source), (.target, target)] {
      actions = try machine.handle(
        .inspected(side, inspection(now: answer.now)), state: state, head: .empty,
        now: Timestamp(microseconds: begin + answer.after))
    }
    guard case .append(let drafts)? = actions.first else { return nil }
    return drafts.first?.body
  }

  private static func opening(_ clocks: ClockOffsets) -> EventBody {
    .runOpened(RunOpened(program: "test", allowances: [], clocks: clocks))
  }

  @Test func `both offsets stand in the run's first event, with the time that both answers took`()
    throws
  {
    let first = try Self.opened(source: (now: 5_010, after: 10), target: (now: 530, after: 30))
    #expect(first == Self.opening(ClockOffsets(source: 4_000, target: -500, error: 40)))
  }

  @Test func `a system without a clock of its own has no offset and makes no error`() throws {
    let first = try Self.opened(source: (now: nil, after: 10), target: (now: 2_030, after: 30))
    #expect(first == Self.opening(ClockOffsets(source: 0, target: 1_000, error: 30)))
  }
}
