import SynclineMapping
import SynclineModel

// Records that a backup of one side brought back, and that the journal knows as deleted (Docs/Guarantees.md,
// "Backups").

extension RunMachine {
  /// Records that a backup brought back and that the journal knows as deleted: they are deleted again.
  /// What is kept in memory are the unknown keys of the restored side.
  mutating func findRevenants(
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) {
    guard let restoring = try state.package().restoring else { return }
    var unknown: [ObjectKey: RecordNumber] = [:]
    for task in mapping.tasks {
      for (side, part) in [(Side.source, AgendaClass.newSource), (.target, .newTarget)]
      where restoring.covers(side) {
        for number in try state.agenda(task.number, part, after: 0, limit: .max) {
          guard let record = try state.record(RecordNumber(number)) else { continue }
          unknown[ObjectKey(object: record.object, key: record.key)] = RecordNumber(number)
        }
      }
    }
    if unknown.isEmpty { return }
    var after = RecordNumber.none
    while true {
      let page = try state.records(after: after, limit: 1000)
      for (_, record) in page where record.presence == .deleted {
        let key = ObjectKey(object: record.object, key: record.key)
        if let number = unknown[key] { revenants.insert(number) }
      }
      guard let last = page.last else { return }
      after = last.number
    }
  }

  /// Deletes again what a backup brought back.
  mutating func deleteRevenant(
    _ facts: LinkFacts, _ task: TaskNumber, _ portion: inout Portion,
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) {
    for side in Side.allCases where facts.link[side].record != .none {
      try deleteNew(
        ChildReference(child: facts.link[side].record, task: task, field: .none), on: side,
        facts.observations, below: [], &portion, state)
    }
  }
}
