import SynclineModel
import SynclinePorts
import SynclineTesting
import Testing

extension ConnectorContract {
  @Test(arguments: WorldKind.allCases)
  func `after a lost answer a probe tells what happened`(_ kind: WorldKind) async throws {
    let session = try await ContractSession.open(kind, [ContractObjects.log])
    for _ in 0..<2 { try session.user(.insert("Log", ["text": .text("a")])) }
    let sent = [
      session.insert(1, "Log", ["text": .text("new")]),
      session.update(2, "Log", 1, ["text": .text("b")], expecting: ["text": .text("a")]),
      session.delete(3, "Log", 2, expecting: ["text": .text("a")]),
    ]
    let unsent = session.insert(4, "Log", ["text": .text("never sent")])
    // The answer is dropped here, as it is by a crash between the call and the journal.
    _ = try await session.write("Log", sent)
    let next = try await session.again()
    let before = try next.world.fingerprint()
    let new = NativeKey(integer: 3)
    let first = NativeKey(integer: 1)
    #expect(
      try await next.probe("Log", sent + [unsent]) == [
        CommandID(1): .applied(
          key: new, current: next.whole("Log", new, ["text": .text("new")])),
        CommandID(2): .applied(
          key: first, current: next.whole("Log", first, ["text": .text("b")])),
        CommandID(3): .applied(key: NativeKey(integer: 2), current: nil),
        CommandID(4): .notApplied,
      ])
    #expect(try next.world.fingerprint() == before)
    await next.connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `a probe shows the record with the edits made since`(_ kind: WorldKind) async throws {
    let session = try await ContractSession.open(kind, [ContractObjects.log])
    let command = session.insert(1, "Log", ["text": .text("ours")])
    _ = try await session.write("Log", [command])
    let key = NativeKey(integer: 1)
    try session.user(.update("Log", key, ["text": .text("theirs")]))
    #expect(
      try await session.probe("Log", [command]) == [
        CommandID(1): .applied(
          key: key, current: session.whole("Log", key, ["text": .text("theirs")]))
      ])
    await session.connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `a cancelled call ends, and nothing of it stands`(_ kind: WorldKind) async throws {
    let opened = try await ContractSession.open(kind, [ContractObjects.log])
    let session = try await opened.again(patienceMilliseconds: 200)
    let command = session.insert(1, "Log", ["text": .text("a")])
    try session.world.hold()
    let call = Task { try await session.write("Log", [command]) }
    call.cancel()
    await #expect(throws: (any Error).self) { try await call.value }
    try session.world.letGo()
    let next = try await session.again()
    #expect(try await next.readAll("Log") == [])
    #expect(try await next.probe("Log", [command]) == [CommandID(1): .notApplied])
    await next.connector.close()
  }
}
