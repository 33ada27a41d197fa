import SynclineMapping
import SynclineModel

// Both records are there: what goes, what conflicts, what is agreed.

extension Decider {
  func bothThere() -> Decision {
    let travels = Travels(
      toTarget: planner.travels(to: .target), toSource: planner.travels(to: .source))
    // Of records that meet for the first time only what has met already can have been edited.
    let isMeeting = facts.link.isMeeting
    let known = isMeeting ? travels.known : travels
    switch (known.isDirty(.source), known.isDirty(.target)) {
    case (true, true): return contest(travels, edited: Side.allCases.filter(known.isEdited))
    case (true, false): return oneSided(.sourceChanged, travels)
    case (false, true): return oneSided(.targetChanged, travels)
    case (false, false): return oneSided(isMeeting ? .noAncestor : .quiet, travels)
    }
  }

  /// At most one side is dirty: what goes from it, and beside it what goes from the other.
  private func oneSided(_ situation: Situation, _ travels: Travels) -> Decision {
    var outgoing = Outgoing()
    let due = dueSides(travels)
    if winner(of: context.current.conflicts) == nil, travels.holdDoomed { return held(travels) }
    if !due.isEmpty { meet(travels, &outgoing) }
    let taken = takeBackDoomed(travels, &outgoing)
    let first: Side = situation == .targetChanged ? .source : .target
    sendRest(travels, from: due, first: first, settled: [], &outgoing)
    sendOneWay(travels, from: due, &outgoing)
    var decision = finish(situation, outgoing, travels)
    if let taken {
      decision.conflicts.append(record(.bothChanged, loser: taken.side, taken.values))
      decision.markDecided(on: taken.side)
    }
    return decision
  }

  /// An edit that points to a record which the winning side deleted is taken back.
  private func takeBackDoomed(
    _ travels: Travels, _ outgoing: inout Outgoing
  ) -> (side: Side, values: Outgoing.Taken)? {
    for winner in Side.allCases {
      var taken = Outgoing.Taken()
      for travel in travels[winner] where travel.isDoomed && !travel.isMet {
        guard wins(deletedOn: winner, travel), let pair = travels.pair(of: travel, to: winner)
        else {
          continue
        }
        let back = pair.isOrphan ? pair.emptied : pair
        guard back.value != nil, back.differs else { continue }
        outgoing.add(back, to: winner.other)
        taken.take(back, held: held(back, winner.other))
      }
      if !taken.lost.isEmpty { return (winner.other, taken) }
    }
    return nil
  }

  /// Whether the delete of the record that a key of `travel` names, made on the written `side`, wins against
  /// the key: as the fate of that record is judged, by the rule of the task.
  private func wins(deletedOn side: Side, _ travel: Travel) -> Bool {
    guard case .doomed(_, let deleted) = travel.now else { return false }
    return context.winner(
      under: context.current.conflicts, source: side == .source ? deleted : facts.source?.stamp,
      target: side == .target ? deleted : facts.target?.stamp) == side
  }

  /// The sides from which what goes is sent; a pair that meets for the first time concerns both.
  func dueSides(_ travels: Travels) -> Set<Side> {
    if facts.link.isMeeting { return Set(Side.allCases) }
    let due = Set(Side.allCases.filter { isDue($0, travels) })
    return due.isEmpty || !travels.holdNewPair ? due : Set(Side.allCases)
  }

  /// Dirty, reported, or rewritten under our write: what goes from it is sent.
  private func isDue(_ side: Side, _ travels: Travels) -> Bool {
    let slot = facts.link[side]
    return slot.isReported || !slot.derived.isEmpty
      || travels[side.other].contains { $0.inputIsDirty || isRestored($0) }
  }

  /// A one-way value that a user changed, under `drift: restore`.
  private func isRestored(_ travel: Travel) -> Bool {
    context.current.drift == .restore && travel.isDrift
  }

