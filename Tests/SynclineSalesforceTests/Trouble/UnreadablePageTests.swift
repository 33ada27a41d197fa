import SynclineModel
import SynclinePorts
import SynclineSalesforce
import SynclineTesting
import Testing

/// Records that are there and cannot be taken: each is named, and the read goes on behind it.
@Suite struct `Pages with records that cannot be read` {
  private func world(
    _ script: String, at method: String = "GET", _ word: String = "/query", times: Int = .max
  ) async throws -> (World, [NativeKey]) {
    let sandbox = try SandboxProgram()
    let middleman = try Middleman(
      sandbox, at: method, word, .alter(script, times: times))
    let world = try World(sandbox, through: middleman)
    try await world.open()
    return (world, try ["One", "Two", "Three"].map { try world.make($0) })
  }

  private func failure(_ key: NativeKey, _ field: String, _ flaw: String) -> ReadFailure {
    ReadFailure(key: key, code: "value", message: "Account.\(field) holds a value \(flaw)")
  }

  private static let since = Timestamp(microseconds: 0)

  private func stamped(_ world: World, after mark: PageMark? = nil) async throws -> StampedPage {
    try await world.connector.readStamped(
      StampedRequest(object: World.account, since: Self.since, after: mark, limit: 2))
  }

  @Test func `do not end the read of changes`() async throws {
    let (world, keys) = try await world(
      #"for row in body["records"]: row["AnnualRevenue"] = "no number""#, times: 1)
    let first = try await stamped(world)
    #expect(first.records == [])
    #expect(
      first.failures.map(\.key) == Array(keys[..<2]) && first.next?.key == keys[1],
      "\(first)")
    let last = try await stamped(world, after: first.next)
    #expect(last.records.map(\.key) == [keys[2]])
    #expect(last.next == nil)
  }

  @Test func `name one whose stamp means nothing, in every kind of read`() async throws {
    let (world, keys) = try await world(
      #"body["records"][0]["SystemModstamp"] = "nonsense""#)
    let flawed = failure(keys[0], "SystemModstamp", "that the field cannot have")
    let page = try await world.connector.readPage(
      PageRequest(object: World.account, after: nil, limit: 2000))
    #expect(page.failures == [flawed])
    #expect(page.records.map(\.key) == Array(keys[1...]))
    let changes = try await stamped(world)
    #expect(changes.failures == [flawed])
    #expect(changes.next?.key == keys[1])
    let census = try await world.connector.readKeys(
      PageRequest(object: World.account, after: nil, limit: 2000))
    #expect(census.keys == keys)
  }

  @Test func `name one that is looked up by its key`() async throws {
    let (world, keys) = try await world(
      #"body[0]["AnnualRevenue"] = "no number""#, at: "POST", "/composite/sobjects/Account")
    let found = try await world.connector.fetch(
      FetchRequest(object: World.account, keys: keys))
    #expect(
      found.failures == [
        failure(keys[0], "AnnualRevenue", "of another kind than the field (text)")
      ], "\(found.failures)")
    #expect(found.records.map(\.key) == Array(keys[1...]))
    #expect(found.absent == [])
  }

  @Test func `show what our user made and cannot be read wholly as evidence`() async throws {
    let (world, _) = try await world(
      #"body["records"][0]["AnnualRevenue"] = "no number""#, at: "GET", "/queryAll")
    let made = try await world.write([
      `Writing to an organisation`.insert(1, [World.name: .text("Ours")])
    ])
    guard case .written(let key, _)? = made.first?.result else {
      Issue.record("not written: \(made)")
      return
    }
    let evidence = try await world.connector.gatherEvidence(
      EvidenceRequest(object: World.account, createdSince: Self.since, limit: 200, keys: []))
    #expect(
      evidence.created.map(\.row) == [
        PackedRow([World.id: key.value, World.name: .text("Ours"), World.phone: .null])
      ])
    #expect(evidence.created.map(\.isOurs) == [true])
  }

  @Test(arguments: [
    #"del body["records"][1]["Id"]"#, #"body["records"][1]["Id"] = "none""#,
    #"body["records"][1] = None"#,
  ])
  func `are no answer where one has no id`(script: String) async throws {
    let (world, _) = try await world(script)
    await #expect(
      throws: ConnectorFailure(
        code: "garbled", operation: "read Account",
        message: "\(world.host): a record of Account has no id",
        hint: "Look whether a proxy or a page for people answers in the service's place",
        disposition: .retry)
    ) {
      try await world.names()
    }
  }
}
