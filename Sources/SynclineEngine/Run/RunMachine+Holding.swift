import SynclineMapping
import SynclineModel

// What is kept back or turned before a decision is carried out: brakes, children, shared fates, partners.

extension RunMachine {
  /// What a brake, or a record that still points here, keeps back.
  func hold(
    _ decision: inout Decision, _ facts: LinkFacts, _ task: TaskNumber,
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) {
    for sending in decision.sendings {
      switch sending.operation {
      case .delete:
        if try sharesFate(facts, deletedOn: sending.side.other, task, state) {
          let situation = decision.situation
          decision = Decision(situation)
          decision.vacating = Decision.Vacating(
            side: sending.side.other, reason: .parentReturns)
          decision.restsOn = facts.observations
          return
        }
        if facts.link.bounces >= LinkState.bouncesMax { return keep(&decision, .bounce) }
        if brakes.holdsDeletes(task, on: sending.side) { return keep(&decision, .brake) }
        if let record = facts[sending.side],
          try !state.children(of: record, facts.link[sending.side].record).isEmpty
        {
          return keep(&decision, .children)
        }
      case .insert:
        if brakes.holdsInserts(task) { return keep(&decision, .brake) }
      case .update:
        if facts.link.bounces >= LinkState.bouncesMax { return keep(&decision, .bounce) }
      }
    }
  }

  private func keep(_ decision: inout Decision, _ delay: Decision.Delay) {
    let restsOn = decision.restsOn
    decision = Decision(decision.situation)
    decision.restsOn = restsOn
    decision.delay = delay
  }

  /// Whether the delete on `side` is explained by that of a parent which comes back: then the child is
  /// inserted again as well. `above`: links that led here, so that a circle ends.
  private func sharesFate(
    _ facts: LinkFacts, deletedOn side: Side, _ task: TaskNumber, above: Set<LinkNumber> = [],
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> Bool {
    guard let mapping = contexts[task]?.current, let row = facts[side.other]?.row else {
      return false
    }
    for assignment in mapping.assignments(to: side) {
      guard case .relation(let input, let parent) = assignment.expression,
        let value = row[input], let key = NativeKey(value),
        let object = self.mapping.task(parent)?.object(side.other),
        let number = try state.recordNumber(object, key),
        let link = try state.record(number)?.link(in: parent), link != .none,
        !above.contains(link), let context = contexts[parent],
        let facts = try self.facts(
          link.rawValue, AgendaWalk.Pass(task: parent, part: .gone), state)
      else { continue }
      if facts.link[side].isVacant { return true }
      guard facts[side]?.presence == .deleted else { continue }
      if SynclineEngine.decide(facts, context).vacating?.side == side { return true }
      if try sharesFate(facts, deletedOn: side, parent, above: above.union([link]), state) {
        return true
      }
    }
    return false
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
    let matcher = Matcher(task: context.current, pairs: pairs)
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
