import Synchronization
import SynclineEngine
import SynclineMapping
import SynclineModel
import SynclinePorts
import SynclineRun
import SynclineTesting
import Testing

/// A cloud as the target of a database (Docs/Connectors/README.md).
@Suite struct `A side that tells its changes by stamps` {
  static let schema = ObjectSchema(
    name: "Account", key: "id",
    fields: [
      FieldSchema(name: "id", type: FieldType(.integer), isNullable: false),
      FieldSchema(name: "name", type: FieldType(.text)),
      FieldSchema(name: "phone", type: FieldType(.text, trims: true)),
      FieldSchema(name: "amount", type: FieldType(.decimal, scale: 1)),
    ])
  static let customers = ObjectSchema(
    name: "Customer", key: "id",
    fields: [
      FieldSchema(name: "id", type: FieldType(.integer), isNullable: false),
      FieldSchema(name: "name", type: FieldType(.text)),
      FieldSchema(name: "phone", type: FieldType(.text)),
      FieldSchema(name: "amount", type: FieldType(.decimal)),
    ])
  let source = TinySystem("shop", [customers])
  let cloud = TinyCloud(schema)
  let log = MemoryLog()

  @discardableResult
  private func run(_ columns: [String] = ["name", "phone", "amount"]) async throws -> RunResult {
    cloud.pass(60)
    cloud.inside.withLock { $0.calls = [] }
    let definition = PackageDefinition(
      source: SideDefinition(connection: "shop"), target: SideDefinition(connection: "cloud"),
      connections: [:],
      tasks: [
        TaskDefinition(
          name: "Customers", source: ObjectDefinition(object: "Customer"),
          target: ObjectDefinition(object: "Account"),
          columns: columns.map {
            ColumnDefinition(source: FieldName($0), target: FieldName($0))
          })
      ])
    let capabilities = cloud.capabilities
    let settings = RunSettings(
      definition: definition, journal: JournalID(bytes: [UInt8](repeating: 7, count: 16)),
      program: "test",
      source: SideLimits(batch: 3, page: 3, tracksByTriggers: true, reportsTime: true),
      target: SideLimits(
        batch: 3, page: 3, tracksByTriggers: false, reportsTime: true,
        timePrecision: capabilities.timePrecision, stamps: capabilities.detection.stamps,
        writes: capabilities.writes))
    let seconds = cloud.inside.withLock { $0.now }
    let shell = RunShell(
      settings: settings, log: log, source: source, target: cloud,
      clock: { Timestamp(microseconds: seconds * 1_000_000) })
    return try await shell.run()
  }

  private var calls: [String] { cloud.inside.withLock { $0.calls } }

  private func names(_ system: TinySystem) -> [String] {
    system.rows("Customer").map { row in
      if case .text(let text)? = row["name"] { text.string } else { "-" }
    }.sorted()
  }

  private var conflicts: [ConflictOpened] {
    get throws {
      try log.journal.state.conflicts(after: .none, limit: 9).map(\.conflict.conflict)
    }
  }

  @Test func `is read in full once, and from its bound on afterwards`() async throws {
    for index in 1...5 { _ = cloud.insert(["name": .text("c\(index)")]) }
    #expect(try await run().tally.source.inserts == 5)
    #expect(calls == ["page", "page"])
    #expect(try await run().tally == RunTally())
    #expect(calls == ["deletions", "stamped"])
    cloud.update(2, ["name": .text("new")])
    #expect(try await run().tally.source.updates == 1)
    #expect(names(source) == ["c1", "c3", "c4", "c5", "new"])
    #expect(try log.journal.rebuilt(inBatchesOf: 2) == log.journal.state)
  }

