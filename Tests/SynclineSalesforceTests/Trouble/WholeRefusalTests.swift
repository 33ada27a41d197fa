import SynclineModel
import SynclinePorts
import SynclineTesting
import Testing

/// Requests that are refused as a whole: only where one record can be the cause are their parts sent by
/// themselves.
@Suite struct `A request of many records that is refused` {
  private typealias Command = `Writing to an organisation`

  private func world(_ act: Middleman.Act) async throws -> World {
    let sandbox = try SandboxProgram()
    let world = try World(sandbox, through: Middleman(sandbox, "/composite", act))
    try await world.open()
    return world
  }

  private static func refusal(_ code: String, times: Int = .max) -> Middleman.Act {
    .refuse(
      status: 400, body: #"[{"errorCode": "\#(code)", "message": "hidden-text"}]"#, times: times)
  }

  private func inserts(_ count: Int) -> [WriteCommand] {
    (1...count).map { Command.insert(UInt64($0), [World.name: .text("A\($0)")]) }
  }

  @Test(arguments: ["INVALID_TYPE", "INVALID_FIELD", "SOMETHING_NEW"])
  func `for what all have in common costs one call`(code: String) async throws {
    let world = try await world(Self.refusal(code))
    let before = await world.calls
    let outcomes = try await world.write(inserts(200))
    #expect(outcomes.map(\.id) == (1...200).map { CommandID($0) })
    let refused = outcomes.compactMap { outcome in
      if case .refused(let problem) = outcome.result { problem.message } else { nil }
    }
    #expect(refused.count == 200)
    #expect(refused.allSatisfy { $0.contains("(\(code))") })
    #expect(await world.calls == before + 1)
  }

  @Test func `for one of its fields refuses those that carry it`() async throws {
    let world = try await world(
      .alter(
        """
        if any("Phone" in record for record in asked["records"]):
          status, body = 400, [{"errorCode": "INVALID_FIELD",
            "message": "No such column 'Phone' on sobject of type Account"}]
        """))
    let commands = (1...100).map { number in
      number % 2 == 0
        ? Command.insert(UInt64(number), [World.name: .text("A")])
        : Command.insert(UInt64(number), [World.name: .text("A"), World.phone: .text("1")])
    }
    let before = await world.calls
    let outcomes = try await world.write(commands).sorted { $0.id < $1.id }
    let refusal = RecordProblem(
      code: "schema",
      message: "Account.Phone: there is no such field, or the user may not see it (INVALID_FIELD)",
      mayPass: false)
    #expect(outcomes.count { $0.result == .refused(refusal) } == 50)
    #expect(
      outcomes.count { if case .written = $0.result { true } else { false } } == 50)
    #expect(await world.calls == before + 3)
  }

  @Test func `for one of its records refuses that one alone`() async throws {
    let world = try await world(
      .alter(
        """
        if any(record["Name"] == "A3" for record in asked["records"]):
          status, body = 400, [{"errorCode": "JSON_PARSER_ERROR", "message": "hidden-text"}]
        """))
    let outcomes = try await world.write(inserts(8)).sorted { $0.id < $1.id }
    #expect(
      outcomes[2].result
        == .refused(
          RecordProblem(
            code: "value",
            message: "Account: the value is of another kind than the field (JSON_PARSER_ERROR)",
            mayPass: false)))
    #expect(outcomes.count { if case .written = $0.result { true } else { false } } == 7)
  }

  @Test(arguments: [
    ("UNABLE_TO_LOCK_ROW", "busy"), ("REQUEST_RUNNING_TOO_LONG", "busy"),
    ("LIMIT_EXCEEDED", "limit"), ("QUERY_TIMEOUT", "busy"),
  ])
  func `for a moment or by a limit fails, and did nothing`(code: String, ours: String)
    async throws
  {
    let world = try await world(Self.refusal(code))
    let before = await world.calls
    do {
      _ = try await world.write(inserts(200))
      Issue.record("it was written")
    } catch let failure as ConnectorFailure {
      #expect(failure.code == ours)
      #expect(failure.didNothing)
      #expect(failure.message.contains("(\(code))"))
      #expect(failure.disposition == .retry)
    }
    #expect(await world.calls < before + 25)
  }

  @Test func `for its size is sent in halves`() async throws {
    let world = try await world(Self.refusal("OPERATION_TOO_LARGE", times: 2))
    let outcomes = try await world.write(inserts(200))
    #expect(outcomes.count { if case .written = $0.result { true } else { false } } == 200)
  }
}
