import SynclineModel
import SynclinePorts
import SynclineTesting
import Testing

extension ConnectorContract {
  @Test(arguments: WorldKind.allCases)
  func `created tracking stands with its owner row and identity`(_ kind: WorldKind) async throws {
    let session = try await ContractSession.open(kind, [ContractObjects.company])
    let identity = try await session.createTracking(["Company"])
    let inspection = try await session.connector.inspect(
      [ObjectRequest(name: "Company")], ourJournal: session.journal)
    #expect(inspection.identity == identity)
    #expect(try await inspection.owners == [session.ownerWithIdentity()])
    #expect(inspection.tracking == ["Company": .intact])
    let stranger = try await session.connector.inspect(
      [ObjectRequest(name: "Company")], ourJournal: nil)
    #expect(try await stranger.owners == [session.ownerWithIdentity()])
    #expect(stranger.identity == identity)
    await session.connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `adding an object keeps the queue and its numbers`(_ kind: WorldKind) async throws {
    let session = try await ContractSession.open(
      kind, [ContractObjects.company, ContractObjects.log], tracked: ["Company"])
    try session.user(.insert("Company", ["name": .text("Ada")]))
    try session.user(.insert("Log", ["text": .text("not noted")]))
    _ = try await session.createTracking(["Company", "Log"])
    try session.user(.insert("Log", ["text": .text("noted")]))
    let read = try await session.readChanges()
    #expect(read.noted == [.init(.insert, "Company", after: 1), .init(.insert, "Log", after: 2)])
    #expect(read.numbers == read.numbers.sorted() && Set(read.numbers).count == 2)
    await session.connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `a new generation begins with an empty queue`(_ kind: WorldKind) async throws {
    let session = try await ContractSession.open(kind, [ContractObjects.log])
    try session.user(.insert("Log", ["text": .text("a")]))
    _ = try await session.createTracking(["Log"], generation: 2)
    #expect(try await session.readChanges().noted == [])
    try session.user(.insert("Log", ["text": .text("b")]))
    #expect(try await session.readChanges().noted == [.init(.insert, "Log", after: 2)])
    let inspection = try await session.connector.inspect(
      [ObjectRequest(name: "Log")], ourJournal: session.journal)
    #expect(try await inspection.owners == [session.ownerWithIdentity(generation: 2)])
    await session.connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `a dropped trigger is told as damage and mended by a new generation`(
    _ kind: WorldKind
  ) async throws {
    let session = try await ContractSession.open(kind, [ContractObjects.log])
    try session.world.damageTracking(of: "Log")
    let found = try await session.connector.inspect(
      [ObjectRequest(name: "Log")], ourJournal: session.journal)
    guard case .damaged? = found.tracking["Log"] else {
      Issue.record("the damage was not told: \(found.tracking)")
      return
    }
    _ = try await session.createTracking(["Log"], generation: 2)
    let mended = try await session.connector.inspect(
      [ObjectRequest(name: "Log")], ourJournal: session.journal)
    #expect(mended.tracking == ["Log": .intact])
    await session.connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `a vanished journal's tracking is taken over`(_ kind: WorldKind) async throws {
    let session = try await ContractSession.open(kind, [ContractObjects.log])
    let heir = try await ContractSession.join(
      session.world, ["Log"], journal: JournalID(bytes: Array(101...116)))
    _ = try await heir.createTracking(["Log"], takeover: session.journal)
    let inspection = try await heir.connector.inspect(
      [ObjectRequest(name: "Log")], ourJournal: heir.journal)
    #expect(try await inspection.owners == [heir.ownerWithIdentity()])
    #expect(inspection.tracking == ["Log": .intact])
    await session.connector.close()
    await heir.connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `two journals track one object, each with a queue of its own`(
    _ kind: WorldKind
  ) async throws {
    let first = try await ContractSession.open(kind, [ContractObjects.log])
    let second = try await ContractSession.join(
      first.world, ["Log"], journal: JournalID(bytes: Array(101...116)))
    _ = try await second.createTracking(["Log"])
    try first.user(.insert("Log", ["text": .text("a")]))
    _ = try await first.write("Log", [first.insert(1, "Log", ["text": .text("b")])])
    #expect(try await first.readChanges().noted == [.init(.insert, "Log", after: 1)])
    #expect(
      try await second.readChanges().noted == [
        .init(.insert, "Log", after: 1), .init(.insert, "Log", after: 2),
      ])
    await first.connector.close()
    await second.connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `the queue tells its length and its oldest entry`(_ kind: WorldKind) async throws {
    let session = try await ContractSession.open(kind, [ContractObjects.log])
    let empty = try await session.connector.queue(of: session.journal)
    #expect(empty.length == 0)
    #expect(empty.oldest == nil)
    try session.user(.insert("Log", ["text": .text("a")]))
    try session.user(.insert("Log", ["text": .text("b")]))
    let full = try await session.connector.queue(of: session.journal)
    #expect(full.length == 2)
    #expect((full.oldest != nil) == session.connector.capabilities.reportsTime)
    await session.connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `removing the tracking leaves the system as it was`(_ kind: WorldKind) async throws {
    let world = try kind.make([ContractObjects.company, ContractObjects.contact])
    try world.edit([.insert("Company", ["name": .text("Ada"), "code": .text("a")])])
    let before = try world.fingerprint()
    let session = try await ContractSession.join(
      world, ["Company", "Contact"], journal: ContractSession.journal)
    _ = try await session.createTracking(["Company", "Contact"])
    #expect(try world.fingerprint() != before)
    #expect(try await session.connector.removeTracking(of: session.journal))
    #expect(try world.fingerprint() == before)
    #expect(try await session.connector.removeTracking(of: session.journal) == false)
    await session.connector.close()
  }
}
