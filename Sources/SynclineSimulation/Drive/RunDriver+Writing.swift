import SynclineEngine
import SynclineJournal
import SynclineMapping
import SynclineModel
import SynclineOracle
import SynclinePorts

extension RunDriver {
  /// What a system answers to a batch, in any order: with what is refused and lost on the way.
  mutating func write(
    _ object: ObjectNumber, _ commands: [WriteCommand], _ call: PendingCall,
    _ system: InventedSystem
  ) throws(ConnectorFailure) -> [WriteOutcome] {
    self.commands += commands.count
    var refused: Int?
    var lost = 0
    for (place, intrusion) in intrusions.enumerated() where !spent.contains(place) {
      switch intrusion {
      case .refuses(let call, let index) where call <= calls: refused = index % commands.count
      case .losesOutcomes(let call, let count) where call <= calls: lost = count
      default: continue
      }
      spent.insert(place)
    }
    if refused != nil || lost > 0 { faults += 1 }
    let known = system.state.changes.count
    var outcomes = try system.write(
      WriteBatch(object: object, commands: commands, head: call.head), refused: refused)
    if lost > 0 { isDisturbed = true }
    outcomes.removeLast(min(lost, outcomes.count))
    noteWritten(system.state.changes[known...], Place(call.side), outcomes, isLossy: lost > 0)
    // In any order.
    for index in outcomes.indices.reversed() { outcomes.swapAt(index, dice.roll(index + 1)) }
    for outcome in outcomes {
      simulation.note(
        "  \(call.side) \(commands.first { $0.id == outcome.id }.map(Self.line) ?? "") \(outcome.line)"
      )
    }
    return outcomes
  }

  /// What was written stays unanswered where its outcome is lost, or the process dies before it is journaled.
  private mutating func noteWritten(
    _ changes: ArraySlice<RowChange>, _ place: Place, _ outcomes: [WriteOutcome], isLossy: Bool
  ) {
    let told = Set(
      outcomes.compactMap { outcome -> NativeKey? in
        if case .written(let key, _) = outcome.result { key } else { nil }
      })
    for change in changes {
      guard let write = simulation.unanswered(change, place, sent: start) else { continue }
      if isLossy, !told.contains(NativeKey(integer: change.key)) {
        simulation.history.unanswered.append(write)
      } else {
        written.append(write)
      }
    }
  }

  /// What the journal does not know the answer of, it will never be told.
  mutating func leaveUnanswered() {
    simulation.history.unanswered += written
    written = []
  }

  private static func line(_ command: WriteCommand) -> String {
    "#\(command.id) \(command.operation) \(command.key?.description ?? "") "
      + command.row.values.map { "\($0)=\($1.plain ?? "null")" }.joined(separator: " ")
  }
}
