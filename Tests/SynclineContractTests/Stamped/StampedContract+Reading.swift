import SynclineModel
import SynclinePorts
import Testing

extension StampedContract {
  @Test(arguments: StampedKind.allCases)
  func `inspection changes nothing, tells the same twice, and refuses by name`(
    _ kind: StampedKind
  ) async throws {
    let session = try await StampedSession.open(kind)
    _ = try session.make("Ada")
    let before = try session.world.fingerprint()
    let requests = (StampedSession.objects + ["Nowhere__c"]).map { ObjectRequest(name: $0) }
    var first = try await session.connector.inspect(requests, ourJournal: nil)
    let again = try await StampedSession.join(session.world)
    var second = try await again.connector.inspect(requests, ourJournal: nil)
    #expect(try #require(first.now) <= #require(second.now))
    first.now = nil
    second.now = nil
    #expect(first == second)
    #expect(first.identity != nil)
    #expect(Set(first.objects.keys) == Set(StampedSession.objects))
    #expect(first.refusals["Nowhere__c"]?.contains("Nowhere__c") == true)
    #expect(Set(first.tracking.values) == [.notNeeded])
    #expect(first.owners == [])
    #expect(
      first.objects["Person__c"]?.foreignKeys.filter { $0.field == "Company__c" } == [
        ForeignKey(field: "Company__c", parent: "Company__c", onDelete: .cascade)
      ])
    #expect(try session.world.fingerprint() == before)
  }

  @Test(arguments: StampedKind.allCases, [1, 2, 3, 100])
  func `a full read comes by key, in slices of at most the limit, without what is deleted`(
    _ kind: StampedKind, _ limit: Int
  ) async throws {
    let session = try await StampedSession.open(kind)
    #expect(try await session.readAll(limit: limit) == [])
    let keys = try (1...5).map { try session.make("A\($0)") }
    try session.world.remove("Company__c", keys[1])
    let kept = [0, 2, 3, 4]
    let records = try await session.readAll(limit: limit)
    #expect(records.map(\.row) == kept.map { session.company(keys[$0], "A\($0 + 1)") })
    #expect(records.map(\.key) == kept.map { keys[$0] })
    #expect(zip(records, records.dropFirst()).allSatisfy { $0.key < $1.key })
    #expect(try await session.readKeys(limit: limit) == records.map(\.key))
  }

  @Test(arguments: StampedKind.allCases)
  func `a record that is made behind the slices of a full read is in it`(
    _ kind: StampedKind
  ) async throws {
    let session = try await StampedSession.open(kind)
    let first = try session.make("First")
    let second = try session.make("Second")
    let page = try await session.connector.readPage(
      PageRequest(object: try session.number("Company__c"), after: nil, limit: 1))
    let third = try session.make("Third")
    let rest = try await session.connector.readPage(
      PageRequest(object: try session.number("Company__c"), after: first, limit: 2))
    #expect(page.records.map(\.key) + rest.records.map(\.key) == [first, second, third])
    #expect(!page.isLast)
  }

  @Test(arguments: StampedKind.allCases)
  func `it is told which records we made`(_ kind: StampedKind) async throws {
    let session = try await StampedSession.open(kind)
    let theirs = try session.make("Theirs")
    let outcomes = try await session.write([session.insert(1, ["Title__c": .text("Ours")])])
    let ours = try #require(outcomes[CommandID(1)]?.key)
    let again = try await StampedSession.join(session.world)
    for records in [
      try await again.readAll(), try await again.fetch([theirs, ours]).records,
      try await again.readStamped(since: session.opened).records,
    ] {
      #expect(records.filter(\.isOurs).map(\.key) == [ours])
      #expect(records.count == 2)
    }
  }

  @Test(arguments: StampedKind.allCases)
  func `a fetch tells the newest state, what is deleted and what never was`(
    _ kind: StampedKind
  ) async throws {
    let session = try await StampedSession.open(kind)
    let keys = try (1...4).map { try session.make("A\($0)") }
    try session.world.edit("Company__c", keys[0], ["Title__c": .text("Newest")])
    try session.world.remove("Company__c", keys[1])
    let other = try session.world.make("Person__c", ["Text__c": .text("No company")])
    let before = try session.world.fingerprint()
    let answer = try await session.fetch([keys[3], other, keys[1], keys[0]])
    #expect(
      answer.records.map(\.row) == [
        session.company(keys[0], "Newest"), session.company(keys[3], "A4"),
      ])
    #expect(answer.deleted == [keys[1]])
    #expect(answer.absent == [other])
    #expect(try await session.fetch([]) == FetchedRecords())
    #expect(try session.world.fingerprint() == before)
  }

  @Test(arguments: StampedKind.allCases)
  func `as many keys as a page holds are fetched at once`(_ kind: StampedKind) async throws {
    let session = try await StampedSession.open(kind)
    let size = session.connector.capabilities.batchLimit
    let outcomes = try await session.write(
      (1...size).map { session.insert(UInt64($0), ["Title__c": .text(Text("A\($0)"))]) })
    let keys = outcomes.values.compactMap(\.key)
    #expect(keys.count == size)
    let answer = try await session.fetch(keys)
    #expect(answer.records.map(\.key) == keys.sorted())
  }

  @Test(arguments: StampedKind.allCases)
  func `what is not bound is not read`(_ kind: StampedKind) async throws {
    let session = try await StampedSession.open(kind)
    let unknown = ObjectNumber(99)
    await #expect(throws: ConnectorFailure.self) {
      try await session.connector.readPage(PageRequest(object: unknown, after: nil, limit: 1))
    }
    await #expect(throws: ConnectorFailure.self) {
      try await session.connector.fetch(
        FetchRequest(object: unknown, keys: [NativeKey(integer: 1)]))
    }
    await session.connector.close()
    await session.connector.close()
  }

  @Test(arguments: StampedKind.allCases)
  func `a key of another shape is absent`(_ kind: StampedKind) async throws {
    let session = try await StampedSession.open(kind)
    let keys = [NativeKey(integer: 7), NativeKey(.text("no id"))].compactMap { $0 }
    #expect(try await session.fetch(keys).absent == keys)
  }
}
