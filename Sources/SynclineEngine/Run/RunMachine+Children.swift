import SynclineMapping
import SynclineModel

// The children of a record that is to be deleted. Where the delete stands, those that are new on the other
// side go with it, on record (design, section 4, "Relations"); whether it stands: `RunMachine.fate`.

/// A record that points to another one through a relation of its task.
struct ChildReference: Hashable {
  var child: RecordNumber
  var task: TaskNumber
  /// The field of the child that holds the key.
  var field: FieldNumber
}

extension StateView where Self: ~Copyable {
  /// Hands over the records that are there and point to `record`, itself left out, until `body` returns
  /// false.
  func forEachChild(
    of record: RecordState, _ number: RecordNumber,
    _ body: (ChildReference, RecordState) throws(StateFailure) -> Bool
  ) throws(StateFailure) {
    let prefix = StateKey.references(to: record.object, record.key)
    var after: [UInt8]?
    while true {
      let found = try entries(.references, prefix: prefix, after: after, limit: 256)
      for entry in found {
        let child = RecordNumber(StateKey.trailing(entry.key, as: UInt64.self))
        guard child != number, let state = try self.record(child), state.isThere else { continue }
        let field = StateKey.trailing(Array(entry.key.dropLast(8)), as: UInt16.self)
        let reference = ChildReference(
          child: child, task: StateKey.task(ofReference: entry.key), field: FieldNumber(field))
        guard try body(reference, state) else { return }
      }
      guard let last = found.last else { return }
      after = last.key
    }
  }

  /// Whether a record that is there points to this one.
  func hasChildren(
    _ record: RecordState, _ number: RecordNumber
  ) throws(StateFailure) -> Bool {
    var isFound = false
    try forEachChild(of: record, number) { _, _ in
      isFound = true
      return false
    }
    return isFound
  }
}

extension RunMachine {
  /// Deletes the children that are new on `side`, where their parent is to be deleted.
  mutating func deleteNewChildren(
    _ facts: LinkFacts, deleteOn side: Side, _ portion: inout Portion,
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) {
    guard let record = facts[side] else { return }
    for child in try newChildren(of: record, facts.link[side].record, on: side, state) {
      try deleteNew(child, on: side, facts.observations, below: [], &portion, state)
    }
  }

  /// The children that the other side never had.
  private func newChildren(
    of record: RecordState, _ number: RecordNumber, on side: Side,
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [ChildReference] {
    var children: [ChildReference] = []
    try state.forEachChild(of: record, number) { (reference, child) throws(StateFailure) in
      let link = try state.link(child.link(in: reference.task))
      if link.map({ Self.isNew($0, on: side) }) ?? true { children.append(reference) }
      return true
    }
    return children
  }

  /// Whether the link never had a record on the other side.
  static func isNew(_ link: LinkState, on side: Side) -> Bool {
    link[side.other].record == .none && !link[side.other].isVacant
  }

  /// Deletes a record that is new on `side`, its own children first, and records what is lost. Where these
  /// lead back to a record of the `path`, that one's key is emptied first.
  ///
  /// - Parameter parent: the observations of the record that was deleted.
  mutating func deleteNew(
    _ reference: ChildReference, on side: Side, _ parent: EventCauses, below path: [RecordNumber],
    _ portion: inout Portion, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) {
    guard portion.matched.insert(reference.child).inserted,
      let child = try state.record(reference.child), contexts[reference.task] != nil
    else { return }
    let held = try state.link(child.link(in: reference.task))
    guard held.map({ Self.isNew($0, on: side) && !$0.hasIntent }) ?? true else { return }
    if let limit = settings.allowances.limit, sent >= limit {
      isLimited = true
      return
    }
    walk.doomed.insert(reference.child)
    let path = path + [reference.child]
    var below: [ChildReference] = []
    try state.forEachChild(of: child, reference.child) { next, _ in
      below.append(next)
      return true
    }
    for next in below where !path.contains(next.child) {
      try deleteNew(next, on: side, parent, below: path, &portion, state)
    }
    if brakes.holdsDeletes(reference.task, on: side) { return }
    if below.isEmpty { return try deleteLast(reference, child, held, on: side, parent, &portion) }
    guard below.allSatisfy({ path.contains($0.child) }) else { return }
    for next in below { try empty(next, on: side, parent, &portion, state) }
  }

  /// Deletes a new record to which nothing points any more.
  private mutating func deleteLast(
    _ reference: ChildReference, _ child: RecordState, _ held: LinkState?, on side: Side,
    _ parent: EventCauses, _ portion: inout Portion
  ) throws(StateFailure) {
    guard let rule = contexts[reference.task]?.current.conflicts else { return }
    let link = linkAlone(reference, child, on: side, parent, &portion)
    let causes = EventCauses(parent.first, child.observed)
    let conflict = draft(
      .conflictOpened(
        ConflictOpened(
          task: reference.task, kind: side == .target ? .deletedAndChanged : .changedAndDeleted,
          rule: rule.rawValue, loser: side, lost: child.row, base: PackedRow(),
          won: PackedRow())),
      link: link, causes: causes)
    tally.conflicts += 1
    var decision = Decision(side == .target ? .deletedAndChanged : .changedAndDeleted)
    decision.sendings = [
      Decision.Sending(side: side, operation: .delete, row: PackedRow(), decidesConflict: true)
    ]
    decision.restsOn = causes
    try issue(
      decision, alone(reference, child, held, on: side), link, conflict, reference.task, &portion)
  }

  /// Empties one key of a record that is new and shall go, because it closes a circle.
  private mutating func empty(
    _ reference: ChildReference, on side: Side, _ parent: EventCauses, _ portion: inout Portion,
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) {
    guard portion.emptied.insert(reference.child).inserted,
      let child = try state.record(reference.child),
      objects[child.object]?.field(reference.field)?.schema.isNullable == true
    else { return }
    let held = try state.link(child.link(in: reference.task))
    let link = linkAlone(reference, child, on: side, parent, &portion)
    var decision = Decision(side == .target ? .sourceDeleted : .targetDeleted)
    decision.sendings = [
      Decision.Sending(
        side: side, operation: .update, row: PackedRow([(reference.field, .null)]),
        isInterim: true)
    ]
    decision.restsOn = EventCauses(parent.first, child.observed)
    try issue(
      decision, alone(reference, child, held, on: side), link, .none, reference.task, &portion)
  }

  /// The link of a record that has none on the other side; a command needs one.
  private mutating func linkAlone(
    _ reference: ChildReference, _ child: RecordState, on side: Side, _ parent: EventCauses,
    _ portion: inout Portion
  ) -> LinkNumber {
    let known = child.link(in: reference.task)
    let link = known == .none ? portion.lastLink.next : known
    portion.lastLink = max(portion.lastLink, link)
    if known == .none {
      draft(
        .linked(
          Linked(
            task: reference.task, source: side == .source ? reference.child : .none,
            target: side == .target ? reference.child : .none)),
        record: reference.child, link: link, causes: parent)
    }
    return link
  }

  private func alone(
    _ reference: ChildReference, _ child: RecordState, _ held: LinkState?, on side: Side
  ) -> LinkFacts {
    var link = held ?? LinkState(task: reference.task)
    link[side].record = reference.child
    return LinkFacts(
      link: link, source: side == .source ? child : nil, target: side == .target ? child : nil,
      isInEpoch: false)
  }
}
