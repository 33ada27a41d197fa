import SynclineMapping
import SynclineModel

// Whether a delete stands. A record that one side deleted comes back where the other side edited it, where it
// gave it a child, or where a parent or a child comes back that was deleted with it: a child cannot come back
// without its parent, and a child's delete that the parent's explains shares its fate (design, section 4,
// "Relations"). So one fate is that of the whole family: all deleted records that relations connect.

/// What becomes of records that one side deleted; of several reasons the greatest counts.
enum Fate: Int, Hashable, Comparable {
  /// The delete goes to the other side.
  case goes
  /// A person must decide (rule `hold`); until then nothing is sent.
  case stays
  /// The records are inserted again.
  case returns
  /// They shall be, but it is not known yet what became of the delete of one of them on the other side.
  case waits

  static func < (first: Fate, second: Fate) -> Bool { first.rawValue < second.rawValue }

  /// The delete was made on `side`, and `winner` wins against it.
  init(deletedOn side: Side, winner: Side?) {
    self = winner == nil ? .stays : winner == side ? .goes : .returns
  }
}

extension RunMachine {
  /// A link by its number, and its task.
  private struct Member: Hashable {
    var link: LinkNumber
    var task: TaskNumber
  }

  /// The fate of a link whose record was deleted on `side`. Found once in a round for the whole family.
  mutating func fate(
    of link: LinkNumber, deletedOn side: Side, _ task: TaskNumber,
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> Fate {
    if let known = walk.fates[link] { return known }
    let first = Member(link: link, task: task)
    var family: Set<Member> = [first]
    var open = [first]
    var fate = Fate.goes
    var isUnsettled = false
    var isHeld = false
    while let member = open.popLast() {
      guard let facts = try facts(of: member, state), let context = contexts[member.task] else {
        continue
      }
      if facts.link[side.other].intent != .none { isUnsettled = true }
      let decision = SynclineEngine.decide(facts, context)
      if decision.vacating?.side == side { fate = .returns }
      if decision.delay == .conflict { isHeld = true }
      for parent in try parents(of: facts, deletedOn: side, member.task, state)
      where !planted(.cascadeOutlivesReturn) {
        if try state.record(state.link(parent.link)?[side].record ?? .none)?.presence != .deleted {
          fate = .returns
        }
        if family.insert(parent).inserted { open.append(parent) }
      }
      try forEachClaim(on: facts, deletedOn: side, state) { (claim) in
        switch claim {
        case .claims(let claimed): fate = max(fate, claimed)
        case .isDeleted where planted(.cascadeOutlivesReturn): break
        case .isDeleted(let child): if family.insert(child).inserted { open.append(child) }
        }
        return true
      }
    }
    // Who decides about one of them decides about all.
    if isHeld { fate = .stays }
    if fate == .returns, isUnsettled { fate = .waits }
    for member in family { walk.fates[member.link] = fate }
    return fate
  }

  private func facts(
    of member: Member, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> LinkFacts? {
    try facts(
      member.link.rawValue, AgendaWalk.Pass(task: member.task, part: .gone), state)
  }

  /// The parents that were deleted on `side` too, or whose place there is to be filled, or was meanwhile.
  private func parents(
    of facts: LinkFacts, deletedOn side: Side, _ task: TaskNumber,
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [Member] {
    guard let mapping = contexts[task]?.current, let row = facts[side.other]?.row else { return [] }
    var parents: [Member] = []
    for assignment in mapping.assignments(to: side) {
      guard case .relation(let input, let parent) = assignment.expression,
        let value = row[input], let key = NativeKey(value),
        let object = self.mapping.task(parent)?.object(side.other),
        let number = try state.recordNumber(object, key), number != facts.link[side.other].record,
        let link = try state.record(number)?.link(in: parent), link != .none,
        let held = try state.link(link)
      else { continue }
      let isDeleted = try state.record(held[side].record)?.presence == .deleted
      let base = facts.link[side].relation(assignment.field)
      let isFilled = try isFilled(held[side], of: link, since: base, state)
      if isDeleted || held[side].isVacant || isFilled {
        parents.append(Member(link: link, task: parent))
      }
    }
    return parents
  }

  /// Whether the record to which a key pointed when it was agreed was deleted since, and another one stands in
  /// its place.
  private func isFilled(
    _ slot: SlotState, of link: LinkNumber, since base: SlotState.RelationBase?,
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> Bool {
    guard let base, base.link == link, base.record != .none, slot.record != .none,
      base.record != slot.record
    else { return false }
    return try state.record(base.record)?.presence == .deleted
  }

  /// What a child says about its parent, which was deleted.
  private enum Claim {
    /// It was deleted with it.
    case isDeleted(Member)
    /// It needs it: it is new there, or was given to it, or comes back itself.
    case claims(Fate)
  }

  private func forEachClaim(
    on facts: LinkFacts, deletedOn side: Side, _ state: borrowing some StateView & ~Copyable,
    _ body: (Claim) -> Bool
  ) throws(StateFailure) {
    guard let record = facts[side.other] else { return }
    try state.forEachChild(of: record, facts.link[side.other].record) {
      (reference, child) throws(StateFailure) in
      guard let context = contexts[reference.task] else { return true }
      let number = child.link(in: reference.task)
      if let link = try state.link(number) {
        if link[side].isVacant { return body(.claims(.returns)) }
        if try state.record(link[side].record)?.presence == .deleted {
          return body(.isDeleted(Member(link: number, task: reference.task)))
        }
        let isNew = Self.isNew(link, on: side.other)
        if let fate = try fateOfMove(of: link, context, by: reference, awayOn: side, state) {
          return body(.claims(fate))
        }
        // Before both sides have agreed once, nothing tells who gave it the key.
        let isMet = link.source.revision == .none || link.target.revision == .none
        guard isNew || isMet || link[side.other].isEdited(reference.field) else {
          return true
        }
      }
      // A conflict of its own: the rule is the child's.
      let deleted = facts[side]?.stamp
      let winner = context.winner(
        under: context.current.conflicts, source: side == .source ? deleted : child.stamp,
        target: side == .target ? deleted : child.stamp)
      let fate = Fate(deletedOn: side, winner: winner)
      // A new child that a linked record was given to cannot go without it.
      if fate == .goes, try isGivenTo(reference.child, child, on: side.other, [], state) {
        return body(.claims(.returns))
      }
      return body(.claims(fate))
    }
  }

  /// What follows for the parent that a child was moved away from on `side` where the move cannot stand,
  /// since it leads to a record that the other side deleted: taken back, it needs the old parent again.
  private func fateOfMove(
    of link: LinkState, _ context: MappingContext, by reference: ChildReference,
    awayOn side: Side, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> Fate? {
    guard let child = try state.record(link[side].record), child.isThere,
      let assignment = context.current.assignments(to: side).first(where: {
        $0.isTwoWay && $0.input == reference.field
      }), case .relation(_, let task) = assignment.expression,
      link[side].isEdited(assignment.field),
      let key = child.row[assignment.field].flatMap({ NativeKey($0) }),
      let object = mapping.task(task)?.object(side),
      let parent = try state.recordNumber(object, key),
      let held = try state.link(state.record(parent)?.link(in: task) ?? .none),
      let deleted = try state.record(held[side.other].record), deleted.presence == .deleted,
      !held[side.other].isVacant
    else { return nil }
    let winner = context.winner(
      under: context.current.conflicts, source: side == .target ? deleted.stamp : child.stamp,
      target: side == .source ? deleted.stamp : child.stamp)
    return winner == side ? nil : winner == nil ? .stays : .returns
  }

  /// Whether a record that the other side has too points to a record that is new on `side`, or to one of
  /// its new children.
  private func isGivenTo(
    _ number: RecordNumber, _ record: RecordState, on side: Side, _ above: Set<RecordNumber>,
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> Bool {
    var isGiven = false
    try state.forEachChild(of: record, number) { (reference, child) throws(StateFailure) in
      if above.contains(reference.child) { return true }
      let link = try state.link(child.link(in: reference.task))
      if let link, !Self.isNew(link, on: side) {
        isGiven = true
      } else {
        isGiven = try isGivenTo(
          reference.child, child, on: side, above.union([number]), state)
      }
      return !isGiven
    }
    return isGiven
  }

  /// The record is inserted again. Where a parent that was deleted with it does not explain its delete, or
  /// a child claims it, the delete is the loser of a conflict.
  func comeBack(
    _ decision: inout Decision, _ facts: LinkFacts, deletedOn side: Side, _ task: TaskNumber,
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) {
    if try !isClaimed(facts, deletedOn: side, state),
      try isExplained(facts, deletedOn: side, task, state)
    {
      decision = Decision(decision.situation)
      decision.restsOn = facts.observations
      // Until then the parent may go for good, or come back by itself: its delete explains no other one.
      if let parent = try parentAwaited(by: facts, deletedOn: side, task, state) {
        decision.delay = .parent(task: parent)
      } else {
        decision.vacating = Decision.Vacating(side: side, reason: .parentReturns)
      }
      return
    }
    dispute(&decision, facts, deletedOn: side, task, loser: side)
    decision.vacating = Decision.Vacating(side: side, reason: .changedElsewhere)
  }

  private func isClaimed(
    _ facts: LinkFacts, deletedOn side: Side, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> Bool {
    var isClaimed = false
    try forEachClaim(on: facts, deletedOn: side, state) {
      if case .claims(.returns) = $0 { isClaimed = true }
      return !isClaimed
    }
    return isClaimed
  }

  /// Whether the delete of a record above, which is on record itself, explains this one. Records that point to one
  /// another in a circle explain nothing: somebody deleted one of them.
  private func isExplained(
    _ facts: LinkFacts, deletedOn side: Side, _ task: TaskNumber,
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> Bool {
    let own = Member(link: facts[side.other]?.link(in: task) ?? .none, task: task)
    var above: Set<Member> = [own]
    var open = try parents(of: facts, deletedOn: side, task, state)
    while let member = open.popLast() {
      guard above.insert(member).inserted, let facts = try self.facts(of: member, state) else {
        continue
      }
      let next = try parents(of: facts, deletedOn: side, member.task, state)
      if next.isEmpty { return true }
      if try isClaimed(facts, deletedOn: side, state) { return true }
      open += next
    }
    return false
  }

  /// The task of a parent that was deleted with the record and is not back yet; nil once one of them is.
  private func parentAwaited(
    by facts: LinkFacts, deletedOn side: Side, _ task: TaskNumber,
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> TaskNumber? {
    let parents = try parents(of: facts, deletedOn: side, task, state)
    for parent in parents {
      let record = try state.link(parent.link)?[side].record ?? .none
      if try state.record(record)?.isThere == true { return nil }
    }
    return parents.first?.task
  }

  /// A person decides between the delete and what stands against it in the family.
  func wait(
    _ decision: inout Decision, _ facts: LinkFacts, deletedOn side: Side, _ task: TaskNumber
  ) {
    dispute(&decision, facts, deletedOn: side, task, loser: nil)
    decision.delay = .conflict
  }

  /// A conflict between the delete and the record that stands.
  private func dispute(
    _ decision: inout Decision, _ facts: LinkFacts, deletedOn side: Side, _ task: TaskNumber,
    loser: Side?
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
}
