import SynclineMapping
import SynclineModel

// A record that is to be deleted and to which others still point. A child that is new or dirty there is a
// conflict of its own (design, section 4, "Relations").

/// A record that points to another one through a relation of its task.
struct ChildReference: Hashable {
  var child: RecordNumber
  var task: TaskNumber
  /// The field of the child that holds the key.
  var field: FieldNumber
}

extension StateView where Self: ~Copyable {
  /// Records that are there and point to `record`, itself left out; a first part where they are many.
  func children(
    of record: RecordState, _ number: RecordNumber
  ) throws(StateFailure) -> [ChildReference] {
    let prefix = StateKey.references(to: record.object, record.key)
    var children: [ChildReference] = []
    for entry in try entries(.references, prefix: prefix, limit: 256) {
      let child = RecordNumber(StateKey.trailing(entry.key, as: UInt64.self))
      guard child != number, try self.record(child)?.isThere == true else { continue }
      let field = StateKey.trailing(Array(entry.key.dropLast(8)), as: UInt16.self)
      children.append(
        ChildReference(
          child: child, task: StateKey.task(ofReference: entry.key), field: FieldNumber(field)))
    }
    return children
  }
}

extension RunMachine {
  /// Decides about children that claim a record which is to be deleted on `side`: where the side that
  /// deleted wins, new ones are deleted too, on record; where their side wins, the record comes back.
  mutating func settleChildren(
    _ decision: inout Decision, _ facts: LinkFacts, deleteOn side: Side, _ task: TaskNumber,
    _ portion: inout Portion, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) {
    guard let record = facts[side], let rule = contexts[task]?.current.conflicts else { return }
    let children = try state.children(of: record, facts.link[side].record)
    var claims: [ChildReference] = []
    for child in children {
      if try isClaim(child, on: side, state) { claims.append(child) }
    }
    if claims.isEmpty { return }
    var isInsisted = false
    for claim in claims where try insists(claim, state) { isInsisted = true }
    switch rule {
    case .hold: holdForChildren(&decision, facts, on: side.other, task)
    // A child that wins its own conflict, or comes back itself, brings its parent with it: else neither
    // could ever go.
    case _ where isInsisted: comeBack(&decision, facts, on: side.other, task)
    case .target where side == .target: comeBack(&decision, facts, on: side.other, task)
    case .source where side == .source, .merge where side == .source,
      .newest where side == .source:
      comeBack(&decision, facts, on: side.other, task)
    case .source, .target, .merge, .newest:
      var seen: Set<RecordNumber> = [facts.link[side].record]
      for claim in claims {
        try deleteNew(claim, on: side, facts, &seen, &portion, state)
      }
    }
  }

