import Synchronization
import SynclineEngine
import SynclineMapping
import SynclineModel
import SynclinePorts
import SynclineRun
import SynclineTesting
import Testing

@Suite struct `A run` {
  static let schema = ObjectSchema(
    name: "Customer", key: "id",
    fields: [
      FieldSchema(name: "id", type: FieldType(.integer), isNullable: false),
      FieldSchema(name: "name", type: FieldType(.text)),
      FieldSchema(name: "phone", type: FieldType(.text)),
    ])
  let source = TinySystem("left", [schema])
  let target = TinySystem("right", [schema])
  let log = MemoryLog()

  func definition() -> PackageDefinition {
    PackageDefinition(
      source: SideDefinition(connection: "left"), target: SideDefinition(connection: "right"),
      connections: [:],
      tasks: [
        TaskDefinition(
          name: "Customers", source: ObjectDefinition(object: "Customer"),
          target: ObjectDefinition(object: "Customer"),
          columns: [
            ColumnDefinition(source: "name", target: "name"),
            ColumnDefinition(source: "phone", target: "phone"),
          ])
      ])
  }

  func run(source: (any Connector)? = nil) async throws -> RunResult {
    let limits = SideLimits(batch: 3, page: 3, tracksByTriggers: true, reportsTime: true)
    let settings = RunSettings(
      definition: definition(), journal: JournalID(bytes: [UInt8](repeating: 7, count: 16)),
      program: "test", source: limits, target: limits)
    let shell = RunShell(
      settings: settings, log: log, source: source ?? self.source, target: target,
      clock: { Timestamp(microseconds: 1_000_000) })
    return try await shell.run()
  }

  func contents(_ system: TinySystem) -> [String] {
    system.rows("Customer").map { row in
      ["name", "phone"].map { field in
        if case .text(let text)? = row[FieldName(field)] { text.string } else { "-" }
      }.joined(separator: " ")
    }.sorted()
  }

  @Test func `both sides hold the same records afterwards, and the next run is quiet`() async throws
  {
    for index in 1...7 { _ = source.insert("Customer", ["name": .text("s\(index)")]) }
    for index in 1...4 { _ = target.insert("Customer", ["name": .text("t\(index)")]) }
    let first = try await run()
    #expect(first.state == .succeeded)
    #expect(first.tally.target.inserts == 7)
    #expect(first.tally.source.inserts == 4)
    #expect(contents(source) == contents(target))
    let events = log.journal.events.count
    let second = try await run()
    #expect(second.tally == RunTally())
    #expect(log.journal.events.count - events == 4)
    #expect(try log.journal.rebuilt(inBatchesOf: 3) == log.journal.state)
  }

  @Test func `edits on either side travel and the source wins a conflict`() async throws {
    let a = source.insert("Customer", ["name": .text("a"), "phone": .text("1")])
    let b = source.insert("Customer", ["name": .text("b"), "phone": .text("1")])
    let c = source.insert("Customer", ["name": .text("c"), "phone": .text("1")])
    _ = try await run()
    source.update("Customer", a, ["phone": .text("2")])
    target.update("Customer", b, ["phone": .text("3")])
    target.delete("Customer", c)
    let second = try await run()
    #expect(second.tally.target.updates == 1)
    #expect(second.tally.source.updates == 1)
    #expect(second.tally.source.deletes == 1)
    #expect(contents(source) == contents(target))
    source.update("Customer", a, ["phone": .text("4")])
    target.update("Customer", a, ["name": .text("z")])
    let third = try await run()
    #expect(third.tally.conflicts == 1)
    #expect(contents(source) == contents(target))
    #expect(contents(source) == ["a 4", "b 3"])
    #expect(source.inside.withLock { $0.queue.isEmpty })
    #expect(target.inside.withLock { $0.queue.isEmpty })
    let events = log.journal.events.count
    let fourth = try await run()
    #expect(fourth.tally == RunTally())
    #expect(log.journal.events.count - events == 4)
    #expect(try log.journal.rebuilt(inBatchesOf: 1) == log.journal.state)
  }

  @Test func `law 23: a record that a listing names three times is one event`() async throws {
    let repeating = RepeatingSystem(source)
    let a = source.insert("Customer", ["name": .text("a")])
    _ = source.insert("Customer", ["name": .text("b")])
    let first = try await run(source: repeating)
    #expect(first.tally.source.created == 2)
    #expect(first.tally.target.inserts == 2)
    #expect(log.journal.events.filter { $0.header.kind == .recordCreated }.count == 2)

    source.update("Customer", a, ["name": .text("z")])
    let second = try await run(source: repeating)
    #expect(second.tally.source.changed == 1)
    #expect(second.tally.target.updates == 1)
    #expect(log.journal.events.filter { $0.header.kind == .recordChanged }.count == 1)
    #expect(contents(source) == ["b -", "z -"])
    #expect(contents(target) == ["b -", "z -"])
    #expect(try await run(source: repeating).tally == RunTally())
  }
}
