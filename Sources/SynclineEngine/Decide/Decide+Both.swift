import SynclineMapping
import SynclineModel

// Both records are there: what goes, what conflicts, what is agreed.

extension Decider {
  func bothThere() -> Decision {
    let toTarget = planner.travels(to: .target)
    let toSource = planner.travels(to: .source)
    if facts.link.source.revision == .none || facts.link.target.revision == .none {
      return meeting(toTarget, toSource)
    }
    let sourceIsDirty = toTarget.contains { $0.assignment.isTwoWay && $0.inputIsDirty }
    let targetIsDirty = toSource.contains { $0.assignment.isTwoWay && $0.inputIsDirty }
    if sourceIsDirty, targetIsDirty { return contest(toTarget, toSource) }
    return oneSided(
      sourceIsDirty ? .sourceChanged : targetIsDirty ? .targetChanged : .quiet,
      toTarget, toSource)
  }

  /// At most one side is dirty: what goes from it, and beside it what goes from the other, which
  /// yields where both would write the same pair.
  private func oneSided(
    _ situation: Situation, _ toTarget: [Travel], _ toSource: [Travel]
  ) -> Decision {
    var outgoing = Outgoing()
    let due = Side.allCases.filter { isDue($0, $0 == .source ? toTarget : toSource) }
    if !due.isEmpty { meet(toTarget, toSource, onlyNew: true, &outgoing) }
    let first: Side = situation == .targetChanged ? .source : .target
    var takenBack: [Side: Losses] = [:]
    for side in Side.allCases where winner(of: context.current.conflicts) == side {
      // An edit that points to a record which the winning side deleted is taken back.
      for travel in side == .target ? toTarget : toSource where travel.isDoomed {
        let back = (side == .target ? toSource : toTarget).first { $0.isPair(of: travel) }
        guard let back, back.value != nil, back.differs else { continue }
        outgoing.add(back, to: side.other)
        takenBack[side.other, default: Losses()].lose(
          back, facts[side.other]?.row)
      }
    }
    for side in [first, first.other] where due.contains(side.other) {
      for travel in side == .target ? toTarget : toSource
      where travel.goes || isRestored(travel) {
        if isMet(travel) || outgoing.carries(pairOf: travel, to: side) { continue }
        if outgoing.carries(travel, to: side) { continue }
        if !travel.hasAncestor, travel.value?.isNull == true { continue }
        outgoing.add(travel, to: side)
      }
    }
    var decision = finish(situation, outgoing, toTarget, toSource)
    for side in Side.allCases {
      guard let taken = takenBack[side] else { continue }
      decision.conflicts.append(
        record(.bothChanged, loser: side, lost: taken.lost, won: taken.won))
      for index in decision.sendings.indices where decision.sendings[index].side == side {
        decision.sendings[index].decidesConflict = true
      }
    }
    return decision
  }

  /// A pair mapped both ways that has no ancestor: its values meet for the first time.
  private func isMet(_ travel: Travel) -> Bool {
    travel.assignment.isTwoWay && !travel.hasAncestor
  }

  /// Dirty, reported, or rewritten under our write: what goes from it is sent.
  private func isDue(_ side: Side, _ travels: [Travel]) -> Bool {
    let slot = facts.link[side]
    return slot.isReported || !slot.derived.isEmpty
      || travels.contains { $0.inputIsDirty || isRestored($0) }
  }

  /// A one-way value that a user changed, under `drift: restore`.
  private func isRestored(_ travel: Travel) -> Bool {
    context.current.drift == .restore && !travel.assignment.isTwoWay && travel.fieldIsDirty
      && travel.differs
  }

  /// Both records are linked and nothing was agreed yet.
  private func meeting(_ toTarget: [Travel], _ toSource: [Travel]) -> Decision {
    var outgoing = Outgoing()
    meet(toTarget, toSource, onlyNew: false, &outgoing)
    for side in [Side.target, .source] {
      for travel in side == .target ? toTarget : toSource
      where travel.differs && !travel.assignment.isTwoWay && travel.value?.isNull != true {
        outgoing.add(travel, to: side)
      }
    }
    var decision = finish(.noAncestor, outgoing, toTarget, toSource)
    if decision.sendings.isEmpty, decision.problem == nil, decision.delay == nil {
      decision.agreement = agreement(.matched, all: true, carried: outgoing, toTarget, toSource)
    }
    return decision
  }

  /// Pairs that meet for the first time: equal: agreed; one side null: the other's value fills it;
  /// both set: the source's value goes.
  private func meet(
    _ toTarget: [Travel], _ toSource: [Travel], onlyNew: Bool, _ outgoing: inout Outgoing
  ) {
    for travel in toTarget
    where travel.assignment.isTwoWay && travel.differs && (!onlyNew || isMet(travel)) {
      if travel.value?.isNull == true {
        if let back = toSource.first(where: { $0.isPair(of: travel) }), back.differs {
          outgoing.add(back, to: .source)
        }
        continue
      }
      outgoing.add(travel, to: .target)
      let held = facts.target?.row[travel.assignment.field] ?? .null
      if !held.isNull { outgoing.lose(travel, held) }
    }
  }