  /// New on its side, or edited there to point where it does.
  private func isClaim(
    _ reference: ChildReference, on side: Side, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> Bool {
    guard let child = try state.record(reference.child) else { return false }
    guard let link = try state.link(child.link(in: reference.task)) else { return true }
    return link[side.other].record == .none || link[side].base.contains(reference.field)
  }

  /// Whether a linked child waits for the parent all the same, because its own edit wins or it is
  /// inserted again; for a new child, whether one of its own children does.
  private mutating func insists(
    _ reference: ChildReference, above: Set<RecordNumber> = [],
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> Bool {
    guard let child = try state.record(reference.child), !above.contains(reference.child) else {
      return false
    }
    let link = child.link(in: reference.task)
    if link == .none {
      for next in try state.children(of: child, reference.child) {
        if try insists(next, above: above.union([reference.child]), state) { return true }
      }
      return false
    }
    guard
      let facts = try facts(
        link.rawValue, AgendaWalk.Pass(task: reference.task, part: .linked), state)
    else { return false }
    for side in Side.allCases {
      try loadMapping(facts.link[side].revision, of: reference.task, state)
    }
    guard let context = contexts[reference.task] else { return false }
    if case .parent = SynclineEngine.decide(facts, context).delay { return true }
    return false
  }

  /// The deleted record is inserted again: the delete, which `side` made, is the loser.
  private func comeBack(
    _ decision: inout Decision, _ facts: LinkFacts, on side: Side, _ task: TaskNumber
  ) {
    dispute(&decision, facts, on: side, task, loser: side)
    decision.vacating = Decision.Vacating(side: side, reason: .changedElsewhere)
  }

  /// A person decides between the delete, which `side` made, and the children.
  private func holdForChildren(
    _ decision: inout Decision, _ facts: LinkFacts, on side: Side, _ task: TaskNumber
  ) {
    dispute(&decision, facts, on: side, task, loser: nil)
    decision.delay = .conflict
  }

  private func dispute(
    _ decision: inout Decision, _ facts: LinkFacts, on side: Side, _ task: TaskNumber, loser: Side?
  ) {
    let isSource = side == .source
    decision = Decision(isSource ? .deletedAndChanged : .changedAndDeleted)
    decision.restsOn = facts.observations
    let row = facts[side.other]?.row ?? PackedRow()
    decision.conflicts = [
      ConflictOpened(
        task: task, kind: isSource ? .deletedAndChanged : .changedAndDeleted,
        rule: contexts[task]?.current.conflicts.rawValue ?? 0, loser: loser,
        lost: loser == nil ? row : PackedRow(), base: row, won: loser == nil ? PackedRow() : row)
    ]
  }

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
      var seen: Set<RecordNumber> = []
      try deleteNew(
        ChildReference(child: facts.link[side].record, task: task, field: .none), on: side, facts,
        &seen, &portion, state)
    }
  }

  /// Deletes a child that is new on `side`, its own children first, and records what is lost.
  private mutating func deleteNew(
    _ reference: ChildReference, on side: Side, _ parent: LinkFacts,
    _ seen: inout Set<RecordNumber>, _ portion: inout Portion,
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) {
    guard seen.insert(reference.child).inserted, portion.matched.insert(reference.child).inserted,
      let child = try state.record(reference.child), let mapping = contexts[reference.task]?.current
    else { return }
    let known = child.link(in: reference.task)
    let held = try state.link(known)
    guard held == nil || held?[side.other].record == RecordNumber.none else { return }
    let below = try state.children(of: child, reference.child)
    for next in below { try deleteNew(next, on: side, parent, &seen, &portion, state) }
    if !below.isEmpty { return }
    if brakes.holdsDeletes(reference.task, on: side) { return }
    let link = known == .none ? portion.lastLink.next : known
    portion.lastLink = max(portion.lastLink, link)
    if known == .none {
      draft(
        .linked(
          Linked(
            task: reference.task, source: side == .source ? reference.child : .none,
            target: side == .target ? reference.child : .none)),
        record: reference.child, link: link, causes: parent.observations)
    }
    let conflict = draft(
      .conflictOpened(
        ConflictOpened(
          task: reference.task, kind: side == .target ? .deletedAndChanged : .changedAndDeleted,
          rule: mapping.conflicts.rawValue, loser: side, lost: child.row, base: PackedRow(),
          won: PackedRow())),
      link: link, causes: EventCauses(parent.observations.first, child.observed))
    tally.conflicts += 1
    let sending = Decision.Sending(
      side: side, operation: .delete, row: PackedRow(), decidesConflict: true)
    var facts = LinkFacts(
      link: held ?? LinkState(task: reference.task), source: nil, target: nil, isInEpoch: false)
    facts.link[side].record = reference.child
    if side == .source { facts.source = child } else { facts.target = child }
    var decision = Decision(side == .target ? .deletedAndChanged : .changedAndDeleted)
    decision.sendings = [sending]
    decision.restsOn = EventCauses(parent.observations.first, child.observed)
    try issue(decision, facts, link, conflict, reference.task, &portion)
  }
}
