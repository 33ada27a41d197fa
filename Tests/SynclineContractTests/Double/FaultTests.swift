import SynclineModel
import SynclinePorts
import SynclineTesting
import Testing

/// Faults of the double: each does what it says, once, at the call it names.
@Suite struct FaultTests {
  private static let lost = ConnectorFailure(
    code: "unreachable", operation: "write Log", message: "The answer was lost", hint: "Run again",
    disposition: .retry)

  /// A double with one tracked object and a session with it.
  private static func open() async throws -> (MemorySystem, ContractSession) {
    let world = MemoryWorld([ContractObjects.log])
    let session = try await ContractSession.join(world, ["Log"], journal: ContractSession.journal)
    _ = try await session.createTracking(["Log"])
    return (world.system, session)
  }

  @Test func `a call that fails before its effect changes nothing`() async throws {
    let (system, session) = try await Self.open()
    system.schedule([Fault(.write, 1, .failsBefore(Self.lost))])
    let command = session.insert(1, "Log", [:])
    await #expect(throws: Self.lost) { try await session.write("Log", [command]) }
    #expect(system.rows(of: "Log") == [:])
    #expect(try await session.probe("Log", [command]) == [CommandID(1): .notApplied])
  }

  @Test func `a call that fails after its effect leaves it standing`() async throws {
    let (system, session) = try await Self.open()
    system.schedule([Fault(.write, 1, .failsAfter(Self.lost))])
    let command = session.insert(1, "Log", ["text": .text("a")])
    await #expect(throws: Self.lost) { try await session.write("Log", [command]) }
    let key = NativeKey(integer: 1)
    let current = session.whole("Log", key, ["text": .text("a")])
    #expect(
      try await session.probe("Log", [command])
        == [CommandID(1): .applied(key: key, current: current)])
    #expect(
      try await session.write("Log", [command])
        == [CommandID(1): .alreadyWritten(key: key, current: current)])
  }

  @Test func `a lost page of changes is not lost to the next session`() async throws {
    let (system, session) = try await Self.open()
    try session.user(.insert("Log", [:]))
    system.schedule([Fault(.readChanges, 1, .failsAfter(Self.lost))])
    await #expect(throws: Self.lost) { try await session.readChanges() }
    let next = try await session.again()
    #expect(try await next.readChanges().noted == [.init(.insert, "Log", after: 1)])
  }

  @Test func `a fault meets the call of its place and no other`() async throws {
    let (system, session) = try await Self.open()
    system.schedule([
      Fault(.readPage, 2, .failsBefore(Self.lost)), Fault(.probe, 1, .failsBefore(Self.lost)),
    ])
    #expect(try await session.readAll("Log") == [])
    await #expect(throws: Self.lost) { try await session.readAll("Log") }
    #expect(try await session.readAll("Log") == [])
    #expect(system.calls(.readPage) == 3)
    #expect(system.calls(.probe) == 0)
  }

  @Test func `outcomes come back last first`() async throws {
    let (system, session) = try await Self.open()
    system.schedule([Fault(.write, 1, .reversesOutcomes)])
    let outcomes = try await session.connector.write(Self.batch(of: 3, session))
    #expect(outcomes.map(\.id) == [CommandID(3), CommandID(2), CommandID(1)])
    #expect(system.rows(of: "Log").count == 3)
  }

  @Test func `withheld outcomes are those of the last commands, whose effect stands`()
    async throws
  {
    let (system, session) = try await Self.open()
    system.schedule([
      Fault(.write, 1, .withholdsOutcomes(2)), Fault(.write, 1, .reversesOutcomes),
    ])
    let batch = try Self.batch(of: 4, session)
    let outcomes = try await session.connector.write(batch)
    #expect(outcomes.map(\.id) == [CommandID(2), CommandID(1)])
    #expect(system.rows(of: "Log").count == 4)
    let probed = try await session.probe("Log", Array(batch.commands.suffix(2)))
    let keys = [3, 4].map { NativeKey(integer: $0) }
    #expect(
      probed == [
        CommandID(3): .applied(key: keys[0], current: session.whole("Log", keys[0], [:])),
        CommandID(4): .applied(key: keys[1], current: session.whole("Log", keys[1], [:])),
      ])
  }

  @Test func `a refused record is data and its neighbours are written`() async throws {
    let (system, session) = try await Self.open()
    let problem = RecordProblem(code: "check", message: "Log: not on Sundays", mayPass: true)
    system.schedule([Fault(.write, 1, .refuses(index: 0, problem))])
    let key = NativeKey(integer: 1)
    let batch = try Self.batch(of: 2, session)
    #expect(
      try await session.write("Log", batch.commands) == [
        CommandID(1): .refused(problem),
        CommandID(2): .written(key: key, stored: session.whole("Log", key, [:])),
      ])
    #expect(
      try await session.write("Log", [batch.commands[0]]) == [
        CommandID(1): .written(
          key: NativeKey(integer: 2), stored: session.whole("Log", NativeKey(integer: 2), [:]))
      ])
  }

  @Test func `an edit between read and write is met by the comparison`() async throws {
    let (system, session) = try await Self.open()
    let key = try session.user(.insert("Log", ["text": .text("read")]))
    system.schedule([Fault(.write, 1, .edits([.update("Log", key, ["text": .text("edited")])]))])
    let current = session.whole("Log", key, ["text": .text("edited")])
    #expect(
      try await session.write(
        "Log",
        [session.update(1, "Log", 1, ["text": .text("ours")], expecting: ["text": .text("read")])])
        == [CommandID(1): .changed(current: current)])
    #expect(
      try await session.readChanges().noted == [
        .init(.insert, "Log", after: 1), .init(.update, "Log", before: 1, after: 1),
      ])
  }

  @Test(arguments: CallKind.allCases)
  func `a call that does not answer ends when its task is cancelled`(
    _ kind: CallKind
  ) async throws {
    let (system, session) = try await Self.open()
    let before = system.calls(kind)
    system.schedule([Fault(kind, before + 1, .hangs)])
    let call = Task { try await Self.call(kind, in: session) }
    while system.calls(kind) == before { await Task.yield() }
    call.cancel()
    await #expect(throws: CancellationError.self) { try await call.value }
    try await Self.call(kind, in: session)
  }

  private static func batch(of size: UInt64, _ session: ContractSession) throws -> WriteBatch {
    WriteBatch(
      object: try session.number("Log"),
      commands: (1...size).map { session.insert($0, "Log", [:]) }, head: .empty)
  }

  /// One harmless call of each kind.
  private static func call(_ kind: CallKind, in session: ContractSession) async throws {
    let connector = session.connector
    switch kind {
    case .inspect: _ = try await connector.inspect([], ourJournal: session.journal)
    case .bind: try await connector.bind(Array(session.bindings.values))
    case .createTracking: _ = try await session.createTracking(["Log"])
    case .readPage: _ = try await session.page("Log", limit: 1)
    case .fetch: _ = try await session.fetch("Log", [NativeKey(integer: 1)])
    case .readChanges: _ = try await session.readChanges()
    case .acknowledge: try await session.acknowledge([])
    case .write: _ = try await session.write("Log", [])
    case .probe: _ = try await session.probe("Log", [])
    case .queue: _ = try await connector.queue(of: session.journal)
    case .removeTracking: _ = try await connector.removeTracking(of: session.journal)
    }
  }
}
