import SynclineEngine
import SynclineMapping
import SynclineModel
import SynclineRun
import SynclineTesting
import Testing

/// Rule `newest` between systems whose clocks differ: an edit that is later by the stamps may be earlier.
@Suite struct `Clocks of the systems` {
  private static let people: ObjectName = "People"
  private let source = MemorySystem([SystemObject(Self.schema)], identity: SystemIdentity("left"))
  private let target = MemorySystem([SystemObject(Self.schema)], identity: SystemIdentity("right"))
  private let log = MemoryLog()

  private static let schema = ObjectSchema(
    name: people, key: "id",
    fields: [
      FieldSchema(name: "id", type: FieldType(.integer), isNullable: false),
      FieldSchema(name: "name", type: FieldType(.text)),
    ])

  /// The run's clock shows what the source's shows.
  private func run() async throws -> RunResult {
    let people = ObjectDefinition(object: Self.people)
    var definition = PackageDefinition(
      source: SideDefinition(connection: "left"), target: SideDefinition(connection: "right"),
      connections: [:],
      tasks: [
        TaskDefinition(
          name: "People", source: people, target: people,
          columns: [ColumnDefinition(source: "name", target: "name")])
      ])
    definition.conflicts = .newest
    let limits = SideLimits(batch: 10, page: 10, tracksByTriggers: true, reportsTime: true)
    let settings = RunSettings(
      definition: definition, journal: JournalID(bytes: [UInt8](repeating: 7, count: 16)),
      program: "test", source: limits, target: limits)
    let now = source.now
    let shell = RunShell(
      settings: settings, log: log, source: MemoryConnector(source),
      target: MemoryConnector(target), clock: { now })
    return try await shell.run()
  }

  private func names(_ system: MemorySystem) -> [Value] {
    system.rows(of: Self.people).values.compactMap { $0["name"] }
  }

  /// The offsets that each run journaled.
  private var offsets: [Int64] {
    log.journal.events.compactMap {
      guard case .runOpened(let opened) = $0.body else { return nil }
      return opened.clocks.target / 1_000_000
    }
  }

  @Test(arguments: [true, false])
  func `the edit that was made later wins, whatever the clocks show`(
    isTargetFast: Bool
  ) async throws {
    let hour: Int64 = 3_600_000_000
    let key = try source.insert(into: Self.people, ["name": .text("Ada")])
    try #require(await run().tally.target.inserts == 1)
    let other = try #require(target.rows(of: Self.people).keys.first)
    (isTargetFast ? target : source).advance(microseconds: hour)

    // The side whose clock is behind edits a minute later.
    let first = isTargetFast ? target : source
    let second = isTargetFast ? source : target
    try first.update(Self.people, isTargetFast ? other : key, ["name": .text("early")])
    for system in [source, target] { system.advance(microseconds: hour / 60) }
    try second.update(Self.people, isTargetFast ? key : other, ["name": .text("late")])
    for system in [source, target] { system.advance(microseconds: hour / 60) }

    let result = try await run()
    #expect(result.tally.conflicts == 1)
    #expect(names(source) == [.text("late")])
    #expect(names(target) == [.text("late")])
    #expect(offsets == [0, isTargetFast ? 3_600 : -3_600])
  }
}