  /// Pairs that meet for the first time: equal: agreed; one side null: the other's value fills it;
  /// both set: the source's value goes. A key cannot go whose parent the winning side deleted: the other
  /// side's value goes instead.
  private func meet(_ travels: Travels, _ outgoing: inout Outgoing) {
    for travel in travels[.target] where travel.isMet && (travel.differs || travel.isOrphan) {
      let back = travels.pair(of: travel, to: .target)
      if planted(.nullErases), travel.value?.isNull == true {
        outgoing.add(travel, to: .target)
      } else if travel.value?.isNull == true || travel.isOrphan {
        guard let back, back.differs else { continue }
        if wins(deletedOn: .source, back) {
          outgoing.overwrite(travel, to: .target, held: held(travel, .target))
        } else {
          outgoing.add(back, to: .source)
        }
      } else if wins(deletedOn: .target, travel), let back, back.value != nil {
        outgoing.overwrite(back, to: .source, held: held(back, .source))
      } else {
        outgoing.overwrite(travel, to: .target, held: held(travel, .target))
      }
    }
  }

  /// What the written field of `travel` holds now.
  private func held(_ travel: Travel, _ side: Side) -> Value {
    facts[side]?.row[travel.assignment.field] ?? .null
  }
}

// MARK: - Both sides are dirty

extension Decider {
  /// A pair of fields of which at least one was edited, to somewhere.
  private struct Question {
    let there: Travel
    let back: Travel

    init?(_ there: Travel, _ back: Travel) {
      guard there.assignment.isTwoWay, !there.isMet else { return nil }
      let isOpen =
        switch (there.inputIsDirty, back.inputIsDirty) {
        case (true, true): there.differs && back.differs
        case (true, false): there.goes
        case (false, true): back.goes
        case (false, false): false
        }
      guard isOpen else { return nil }
      self.there = there
      self.back = back
    }

    /// The side whose edit no other one stands against: the other side was not edited at all.
    func uncontested(_ edited: [Side]) -> Side? {
      guard there.inputIsDirty != back.inputIsDirty else { return nil }
      let side: Side = there.inputIsDirty ? .source : .target
      return edited.contains(side.other) ? nil : side
    }

    /// What carries the value of `side` to the other one.
    func travel(from side: Side) -> Travel { side == .source ? there : back }
  }

  /// Pair by pair, who wins where they differ.
  /// - Parameter edited: the sides that were edited; on another one a key that is on its way is all there is.
  private func contest(_ travels: Travels, edited: [Side]) -> Decision {
    let questions = travels[.target].compactMap { there in
      travels.pair(of: there, to: .target).flatMap { Question(there, $0) }
    }
    var outgoing = Outgoing()
    var losers: [Side: Outgoing.Taken] = [:]
    meet(travels, &outgoing)
    for question in questions {
      guard let winner = winner(of: question, edited) else { return held(travels) }
      var travel = question.travel(from: winner)
      // Neither where the key led nor where it was moved to: both parents were deleted.
      if travel.isOrphan { travel = travel.emptied }
      guard travel.differs else { continue }
      outgoing.add(travel, to: winner.other)
      if question.travel(from: winner.other).inputIsDirty {
        losers[winner.other, default: Outgoing.Taken()].take(
          travel, held: held(travel, winner.other))
      }
    }
    let first = (winner(of: context.current.conflicts) ?? .source).other
    let settled = Set(questions.map(\.there.assignment.field))
    sendRest(travels, from: Set(Side.allCases), first: first, settled: settled, &outgoing)
    if !planted(.oneWayLost) { sendOneWay(travels, from: Set(Side.allCases), &outgoing) }
    var decision = finish(questions.isEmpty ? .convergent : .bothChanged, outgoing, travels)
    for side in Side.allCases {
      guard let taken = losers[side] else { continue }
      decision.conflicts.append(record(.bothChanged, loser: side, taken))
    }
    if !losers.isEmpty { Side.allCases.forEach { decision.markDecided(on: $0) } }
    return decision
  }