  @Test func `keeps its bound, which never goes back`() async throws {
    _ = cloud.insert(["name": .text("a")])
    try await run()
    let first = try log.journal.state.package().target.bounds.map(\.since)
    // The server's time when the run began, less the overlap.
    #expect(first == [Timestamp(microseconds: 150_000_000)])
    cloud.inside.withLock { $0.safeBound = 90 }
    try await run()
    #expect(try log.journal.state.package().target.bounds.map(\.since) == first)
    cloud.inside.withLock { $0.safeBound = 200 }
    try await run()
    #expect(
      try log.journal.state.package().target.bounds.map(\.since)
        == [Timestamp(microseconds: 200_000_000)])
  }

  @Test func `finds what was committed late with an earlier stamp`() async throws {
    cloud.inside.withLock { $0.safeBound = 100 }
    try await run()
    cloud.inside.withLock { inside in
      let key = inside.insert(["name": .text("late")], isOurs: false)
      inside.records[key]?.stamp = 155
    }
    try await run()
    #expect(names(source) == ["late"])
  }

  @Test func `deletes what its feed names, if it is gone indeed`() async throws {
    for index in 1...3 { _ = cloud.insert(["name": .text("c\(index)")]) }
    try await run()
    cloud.delete(1)
    cloud.delete(2)
    #expect(try await run().tally.source.deletes == 2)
    #expect(calls == ["deletions", "fetch", "stamped"])
    #expect(names(source) == ["c3"])
  }

  @Test func `keeps a record that was deleted and came back between two runs`() async throws {
    let key = cloud.insert(["name": .text("a")])
    try await run()
    cloud.delete(key)
    cloud.undelete(key)
    #expect(try await run().tally == RunTally())
    #expect(names(source) == ["a"])
  }

  @Test func `brings back a record whose deletion had travelled`() async throws {
    let key = cloud.insert(["name": .text("a")])
    try await run()
    cloud.delete(key)
    try await run()
    #expect(names(source) == [])
    cloud.undelete(key)
    try await run()
    #expect(names(source) == ["a"])
    #expect(try await run().tally == RunTally())
  }

  @Test func `takes a census where the feed does not reach back`() async throws {
    for index in 1...5 { _ = cloud.insert(["name": .text("c\(index)")]) }
    try await run()
    cloud.delete(2)
    cloud.pass(100)
    cloud.inside.withLock { $0.reach = $0.now }
    #expect(try await run().tally.source.deletes == 1)
    #expect(calls == ["deletions", "stamped", "keys", "keys", "fetch"])
    #expect(names(source) == ["c1", "c3", "c4", "c5"])
  }

  @Test func `holds what is absent without a word, and lists it`() async throws {
    for index in 1...3 { _ = cloud.insert(["name": .text("c\(index)")]) }
    try await run()
    cloud.delete(2)
    cloud.inside.withLock {
      $0.forgets = true
      $0.reach = $0.now + 60
    }
    let result = try await run()
    #expect(result.tally.held == 1)
    #expect(names(source) == ["c1", "c2", "c3"])
  }

  @Test func `takes no older version for an edit, and asks about an equal one`() async throws {
    _ = cloud.insert(["name": .text("a")])
    try await run()
    let stale = cloud.inside.withLock { $0.records[1] }
    cloud.pass(60)
    source.update("Customer", 1, ["name": .text("b")])
    try await run()
    cloud.inside.withLock { inside in
      inside.stale[1] = stale
      inside.stale[1]?.stamp = inside.now - 1
    }
    #expect(try await run().tally == RunTally())
    cloud.inside.withLock { inside in
      inside.stale[1]?.stamp = inside.records[1]?.stamp ?? 0
    }
    #expect(try await run().tally == RunTally())
    #expect(names(source) == ["b"])
  }
}

/// What was written to a cloud, and what became of it.
extension `A side that tells its changes by stamps` {
  @Test func `is asked who made a record whose answer was lost, and links it`() async throws {
    try await run()
    _ = source.insert("Customer", ["name": .text("a"), "phone": .text("1")])
    cloud.inside.withLock { $0.losesAnswer = true }
    #expect(try await run().state == .failed)
    let second = try await run()
    #expect(calls.prefix(2) == ["fetch", "evidence"])
    #expect(second.tally.target.inserts == 1)
    #expect(cloud.names == ["a"])
    #expect(try await run().tally == RunTally())
    #expect(names(source) == ["a"])
  }

