import SynclineEngine
import SynclineMapping
import SynclineModel
import SynclineRun
import SynclineTesting
import Testing

@Suite struct `A record that is gone without a word` {
  /// Both sides hold Ada and Bob; then Ada is gone from the source.
  private func world(_ inferredDeletes: InferredDeletes = .hold) async throws -> MissingWorld {
    let world = MissingWorld(inferredDeletes: inferredDeletes)
    let ada = try world.source.insert(into: "Customer", ["name": .text("Ada")])
    try world.source.insert(into: "Customer", ["name": .text("Bob")])
    try await world.run()
    #expect(world.names(world.target) == ["Ada", "Bob"])
    try world.source.delete("Customer", ada)
    return world
  }

  @Test func `is listed and held, and its partner stays`() async throws {
    let world = try await world()
    for _ in 1...2 {
      let result = try await world.run()
      #expect(result.state == .succeeded)
      var held = RunTally()
      held.held = 1
      #expect(result.tally == held)
      #expect(try world.missing.count == 1)
      #expect(world.names(world.source) == ["Bob"])
      #expect(world.names(world.target) == ["Ada", "Bob"])
    }
    #expect(try world.log.journal.rebuilt(inBatchesOf: 2) == world.log.journal.state)
  }

  @Test func `is deleted on the other side by the run after a person confirms it`() async throws {
    let world = try await world()
    try await world.run()
    try world.decide(.missingConfirmed)
    #expect(try world.missing == [])
    let result = try await world.run()
    var deleted = RunTally()
    deleted.target.deletes = 1
    #expect(result.tally == deleted)
    #expect(world.names(world.source) == ["Bob"])
    #expect(world.names(world.target) == ["Bob"])
    #expect(try await world.run().tally == RunTally())
    #expect(try world.log.journal.rebuilt(inBatchesOf: 1) == world.log.journal.state)
  }

  @Test func `is made again from its partner by the run after a person keeps it`() async throws {
    let world = try await world()
    try await world.run()
    try world.decide(.missingKept)
    #expect(try world.missing == [])
    let result = try await world.run()
    var inserted = RunTally()
    inserted.source.inserts = 1
    #expect(result.tally == inserted)
    #expect(world.names(world.source) == ["Ada", "Bob"])
    #expect(world.names(world.target) == ["Ada", "Bob"])
    #expect(try await world.run().tally == RunTally())
  }

  @Test func `is no longer missing when its system shows it again`() async throws {
    let world = try await world()
    try await world.run()
    try world.source.edit([.insert("Customer", ["id": .integer(1), "name": .text("Ada")])])
    let result = try await world.run()
    #expect(result.tally.held == 0)
    #expect(try world.missing == [])
    #expect(world.names(world.target) == ["Ada", "Bob"])
    #expect(try await world.run().tally == RunTally())
  }

  @Test func `is deleted at once where the package says that absences are deletes`() async throws {
    let world = try await world(.apply)
    let result = try await world.run()
    var deleted = RunTally()
    deleted.source.deleted = 1
    deleted.target.deletes = 1
    #expect(result.tally == deleted)
    #expect(world.names(world.target) == ["Bob"])
    #expect(try await world.run().tally == RunTally())
  }
}
