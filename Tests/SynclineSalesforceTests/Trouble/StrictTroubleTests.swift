import SynclineModel
import SynclinePorts
import SynclineTesting
import Testing

/// `writes: strict`: what is known is told, what was not sent is told too, and nothing is sent for ever.
@Suite struct `Writing one by one` {
  private typealias Command = `Writing to an organisation`
  private static let parent = FieldNumber(5)

  private func world(_ middleman: ((SandboxProgram) throws -> Middleman)? = nil) async throws
    -> World
  {
    let sandbox = try SandboxProgram()
    let world = try World(sandbox, through: middleman?(sandbox), strict: true)
    try await world.open(["ParentId"])
    return world
  }

  @Test(arguments: [true, false])
  func `refuses a reference to a record that is deleted`(isStrict: Bool) async throws {
    let world = try World(SandboxProgram(), strict: isStrict)
    try await world.open(["ParentId"])
    let child = try world.make("Child")
    let parent = try world.make("Parent")
    try world.delete(parent)
    let outcomes = try await world.write([
      Command.update(1, child, [Self.parent: parent.value])
    ])
    #expect(
      outcomes == [
        WriteOutcome(
          id: CommandID(1),
          result: .refused(
            RecordProblem(
              code: "foreignKey",
              message: "Account: the record it points to is deleted (ENTITY_IS_DELETED)",
              mayPass: true)))
      ])
  }

  @Test func `tells a record that is gone`() async throws {
    let world = try await world()
    let key = try world.make("Gone")
    try world.delete(key)
    #expect(
      try await world.write([Command.update(1, key, [World.phone: .text("1")])]) == [
        WriteOutcome(id: CommandID(1), result: .changed(current: nil))
      ])
  }

  /// Three updates, of which the first is of a record that somebody edited.
  private func three(_ world: World) throws -> [WriteCommand] {
    let keys = try ["One", "Two", "Three"].map { try world.make($0) }
    var commands = keys.enumerated().map {
      Command.update(UInt64($0 + 1), $1, [World.phone: .text("7")])
    }
    commands[0].expected = PackedRow([World.name: .text("As it was")])
    return commands
  }

  @Test(arguments: [503, 403])
  func `keeps what is known where a request fails, and tells what was not sent`(status: Int)
    async throws
  {
    let code = status == 403 ? "REQUEST_LIMIT_EXCEEDED" : "SERVER_UNAVAILABLE"
    let body = #"[{"errorCode": "\#(code)", "message": "TotalRequests Limit exceeded."}]"#
    let world = try await world {
      try Middleman(
        $0, at: "PATCH", "/sobjects/Account/", .refuse(status: status, body: body, times: 1))
    }
    let outcomes = try await world.write(three(world))
    var told = outcomes.map(\.result)
    guard case .changed(let current)? = told.first else {
      Issue.record("the first is not told: \(outcomes)")
      return
    }
    told.removeFirst()
    #expect(current?[World.name] == .text("One"))
    // A server that is not there may have done it; one that refuses has not.
    #expect(told == (status == 503 ? [.notDone] : [.notDone, .notDone]))
    #expect(
      outcomes.map(\.id)
        == (status == 503 ? [CommandID(1), CommandID(3)] : [1, 2, 3].map { CommandID($0) }))
  }

  @Test func `does not compare a record that cannot be read, and does not call it gone`()
    async throws
  {
    let world = try await world {
      try Middleman(
        $0, "/composite/sobjects/Account", .alter(#"body[0]["AnnualRevenue"] = "no number""#))
    }
    let key = try world.make("One")
    #expect(
      try await world.write([Command.update(1, key, [World.phone: .text("1")])]) == [
        WriteOutcome(
          id: CommandID(1),
          result: .refused(
            RecordProblem(
              code: "value",
              message:
                "Account.AnnualRevenue holds a value of another kind than the field (text)",
              mayPass: false)))
      ])
  }
}
