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
      areDoomed = try isDoomed(child.child, in: child.task, on: side, state)
      return areDoomed
    }
    guard areDoomed else { return }
    walk.circled += 1
    guard walk.loosens else { return }
    let row = try emptiedKeys(of: record, on: side, task, state)
    if row.isEmpty { return }
    var decision = Decision(side == .target ? .sourceDeleted : .targetDeleted)
    decision.restsOn = facts.observations
    decision.sendings = [
      Decision.Sending(side: side, operation: .update, row: row, isInterim: true)
    ]
    try issue(decision, facts, link, .none, task, &portion)
  }

  /// Whether the record shall be deleted on `side`, too.
  private func isDoomed(
    _ record: RecordNumber, in task: TaskNumber, on side: Side,
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> Bool {
    guard !brakes.holdsDeletes(task, on: side), let context = contexts[task],
      let link = try state.record(record)?.link(in: task), link != .none,
      let facts = try facts(
        link.rawValue, AgendaWalk.Pass(task: task, part: .gone), state)
    else { return false }
    return SynclineEngine.decide(facts, context).sendings.contains {
      $0.side == side && $0.operation == .delete
    }
  }

  /// Null for every foreign key of a record that may be null and points to one that shall be deleted, too.
  /// A key that leads out of the circle keeps no record in it: emptied, it would be lost where the records come
  /// back instead.
  private func emptiedKeys(
    of record: RecordState, on side: Side, _ task: TaskNumber,
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> PackedRow {
    var fields: [FieldNumber] = []
    for assignment in contexts[task]?.current.assignments(to: side) ?? [] {
      guard case .relation(_, let parent) = assignment.expression,
        objects[record.object]?.field(assignment.field)?.schema.isNullable == true,
        let key = record.row[assignment.field].flatMap({ NativeKey($0) }),
        let object = mapping.task(parent)?.object(side),
        let holder = try state.recordNumber(object, key),
        try isDoomed(holder, in: parent, on: side, state)
      else { continue }
      fields.append(assignment.field)
    }
    return PackedRow(fields.sorted().map { ($0, .null) })
  }
}
