import SynclineModel
import SynclinePorts
import SynclineTesting
import Testing

// What a command rests on may have ended, and its key may belong to another record by now.

extension ConnectorContract {
  @Test(arguments: WorldKind.allCases)
  func `another record under the key of one that ended unread is no news of that one`(
    _ kind: WorldKind
  ) async throws {
    let session = try await ContractSession.open(kind, [ContractObjects.log])
    let key = try session.user(.insert("Log", ["text": .text("a")]))
    try await session.acknowledge(session.readChanges().ranges)
    try session.user(.delete("Log", key))
    #expect(try session.user(.insert("Log", ["text": .text("b")])) == key)
    #expect(
      try await session.write(
        "Log", [session.update(1, "Log", 1, ["text": .text("c")], expecting: ["text": .text("a")])]
      ) == [CommandID(1): .outdated])
    await session.connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `a child whose parent ended unread is not written, also where another row has its key`(
    _ kind: WorldKind
  ) async throws {
    let session = try await ContractSession.open(
      kind, [ContractObjects.company, ContractObjects.contact])
    let parent = try session.user(.insert("Company", ["name": .text("Ada")]))
    let other = try session.user(.insert("Company", ["name": .text("Bob")]))
    try await session.acknowledge(session.readChanges().ranges)
    try session.user(.delete("Company", other))
    #expect(try session.user(.insert("Company", ["name": .text("Eve")])) == other)
    let number = try session.number("Company")
    func child(_ id: UInt64, of key: NativeKey) -> WriteCommand {
      var command = session.insert(id, "Contact", ["company": key.value])
      command.parents = [ObjectKey(object: number, key: key)]
      return command
    }
    let results = try await session.write("Contact", [child(1, of: other), child(2, of: parent)])
    #expect(results[CommandID(1)] == .outdated)
    #expect(
      try await session.readAll("Contact") == [
        session.record("Contact", 1, ["company": parent.value])
      ])
    try await session.acknowledge(session.readChanges().ranges)
    _ = try await session.write("Contact", [child(1, of: other)])
    #expect(
      try await session.readAll("Contact").last
        == session.record("Contact", 2, ["company": other.value]))
    await session.connector.close()
  }
}