  /// Both sides are dirty: pair by pair, who wins where they differ.
  private func contest(_ toTarget: [Travel], _ toSource: [Travel]) -> Decision {
    var outgoing = Outgoing()
    var losers: [Side: Losses] = [:]
    var isHeld = false
    var differ = false
    meet(toTarget, toSource, onlyNew: true, &outgoing)
    for there in toTarget where there.assignment.isTwoWay && !isMet(there) {
      guard let back = toSource.first(where: { $0.isPair(of: there) }) else { continue }
      guard there.inputIsDirty || back.inputIsDirty else { continue }
      guard there.differs, back.differs else { continue }
      differ = true
      guard let winner = winner(of: there, back) else {
        isHeld = true
        continue
      }
      let travel = winner == .source ? there : back
      outgoing.add(travel, to: winner.other)
      if winner == .source ? back.inputIsDirty : there.inputIsDirty {
        losers[winner.other, default: Losses()].lose(travel, facts[winner.other]?.row)
      }
    }
    if isHeld { return held(toTarget, toSource) }
    for side in [Side.target, .source] {
      for travel in side == .target ? toTarget : toSource
      where !travel.assignment.isTwoWay && (travel.goes || isRestored(travel)) {
        outgoing.add(travel, to: side)
      }
    }
    var decision = finish(
      differ ? .bothChanged : .convergent, outgoing, toTarget, toSource)
    for side in Side.allCases {
      guard let entry = losers[side] else { continue }
      decision.conflicts.append(
        record(.bothChanged, loser: side, lost: entry.lost, won: entry.won))
    }
    if !losers.isEmpty {
      for index in decision.sendings.indices { decision.sendings[index].decidesConflict = true }
    }
    return decision
  }

  /// Who wins one pair of fields, at least one of which was edited; nil where a person decides.
  private func winner(of there: Travel, _ back: Travel) -> Side? {
    let rule = there.assignment.conflicts ?? back.assignment.conflicts ?? context.current.conflicts
    if back.isDoomed, rule != .target, rule != .hold { return .source }
    if there.isDoomed, rule == .target { return .target }
    if rule == .merge {
      return back.inputIsDirty && !there.inputIsDirty ? .target : .source
    }
    return winner(of: rule)
  }

  /// Rule `hold`: nothing of the link is sent, and both sides' values are recorded.
  private func held(_ toTarget: [Travel], _ toSource: [Travel]) -> Decision {
    var decision = Decision(.bothChanged)
    decision.delay = .conflict
    let fields = toSource.filter { $0.inputIsDirty }.compactMap(\.assignment.input)
    let lost = (facts.target?.row ?? PackedRow()).filter { fields.contains($0) }
    let won = PackedRow(
      toTarget.filter { fields.contains($0.assignment.field) }.compactMap { travel in
        travel.value.map { (travel.assignment.field, $0) }
      })
    decision.conflicts = [record(.bothChanged, loser: nil, lost: lost, won: won)]
    return decision
  }

  private func record(
    _ kind: ConflictOpened.Kind, loser: Side?, lost: PackedRow, won: PackedRow
  ) -> ConflictOpened {
    let side = loser ?? .target
    let known = (facts[side]?.row ?? PackedRow()).merging(facts.link[side].base)
    return ConflictOpened(
      task: context.current.number, kind: kind, rule: context.current.conflicts.rawValue,
      loser: loser, lost: lost, base: known.filter { lost.contains($0) }, won: won)
  }
}

// MARK: - From what goes to a decision

extension Decider {
  /// Turns what goes into commands, unless a value cannot be carried or a parent is awaited; agrees on
  /// the edits that lead to nothing.
  private func finish(
    _ situation: Situation, _ outgoing: Outgoing, _ toTarget: [Travel], _ toSource: [Travel]
  ) -> Decision {
    var decision = Decision(situation)
    for side in [Side.target, .source] {
      var fields: [(FieldNumber, Value)] = []
      for travel in outgoing[side] {
        switch travel.now {
        case .value(let value): fields.append((travel.assignment.field, value))
        case .absent: continue
        case .failed(let problem):
          decision.problem = problem
          return decision
        case .waiting(let parent), .doomed(let parent):
          if context.cyclic[side]?.contains(travel.assignment.field) == true { continue }
          decision.delay = .parent(task: parent)
          return decision
        }
      }
      if !fields.isEmpty {
        decision.sendings.append(
          Decision.Sending(side: side, operation: .update, row: PackedRow(fields)))
      }
    }
    if !outgoing.lost.isEmpty {
      decision.conflicts.append(
        record(.firstMatch, loser: .target, lost: outgoing.lost, won: outgoing.won))
    }
    let drifted = drifted(outgoing)
    if !drifted.lost.isEmpty {
      decision.conflicts.append(
        record(.drift, loser: drifted.side, lost: drifted.lost, won: drifted.won))
    }
    let reason: Agreed.Reason = situation == .convergent ? .converged : .nothingToSend
    decision.agreement = agreement(
      reason, all: false, carried: outgoing, toTarget, toSource)
    return decision
  }

