import SynclineModel
import SynclinePorts
import SynclineTesting
import Testing

/// What a request did of which a part has no answer, or too few of them, is not known. It is found out by
/// evidence, and never sent again blindly.
@Suite struct `Results that are missing` {
  private typealias Command = `Writing to an organisation`

  private func world(_ word: String, _ script: String) async throws -> World {
    let sandbox = try SandboxProgram()
    let world = try World(sandbox, through: Middleman(sandbox, word, .alter(script)))
    try await world.open()
    return world
  }

  @Test func `of a part that failed at the server are unknown, and it is not sent again`()
    async throws
  {
    let world = try await world(
      "/composite",
      """
      body["compositeResponse"][1]["httpStatusCode"] = 500
      body["compositeResponse"][1]["body"] = [{"errorCode": "UNKNOWN_EXCEPTION", "message": "!"}]
      """)
    let keys = try ["One", "Two"].map { try world.make($0) }
    let before = try world.sandbox.changes
    let outcomes = try await world.write(
      keys.enumerated().map { Command.update(UInt64($0 + 1), $1, [World.phone: .text("7")]) })
    #expect(outcomes == [])
    #expect(try world.sandbox.changes == before + 1)
  }

  @Test(arguments: [#""body": "A page""#, #""httpStatusCode": 502, "body": None"#])
  func `of a part without any are unknown`(part: String) async throws {
    let world = try await world(
      "/composite", "body[\"compositeResponse\"][1] = {\(part)}")
    let key = try world.make("One")
    let before = try world.sandbox.changes
    #expect(try await world.write([Command.update(1, key, [World.phone: .text("7")])]) == [])
    #expect(try world.sandbox.changes == before + 1)
  }

  @Test func `of an update are unknown, and those that came belong to the records they name`()
    async throws
  {
    let world = try await world(
      "/composite", #"body["compositeResponse"][1]["body"].pop(0)"#)
    let keys = try ["One", "Two", "Three"].map { try world.make($0) }
    let outcomes = try await world.write(
      keys.enumerated().map { Command.update(UInt64($0 + 1), $1, [World.phone: .text("7")]) })
    #expect(outcomes.map(\.id) == [CommandID(2), CommandID(3)])
    #expect(
      outcomes.map(\.result) == [
        .written(key: keys[1], stored: World.row(keys[1], "Two", phone: .text("7"))),
        .written(key: keys[2], stored: World.row(keys[2], "Three", phone: .text("7"))),
      ])
  }

  @Test(arguments: ["body.pop(0)", #"body.append({"success": False, "errors": []})"#])
  func `of creates are unknown, since nothing tells which is whose`(script: String) async throws {
    let world = try await world("/composite/sobjects", script)
    let before = try world.sandbox.changes
    let outcomes = try await world.write([
      Command.insert(1, [World.name: .text("One")]),
      Command.insert(2, [World.name: .text("Two")]),
    ])
    #expect(outcomes == [])
    #expect(try world.sandbox.changes == before + 1)
  }
}
