import SynclineModel
import SynclinePorts
import SynclineSalesforce
import Testing

@Suite struct `The calls that a package allows` {
  @Test func `are those of sign-ins and repetitions too`() async throws {
    let world = try World(options: ["--fault", "unavailable,match=/query"], callsMax: 4)
    try await world.open()
    await #expect(
      throws: ConnectorFailure(
        code: "maxCalls", operation: "read Account",
        message: "The run has used its 4 calls",
        hint: "The next run goes on from here; raise `maxCalls` to let a run do more",
        disposition: .retry, didNothing: true)
    ) {
      try await world.names()
    }
    #expect(await world.calls == 4)
  }

  @Test func `are those of a renewal too`() async throws {
    let world = try World(options: ["--fault", "expired,match=/query,times=1"], callsMax: 3)
    try await world.open()
    do {
      _ = try await world.names()
      Issue.record("it was read")
    } catch let failure as ConnectorFailure {
      #expect(failure.code == "maxCalls")
      #expect(failure.didNothing)
    }
    #expect(await world.calls == 3)
  }
}
