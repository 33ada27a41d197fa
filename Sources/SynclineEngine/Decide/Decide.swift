// decide(link, mapping): pure and total. One row of the table (`Situation`) is chosen by what each
// side did since base; the row says what is sent (Docs/Conflicts.md).

import SynclineMapping
import SynclineModel

/// Decides what is to be done about one link.
public func decide(_ facts: LinkFacts, _ context: MappingContext) -> Decision {
  var decision = Decider(facts: facts, context: context).decision()
  let isHeld = decision.situation == .bothChanged && decision.delay == .conflict
  decision.restsOn = isHeld ? facts.observationsWithParents : facts.observations
  return decision
}

extension LinkFacts {
  /// The newest observations of source and target, by which a conflict is known.
  var observations: EventCauses {
    EventCauses(source?.observed ?? .none, target?.observed ?? .none)
  }

  /// What a conflict stands between that a person decides: also the deletes of the records that keys name. A
  /// parent that came back and is deleted again is in conflict with the same key anew.
  fileprivate var observationsWithParents: EventCauses {
    func newest(_ side: Side) -> EventSequence {
      var newest = self[side]?.observed ?? .none
      for case .doomed(_, _, let observed) in relatives[Slot(side), default: [:]].values {
        newest = max(newest, observed)
      }
      return newest
    }
    return EventCauses(newest(.source), newest(.target))
  }
}

struct Decider {
  let facts: LinkFacts
  let context: MappingContext

  var planner: TravelPlanner { TravelPlanner(facts: facts, context: context) }

  /// One row of the table for each combination of what the sides are.
  func decision() -> Decision {
    if facts.link.hasIntent, !planted(.intentOverwritten) { return delayed(.unsettled, .unsettled) }
    switch (facts.source?.presence, facts.target?.presence) {
    case (.missing, _), (_, .missing): return delayed(.missing, .missing)
    case (nil, nil), (.deleted, nil), (nil, .deleted), (.deleted, .deleted): return unlinking()
    case (.there, nil): return insertion(into: .target)
    case (nil, .there): return insertion(into: .source)
    case (.deleted, .there): return deletion(in: .source)
    case (.there, .deleted): return deletion(in: .target)
    case (.there, .there): return bothThere()
    }
  }

  func delayed(_ situation: Situation, _ delay: Decision.Delay) -> Decision {
    var decision = Decision(situation)
    decision.delay = delay
    return decision
  }

  private func unlinking() -> Decision {
    var decision = Decision(.bothDeleted)
    decision.unlinks = true
    return decision
  }

  /// "There | vacant": an insert carries every mapped field that is not null. A null is left out, so
  /// that what the other system puts there travels back; where nothing travels back it is sent. What a new
  /// record takes no value for is left out, too, and follows like an edit.
  private func insertion(into side: Side) -> Decision {
    let situation: Situation = side == .target ? .targetEmpty : .sourceEmpty
    return insertion(situation, into: side)
  }

  func insertion(_ situation: Situation, into side: Side) -> Decision {
    var decision = Decision(situation)
    var builder = RowBuilder()
    for travel in planner.travels(to: side) where travel.assignment.goesWithInserts {
      switch travel.now {
      case .value(let value):
        let isKept = !travel.assignment.isTwoWay && travel.assignment.takesNull
        if !value.isNull || isKept { builder.append(travel.assignment.field, value) }
      case .absent: continue
      case .waiting(let parent), .doomed(let parent, _):
        if context.cyclic[side]?.contains(travel.assignment.field) == true { continue }
        return delayed(situation, .parent(task: parent))
      case .failed(let problem):
        decision.problem = problem
        return decision
      }
    }
    decision.sendings = [
      Decision.Sending(side: side, operation: .insert, row: builder.row)
    ]
    return decision
  }

  /// `side` lost its record, the other has one.
  private func deletion(in side: Side) -> Decision {
    let other = side.other
    if facts.isInEpoch, !planted(.deleteAfterReset) {
      var decision = Decision(side == .source ? .sourceDeleted : .targetDeleted)
      decision.vacating = Decision.Vacating(side: side, reason: .epoch)
      return decision
    }
    guard isDirty(other) else {
      var decision = Decision(side == .source ? .sourceDeleted : .targetDeleted)
      decision.sendings = [
        Decision.Sending(side: other, operation: .delete, row: PackedRow())
      ]
      return decision
    }
    return deletionConflict(deleted: side)
  }

  /// Deleted on one side, changed on the other.
  private func deletionConflict(deleted side: Side) -> Decision {
    let situation: Situation = side == .source ? .deletedAndChanged : .changedAndDeleted
    var decision = Decision(situation)
    let kind: ConflictOpened.Kind =
      side == .source ? .deletedAndChanged : .changedAndDeleted
    let winner = winner(of: context.current.conflicts)
    let row = facts[side.other]?.row ?? PackedRow()
    let base = row.merging(facts.link[side.other].base)
    func conflict(loser: Side?) -> ConflictOpened {
      ConflictOpened(
        task: context.current.number, kind: kind, rule: context.current.conflicts.rawValue,
        loser: loser, lost: loser == side ? PackedRow() : row, base: base,
        won: loser == side ? row : PackedRow())
    }
    guard let winner else {
      decision.delay = .conflict
      decision.conflicts = [conflict(loser: nil)]
      return decision
    }
    decision.conflicts = [conflict(loser: winner.other)]
    if winner == side {
      decision.sendings = [
        Decision.Sending(
          side: side.other, operation: .delete, row: PackedRow(), decidesConflict: true)
      ]
    } else {
      decision.vacating = Decision.Vacating(side: side, reason: .changedElsewhere)
    }
    return decision
  }

  /// Who wins a conflict about the whole record; nil where a person decides.
  func winner(of rule: ConflictRule) -> Side? {
    context.winner(under: rule, source: facts.source?.stamp, target: facts.target?.stamp)
  }

  /// Whether a field that the mapping reads both ways differs from base, or nothing was agreed yet.
  func isDirty(_ side: Side) -> Bool {
    if facts.link.isMeeting { return true }
    if facts.link[side].base.isEmpty { return false }
    return planner.travels(to: side.other).contains {
      $0.assignment.isTwoWay && $0.inputIsDirty
    }
  }
}

extension MappingContext {
  /// Who wins a conflict about whole records with these stamps; nil where a person decides.
  func winner(under rule: ConflictRule, source: Stamp?, target: Stamp?) -> Side? {
    switch rule {
    case .source, .merge: planted(.targetWins) ? .target : .source
    case .target: .target
    case .hold: nil
    case .newest: later(source: source?.time, target: target?.time)
    }
  }

  /// The later side by the systems' own stamps, corrected by what was measured of their clocks; the
  /// source where one of them tells no time, or where they are nearer than that is certain.
  private func later(source: Timestamp?, target: Timestamp?) -> Side {
    guard let source, let target else { return .source }
    let later = (target.microseconds &- clocks.target) &- (source.microseconds &- clocks.source)
    let isCertain = later >= clocks.error &+ timePrecision
    return later > 0 && isCertain ? .target : .source
  }
}
