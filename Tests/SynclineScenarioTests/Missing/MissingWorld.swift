import SynclineEngine
import SynclineMapping
import SynclineModel
import SynclinePorts
import SynclineRun
import SynclineTesting

/// A source without a feed of deletes, such as a cloud may be, and a target that tracks its changes.
struct MissingWorld {
  static let customer = SystemObject(
    ObjectSchema(
      name: "Customer", key: "id",
      fields: [
        FieldSchema(name: "id", type: FieldType(.integer), isNullable: false),
        FieldSchema(name: "name", type: FieldType(.text)),
      ]))

  let source = MemorySystem([customer], identity: SystemIdentity("cloud"))
  let target = MemorySystem([customer], identity: SystemIdentity("shop"))
  let log = MemoryLog()
  var inferredDeletes = InferredDeletes.hold

  @discardableResult
  func run(_ allowances: Allowances = Allowances()) async throws -> RunResult {
    let definition = PackageDefinition(
      source: SideDefinition(connection: "cloud"), target: SideDefinition(connection: "shop"),
      connections: [:], inferredDeletes: inferredDeletes,
      tasks: [
        TaskDefinition(
          name: "Customers", source: ObjectDefinition(object: "Customer"),
          target: ObjectDefinition(object: "Customer"),
          columns: [ColumnDefinition(source: "name", target: "name")])
      ])
    let settings = RunSettings(
      definition: definition, journal: JournalID(bytes: [UInt8](repeating: 7, count: 16)),
      program: "test", allowances: allowances, source: limits(MemoryConnector.withoutTracking),
      target: limits(MemoryConnector.capabilities))
    let shell = RunShell(
      settings: settings, log: log,
      source: MemoryConnector(source, capabilities: MemoryConnector.withoutTracking),
      target: MemoryConnector(target), clock: { MemorySystem.beginning })
    return try await shell.run()
  }

  private func limits(_ capabilities: Capabilities) -> SideLimits {
    SideLimits(
      batch: capabilities.batchLimit, page: capabilities.pageLimit,
      tracksByTriggers: capabilities.tracksByTriggers, reportsTime: capabilities.reportsTime)
  }

  /// A person's word about every record that is missing.
  func decide(_ kind: OverrideRequested.Kind) throws {
    let drafts = try missing.map { record in
      EventDraft(
        time: MemorySystem.beginning, run: .none, record: record,
        body: .overrideRequested(OverrideRequested(kind: kind)))
    }
    _ = try log.append(drafts, expecting: log.head.sequence)
  }

  /// The records that `syncline missing` lists.
  var missing: [RecordNumber] {
    get throws {
      let state = log.journal.state
      return try state.objects().flatMap { try state.missing($0.object) }
    }
  }

  /// The names on a side, ascending.
  func names(_ system: MemorySystem) -> [String] {
    system.rows(of: "Customer").values.compactMap { row in
      guard case .text(let text)? = row["name"] else { return nil }
      return text.string
    }.sorted()
  }
}
