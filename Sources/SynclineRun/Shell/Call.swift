import SynclineEngine
import SynclineMapping
import SynclineModel
import SynclinePorts

/// One call to a side: an action on its way out, an input on its way back.
struct Call: Sendable {
  let connector: any Connector
  let side: Side
  let settings: RunSettings
  /// The journal's head when the call was made: what the owner row is renewed to.
  let head: JournalHead

  /// Never throws: a failure is a fact too.
  func carryOut(_ action: RunMachine.Action) async -> RunMachine.Input {
    do {
      return try await answer(action)
    } catch {
      return .failed(side, SideFailure(error))
    }
  }

  private func answer(_ action: RunMachine.Action) async throws -> RunMachine.Input {
    switch action {
    case .inspect:
      return .inspected(
        side, try await connector.inspect(requests, ourJournal: settings.journal))
    case .createTracking(_, let plan): return try await createTracking(plan)
    case .readPage(_, let request):
      return .pageRead(side, try await connector.readPage(request))
    case .fetch(_, let request):
      return .fetched(side, try await connector.fetch(request))
    case .readChanges(_, let limit):
      return .changesRead(side, try await connector.readChanges(limit: limit))
    case .acknowledge(_, let entries, let commandsBelow):
      CrashPoint.hit(.beforeAcknowledge)
      try await connector.acknowledge(
        Acknowledgement(entries: entries, commandsBelow: commandsBelow, head: head))
      CrashPoint.hit(.afterAcknowledge)
      return .acknowledged(side, owner: head.sequence)
    case .probe(_, let commands):
      let requests = commands.map { ProbeRequest(object: $0.object, command: $0.command) }
      CrashPoint.hit(.beforeProbe)
      let outcomes = try await connector.probe(requests)
      CrashPoint.hit(.afterProbe)
      return .probed(side, outcomes)
    case .write(_, let object, let commands):
      CrashPoint.hit(.beforeWrite)
      let outcomes = try await connector.write(
        WriteBatch(object: object, commands: commands, head: head))
      CrashPoint.hit(.afterWrite)
      return .written(side, outcomes, owner: head.sequence)
    case .readDeletions, .readStamped, .readKeys, .gatherEvidence:
      return try await answerStamped(action)
    case .append, .recallSeals, .bind, .report, .finish:
      preconditionFailure("the shell itself carries this out")
    }
  }

  /// Calls that only a system which tells its changes by stamps understands.
  private func answerStamped(_ action: RunMachine.Action) async throws -> RunMachine.Input {
    guard let system = connector as? any StampedSystem else {
      preconditionFailure("a side tells its changes by stamps, and its connector reads none")
    }
    switch action {
    case .readDeletions(_, let request):
      return .deletionsRead(side, try await system.readDeletions(request))
    case .readStamped(_, let request):
      return .stampedRead(side, try await system.readStamped(request))
    case .readKeys(_, let request): return .keysRead(side, try await system.readKeys(request))
    case .gatherEvidence(_, let request):
      return .evidenceGathered(side, try await system.gatherEvidence(request))
    default: preconditionFailure("every system understands this call")
    }
  }

  private var requests: [ObjectRequest] {
    var requests: [ObjectRequest] = []
    for task in settings.definition.tasks {
      let object = task.object(side)
      let request = ObjectRequest(name: object.object, keyIsAssigned: object.keyIsAssigned)
      if !requests.contains(request) { requests.append(request) }
    }
    return requests
  }

  private func createTracking(_ plan: TrackingPlan) async throws -> RunMachine.Input {
    let identities = plan.identities
    let owner = OwnerRow(
      journal: settings.journal, side: side, generation: plan.generation,
      sequence: head.sequence, seal: head.seal, identities: identities, pairs: plan.pairs)
    CrashPoint.hit(.beforeTracking)
    let identity = try await connector.createTracking(
      TrackingRequest(objects: plan.objects, owner: owner, takeover: plan.takeover))
    CrashPoint.hit(.afterTracking)
    return .trackingCreated(side, identity, owner: head.sequence)
  }
}

extension SideFailure {
  /// What the machine needs to know of a failed call.
  init(_ error: any Error) {
    guard let failure = error as? ConnectorFailure else {
      self.init(disposition: .stop, message: "the call was cancelled")
      return
    }
    let disposition: Disposition =
      switch failure.disposition {
      case .retry, .stop: .stop
      case .user: .user
      }
    self.init(
      disposition: disposition, message: failure.description, didNothing: failure.didNothing,
      undone: failure.undone)
  }
}
