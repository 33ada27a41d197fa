import SynclineModel

// Bugs that take more than a line where the program does it right. Never reached but in a build for the
// simulator (`PlantedBug`).

extension RunMachine {
  /// A refill that failed before turns into a delete of what it was made from.
  mutating func plantDelete(
    _ decision: inout Decision, _ facts: LinkFacts, _ task: TaskNumber,
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) {
    guard let refill = decision.sendings.first, refill.operation == .insert,
      facts.link[refill.side].isVacant,
      try state.failure(task, facts.link[refill.side.other].record) != nil
    else { return }
    decision.sendings = [
      Decision.Sending(side: refill.side.other, operation: .delete, row: PackedRow())
    ]
  }
}

extension SideReader {
  /// Tracking objects come after the full reads instead of before them.
  static func plantLateCreation(in steps: inout [Step]) {
    guard
      let index = steps.firstIndex(where: { if case .create = $0 { true } else { false } })
    else { return }
    steps.append(steps.remove(at: index))
  }
}

extension RunMachine {
  /// Deciding began before all was read: the rest of the reading is awaited now.
  mutating func plantWait() -> Bool {
    if readers.values.allSatisfy(\.isDone) { return false }
    phase = .observing
    return true
  }
}
