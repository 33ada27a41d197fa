import SynclineMapping
import SynclineModel

// Records that shall be deleted and point to one another in a circle: the mirror of their insertion in two
// phases. Where nothing else moves any more their foreign keys are emptied; then each can go
// (design, section 4, "Relations").

extension RunMachine {
  /// Counts a record on `side` that only such records keep there as shall be deleted themselves, and
  /// empties its own foreign keys where this round loosens circles.
  mutating func loosen(
    _ facts: LinkFacts, _ link: LinkNumber, deleteOn side: Side, _ task: TaskNumber,
    _ portion: inout Portion, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) {
    guard let record = facts[side] else { return }
    var areDoomed = true
    try state.forEachChild(of: record, facts.link[side].record) {
      (child, _) throws(StateFailure) in
      areDoomed = try isDoomed(child, on: side, state)
      return areDoomed
    }
    guard areDoomed else { return }
    walk.circled += 1
    let row = emptiedKeys(of: record, on: side, task)
    guard walk.loosens, !row.isEmpty else { return }
    var decision = Decision(side == .target ? .sourceDeleted : .targetDeleted)
    decision.restsOn = facts.observations
    decision.sendings = [
      Decision.Sending(side: side, operation: .update, row: row, isInterim: true)
    ]
    try issue(decision, facts, link, .none, task, &portion)
  }

  /// Whether the record that points here shall be deleted on `side`, too.
  private func isDoomed(
    _ reference: ChildReference, on side: Side, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> Bool {
    guard !brakes.holdsDeletes(reference.task, on: side), let context = contexts[reference.task],
      let link = try state.record(reference.child)?.link(in: reference.task), link != .none,
      let facts = try facts(
        link.rawValue, AgendaWalk.Pass(task: reference.task, part: .gone), state)
    else { return false }
    return SynclineEngine.decide(facts, context).sendings.contains {
      $0.side == side && $0.operation == .delete
    }
  }

  /// Null for every foreign key of a record that may be null and is not.
  private func emptiedKeys(
    of record: RecordState, on side: Side, _ task: TaskNumber
  ) -> PackedRow {
    guard let assignments = contexts[task]?.current.assignments(to: side) else {
      return PackedRow()
    }
    let fields = assignments.compactMap { assignment -> FieldNumber? in
      guard case .relation = assignment.expression,
        objects[record.object]?.field(assignment.field)?.schema.isNullable == true,
        record.row[assignment.field]?.isNull == false
      else { return nil }
      return assignment.field
    }
    return PackedRow(fields.sorted().map { ($0, .null) })
  }
}
