import SynclineMapping
import SynclineModel

/// What one written field would get now, what it would have got at base, and what it holds.
struct Travel {
  enum Now {
    case value(Value)
    /// The record lacks the input (it was never read).
    case absent
    /// The relation's parent is not on the written side yet.
    case waiting(TaskNumber)
    /// The relation's parent was deleted on the written side.
    case doomed(TaskNumber, Stamp)
    case failed(Decision.Problem)
  }

  let assignment: Assignment
  let now: Now
  /// Whether the written field, or the pair that is mapped both ways, was mapped when the slot last
  /// agreed.
  let hasAncestor: Bool
  /// Whether what it is made of, or the mapping that makes it, changed.
  let isMoved: Bool
  /// Whether the written field holds another value than it would get.
  let differs: Bool
  /// Whether the input was edited since base.
  let inputIsDirty: Bool
  /// Whether the written field itself was edited since base.
  let fieldIsDirty: Bool
  /// A key that is empty because its parent was deleted, and that waits for the parent's return.
  var isOrphan = false
  /// A key that is on its way: no command has carried one yet, or it goes by itself once its parent is there.
  var isPending = false
  /// The written field holds a stopgap, which is nobody's value.
  var isOwed = false

  /// "A field goes if P(s).f ≠ P₀(bS).f and norm(P(s).f) ≠ t.f" (design, "What is sent").
  var goes: Bool { (isMoved || planted(.differencesSent)) && differs }

  /// The key that lost its parent, sent as the empty one that it is.
  var emptied: Travel {
    Travel(
      assignment: assignment, now: .value(.null), hasAncestor: hasAncestor, isMoved: true,
      differs: true, inputIsDirty: inputIsDirty, fieldIsDirty: fieldIsDirty)
  }

  /// A foreign key, edited or not, to a record that the written side has deleted.
  var pointsToDeleted: Bool {
    if case .doomed = now { return true }
    return false
  }

  /// An edit that points to a record which the other side has deleted.
  var isDoomed: Bool { pointsToDeleted && inputIsDirty }

  var value: Value? {
    if case .value(let value) = now { return value }
    return nil
  }
}

/// Computes what goes from one slot of a link to the other.
struct TravelPlanner {
  let facts: LinkFacts
  let context: MappingContext

  /// Every field that is written on `side`, with what it would get.
  func travels(to side: Side) -> [Travel] {
    guard let from = facts[side.other] else { return [] }
    let believed = believed(side.other)
    var travels: [Travel] = []
    for assignment in context.current.assignments(to: side) {
      travels.append(
        travel(
          assignment, was: ancestor(of: assignment, to: side), from: from.row,
          believed: believed, to: side))
    }
    return travels
  }

  /// How the field got its value when the slot last agreed; nil where it got none. A pair mapped both
  /// ways has an ancestor once both slots agreed under mappings that held it: until then a command that
  /// carries it may still be refused. Other fields than before are a new pair. While the records meet for the
  /// first time each pair has one as soon as both sides held the same: others may be refused for long, and
  /// what is made of this one meanwhile is an edit like any other.
  private func ancestor(of assignment: Assignment, to side: Side) -> Assignment? {
    // Mostly the slots stand under the mapping in force, and each assignment is its own ancestor.
    if facts.link.source.revision == context.revision,
      facts.link.target.revision == context.revision
    {
      return assignment
    }
    if assignment.isTwoWay, facts.link.isMeeting {
      return hadMet(assignment, to: side) ? assignment : nil
    }
    let own = context.task(facts.link[side].revision)
    guard assignment.isTwoWay else {
      return own?.assignments(to: side).first { $0.field == assignment.field }
    }
    let other = context.task(facts.link[side.other].revision)
    guard let own, let other, own.holdsPair(of: assignment, to: side),
      other.holdsPair(of: assignment, to: side)
    else { return nil }
    // Mapped in one direction only, nothing was ever made of it in the other: a value that was changed where it
    // is only written has no ancestor.
    let isTwoWay = own.isTwoWay(assignment, to: side) && other.isTwoWay(assignment, to: side)
    guard isTwoWay || hadMet(assignment, to: side) else { return nil }
    return own.assignments(to: side).first { $0.isLike(assignment) } ?? assignment
  }

  /// Whether both sides' values of the pair were the same when the slots last agreed.
  private func hadMet(_ assignment: Assignment, to side: Side) -> Bool {
    if case .relation = assignment.expression {
      return facts.link[side].relation(assignment.field) != nil
    }
    let back = context.current.assignments(to: side.other).first {
      $0.field == assignment.input && $0.input == assignment.field
    }
    return gave(assignment, to: side) || back.map { gave($0, to: side.other) } ?? false
  }

  /// Whether the written field held what it got.
  private func gave(_ assignment: Assignment, to side: Side) -> Bool {
    guard case .value(let value) = evaluate(assignment, believed(side.other), side) else {
      return false
    }
    return assignment.type.norm(value) == believed(side)[assignment.field] ?? .null
  }

  /// The record's content when its slot last agreed.
  private func believed(_ side: Side) -> PackedRow {
    let slot = facts.link[side]
    return (facts[side]?.row ?? PackedRow()).merging(slot.base).merging(slot.derived)
  }

