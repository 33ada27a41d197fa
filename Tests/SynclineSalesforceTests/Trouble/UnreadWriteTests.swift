import SynclineModel
import SynclinePorts
import SynclineTesting
import Testing

/// Updates and deletes read the records just before they write them. Where that read fails, nothing is
/// written blind, and nothing is said of a record that was not seen.
@Suite struct `Writing where the read before it fails` {
  private typealias Command = `Writing to an organisation`

  private static let schema = """
    {"objects": [{"name": "Account", "fields": []}],
     "validations": [{"object": "Account", "field": "Site", "forbids": "Nowhere"}]}
    """
  private static let site = FieldNumber(5)

  /// Three accounts, and a middleman before them.
  private func world(
    _ act: Middleman.Act
  ) async throws -> (World, [NativeKey]) {
    let sandbox = try SandboxProgram(schema: Self.schema)
    let world = try World(sandbox, through: Middleman(sandbox, "/composite", act))
    try await world.open(["Site"])
    return (world, try ["One", "Two", "Three"].map { try world.make($0) })
  }

  private static let unread = """
    body["compositeResponse"][0]["httpStatusCode"] = 400
    body["compositeResponse"][0]["body"] = [{"errorCode": "QUERY_TIMEOUT", "message": "slow"}]
    """

  /// The answer of an organisation whose read before so many writes fails, which halts these.
  private static func halted(_ writes: Int) -> String {
    let halted = #"[{"errorCode": "PROCESSING_HALTED", "message": "no reference"}]"#
    let unread = #"[{"errorCode": "QUERY_TIMEOUT", "message": "slow"}]"#
    let parts = [unread] + Array(repeating: halted, count: writes) + [unread]
    let answers = parts.map { #"{"httpStatusCode": 400, "body": \#($0)}"# }
    return #"{"compositeResponse": [\#(answers.joined(separator: ","))]}"#
  }

  private static let invalid = WriteOutcome.Result.refused(
    RecordProblem(
      code: "check",
      message:
        "Account.Site: a validation rule refuses the record (FIELD_CUSTOM_VALIDATION_EXCEPTION)",
      mayPass: false))

  @Test func `a record that is refused is not told as gone`() async throws {
    let (world, keys) = try await world(.alter(Self.unread))
    let outcomes = try await world.write([
      Command.update(1, keys[0], [Self.site: .text("Nowhere")]),
      Command.update(2, keys[1], [Self.site: .text("Here")]),
    ])
    #expect(outcomes.map(\.id) == [CommandID(1), CommandID(2)])
    #expect(outcomes.first?.result == Self.invalid)
    #expect(outcomes.map(\.before) == [nil, nil])
  }

  @Test func `one record that cannot be read is not told as gone, and the rest of it is kept`()
    async throws
  {
    let (world, keys) = try await world(
      .alter(
        """
        for row in body["compositeResponse"][0]["body"]: row["AnnualRevenue"] = "no number"
        """))
    let outcomes = try await world.write([
      Command.update(1, keys[0], [Self.site: .text("Nowhere")]),
      Command.update(2, keys[1], [World.phone: .text("2")]),
    ])
    #expect(outcomes.map(\.id) == [CommandID(1), CommandID(2)])
    #expect(outcomes.first?.result == Self.invalid)
    #expect(
      outcomes.last?.before
        == PackedRow([
          World.id: keys[1].value, World.name: .text("Two"), World.phone: .null,
          Self.site: .null,
        ]))
  }

  @Test(arguments: [Operation.update, .delete])
  func `nothing is written, the call fails and says so`(operation: Operation) async throws {
    let world = try World()
    try await world.open()
    let key = try world.make("One")
    try world.sandbox.act(
      "access", #"{"object": "Account", "field": "Phone", "access": "none"}"#)
    let command =
      operation == .update
      ? Command.update(1, key, [World.name: .text("Other")]) : Command.delete(1, key)
    var failure = ConnectorFailure(
      code: "schema", operation: "\(operation) Account",
      message: "Account.Phone is not what it was when the run began (INVALID_FIELD)",
      hint: "Run `check`: a field was renamed or removed, or the user may not see it any more",
      disposition: .user, didNothing: true)
    failure.undone = [CommandID(1)]
    await #expect(throws: failure) { try await world.write([command]) }
    try world.sandbox.act(
      "access", #"{"object": "Account", "field": "Phone", "access": "write"}"#)
    #expect(try await world.names() == ["One"])
  }

  @Test func `the write is repeated where the read may pass`() async throws {
    let (world, keys) = try await world(
      .refuse(status: 200, body: Self.halted(1), times: 1))
    let outcomes = try await world.write(
      keys.enumerated().map { Command.update(UInt64($0 + 1), $1, [World.phone: .text("7")]) })
    #expect(outcomes.map(\.id) == [CommandID(1), CommandID(2), CommandID(3)])
    #expect(outcomes.compactMap { $0.before?[World.name] }.count == 3)
  }

  @Test func `a read that is always too much ends the write after a few calls`() async throws {
    let world = try await world(.refuse(status: 200, body: Self.halted(3), times: .max)).0
    let keys = try (1...600).map { try world.key("001\(String($0 + 100_000_000_000))") }
    let before = await world.calls
    var failure = ConnectorFailure(
      code: "busy", operation: "update Account",
      message: "Salesforce could not finish it (QUERY_TIMEOUT)", hint: "Run again later",
      disposition: .retry, didNothing: true)
    failure.undone = (1...600).map { CommandID($0) }
    do {
      _ = try await world.write(
        keys.enumerated().map { Command.update(UInt64($0 + 1), $1, [World.phone: .text("7")]) })
      Issue.record("it was written")
    } catch var told as ConnectorFailure {
      told.undone.sort()
      #expect(told == failure)
    }
    #expect(await world.calls < before + 12)
  }

  @Test func `the first record of a part may be gone`() async throws {
    let world = try World()
    try await world.open()
    let keys = try ["One", "Two", "Three"].map { try world.make($0) }
    try world.delete(keys[0])
    try world.delete(keys[1])
    let outcomes = try await world.write(
      keys.enumerated().map { Command.update(UInt64($0 + 1), $1, [World.phone: .text("7")]) })
    #expect(
      outcomes.map(\.result) == [
        .changed(current: nil), .changed(current: nil),
        .written(key: keys[2], stored: World.row(keys[2], "Three", phone: .text("7"))),
      ])
    #expect(outcomes.last?.before == World.row(keys[2], "Three"))
  }
}