  @Test func `is asked page by page for what our user made since the send`() async throws {
    try await run()
    for index in 1...8 { _ = source.insert("Customer", ["name": .text("c\(index)")]) }
    cloud.inside.withLock {
      $0.losesAnswer = true
      $0.answersFirst = 2
    }
    #expect(try await run().state == .failed)
    #expect(cloud.names.count == 8)
    let second = try await run()
    // Six are known; of the last batch two were made and no answer came. A page holds three.
    #expect(calls.count { $0 == "evidence" } == 3)
    #expect(second.tally.target.inserts == 2)
    #expect(cloud.names == (1...8).map { "c\($0)" })
    #expect(try await run().tally == RunTally())
  }

  @Test func `gets a create again only when its safe bound has passed the send`() async throws {
    try await run()
    _ = source.insert("Customer", ["name": .text("a")])
    cloud.inside.withLock {
      $0.losesRequest = true
      $0.safeBound = 110
    }
    #expect(try await run().state == .failed)
    let waiting = try await run()
    #expect(waiting.tally.pending == 1)
    #expect(cloud.names == [])
    cloud.inside.withLock { $0.safeBound = nil }
    #expect(try await run().tally.target.inserts == 1)
    #expect(cloud.names == ["a"])
    #expect(try await run().tally == RunTally())
  }

  @Test func `gets at once again what came to nothing for certain`() async throws {
    try await run()
    for index in 1...8 { _ = source.insert("Customer", ["name": .text("c\(index)")]) }
    cloud.inside.withLock {
      $0.limit = 4
      $0.safeBound = 110
    }
    let limited = try await run()
    #expect(limited.state == .failed)
    #expect(limited.tally.target.inserts == 4)
    #expect(limited.tally.pending == 4)
    #expect(try log.journal.state.unsettled(limit: .max) == [])
    cloud.inside.withLock { $0.limit = nil }
    #expect(try await run().tally.target.inserts == 4)
    #expect(cloud.names == (1...8).map { "c\($0)" })
    #expect(try await run().tally == RunTally())
  }

  @Test func `gets at once again what waited behind a request that was lost`() async throws {
    try await run()
    for index in 1...8 { _ = source.insert("Customer", ["name": .text("c\(index)")]) }
    cloud.inside.withLock { $0.losesRequest = true }
    #expect(try await run().state == .failed)
    // Of its own commands the side says that only the first one was sent.
    #expect(try log.journal.state.unsettled(limit: .max).count == 1)
  }

  @Test func `shows no touch where the version that is known is read again`() async throws {
    _ = cloud.insert(["name": .text("a"), "phone": .text("1")])
    cloud.inside.withLock { $0.safeBound = 90 }
    try await run(["name"])
    let edited = try await run(["name", "phone"])
    #expect(edited.tally.source.updates == 0)
    #expect(edited.tally.untouched == 1)
    cloud.update(1, [:])
    #expect(try await run(["name", "phone"]).tally.source.updates == 1)
  }

  @Test func `fills after a reset what was deleted while the other side's record was being made`()
    async throws
  {
    try await run()
    let key = source.insert("Customer", ["name": .text("a")])
    cloud.inside.withLock {
      $0.losesRequest = true
      $0.safeBound = 110
    }
    #expect(try await run().state == .failed)
    source.delete("Customer", key)
    _ = try log.append(
      [
        EventDraft(
          time: Timestamp(microseconds: 0), run: .none,
          body: .parameterReset(ParameterReset(parameter: .lastSyncTime)))
      ], expecting: log.head.sequence)
    #expect(try await run().tally.pending == 1)
    // The create takes effect only now.
    _ = cloud.insert(["name": .text("a")], isOurs: true)
    cloud.inside.withLock { $0.safeBound = nil }
    let result = try await run()
    #expect(result.tally.source.inserts == 1)
    #expect(result.tally.target.deletes == 0)
    #expect(cloud.names == ["a"])
    #expect(names(source) == ["a"])
    #expect(try await run().tally == RunTally())
  }

