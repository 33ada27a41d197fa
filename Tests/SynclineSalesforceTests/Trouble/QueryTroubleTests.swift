import SynclineModel
import SynclinePorts
import SynclineSalesforce
import SynclineTesting
import Testing

/// Reads that the organisation refuses: they are repeated, or asked for in smaller parts.
@Suite struct `Queries that an organisation refuses` {
  private static func refusal(_ code: String) -> String {
    #"[{"errorCode": "\#(code)", "message": "hidden-text"}]"#
  }

  private func world(
    at method: String, _ word: String, _ act: Middleman.Act
  ) async throws -> World {
    let sandbox = try SandboxProgram()
    let world = try World(sandbox, through: Middleman(sandbox, at: method, word, act))
    try await world.open()
    return world
  }

  @Test(arguments: ["QUERY_TIMEOUT", "OPERATION_TOO_LARGE"])
  func `for their size are asked for by half, also from then on`(code: String) async throws {
    let world = try await world(
      at: "GET", "LIMIT%202", .refuse(status: 400, body: Self.refusal(code), times: .max))
    for name in ["One", "Two", "Three"] { try world.make(name) }
    #expect(try await world.names() == ["One", "Two", "Three"])
    let before = await world.calls
    #expect(try await world.names() == ["One", "Two", "Three"])
    #expect(await world.calls == before + 1)
  }

  @Test func `at every size fail after a few`() async throws {
    let world = try await world(
      at: "GET", "/query", .refuse(status: 400, body: Self.refusal("QUERY_TIMEOUT"), times: .max))
    let before = await world.calls
    await #expect(
      throws: ConnectorFailure(
        code: "busy", operation: "read Account",
        message: "Salesforce could not finish it (QUERY_TIMEOUT)", hint: "Run again later",
        disposition: .retry)
    ) {
      try await world.names()
    }
    #expect(await world.calls < before + 10)
  }

  /// Ids that no record has, so many that their query does not fit into an address.
  private var strangers: [NativeKey] {
    (100..<500).compactMap { SalesforceConnector.key(spelled: "001000000000\($0)") }
  }

  /// A composite answer of one part.
  private static func part(_ status: Int, _ code: String) -> String {
    let body = refusal(code)
    return #"{"compositeResponse": [{"httpStatusCode": \#(status), "body": \#(body)}]}"#
  }

  @Test(arguments: [
    (400, "UNABLE_TO_LOCK_ROW"), (400, "REQUEST_RUNNING_TOO_LONG"), (500, "UNKNOWN_EXCEPTION"),
    (400, "QUERY_TIMEOUT"),
  ])
  func `inside of another request are repeated too`(status: Int, code: String) async throws {
    let world = try await world(
      at: "POST", "/composite",
      .alter(
        """
        import builtins
        builtins.seen = getattr(builtins, "seen", 0)
        if "compositeRequest" in asked and builtins.seen < 2:
          builtins.seen += 1
          body = json.loads('\(Self.part(status, code))')
        """))
    let found = try await world.connector.fetch(
      FetchRequest(object: World.account, keys: strangers))
    #expect(found.absent == strangers)
    #expect(found.deleted == [])
  }

  @Test(arguments: [
    #"{"compositeResponse": [{"httpStatusCode": 502, "body": null}]}"#,
    #"{"compositeResponse": []}"#,
  ])
  func `inside of another request are not taken for empty answers`(answer: String) async throws {
    let world = try await world(
      at: "POST", "/composite",
      .alter(
        """
        if "compositeRequest" in asked: body = json.loads('\(answer)')
        """))
    await #expect(throws: ConnectorFailure.self) {
      try await world.connector.fetch(FetchRequest(object: World.account, keys: self.strangers))
    }
  }

  @Test func `about a span of time are repeated`() async throws {
    let world = try await world(
      at: "GET", "/updated/", .refuse(status: 400, body: Self.refusal("QUERY_TIMEOUT"), times: 2))
    let key = try world.make("One")
    let page = try await world.connector.readStamped(
      StampedRequest(
        object: World.account, since: Timestamp(microseconds: 0), after: nil, limit: 2))
    #expect(page.records.map(\.key) == [key])
    #expect(page.coverage.safeBound != nil)
  }

  @Test func `are not taken for empty ones where the answer has no list`() async throws {
    let world = try await world(at: "GET", "/query", .answer(#"{"totalSize": 0, "done": true}"#))
    await #expect(
      throws: ConnectorFailure(
        code: "garbled", operation: "read Account",
        message: "\(world.host): the answer lists no records of Account",
        hint: "Look whether a proxy or a page for people answers in the service's place",
        disposition: .retry)
    ) {
      try await world.names()
    }
  }

  @Test func `by key are asked for in halves`() async throws {
    let world = try await world(
      at: "POST", "/composite/sobjects/Account",
      .refuse(status: 400, body: Self.refusal("OPERATION_TOO_LARGE"), times: 1))
    let key = try world.make("One")
    let found = try await world.connector.fetch(
      FetchRequest(object: World.account, keys: [key] + strangers))
    #expect(found.records.map(\.key) == [key])
    #expect(found.absent == strangers)
  }

  @Test(arguments: ["OPERATION_TOO_LARGE", "TXN_SECURITY_METERING_ERROR", "SOMETHING_NEW"])
  func `for good keep their code`(code: String) async throws {
    let world = try await world(
      at: "GET", "/query", .refuse(status: 403, body: Self.refusal(code), times: .max))
    do {
      _ = try await world.names()
      Issue.record("it was read")
    } catch let failure as ConnectorFailure {
      #expect(failure.code == "refused")
      #expect(failure.disposition == .stop)
      #expect(failure.message.hasSuffix("(\(code))"))
    }
  }
}
