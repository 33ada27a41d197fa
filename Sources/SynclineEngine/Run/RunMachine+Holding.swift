import SynclineMapping
import SynclineModel

// What is kept back or turned before a decision is carried out: brakes, children, shared fates, partners.

extension RunMachine {
  /// What the rest of a deleted record's family turns, and what a brake, or a record that still points
  /// here, keeps back.
  mutating func hold(
    _ decision: inout Decision, _ facts: LinkFacts, _ link: LinkNumber, _ task: TaskNumber,
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) {
    if let vacating = decision.vacating, vacating.reason == .changedElsewhere,
      try fate(of: link, deletedOn: vacating.side, task, state) == .waits
    {
      return keep(&decision, .unsettled)
    }
    for sending in decision.sendings {
      switch sending.operation {
      case .delete:
        let deleted = sending.side.other
        switch try fate(of: link, deletedOn: deleted, task, state) {
        case .returns: return try comeBack(&decision, facts, deletedOn: deleted, task, state)
        case .stays: return wait(&decision, facts, deletedOn: deleted, task)
        case .waits: return keep(&decision, .unsettled)
        case .goes: break
        }
        if isBouncing(facts.link) { return keep(&decision, .bounce) }
        if brakes.holdsDeletes(task, on: sending.side) { return keep(&decision, .brake) }
        if let record = facts[sending.side],
          try state.hasChildren(record, facts.link[sending.side].record)
        {
          return keep(&decision, .children)
        }
      case .insert:
        if brakes.holdsInserts(task) { return keep(&decision, .brake) }
      case .update:
        if isBouncing(facts.link) { return keep(&decision, .bounce) }
      }
    }
  }

  /// Whether systems rewrite what is written there again and again. A mapping edit may have ended that, and a
  /// person who asks for the record alone may know.
  private func isBouncing(_ link: LinkState) -> Bool {
    link.bounces >= LinkState.bouncesMax && settings.allowances.only == nil
      && link.source.revision == revision && link.target.revision == revision
  }

  private func keep(_ decision: inout Decision, _ delay: Decision.Delay) {
    let restsOn = decision.restsOn
    decision = Decision(decision.situation)
    decision.restsOn = restsOn
    decision.delay = delay
  }

  /// Links a record without a partner with the one that the task's match rule finds. True where that
  /// settles what is done about it now.
  mutating func match(
    _ facts: LinkFacts, _ link: LinkNumber, _ context: MappingContext, _ portion: inout Portion,
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> Bool {
    guard let lone = try lone(facts, context, state) else { return false }
    switch lone.answer {
    case .none: return false
    case .unclear(let reason):
      let record = facts[lone.side]
      let name = record.flatMap { objects[$0.object]?.name.rawValue } ?? "?"
      draft(
        .recordFailed(
          RecordFailed(
            task: context.current.number, side: lone.side, code: "match",
            message: "\(name) \(record?.key.description ?? "?"): \(reason)")),
        record: lone.number, causes: facts.observations)
      walk.failed += 1
    case .partner:
      if !join(lone, facts, link, context.current.number, &portion) { walk.pending += 1 }
    }
    return true
  }

  /// The same before anything else is decided: what is unclear or too late is told afterwards.
  mutating func link(
    _ facts: LinkFacts, _ link: LinkNumber, _ context: MappingContext, _ portion: inout Portion,
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) {
    guard let lone = try lone(facts, context, state) else { return }
    _ = join(lone, facts, link, context.current.number, &portion)
  }

  /// A record without a partner, and what the match rule says of it.
  private struct Lone {
    var side: Side
    var number: RecordNumber
    var answer: Matcher.Answer
  }

  private func lone(
    _ facts: LinkFacts, _ context: MappingContext, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> Lone? {
    guard case .pairs(let pairs) = context.current.match else { return nil }
    let side: Side = facts.source?.isThere == true ? .source : .target
    guard let record = facts[side], record.isThere, facts[side.other] == nil else { return nil }
    let number = facts.link[side].record
    let matcher = Matcher(
      task: context.current, pairs: pairs, linksBefore: linksBefore)
    return Lone(
      side: side, number: number, answer: try matcher.answer(record, number, on: side, state))
  }

  /// Links the record with its partner. False where this portion has linked one of them already: a
  /// partner is free once, and the next record that matches it sees the link in the next round.
  private mutating func join(
    _ lone: Lone, _ facts: LinkFacts, _ link: LinkNumber, _ task: TaskNumber,
    _ portion: inout Portion
  ) -> Bool {
    guard case .partner(let partner, let existing) = lone.answer,
      portion.matched.insert(partner).inserted, portion.matched.insert(lone.number).inserted
    else { return false }
    if link != .none { draft(.unlinked(Unlinked()), link: link, causes: facts.observations) }
    let into = existing == .none ? portion.lastLink.next : existing
    portion.lastLink = max(portion.lastLink, into)
    draft(
      .linked(
        Linked(
          task: task, source: lone.side == .source ? lone.number : partner,
          target: lone.side == .target ? lone.number : partner)),
      record: lone.number, link: into, causes: facts.observations)
    return true
  }
}
