import SynclineMapping
import SynclineModel

// From what goes to a decision: commands, what is taken back, what is agreed without a command.

extension Decider {
  /// Turns what goes into commands, unless a value cannot be carried or a parent is awaited; agrees on
  /// the edits that lead to nothing.
  func finish(_ situation: Situation, _ outgoing: Outgoing, _ travels: Travels) -> Decision {
    var decision = Decision(situation)
    for side in [Side.target, .source] {
      var fields: [(FieldNumber, Value)] = []
      for travel in outgoing[side] {
        switch travel.now {
        case .value(.null) where planted(.nullDropped): continue
        case .value(let value): fields.append((travel.assignment.field, value))
        case .absent: continue
        case .failed(let problem):
          decision.sendings = []
          decision.problem = problem
          return decision
        case .waiting(let parent), .doomed(let parent, _):
          if context.cyclic[side]?.contains(travel.assignment.field) == true { continue }
          decision.sendings = []
          decision.delay = .parent(task: parent)
          return decision
        }
      }
      if !fields.isEmpty {
        decision.sendings.append(
          Decision.Sending(side: side, operation: .update, row: PackedRow(fields)))
      }
    }
    recordOverwritten(outgoing, in: &decision)
    if facts.link.isMeeting {
      // What goes is agreed by its command, the rest now: also which parents the keys name.
      decision.agreement = agreement(.matched, all: true, outgoing, travels)
    } else if !planted(.dirtyNeverAgreed) {
      let reason: Agreed.Reason = situation == .convergent ? .converged : .nothingToSend
      decision.agreement = agreement(reason, all: false, outgoing, travels)
    }
    return decision
  }

  /// Not conflicts, but restorable: what is overwritten at a first match, and values of users that
  /// one-way fields overwrite.
  private func recordOverwritten(_ outgoing: Outgoing, in decision: inout Decision) {
    for side in [Side.target, .source] {
      let met = outgoing.met[side] ?? Outgoing.Taken()
      if !met.lost.isEmpty {
        decision.conflicts.append(record(.firstMatch, loser: side, met))
      }
      var drifted = Outgoing.Taken()
      for travel in outgoing[side]
      where !travel.assignment.isTwoWay && travel.fieldIsDirty
        && !met.lost.contains(travel.assignment.field)
      {
        drifted.take(travel, held: facts[side]?.row[travel.assignment.field] ?? .null)
      }
      if !drifted.lost.isEmpty { decision.conflicts.append(record(.drift, loser: side, drifted)) }
    }
  }

  func record(
    _ kind: ConflictOpened.Kind, loser: Side?, _ taken: Outgoing.Taken
  ) -> ConflictOpened {
    let side = loser ?? .target
    let known = (facts[side]?.row ?? PackedRow()).merging(facts.link[side].base)
    return ConflictOpened(
      task: context.current.number, kind: kind, rule: context.current.conflicts.rawValue,
      loser: loser, lost: taken.lost, base: known.filter { taken.lost.contains($0) },
      won: taken.won)
  }

  /// The edits that lead to nothing and the slots that agree under the revision in force, where there
  /// are any. What a command carries is agreed by its confirmation instead.
  func agreement(
    _ reason: Agreed.Reason, all: Bool, _ carried: Outgoing, _ travels: Travels
  ) -> Agreed? {
    var fields: [Side: [FieldNumber]] = [:]
    for side in Side.allCases {
      let read = Set(travels[side.other].compactMap(\.assignment.input))
      let kept = carried.fields(of: side).union(awaited(travels[side.other]))
      let moved = facts.link[side].base.fields + facts.link[side].derived.fields
      let agreed = (all ? read : Set(moved).intersection(read)).subtracting(kept)
        .subtracting(ignored(travels[side.other], on: side))
      fields[side] = agreed.union(undrifted(travels[side], on: side)).sorted()
    }
    let meets = travels.holdNewPair && !dueSides(travels).isEmpty
    // A new pair that is on its way may be refused; until it is not, no slot agrees beside it, or only the first
    // of two: until both have, all pairs are new. Of keys some go later than the rest, beside a slot that has.
    let slots = Side.allCases.filter { side in
      let isOther = facts.link[side.other].revision != .none
      guard carried[side].isEmpty, !carried.carriesNewPair || facts.link.isMeeting,
        !carried.carriesNewKey || !isOther
      else { return false }
      return all || meets || facts.link[side.other].isReported || facts.link[side].revision == .none
        || fields[side.other]?.isEmpty == false
    }
    let source = fields[.source] ?? []
    let target = fields[.target] ?? []
    if slots.isEmpty, source.isEmpty, target.isEmpty { return nil }
    return Agreed(
      reason: reason, revision: context.revision, slots: slots, sourceFields: source,
      targetFields: target)
  }

  /// Fields whose edits are ignored and that the other side holds otherwise: their base stays known.
  private func ignored(_ travels: [Travel], on side: Side) -> Set<FieldNumber> {
    let slot = facts.link[side]
    guard !slot.isEdited, !slot.base.isEmpty else { return [] }
    return Set(travels.filter(\.differs).compactMap(\.assignment.input))
      .intersection(slot.base.fields)
  }

  /// One-way fields that a user changed to what they would get: the next change is another drift.
  private func undrifted(_ travels: [Travel], on side: Side) -> [FieldNumber] {
    travels.filter { travel in
      !travel.assignment.isTwoWay && travel.fieldIsDirty && travel.value != nil && !travel.differs
    }.map(\.assignment.field)
  }

  /// Inputs whose relation cannot be answered yet: they stay dirty.
  private func awaited(_ travels: [Travel]) -> Set<FieldNumber> {
    Set(
      travels.compactMap { travel in
        switch travel.now {
        case .waiting, .doomed: return travel.assignment.input
        case .value, .absent, .failed: return nil
        }
      })
  }
}