  /// Who wins one pair of fields; nil where a person decides.
  private func winner(of question: Question, _ edited: [Side]) -> Side? {
    let rule =
      question.there.assignment.conflicts ?? question.back.assignment.conflicts
      ?? context.current.conflicts
    // A stopgap is nobody's value, and takes none back.
    if question.there.isOwed { return .source }
    if question.back.isOwed { return .target }
    // A key that nobody edited and whose parent the other side deleted takes no other value back: neither
    // the empty key that the delete left, nor another parent that was given before it.
    if question.there.pointsToDeleted, !question.there.inputIsDirty { return .target }
    if question.back.pointsToDeleted, !question.back.inputIsDirty { return .source }
    if question.back.isDoomed, wins(deletedOn: .source, question.back) { return .source }
    if question.there.isDoomed, wins(deletedOn: .target, question.there) { return .target }
    // Nor does one that waits for its parent's return.
    if question.back.isOrphan { return .source }
    if question.there.isOrphan { return .target }
    if rule == .merge {
      return question.back.inputIsDirty && !question.there.inputIsDirty ? .target : .source
    }
    return question.uncontested(edited) ?? winner(of: rule)
  }

  /// Rule `hold`: nothing of the link is sent, and both sides' values are recorded.
  private func held(_ travels: Travels) -> Decision {
    var decision = Decision(.bothChanged)
    decision.delay = .conflict
    var taken = Outgoing.Taken()
    let fields = travels[.source].filter { $0.inputIsDirty }.compactMap(\.assignment.input)
    taken.lost = (facts.target?.row ?? PackedRow()).filter { fields.contains($0) }
    taken.won = PackedRow(
      travels[.target].filter { fields.contains($0.assignment.field) }.compactMap { travel in
        travel.value.map { (travel.assignment.field, $0) }
      })
    decision.conflicts = [record(.bothChanged, loser: nil, taken)]
    return decision
  }
}

// MARK: - What goes beside the row

extension Decider {
  /// Pairs that no edit contests: what goes because the mapping that makes it was edited, because a
  /// relation resolves otherwise, or because a system rewrote our write. Where the other side edited
  /// the same field that edit wins, without a conflict.
  private func sendRest(
    _ travels: Travels, from due: Set<Side>, first: Side, settled: Set<FieldNumber>,
    _ outgoing: inout Outgoing
  ) {
    for side in [first, first.other] where due.contains(side.other) {
      for travel in travels[side] where travel.assignment.isTwoWay && travel.goes {
        let written = side == .target ? travel.assignment.field : travel.assignment.input
        if travel.isMet || outgoing.carries(travel, to: side) { continue }
        if let written, settled.contains(written) { continue }
        guard let back = travels.pair(of: travel, to: side), back.inputIsDirty else {
          outgoing.add(travel, to: side)
          continue
        }
        // Both edited it to the same.
        if travel.inputIsDirty { continue }
        if back.differs { outgoing.add(back, to: side.other) }
      }
    }
  }

  /// Fields mapped one way always travel that way and conflict with nothing.
  private func sendOneWay(
    _ travels: Travels, from due: Set<Side>, _ outgoing: inout Outgoing
  ) {
    for side in [Side.target, .source] where due.contains(side.other) {
      for travel in travels[side]
      where !travel.assignment.isTwoWay && (travel.goes || isRestored(travel)) {
        if travel.hasAncestor {
          outgoing.add(travel, to: side)
        } else if travel.value?.isNull != true {
          outgoing.overwrite(travel, to: side, held: held(travel, side))
        }
      }
    }
  }
}

extension Decision {
  /// What goes to `side` carries out what a conflict decided.
  fileprivate mutating func markDecided(on side: Side) {
    for index in sendings.indices where sendings[index].side == side {
      sendings[index].decidesConflict = true
    }
  }
}
