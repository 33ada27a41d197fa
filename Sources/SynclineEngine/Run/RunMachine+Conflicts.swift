import SynclineModel

extension RunMachine {
  /// Journals the decision's conflicts, each once: a retry names the one that stands open between the
  /// same observations. Returns the conflict that the decision's commands carry out.
  mutating func openConflicts(
    _ decision: Decision, _ facts: LinkFacts, _ link: LinkNumber,
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> EventSequence {
    if decision.conflicts.isEmpty { return .none }
    let open = facts.link.conflict
    let isKnown = try isOpen(open, decision, state)
    if open != .none, !isKnown {
      draft(
        .conflictSuperseded(ConflictSuperseded()), link: link, causes: EventCauses(open))
    }
    var opened = isKnown ? open : EventSequence.none
    let noted = planted(.conflictPerRetry) ? [] : try noted(facts.link, decision.restsOn, state)
    for var conflict in decision.conflicts {
      if isKnown, !conflict.isBeside { continue }
      // A retry overwrites what is on record already, and may carry more than the first attempt.
      for known in noted { conflict.leaveOut(known) }
      if conflict.isBeside, conflict.lost.isEmpty { continue }
      let sequence = draft(.conflictOpened(conflict), link: link, causes: decision.restsOn)
      if conflict.isBeside { continue }
      opened = sequence
      if conflict.loser != nil { tally.conflicts += 1 }
    }
    return opened
  }

  /// Whether the decision's conflict is the one that stands open: between the same observations, and nothing
  /// is lost that is not on record there.
  private func isOpen(
    _ open: EventSequence, _ decision: Decision, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> Bool {
    guard open != .none, !planted(.conflictPerRetry), let known = try state.conflict(open),
      known.between == decision.restsOn
    else { return false }
    return decision.conflicts.contains {
      $0.kind == known.conflict.kind && $0.loser == known.conflict.loser
        && $0.lost.filter { known.conflict.lost.contains($0) } == $0.lost
    }
  }

  /// What is on record as overwritten beside conflicts since either side was last seen to change: every try of a
  /// first match may have added to it.
  private func noted(
    _ state: LinkState, _ restsOn: EventCauses, _ view: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [ConflictOpened] {
    var noted: [ConflictOpened] = []
    var next = state.noted
    while let known = try view.conflict(next), known.between == restsOn {
      noted.append(known.conflict)
      next = known.previous
    }
    return noted
  }

  /// A conflict that stands open ends when both sides agree by value, or when the record goes.
  mutating func closeConflict(
    _ decision: Decision, _ facts: LinkFacts, _ link: LinkNumber
  ) {
    let open = facts.link.conflict
    guard open != .none, decision.conflicts.isEmpty, decision.sendings.isEmpty,
      decision.delay == nil
    else { return }
    draft(.conflictDecided(ConflictDecided()), link: link, causes: EventCauses(open))
  }
}

extension ConflictOpened {
  /// Whether it is recorded beside conflicts and is none (Docs/Conflicts.md).
  fileprivate var isBeside: Bool { kind == .firstMatch || kind == .drift }

  /// Leaves out what `known` has on record already.
  fileprivate mutating func leaveOut(_ known: ConflictOpened) {
    guard isBeside, kind == known.kind, loser == known.loser else { return }
    let fresh = lost.filter { known.lost[$0] != lost[$0] }
    lost = fresh
    base = base.filter { fresh.contains($0) }
    won = won.filter { fresh.contains($0) }
  }
}
