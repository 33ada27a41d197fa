// Faults as data: a scenario lists them beside its edits, and a seed can draw them.

public import SynclineModel
public import SynclinePorts

/// The calls of a connector that a fault can meet.
public enum CallKind: Hashable, Sendable, CaseIterable {
  case inspect, bind, createTracking, readPage, fetch, readChanges, acknowledge, write, probe
  case queue, removeTracking
}

/// Something that goes wrong once, at a call that is named by its kind and place.
public struct Fault: Hashable, Sendable {
  public enum Effect: Hashable, Sendable {
    /// The call fails, and nothing happened.
    case failsBefore(ConnectorFailure)
    /// The call fails, and its effect stands: the answer was lost.
    case failsAfter(ConnectorFailure)
    /// Outcomes come back last first.
    case reversesOutcomes
    /// The outcomes of this many commands, the last ones, do not come back; their effect stands.
    case withholdsOutcomes(Int)
    /// The system refuses the command at this place of the batch.
    case refuses(index: Int, RecordProblem)
    /// A user's edits are committed after the run's last read and just before the call.
    case edits([UserEdit])
    /// The call does not answer; only cancelling it ends it.
    case hangs
  }

  public var call: CallKind
  /// The how-manieth call of its kind since the system was made, from 1.
  public var occurrence: Int
  public var effect: Effect

  public init(_ call: CallKind, _ occurrence: Int = 1, _ effect: Effect) {
    self.call = call
    self.occurrence = occurrence
    self.effect = effect
  }
}

/// Which calls were made and which faults still wait.
struct FaultScript: Sendable {
  private var waiting: [Fault]
  private(set) var counts: [CallKind: Int] = [:]

  init(_ faults: [Fault]) { waiting = faults }

  mutating func add(_ faults: [Fault]) { waiting += faults }

  /// Counts a call and takes the faults that meet it, in the order in which they were listed.
  mutating func begin(_ call: CallKind) -> [Fault.Effect] {
    let occurrence = counts[call, default: 0] + 1
    counts[call] = occurrence
    let met = waiting.filter { $0.call == call && $0.occurrence == occurrence }
    waiting.removeAll { $0.call == call && $0.occurrence == occurrence }
    return met.map(\.effect)
  }
}
