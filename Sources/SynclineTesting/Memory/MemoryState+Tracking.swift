// What the connector does to the tracking objects; each function is one transaction.

import SynclineModel
import SynclinePorts

extension MemoryState {
  /// What the connector tells of the system when a run opens it.
  func inspection(of requests: [ObjectRequest], ourJournal: JournalID?) -> Inspection {
    var inspection = Inspection(identity: identity, objects: [:], now: now)
    inspection.owners = trackings.values.compactMap(\.owner)
      .sorted { $0.journal.bytes.lexicographicallyPrecedes($1.journal.bytes) }
    let ours = ourJournal.flatMap { trackings[$0] }
    for request in requests {
      let name = request.name
      if let refusal = refusal(of: request) {
        inspection.refusals[name] = refusal
        continue
      }
      inspection.objects[name] = objects[name]?.schema
      inspection.tracking[name] = ours?.condition(of: name) ?? .missing
    }
    return inspection
  }

  private func refusal(of request: ObjectRequest) -> String? {
    guard let object = objects[request.name] else {
      return "There is no object \(request.name). Create it, or remove it from the package"
    }
    if let refusal = object.refusal { return refusal }
    let keyKind = object.schema.field(object.schema.key)?.type.kind
    guard keyKind == .integer || request.keyIsAssigned else {
      return "The key of \(request.name) is no number that the system assigns. "
        + "Say `key: assigned` where a trigger assigns it"
    }
    return nil
  }

  mutating func createTracking(
    _ request: TrackingRequest, newIdentity: SystemIdentity
  ) throws(ConnectorFailure) -> SystemIdentity {
    for binding in request.objects where objects[binding.name]?.refusal != nil {
      throw ConnectorFailure(
        code: "schema", operation: "track \(binding.name)",
        message: "\(binding.name) cannot be tracked", hint: "Run `check`", disposition: .user)
    }
    if let takeover = request.takeover { trackings[takeover] = nil }
    let journal = request.owner.journal
    var tracking = MemoryTracking(owner: request.owner)
    if let old = trackings[journal] {
      tracking.commands = old.commands
      // An object is added to the same generation: its queue goes on. A new one begins a new count.
      if old.owner?.generation == request.owner.generation {
        tracking = old
        tracking.owner = request.owner
      }
    }
    for binding in request.objects {
      tracking.tracked.insert(binding.name)
      tracking.damaged.remove(binding.name)
    }
    let identity = identity ?? newIdentity
    self.identity = identity
    tracking.owner?.identities[request.owner.side] = identity
    trackings[journal] = tracking
    return identity
  }

  /// Makes room for the ids of a journal's commands, where the system has no tracking objects.
  mutating func keepCommands(of journal: JournalID) {
    if trackings[journal] == nil { trackings[journal] = MemoryTracking(owner: nil) }
  }

  mutating func forget(
    _ acknowledgement: Acknowledgement, of journal: JournalID
  ) throws(ConnectorFailure) {
    guard var tracking = trackings[journal] else {
      throw ConnectorFailure.missingTracking("acknowledge changes")
    }
    tracking.entries.removeAll { entry in
      acknowledgement.entries.contains { $0.first <= entry.number && entry.number <= $0.last }
    }
    tracking.commands = tracking.commands.filter { $0.key >= acknowledgement.commandsBelow }
    tracking.renew(acknowledgement.head)
    trackings[journal] = tracking
  }
}

extension MemoryTracking {
  fileprivate func condition(of object: ObjectName) -> TrackingCondition {
    guard tracked.contains(object) else { return .missing }
    return damaged.contains(object) ? .damaged(what: "the trigger of \(object)") : .intact
  }
}

extension ConnectorFailure {
  /// Somebody removed the tracking objects while a run used them.
  static func missingTracking(_ operation: String) -> ConnectorFailure {
    ConnectorFailure(
      code: "missing", operation: operation, message: "The tracking objects are gone",
      hint: "Run again with InitTrackingObjects", disposition: .stop)
  }
}