  @Test func `takes no record for a lost create because it keeps nothing of an empty text`()
    async throws
  {
    try await run()
    _ = source.insert("Customer", ["name": .text("a"), "phone": .text(" ")])
    cloud.inside.withLock { $0.losesRequest = true }
    #expect(try await run().state == .failed)
    _ = cloud.insert(["name": .text("b")], isOurs: true)
    #expect(try await run().tally.pending == 1)
    #expect(cloud.names == ["b"])
    #expect(names(source) == ["a"])
  }

  @Test func `keeps of a text what it keeps, and the other side what it has`() async throws {
    let key = source.insert("Customer", ["name": .text("a"), "phone": .text("")])
    try await run()
    #expect(try await run().tally == RunTally())
    source.update("Customer", key, ["phone": .text(" 12 ")])
    #expect(try await run().tally.target.updates == 1)
    #expect(try await run().tally == RunTally())
    cloud.update(1, ["name": .text("b")])
    #expect(try await run().tally.source.updates == 1)
    #expect(cloud.inside.withLock { $0.records[1]?.row["phone"] } == .text("12"))
    #expect(source.rows("Customer").map { $0["phone"] } == [.text(" 12 ")])
    #expect(try await run().tally == RunTally())
    #expect(try log.journal.rebuilt(inBatchesOf: 2) == log.journal.state)
  }

  @Test func `with more candidates than creates waits for a person`() async throws {
    try await run()
    _ = source.insert("Customer", ["name": .text("a")])
    cloud.inside.withLock { $0.losesAnswer = true }
    #expect(try await run().state == .failed)
    _ = cloud.insert(["name": .text("a")], isOurs: true)
    #expect(try await run().tally.pending == 1)
    #expect(try await run().tally.pending == 1)
    #expect(cloud.names == ["a", "a"])
    #expect(names(source) == ["a"])
  }

  @Test func `keeps an edit that was overwritten in the last moments on record`() async throws {
    _ = source.insert("Customer", ["name": .text("a"), "phone": .text("1")])
    try await run()
    source.update("Customer", 1, ["name": .text("b")])
    cloud.inside.withLock {
      $0.edit = { $0.update(1, ["name": .text("mine"), "phone": .text("2")]) }
    }
    try await run()
    #expect(cloud.names == ["b"])
    let number = try log.journal.state.objects().first { $0.side == .target }?
      .field(named: "name")?.number
    let field = try #require(number)
    #expect(
      try conflicts == [
        ConflictOpened(
          task: TaskNumber(1), kind: .bothChanged, rule: 1, loser: .target,
          lost: PackedRow([field: .text("mine")]), base: PackedRow([field: .text("a")]),
          won: PackedRow([field: .text("b")]))
      ])
    // What the write did not carry is an edit and travels.
    #expect(source.rows("Customer").map { $0["phone"] } == [.text("2")])
    #expect(try await run().tally == RunTally())
  }

  @Test func `that answers with nothing is read back, and rounding is no edit`() async throws {
    cloud.inside.withLock { $0.showsWrites = false }
    let amount = try #require(ExactDecimal(parsing: "1.25".utf8))
    _ = source.insert("Customer", ["name": .text("a"), "amount": Value(decimal: amount)])
    try await run()
    #expect(calls == ["page", "write", "fetch"])
    #expect(try await run().tally == RunTally())
    #expect(source.rows("Customer").map { $0["amount"] } == [Value(decimal: amount)])
    source.update("Customer", 1, ["name": .text("b")])
    #expect(try await run().tally.target.updates == 1)
    #expect(try await run().tally == RunTally())
    #expect(cloud.names == ["b"])
  }
}
