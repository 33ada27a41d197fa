import SynclineMapping
import SynclineModel
import SynclineTesting
import Testing

@testable import SynclineEngine

/// Our own row against the journal: sequence and seal.
@Suite struct `The owner row` {
  private static let journal = JournalID(bytes: [UInt8](repeating: 7, count: 16))
  private static let ours = [UInt8](repeating: 1, count: 32)
  private static let others = [UInt8](repeating: 2, count: 32)

  /// The refusals where the row of the source stands at `row` under `seal`, the journal wrote there
  /// last at event 10, ends at 20, and a block ends with each of its events.
  private func refusals(
    row: UInt64, seal: [UInt8] = ours, allowing restored: Restoration? = nil,
    seals: [EventSequence: [UInt8]]? = nil
  ) throws -> [String] {
    var package = PackageState()
    package.source.generation = TrackingGeneration(1)
    package.source.owner = EventSequence(10)
    var allowances = Allowances()
    allowances.restored = restored
    let limits = SideLimits(batch: 1, page: 1, tracksByTriggers: true, reportsTime: true)
    let settings = RunSettings(
      definition: PackageDefinition(
        source: SideDefinition(connection: "left"), target: SideDefinition(connection: "right"),
        connections: [:], tasks: []),
      journal: Self.journal, program: "", allowances: allowances, source: limits, target: limits)
    let owner = OwnerRow(
      journal: Self.journal, side: .source, generation: TrackingGeneration(1),
      sequence: EventSequence(row), seal: seal, identities: [:], pairs: [])
    let inspections = [Side.source: Inspection(identity: nil, objects: [:], owners: [owner])]
    let sequences = OwnerCheck.sequences(in: inspections, of: Self.journal)
    #expect(sequences == [EventSequence(row)])
    let known = row <= 20 ? [EventSequence(row): Self.ours] : [:]
    let check = OwnerCheck(settings: settings, inspections: inspections, seals: seals ?? known)
    let head = JournalHead(sequence: EventSequence(20), seal: Self.ours)
    return try check.refusals(package, head: head, MemoryTrees()).map { refusal in
      #expect(refusal.code == "backup")
      let text = refusal.message
      return String(text[(text.firstRange(of: "restored=")?.upperBound ?? text.endIndex)...])
    }
  }

  @Test(arguments: [10, 15, 20] as [UInt64])
  func `is taken where the journal has the same seal at its event`(_ row: UInt64) throws {
    #expect(try refusals(row: row) == [])
  }

  @Test func `ahead of the journal tells of a journal that was put back`() throws {
    #expect(try refusals(row: 21) == ["journal."])
    #expect(try refusals(row: 21, allowing: .source) == ["journal."])
    #expect(try refusals(row: 21, allowing: .journal) == [])
  }

  @Test(arguments: [10, 15, 20] as [UInt64])
  func `under another seal tells of a journal that was put back and has gone on`(
    _ row: UInt64
  ) throws {
    #expect(try refusals(row: row, seal: Self.others) == ["journal."])
    #expect(try refusals(row: row, seal: Self.others, allowing: .source) == ["journal."])
    #expect(try refusals(row: row, seal: Self.others, allowing: .journal) == [])
  }

  @Test func `at an event with which no block ends is of another course`() throws {
    #expect(try refusals(row: 15, seals: [:]) == ["journal."])
  }

  @Test(arguments: [ours, others])
  func `behind what the journal wrote there tells of a database that was put back`(
    _ seal: [UInt8]
  ) throws {
    #expect(try refusals(row: 9, seal: seal) == ["source."])
    #expect(try refusals(row: 9, seal: seal, allowing: .journal) == ["source."])
    #expect(try refusals(row: 9, seal: seal, allowing: .source) == [])
  }
}
