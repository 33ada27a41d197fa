import Synchronization
public import SynclineModel
public import SynclinePorts

/// A connector that reads through to another one and has no way to write: what a plan runs with. A
/// command is answered as if it had been carried out; a new record's key is *promised* by its command.
public final class PlanningConnector: StampedSystem {
  /// A command that a run would send.
  public struct Planned: Hashable, Sendable {
    public var object: ObjectNumber
    public var command: WriteCommand
  }

  private let system: any Connector
  private let state = Mutex(State())

  private struct State {
    var planned: [Planned] = []
    var untracked: Set<ObjectName> = []
    var bindings: [ObjectNumber: ObjectBinding] = [:]
    var identity: SystemIdentity?
    var isTracked = false
  }

  public init(_ system: any Connector) { self.system = system }

  /// The commands so far, in the order in which a run would send them.
  public var planned: [Planned] { state.withLock { $0.planned } }

  public var capabilities: Capabilities { system.capabilities }

  public func inspect(
    _ objects: [ObjectRequest], ourJournal: JournalID?
  ) async throws -> Inspection {
    let inspection = try await system.inspect(objects, ourJournal: ourJournal)
    state.withLock { state in
      state.identity = inspection.identity
      state.isTracked = inspection.owners.contains { $0.journal == ourJournal }
    }
    return inspection
  }

  public func bind(_ objects: [ObjectBinding]) async throws {
    try await system.bind(objects)
    state.withLock { state in
      for object in objects { state.bindings[object.object] = object }
    }
  }

  public func createTracking(_ request: TrackingRequest) async throws -> SystemIdentity {
    state.withLock { $0.identity ?? SystemIdentity("planned") }
  }

  public func readPage(_ request: PageRequest) async throws -> RecordPage {
    try await system.readPage(request)
  }

  public func fetch(_ request: FetchRequest) async throws -> FetchedRecords {
    try await system.fetch(request)
  }

  /// Reads the queue without consuming it; a system that nobody tracks yet has none.
  public func readChanges(limit: Int) async throws -> ChangePage {
    guard state.withLock({ $0.isTracked }) else {
      return ChangePage(entries: [], rows: [:], ranges: [], isLast: true)
    }
    return try await system.readChanges(limit: limit)
  }

  public func acknowledge(_ acknowledgement: Acknowledgement) async throws {}

  public func write(_ batch: WriteBatch) async throws -> [WriteOutcome] {
    state.withLock { state in
      batch.commands.map { command in
        state.planned.append(Planned(object: batch.object, command: command))
        let key = command.key ?? NativeKey(promisedBy: command.id)
        var stored = command.expected.merging(command.row)
        if command.operation == .insert, let binding = state.bindings[batch.object] {
          // What an insert leaves out is taken for empty: only the system knows its defaults.
          let empty = PackedRow(binding.fields.map { ($0.number, .null) })
          stored = empty.merging(stored).setting(binding.key.number, to: key.value)
        }
        return WriteOutcome(
          id: command.id,
          result: .written(
            key: key, stored: command.operation == .delete ? PackedRow() : stored))
      }
    }
  }

  public func probe(_ commands: [ProbeRequest]) async throws -> [ProbeOutcome] {
    try await system.probe(commands)
  }

  public func close() async { await system.close() }

  // MARK: A system that tells its changes by stamps

  public func readDeletions(_ request: StampedRequest) async throws -> DeletionPage {
    try await stamped.readDeletions(request)
  }

  public func readStamped(_ request: StampedRequest) async throws -> StampedPage {
    try await stamped.readStamped(request)
  }

  public func readKeys(_ request: PageRequest) async throws -> KeyPage {
    try await stamped.readKeys(request)
  }

  public func gatherEvidence(_ request: EvidenceRequest) async throws -> Evidence {
    try await stamped.gatherEvidence(request)
  }

  /// The run asks such things only where the capabilities, which are the system's own, tell of stamps.
  private var stamped: any StampedSystem {
    guard let system = system as? any StampedSystem else {
      preconditionFailure("a side tells its changes by stamps, and its connector reads none")
    }
    return system
  }
}