  private func travel(
    _ assignment: Assignment, was old: Assignment?, from row: PackedRow, believed: PackedRow,
    to side: Side
  ) -> Travel {
    if case .relation(_, let parent) = assignment.expression {
      return relation(assignment, was: old, parent: parent, from: row, to: side)
    }
    let now = evaluate(assignment, row, side)
    var isMoved = !isIgnored(assignment.input, side.other)
    if isMoved, let old, case .value(let value) = now,
      case .value(let before) = evaluate(old, believed, side)
    {
      isMoved = value != before
    }
    // A stopgap stands in the field: the value itself is still to come.
    let holdsStopgap = facts.link[side].owed.contains(assignment.field)
    let isOwed = holdsStopgap || planted(.dueTakenForDirty) && facts.link[side.other].isReported
    let held = facts[side]?.row[assignment.field]
    var differs = false
    if case .value(let value) = now { differs = assignment.type.norm(value) != (held ?? .null) }
    if case .failed = now { differs = true }
    if planted(.caseEditMissed), let held, case .value(let value) = now {
      differs = !assignment.type.agrees(assignment.type.norm(value), held)
    }
    var travel = Travel(
      assignment: assignment, now: now, hasAncestor: old != nil, isMoved: isMoved || isOwed,
      differs: differs,
      inputIsDirty: isOwed || (assignment.input.map { isDirty($0, side.other) } ?? false),
      fieldIsDirty: isDirty(assignment.field, side))
    travel.isOwed = holdsStopgap
    return travel
  }

  private func isDirty(_ field: FieldNumber, _ side: Side) -> Bool {
    facts.link[side].isEdited(field)
  }

  /// Whether the input was edited, and nothing is made of that.
  private func isIgnored(_ field: FieldNumber?, _ side: Side) -> Bool {
    field.map { facts.link[side].isIgnored($0) } ?? false
  }

  private func evaluate(_ assignment: Assignment, _ row: PackedRow, _ side: Side) -> Travel.Now {
    do {
      guard let value = try assignment.evaluate(row) else { return .absent }
      return .value(value)
    } catch {
      return .failed(
        Decision.Problem(
          side: side, field: assignment.field, code: error.code, message: error.description))
    }
  }

  /// A foreign key is judged as the link it points to, and goes anew when that link's record on the
  /// written side is another one.
  private func relation(
    _ assignment: Assignment, was old: Assignment?, parent: TaskNumber, from row: PackedRow,
    to side: Side
  ) -> Travel {
    let base = facts.link[side].relation(assignment.field)
    let input = assignment.input.flatMap { row[$0] }
    var now = Travel.Now.absent
    var link = LinkNumber.none
    var record = RecordNumber.none
    let relative = facts.relatives[Slot(side), default: [:]][assignment.field]
    if relative == .orphaned { return orphan(assignment, parent, old) }
    if let input, input.isNull {
      now = .value(.null)
    } else if input != nil {
      switch relative {
      case .linked(let parentLink, let parentRecord, let key):
        now = .value(key.value)
        link = parentLink
        record = parentRecord
      case .unresolved(let parentLink):
        now = .waiting(parent)
        link = parentLink
      case .doomed(let parentLink, let deleted, _):
        now = .doomed(parent, deleted)
        link = parentLink
      case .orphaned, nil: now = .waiting(parent)
      }
    }
    let held = facts[side]?.row[assignment.field] ?? .null
    var differs = true
    if case .value(let value) = now { differs = assignment.type.norm(value) != held }
    let isEdited = link != (base?.link ?? .none)
    let inputIsDirty =
      assignment.input.map {
        isDirty($0, side.other) || facts.regiven[side.other]?.contains($0) == true
      } ?? false
    var travel = Travel(
      assignment: assignment, now: now, hasAncestor: old != nil,
      isMoved: isEdited || record != (base?.record ?? .none), differs: differs,
      inputIsDirty: inputIsDirty && (isEdited || isWaiting(now)),
      fieldIsDirty: isDirty(assignment.field, side))
    travel.isPending = base == nil || isAwaitedAlone(now, assignment, side)
    return travel
  }

  /// A key that lost its parent is no edit, and stays dirty until the parent is back.
  private func orphan(_ assignment: Assignment, _ parent: TaskNumber, _ old: Assignment?) -> Travel
  {
    Travel(
      assignment: assignment, now: .waiting(parent), hasAncestor: old != nil, isMoved: false,
      differs: false, inputIsDirty: false, fieldIsDirty: false, isOrphan: true)
  }

  /// Whether the key goes by itself once its parent is there, behind what else was edited.
  private func isAwaitedAlone(_ now: Travel.Now, _ assignment: Assignment, _ side: Side) -> Bool {
    guard case .waiting = now else { return false }
    return context.cyclic[side]?.contains(assignment.field) == true
  }

  private func isWaiting(_ now: Travel.Now) -> Bool {
    switch now {
    case .waiting, .doomed: true
    case .value, .absent, .failed: false
    }
  }
}

extension TaskMapping {
  /// Whether the two fields were mapped to one another in both directions.
  fileprivate func isTwoWay(_ assignment: Assignment, to side: Side) -> Bool {
    assignments(to: side).contains { $0.isLike(assignment) && $0.isTwoWay }
  }

  /// Whether the two fields were mapped to one another, in either direction.
  fileprivate func holdsPair(of assignment: Assignment, to side: Side) -> Bool {
    assignments(to: side).contains { $0.isLike(assignment) }
      || assignments(to: side.other).contains {
        $0.field == assignment.input && $0.input == assignment.field
      }
  }
}

extension Assignment {
  fileprivate func isLike(_ other: Assignment) -> Bool {
    field == other.field && input == other.input
  }
}
