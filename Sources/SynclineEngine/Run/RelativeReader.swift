import SynclineMapping
import SynclineModel

/// Looks up what foreign keys point to, for a decision about the records that hold them.
struct RelativeReader {
  let mapping: CompiledMapping

  /// What the foreign keys of both records point to.
  func relatives(
    of facts: LinkFacts, _ task: TaskMapping, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [Slot: [FieldNumber: Relative]] {
    var relatives: [Slot: [FieldNumber: Relative]] = [:]
    for side in Side.allCases {
      guard let row = facts[side.other]?.row else { continue }
      for assignment in task.assignments(to: side) {
        guard case .relation(let input, let parent) = assignment.expression,
          let value = row[input]
        else { continue }
        if value.isNull {
          if try isExplained(facts.link[side.other].relation(input), on: side.other, state) {
            relatives[Slot(side), default: [:]][assignment.field] = .orphaned
          }
          continue
        }
        relatives[Slot(side), default: [:]][assignment.field] = try relative(
          value, parent: parent, from: side.other, state)
      }
    }
    return relatives
  }

  /// The foreign keys of both records that name another record than when they were agreed, though nothing
  /// tells of an edit: that one was deleted, and its key given again.
  func regiven(
    of facts: LinkFacts, _ task: TaskMapping, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [Side: Set<FieldNumber>] {
    var regiven: [Side: Set<FieldNumber>] = [:]
    for side in Side.allCases {
      for assignment in task.assignments(to: side) {
        guard case .relation(let input, let parent) = assignment.expression,
          let agreed = facts.link[side.other].relation(input)?.record, agreed != .none,
          let key = facts[side.other]?.row[input].flatMap({ NativeKey($0) }),
          let object = mapping.task(parent)?.object(side.other),
          let number = try state.recordNumber(object, key), number != agreed,
          let former = try state.record(agreed), former.presence == .deleted, former.key == key
        else { continue }
        regiven[side.other, default: []].insert(input)
      }
    }
    return regiven
  }

  /// Whether a foreign key is null because the parent was deleted on its side, while the parent's link
  /// lives: the parent comes back, and the key with it.
  private func isExplained(
    _ base: SlotState.RelationBase?, on side: Side, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> Bool {
    guard let base, base.link != .none, let parent = try state.link(base.link) else { return false }
    guard parent[side].record != base.record,
      try state.record(base.record)?.presence == .deleted
    else { return false }
    // The one that came back was deleted in its turn.
    return try state.record(parent[side].record)?.presence != .deleted
  }

  private func relative(
    _ value: Value, parent: TaskNumber, from side: Side,
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> Relative {
    guard let object = mapping.task(parent)?.object(side), let key = NativeKey(value),
      let number = try state.recordNumber(object, key),
      let record = try state.record(number)
    else { return .unresolved(link: .none) }
    let link = record.link(in: parent)
    guard let parentLink = try state.link(link) else { return .unresolved(link: .none) }
    let counterpart = parentLink[side.other].record
    guard let other = try state.record(counterpart) else { return .unresolved(link: link) }
    if other.presence == .deleted {
      return .doomed(link: link, deleted: other.stamp, observed: other.observed)
    }
    guard other.isThere else { return .unresolved(link: link) }
    return .linked(link: link, record: counterpart, key: other.key)
  }
}
