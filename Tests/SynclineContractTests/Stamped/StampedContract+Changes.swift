import SynclineModel
import SynclinePorts
import Testing

extension StampedContract {
  @Test(arguments: StampedKind.allCases, [1, 2, 3, 100])
  func `changes come by stamp, then key, the bound included, none left out`(
    _ kind: StampedKind, _ limit: Int
  ) async throws {
    let session = try await StampedSession.open(kind)
    let keys = try (1...5).map { try session.make("A\($0)") }
    let all = try await session.readStamped(since: session.opened, limit: limit)
    #expect(all.records.map(\.key) == keys)
    let stamps = all.records.map { ($0.stamp.version, $0.key) }
    #expect(zip(stamps, stamps.dropFirst()).allSatisfy { $0 < $1 })
    // Stamps are whole seconds here: the bound of the newest shows it, and what shares it.
    let newest = Timestamp(microseconds: try #require(all.records.last).stamp.version)
    let last = try await session.readStamped(since: newest, limit: limit)
    #expect(last.records == all.records.filter { $0.stamp.version == newest.microseconds })
  }

  @Test(arguments: StampedKind.allCases)
  func `what a person or we edit, and what is touched, comes again with its newest content`(
    _ kind: StampedKind
  ) async throws {
    let session = try await StampedSession.open(kind)
    let keys = try (1...3).map { try session.make("A\($0)") }
    let before = try await session.readStamped(since: session.opened).records
    try session.world.edit("Company__c", keys[0], ["Title__c": .text("Edited")])
    _ = try await session.write([session.update(1, keys[1], ["Title__c": .text("Ours")])])
    try session.world.touch(keys[2])
    let after = try await session.readStamped(since: session.opened).records
    #expect(
      after.sorted { $0.key < $1.key }.map(\.row) == [
        session.company(keys[0], "Edited"), session.company(keys[1], "Ours"),
        session.company(keys[2], "A3"),
      ])
    for record in after {
      let known = try #require(before.first { $0.key == record.key })
      #expect(known.stamp.version <= record.stamp.version, "a version never goes back")
    }
    #expect(try await session.fetch(keys).records == after.sorted { $0.key < $1.key })
  }

  @Test(arguments: StampedKind.allCases)
  func `the author is told, and a touch has none of its own`(_ kind: StampedKind) async throws {
    let session = try await StampedSession.open(kind)
    let key = try session.make("Ada")
    let theirs = try await session.fetch([key]).records.first?.stamp
    let outcomes = try await session.write([session.update(1, key, ["Title__c": .text("Eve")])])
    let ours = try #require(outcomes[CommandID(1)]).stamp
    #expect(ours.author != theirs?.author)
    #expect(ours == (try await session.fetch([key]).records.first?.stamp))
    try session.world.touch(key)
    #expect(try await session.fetch([key]).records.first?.stamp.author == ours.author)
  }

  @Test(arguments: StampedKind.allCases)
  func `what changes between two pages may come twice, and nothing else is left out`(
    _ kind: StampedKind
  ) async throws {
    let session = try await StampedSession.open(kind)
    let keys = try (1...6).map { try session.make("A\($0)") }
    let read = try await session.readStamped(since: session.opened, limit: 2) {
      try session.world.edit("Company__c", keys[0], ["Title__c": .text("Again")])
      try session.world.remove("Company__c", keys[3])
    }
    let seen = read.records.map(\.key)
    #expect(Set(seen).isSuperset(of: Set(keys).subtracting([keys[3]])))
    #expect(seen.count { $0 == keys[0] } <= 2)
    for key in [keys[1], keys[2], keys[4], keys[5]] {
      #expect(seen.count { $0 == key } == 1)
    }
  }

  @Test(arguments: StampedKind.allCases)
  func `a bound is never later than now, and does not pass what cannot be seen yet`(
    _ kind: StampedKind
  ) async throws {
    let session = try await StampedSession.open(kind)
    try session.world.hideNextWrite()
    let late = try await session.write([session.insert(1, ["Title__c": .text("Late")])])
    let hidden = try #require(late[CommandID(1)]?.key)
    let shown = try session.make("At once")
    let read = try await session.readStamped(since: session.opened)
    #expect(read.records.map(\.key) == [shown])
    let bound = try #require(read.coverage.safeBound)
    #expect(bound <= read.coverage.now)
    try session.world.showHidden()
    let next = try await session.readStamped(since: bound)
    #expect(next.records.map(\.key).contains(hidden))
    #expect(try #require(next.coverage.safeBound) >= bound)
  }

  @Test(arguments: StampedKind.allCases)
  func `a record that comes back from a delete is a change under its key`(
    _ kind: StampedKind
  ) async throws {
    let session = try await StampedSession.open(kind)
    let key = try session.make("Ada")
    try session.world.remove("Company__c", key)
    #expect(try await session.readStamped(since: session.opened).records == [])
    try session.world.bringBack(key)
    #expect(
      try await session.readStamped(since: session.opened).records.map(\.row)
        == [session.company(key, "Ada")])
    let fetched = try await session.fetch([key])
    #expect(fetched.records.map(\.key) == [key])
  }

  @Test(arguments: StampedKind.allCases)
  func `the feed names every delete, cascades and our own too, and nothing that is there`(
    _ kind: StampedKind
  ) async throws {
    let session = try await StampedSession.open(kind)
    let keys = try (1...4).map { try session.make("A\($0)") }
    let child = try session.world.make("Person__c", ["Company__c": keys[0].value])
    try session.world.remove("Company__c", keys[0])
    _ = try await session.write([session.delete(1, keys[1])])
    try session.world.edit("Company__c", keys[2], ["Title__c": .text("Kept")])
    let feed = try await session.readDeletions(since: session.opened)
    #expect(feed.keys == [keys[0], keys[1]])
    #expect(try #require(feed.reachesBackTo) <= session.opened)
    #expect(try await session.readDeletions("Person__c", since: session.opened).keys == [child])
    #expect(try await session.fetch([child], of: "Person__c").deleted == [child])
  }

  @Test(arguments: StampedKind.allCases)
  func `a delete whose record is gone for good is one by the feed`(
    _ kind: StampedKind
  ) async throws {
    let session = try await StampedSession.open(kind)
    let key = try session.make("Ada")
    try session.world.remove("Company__c", key)
    try session.world.purge()
    #expect(try await session.readDeletions(since: session.opened).keys == [key])
    #expect(try await session.fetch([key]) == FetchedRecords(deleted: [key]))
  }

  @Test(arguments: StampedKind.allCases)
  func `a feed that forgot says from when on it is complete`(_ kind: StampedKind) async throws {
    let session = try await StampedSession.open(kind)
    let key = try session.make("Ada")
    try session.world.remove("Company__c", key)
    try session.world.purge()
    try session.world.forgetDeletions()
    let feed = try await session.readDeletions(since: session.opened.earlier(bySeconds: 3600))
    #expect(feed.keys == [])
    #expect(try #require(feed.reachesBackTo) > session.opened.earlier(bySeconds: 3600))
    // Nobody says that it was deleted: it is merely not there.
    #expect(try await session.fetch([key]) == FetchedRecords(absent: [key]))
    #expect(try await session.readKeys() == [])
  }
}
