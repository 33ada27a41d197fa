import SynclineHTTP
import SynclineModel
import SynclinePorts
import SynclineSalesforce
import SynclineTesting
import Testing

@Suite struct `Reading an organisation` {
  @Test func `tells the organisation, refuses what cannot be synced, and names the mend`()
    async throws
  {
    let world = try World()
    let inspection = try await world.connector.inspect(
      [ObjectRequest(name: "Account"), ObjectRequest(name: "Nothing__c"), .init(name: "User")],
      ourJournal: nil)
    #expect(inspection.identity?.rawValue.utf8.count == 18)
    #expect(inspection.objects.keys.sorted() == ["Account"])
    #expect(
      inspection.refusals["Nothing__c"]
        == "There is no object Nothing__c, or the user may not see it. Correct the name (it ends "
        + "in __c where the object is one of the organisation's own) or give the user the permission"
    )
    #expect(inspection.refusals["User"]?.hasPrefix("User has no field ") == true)
    #expect(inspection.tracking.values.allSatisfy { $0 == .notNeeded })
    #expect(inspection.now != nil)
  }

  @Test func `describes fields by kind, and leaves stamps and compounds out`() async throws {
    let world = try World()
    let schema = try #require(
      try await world.connector.inspect([ObjectRequest(name: "Account")], ourJournal: nil)
        .objects["Account"])
    #expect(
      schema.field("Name")
        == FieldSchema(
          name: "Name", type: FieldType(.text, lengthMax: 255, trims: true), isNullable: false))
    #expect(
      schema.field("AnnualRevenue")
        == FieldSchema(
          name: "AnnualRevenue", type: FieldType(.decimal, precision: 18, scale: 0)))
    #expect(schema.field("SystemModstamp") == nil)
    #expect(schema.field("BillingAddress") == nil)
    #expect(
      schema.foreignKeys.first { $0.field == "ParentId" }
        == ForeignKey(field: "ParentId", parent: "Account", onDelete: .setNull))
  }

  @Test
  func `tells what it fills itself from what the user may not write, and where a field points`()
    async throws
  {
    let world = try World(
      schema: """
        {"objects": [{"name": "Account", "fields": [
          {"name": "Rank__c", "type": "string", "createable": false, "updateable": false},
          {"name": "Born__c", "type": "string", "updateable": false},
          {"name": "Label__c", "type": "string", "formula": "Name"},
          {"name": "Number__c", "type": "string", "autoNumber": "A-{0000}"},
          {"name": "About__c", "type": "reference", "referenceTo": ["Contact", "Lead"]}]}]}
        """)
    let schema = try #require(
      try await world.connector.inspect([ObjectRequest(name: "Account")], ourJournal: nil)
        .objects["Account"])
    let calculated = ["CreatedById", "CreatedDate", "Label__c", "Number__c"]
    let names: [FieldName] =
      ["Id", "Name", "Rank__c", "Born__c"] + calculated.map { FieldName($0) }
    let fields = names.compactMap(schema.field)
    #expect(fields.filter(\.isCalculated).map(\.name.rawValue) == calculated)
    #expect(fields.filter(\.isReadOnly).map(\.name) == ["Rank__c"])
    #expect(schema.field("About__c")?.pointsTo == ["Contact", "Lead"])
    #expect(schema.field("ParentId")?.pointsTo == [])
  }

  @Test func `pages follow each other by id until all is read`() async throws {
    let world = try World()
    try await world.open()
    let keys = try (1...5).map { try world.make("A\($0)") }
    var pages: [[NativeKey]] = []
    var after: NativeKey?
    while true {
      let page = try await world.connector.readPage(
        PageRequest(object: World.account, after: after, limit: 2))
      pages.append(page.records.map(\.key))
      after = page.records.last?.key
      if page.isLast { break }
    }
    #expect(pages == [Array(keys[0...1]), Array(keys[2...3]), [keys[4]]])
    let census = try await world.connector.readKeys(
      PageRequest(object: World.account, after: keys[2], limit: 10))
    #expect(census == KeyPage(keys: Array(keys[3...]), isLast: true))
  }

  @Test func `pages that are smaller than asked for are not taken for the last one`()
    async throws
  {
    let world = try World(options: ["--fault", "batch=2"])
    try await world.open()
    let keys = try (1...3).map { try world.make("A\($0)") }
    let first = try await world.connector.readPage(
      PageRequest(object: World.account, after: nil, limit: 100))
    let second = try await world.connector.readPage(
      PageRequest(object: World.account, after: keys[1], limit: 100))
    #expect(
      [first.records.map(\.key), second.records.map(\.key)] == [[keys[0], keys[1]], [keys[2]]])
    #expect([first.isLast, second.isLast] == [false, true])
  }

  @Test func `changes come by stamp, then id, from a bound on that is included`() async throws {
    let world = try World()
    try await world.open()
    let keys = try (1...5).map { try world.make("A\($0)") }
    let all = try await world.connector.readPage(
      PageRequest(object: World.account, after: nil, limit: 10))
    let since = try #require(all.records.first?.stamp.time)
    var seen: [NativeKey] = []
    var mark: PageMark?
    while true {
      let page = try await world.connector.readStamped(
        StampedRequest(object: World.account, since: since, after: mark, limit: 2))
      seen += page.records.map(\.key)
      let bound = try #require(page.coverage.safeBound)
      #expect(bound <= page.coverage.now)
      mark = page.next
      if page.isLast { break }
    }
    #expect(seen == keys)
  }

  @Test func `the feed names deletes, and a read by id tells deleted from absent`() async throws {
    let world = try World()
    try await world.open()
    let kept = try world.make("Kept")
    let gone = try world.make("Gone")
    let now = try #require(
      try await world.connector.fetch(FetchRequest(object: World.account, keys: [kept]))
        .records.first?.stamp.time)
    try world.delete(gone)
    let never = try world.key("001SB0000000zzzYAA")
    let fetched = try await world.connector.fetch(
      FetchRequest(object: World.account, keys: [gone, kept, never]))
    #expect(fetched.records.map(\.row) == [World.row(kept, "Kept")])
    #expect(fetched.deleted == [gone])
    #expect(fetched.absent == [never])
    let feed = try await world.connector.readDeletions(
      StampedRequest(object: World.account, since: now, after: nil, limit: 100))
    #expect(feed.deletions.map(\.key) == [gone])
    #expect(try #require(feed.reachesBackTo) <= now)
  }

  @Test func `a delete that the feed named stays one when the record is purged`() async throws {
    let world = try World()
    try await world.open()
    let gone = try world.make("Gone")
    let now = World.pacer.now()
    try world.delete(gone)
    try world.sandbox.act("empty-recycle-bin", "{}")
    try world.sandbox.act("purge", "{}")
    _ = try await world.connector.readDeletions(
      StampedRequest(
        object: World.account, since: Timestamp(microseconds: now.microseconds - 60_000_000),
        after: nil, limit: 100))
    let fetched = try await world.connector.fetch(
      FetchRequest(object: World.account, keys: [gone]))
    #expect(fetched == FetchedRecords(deleted: [gone]))
  }

  @Test func `a feed that has forgotten says from when on it is complete`() async throws {
    let world = try World()
    try await world.open()
    let since = Timestamp(microseconds: World.pacer.now().microseconds - 3_600_000_000)
    try world.sandbox.act("prune-deletions", "{}")
    let feed = try await world.connector.readDeletions(
      StampedRequest(object: World.account, since: since, after: nil, limit: 100))
    #expect(try #require(feed.reachesBackTo) > since)
  }

  @Test func `a list of fields that is too long for an address is read all the same`()
    async throws
  {
    let names = (1...150).map { "A_field_with_a_rather_long_name_\($0)__c" }
    let fields = names.map { #"{"name": "\#($0)", "type": "string", "length": 20}"# }
    let world = try World(
      schema: #"{"objects": [{"name": "Account", "fields": [\#(fields.joined(separator: ","))]}]}"#)
    try await world.open(names.map { FieldName($0) })
    let key = try world.make("Wide")
    let page = try await world.connector.readPage(
      PageRequest(object: World.account, after: nil, limit: 10))
    #expect(page.records.map(\.key) == [key])
    #expect(page.records.first?.row.fields.count == 154)
    #expect(page.isLast)
  }
}
