import SynclineMapping
import SynclineModel

// A record that is to be deleted waits until no child points to it. Where the key of a child differs from the
// other side's by an edit that is ignored, or by drift, no decision about the child ever takes it away: the
// parent's delete does, since it is somebody's edit of the same family.

extension RunMachine {
  /// Gives such children on `side` the key that the other side holds.
  mutating func releaseChildren(
    _ facts: LinkFacts, deleteOn side: Side, _ portion: inout Portion,
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) {
    guard let record = facts[side] else { return }
    try state.forEachChild(of: record, facts.link[side].record) {
      (reference, child) throws(StateFailure) in
      let link = child.link(in: reference.task)
      if link != .none {
        try release(reference, link, on: side, facts.observations, &portion, state)
      }
      return true
    }
  }

  private mutating func release(
    _ reference: ChildReference, _ number: LinkNumber, on side: Side, _ parent: EventCauses,
    _ portion: inout Portion, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) {
    let pass = AgendaWalk.Pass(task: reference.task, part: .linked)
    guard let context = contexts[reference.task],
      let facts = try facts(number.rawValue, pass, state), !facts.link.hasIntent,
      let key = strayKey(reference.field, facts, context, on: side)
    else { return }
    // Its own decision comes first.
    let decision = SynclineEngine.decide(facts, context)
    switch decision.delay {
    case nil, .parent: break
    case .unsettled, .conflict, .missing, .brake, .bounce, .children: return
    }
    guard decision.sendings.isEmpty,
      try !isBackingOff(facts, reference.task, state),
      portion.emptied.insert(reference.child).inserted
    else { return }
    var release = Decision(side == .target ? .sourceDeleted : .targetDeleted)
    release.sendings = [
      Decision.Sending(
        side: side, operation: .update, row: PackedRow([(reference.field, key)]))
    ]
    release.restsOn = EventCauses(parent.first, facts.observations.second)
    try issue(release, facts, number, .none, reference.task, &portion)
  }

  /// What the key would get from the other side, where it differs and no edit counts that would carry it.
  private func strayKey(
    _ field: FieldNumber, _ facts: LinkFacts, _ context: MappingContext, on side: Side
  ) -> Value? {
    let travel = TravelPlanner(facts: facts, context: context).travels(to: side)
      .first { $0.assignment.field == field }
    guard let travel, travel.differs, let key = travel.value else { return nil }
    let isDrift = !travel.assignment.isTwoWay && facts.link[side].base.contains(field)
    return isDrift || facts.link[side].isIgnored(field)
      || travel.assignment.input.map { facts.link[side.other].isIgnored($0) } == true ? key : nil
  }
}
