public import SynclineModel
public import SynclinePorts

/// The connector of a memory system. An actor because it owns what a session owns: the bindings,
/// the journal it serves and the snapshot of an open read of changes.
///
/// It follows the port to the letter and refuses what SQLite cannot do, so that a run that passes
/// with it does not fail with a database: more records than the limit, a write while changes are
/// read.
public actor MemoryConnector: Connector, TrackedSystem {
  public nonisolated let capabilities: Capabilities
  let system: MemorySystem
  private(set) var journal: JournalID?
  private(set) var bindings: [ObjectNumber: ObjectBinding] = [:]
  var reading: ChangeReading?
  private var isClosed = false

  public static let capabilities = Capabilities(
    tracksByTriggers: true, batchLimit: 500, pageLimit: 1000, reportsTime: true)

  /// Those of a system without tracking objects and without a feed of deletes: every read is a full one,
  /// and what it does not show is missing.
  public static let withoutTracking = Capabilities(
    tracksByTriggers: false, batchLimit: 500, pageLimit: 1000, reportsTime: true)

  public init(_ system: MemorySystem, capabilities: Capabilities = MemoryConnector.capabilities) {
    self.system = system
    self.capabilities = capabilities
  }

  public func inspect(
    _ objects: [ObjectRequest], ourJournal: JournalID?
  ) async throws -> Inspection {
    try await call(.inspect) {
      journal = ourJournal
      return system.snapshot.inspection(of: objects, ourJournal: ourJournal)
    }
  }

  public func bind(_ objects: [ObjectBinding]) async throws {
    try await call(.bind) {
      bindings = Dictionary(objects.map { ($0.object, $0) }) { $1 }
      guard !capabilities.tracksByTriggers else { return }
      let journal = try servedJournal("bind")
      system.transaction { $0.keepCommands(of: journal) }
    }
  }

  public func createTracking(_ request: TrackingRequest) async throws -> SystemIdentity {
    try await call(.createTracking) {
      try refuseWhileReading("create tracking objects")
      let identity = try system.transaction { (state) throws(ConnectorFailure) in
        try state.createTracking(request, newIdentity: system.identity)
      }
      journal = request.owner.journal
      return identity
    }
  }

  public func acknowledge(_ acknowledgement: Acknowledgement) async throws {
    try await call(.acknowledge) {
      try refuseWhileReading("acknowledge changes")
      let journal = try servedJournal("acknowledge changes")
      try system.transaction { (state) throws(ConnectorFailure) in
        try state.forget(acknowledgement, of: journal)
      }
    }
  }

  public func write(_ batch: WriteBatch) async throws -> [WriteOutcome] {
    try await call(.write) { effects in
      try refuseWhileReading("write")
      guard batch.commands.count <= capabilities.batchLimit else {
        throw ConnectorFailure.misuse("write", "The batch holds more than the limit")
      }
      let writer = MemoryWriter(
        batch: batch, binding: try binding(batch.object, "write"),
        names: bindings.mapValues(\.name),
        journal: try servedJournal("write"), refused: Self.refusals(among: effects))
      let outcomes = try system.transaction { (state) throws(ConnectorFailure) in
        try writer.carryOut(in: &state)
      }
      return Self.spoil(outcomes, by: effects)
    }
  }

  public func probe(_ commands: [ProbeRequest]) async throws -> [ProbeOutcome] {
    try await call(.probe) { effects in
      let state = system.snapshot
      let noted = state.trackings[try servedJournal("probe")]?.commands ?? [:]
      var outcomes: [ProbeOutcome] = []
      for request in commands {
        guard let key = noted[request.command.id] else {
          outcomes.append(ProbeOutcome(id: request.command.id, result: .notApplied))
          continue
        }
        let current = try state.packed(key, as: binding(request.object, "probe"))
        outcomes.append(
          ProbeOutcome(id: request.command.id, result: .applied(key: key, current: current)))
      }
      return Self.spoil(outcomes, by: effects)
    }
  }

  public func queue(of journal: JournalID) async throws -> (length: Int, oldest: Timestamp?) {
    try await call(.queue) {
      let entries = system.snapshot.trackings[journal]?.entries ?? []
      return (entries.count, entries.first?.time)
    }
  }

  public func removeTracking(of journal: JournalID) async throws -> Bool {
    try await call(.removeTracking) {
      try refuseWhileReading("remove tracking objects")
      return system.transaction { state in
        let isThere = state.trackings.removeValue(forKey: journal) != nil
        if state.trackings.isEmpty { state.identity = nil }
        return isThere
      }
    }
  }

  public func close() async {
    reading = nil
    isClosed = true
  }
}

extension MemoryConnector {
  func binding(_ object: ObjectNumber, _ operation: String) throws(ConnectorFailure)
    -> ObjectBinding
  {
    guard let binding = bindings[object] else {
      throw ConnectorFailure.misuse(operation, "Object \(object) was not bound")
    }
    return binding
  }

  func servedJournal(_ operation: String) throws(ConnectorFailure) -> JournalID {
    guard let journal else {
      throw ConnectorFailure.misuse(operation, "No tracking objects were made or inspected")
    }
    return journal
  }

  private func refuseWhileReading(_ operation: String) throws(ConnectorFailure) {
    guard reading == nil else {
      throw ConnectorFailure.misuse(operation, "A read of changes is still open")
    }
  }

  func call<Answer>(_ kind: CallKind, _ body: () throws -> Answer) async throws -> Answer {
    try await call(kind) { _ in try body() }
  }

  /// Carries out a call, with the faults that meet it: those before its effect, then the effect,
  /// then a lost answer. `body` gets them all, to spoil its own answer.
  func call<Answer>(
    _ kind: CallKind, _ body: ([Fault.Effect]) throws -> Answer
  ) async throws -> Answer {
    try Task.checkCancellation()
    guard !isClosed else {
      throw ConnectorFailure.misuse("\(kind)", "The connector is closed")
    }
    let effects = system.begin(kind)
    for effect in effects {
      switch effect {
      case .failsBefore(let failure): throw failure
      case .edits(let edits): try system.edit(edits)
      case .hangs: try await Self.hang()
      case .failsAfter, .reversesOutcomes, .withholdsOutcomes, .refuses: break
      }
    }
    let answer = try body(effects)
    for case .failsAfter(let failure) in effects { throw failure }
    return answer
  }

  /// Waits for something that never comes, until the task is cancelled.
  private static func hang() async throws {
    let (stream, continuation) = AsyncStream.makeStream(of: Never.self)
    for await _ in stream {}
    continuation.finish()
    throw CancellationError()
  }

  private static func refusals(among effects: [Fault.Effect]) -> [Int: RecordProblem] {
    effects.reduce(into: [:]) { refusals, effect in
      if case .refuses(let index, let problem) = effect { refusals[index] = problem }
    }
  }

  private static func spoil<Outcome>(
    _ outcomes: [Outcome], by effects: [Fault.Effect]
  ) -> [Outcome] {
    effects.reduce(outcomes) { outcomes, effect in
      switch effect {
      case .reversesOutcomes: outcomes.reversed()
      case .withholdsOutcomes(let count): Array(outcomes.dropLast(count))
      default: outcomes
      }
    }
  }
}

extension ConnectorFailure {
  /// A call that no run may make; SQLite would fail at it in one way or another.
  static func misuse(_ operation: String, _ message: String) -> ConnectorFailure {
    ConnectorFailure(
      code: "misuse", operation: operation, message: message,
      hint: "The run calls the connector out of turn", disposition: .stop)
  }
}