  /// Values of users that one-way fields overwrite now.
  private func drifted(_ outgoing: Outgoing) -> (side: Side, lost: PackedRow, won: PackedRow) {
    for side in [Side.target, .source] {
      var lost: [(FieldNumber, Value)] = []
      var won: [(FieldNumber, Value)] = []
      for travel in outgoing[side] where !travel.assignment.isTwoWay && travel.fieldIsDirty {
        let field = travel.assignment.field
        lost.append((field, facts[side]?.row[field] ?? .null))
        if let value = travel.value { won.append((field, value)) }
      }
      if !lost.isEmpty { return (side, PackedRow(lost), PackedRow(won)) }
    }
    return (.target, PackedRow(), PackedRow())
  }

  /// The edits that lead to nothing and the slots that agree under the revision in force, where there
  /// are any. What a command carries is agreed by its confirmation instead.
  private func agreement(
    _ reason: Agreed.Reason, all: Bool, carried: Outgoing, _ toTarget: [Travel],
    _ toSource: [Travel]
  ) -> Agreed? {
    var fields: [Side: [FieldNumber]] = [.source: [], .target: []]
    for side in Side.allCases {
      let read = Set((side == .source ? toTarget : toSource).compactMap(\.assignment.input))
      let under = carried.fields(of: side)
      let waiting = awaited(side == .source ? toTarget : toSource)
      fields[side] = (facts.link[side].base.fields + facts.link[side].derived.fields)
        .filter { read.contains($0) && !under.contains($0) && !waiting.contains($0) }
        .sorted()
      if all { fields[side] = read.sorted() }
    }
    let slots = Side.allCases.filter { side in
      guard carried[side].isEmpty else { return false }
      return all || facts.link[side.other].isReported || facts.link[side].revision == .none
        || fields[side.other]?.isEmpty == false
    }
    let source = deduplicated(fields[.source] ?? [])
    let target = deduplicated(fields[.target] ?? [])
    if slots.isEmpty, source.isEmpty, target.isEmpty { return nil }
    return Agreed(
      reason: reason, revision: context.revision, slots: slots, sourceFields: source,
      targetFields: target)
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

  private func deduplicated(_ fields: [FieldNumber]) -> [FieldNumber] {
    var seen = Set<FieldNumber>()
    return fields.filter { seen.insert($0).inserted }
  }
}

/// Values that are taken back on one side, and what comes in their place.
struct Losses {
  private(set) var lost = PackedRow()
  private(set) var won = PackedRow()

  /// Notes that `travel` overwrites what `row` holds.
  mutating func lose(_ travel: Travel, _ row: PackedRow?) {
    let field = travel.assignment.field
    lost = lost.setting(field, to: row?[field] ?? .null)
    won = won.setting(field, to: travel.value ?? .null)
  }
}

/// The travels that were chosen, by written side.
struct Outgoing {
  private var toTarget: [Travel] = []
  private var toSource: [Travel] = []
  private(set) var lost = PackedRow()
  private(set) var won = PackedRow()

  subscript(side: Side) -> [Travel] { side == .target ? toTarget : toSource }

  mutating func add(_ travel: Travel, to side: Side) {
    if side == .target { toTarget.append(travel) } else { toSource.append(travel) }
  }

  /// Notes a value that is overwritten when two records first meet.
  mutating func lose(_ travel: Travel, _ held: Value) {
    lost = lost.setting(travel.assignment.field, to: held)
    won = won.setting(travel.assignment.field, to: travel.value ?? .null)
  }

  /// Whether the other direction already carries the pair that `travel` is half of.
  func carries(pairOf travel: Travel, to side: Side) -> Bool {
    self[side.other].contains { $0.isPair(of: travel) }
  }

  /// Whether the same field is carried already.
  func carries(_ travel: Travel, to side: Side) -> Bool {
    self[side].contains { $0.assignment.field == travel.assignment.field }
  }

  /// The fields of `side` whose base a command of these moves: inputs of what goes from it, and what
  /// is written on it.
  func fields(of side: Side) -> Set<FieldNumber> {
    Set(self[side.other].compactMap(\.assignment.input))
      .union(self[side].map(\.assignment.field))
  }
}

extension Travel {
  /// Whether the two are the two directions of one pair of fields.
  func isPair(of other: Travel) -> Bool {
    assignment.input == other.assignment.field && other.assignment.input == assignment.field
  }
}
