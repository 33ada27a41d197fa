import SynclineModel
import SynclinePorts
import Testing

extension StampedContract {
  private func evidence(
    _ session: StampedSession, since: Timestamp?, after: NativeKey? = nil, limit: Int = 200,
    keys: [NativeKey] = []
  ) async throws -> Evidence {
    try await session.connector.gatherEvidence(
      EvidenceRequest(
        object: try session.number("Company__c"), createdSince: since, after: after, limit: limit,
        keys: keys))
  }

  @Test(arguments: StampedKind.allCases)
  func `evidence comes by pages, ascending by key, each record once`(
    _ kind: StampedKind
  ) async throws {
    let session = try await StampedSession.open(kind)
    let made = try await session.write(
      (1...5).map { session.insert(UInt64($0), ["Title__c": .text("C\($0)")]) })
    let keys = made.values.compactMap(\.key).sorted()
    try session.world.remove("Company__c", keys[2])
    var pages: [[NativeKey]] = []
    var deleted: Set<NativeKey> = []
    var after: NativeKey?
    repeat {
      let page = try await evidence(session, since: session.opened, after: after, limit: 2)
      pages.append(page.created.map(\.key))
      deleted.formUnion(page.deleted)
      after = page.next
    } while after != nil && pages.count < 5
    #expect(pages.filter { !$0.isEmpty } == [[keys[0], keys[1]], [keys[2], keys[3]], [keys[4]]])
    #expect(deleted == [keys[2]])
  }

  @Test(arguments: StampedKind.allCases)
  func `a create whose answer was lost is found among what we made, deleted ones too`(
    _ kind: StampedKind
  ) async throws {
    let session = try await StampedSession.open(kind)
    let theirs = try session.make("Theirs")
    try session.world.loseNextAnswer(of: .insert)
    await #expect(throws: (any Error).self) {
      try await session.write([
        session.insert(1, ["Title__c": .text("Lost")]),
        session.insert(2, ["Title__c": .text("Lost and deleted")]),
      ])
    }
    let again = try await StampedSession.join(session.world)
    let all = try await again.readAll()
    let made = all.map(\.key).filter { $0 != theirs }
    #expect(made.count == 2)
    try session.world.remove("Company__c", made[1])
    let found = try await evidence(again, since: session.opened)
    #expect(found.object == (try again.number("Company__c")))
    #expect(found.created.map(\.key) == made)
    #expect(found.created.map(\.isOurs) == [true, true])
    #expect(found.created.first?.row == again.company(made[0], "Lost"))
    #expect(found.deleted == [made[1]])
    #expect(found.found == FetchedRecords())
    let bound = try #require(found.coverage.safeBound)
    #expect(bound <= found.coverage.now)
  }

  @Test(arguments: StampedKind.allCases)
  func `what became of updates and deletes is told by their records`(
    _ kind: StampedKind
  ) async throws {
    let session = try await StampedSession.open(kind)
    let keys = try (1...3).map { try session.make("A\($0)") }
    try session.world.loseNextAnswer(of: .update)
    await #expect(throws: (any Error).self) {
      try await session.write([session.update(1, keys[0], ["Title__c": .text("New")])])
    }
    try session.world.remove("Company__c", keys[1])
    let before = try session.world.fingerprint()
    var found = try await evidence(session, since: nil, keys: keys)
    found.found.records.sort { $0.key < $1.key }
    #expect(found.created == [])
    #expect(found.found.deleted == [keys[1]])
    #expect(
      found.found.records.map(\.row)
        == [session.company(keys[0], "New"), session.company(keys[2], "A3")])
    #expect(try session.world.fingerprint() == before)
  }

  @Test(arguments: StampedKind.allCases)
  func `a create that is sent twice makes two, as the capabilities say`(
    _ kind: StampedKind
  ) async throws {
    let session = try await StampedSession.open(kind)
    #expect(!session.connector.capabilities.writes.knowsCommands)
    let command = session.insert(1, ["Title__c": .text("Twice")])
    let keys = [
      try await session.write([command])[CommandID(1)]?.key,
      try await session.write([command])[CommandID(1)]?.key,
    ].compactMap { $0 }
    #expect(Set(keys).count == 2)
    #expect(try await evidence(session, since: session.opened).created.map(\.key) == keys)
  }

  @Test(arguments: StampedKind.allCases)
  func `what we made before the moment, and what others made, is no evidence`(
    _ kind: StampedKind
  ) async throws {
    let session = try await StampedSession.open(kind)
    _ = try session.make("Theirs")
    _ = try await session.write([session.insert(1, ["Title__c": .text("Ours")])])
    let later = Timestamp(microseconds: session.opened.microseconds + 3_600_000_000)
    #expect(try await evidence(session, since: later).created == [])
  }
}
