import SynclineMapping
import SynclineModel

// The agenda is decided in portions: each is journaled (intents before effects), then sent.

extension RunMachine {
  mutating func decideNext(
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [Action] {
    guard awaited.isEmpty, drafts.isEmpty else { return [] }
    if isCanceled || failure != nil { return try beginClosing(state) }
    if let actions = try readAgain(state) { return actions }
    while true {
      guard let pass = walk.pass else {
        if walk.nextRound() { continue }
        if planted(.pageOvertakesCreate), plantWait() { return try observe(state) }
        return try beginClosing(state)
      }
      if !isBraked, !pass.onlyLinks {
        isBraked = true
        try brake(state)
        try findRevenants(state)
      }
      let portion = min(settings.source.batch, settings.target.batch)
      let numbers = try state.agenda(
        pass.task, pass.part, after: walk.after, limit: portion)
      guard let last = numbers.last else {
        walk.nextPass()
        continue
      }
      walk.after = last
      var portionOfSends = Portion(lastLink: try state.package().lastLink)
      for number in numbers {
        try decide(number, pass, &portionOfSends, state)
      }
      guard !drafts.isEmpty else { continue }
      walk.hasProgressed = true
      return writes(portionOfSends)
    }
  }

  /// What one portion of the agenda sends.
  struct Portion {
    var lastLink: LinkNumber
    var commands: [OutgoingCommand] = []
    /// Records that this portion has linked.
    var matched: Set<RecordNumber> = []
    /// New records that shall go and of which this portion empties a key.
    var emptied: Set<RecordNumber> = []
  }

  /// One link, or one record without a link.
  private mutating func decide(
    _ number: UInt64, _ pass: AgendaWalk.Pass, _ portion: inout Portion,
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) {
    guard let facts = try facts(number, pass, state), isChosen(facts, pass) else { return }
    for side in Side.allCases { try loadMapping(facts.link[side].revision, of: pass.task, state) }
    guard let context = contexts[pass.task] else { return }
    let isNew = pass.part == .newSource || pass.part == .newTarget
    if pass.part == .waiting { return vacate(facts, LinkNumber(number)) }
    if pass.onlyLinks {
      try link(facts, LinkNumber(isNew ? 0 : number), context, &portion, state)
      return
    }
    if try isBackingOff(facts, pass.task, state) { return }
    if Side.allCases.contains(where: { walk.doomed.contains(facts.link[$0].record) }) {
      walk.pending += 1
      return
    }
    if isNew, revenants.contains(RecordNumber(number)) {
      return try deleteRevenant(facts, pass.task, &portion, state)
    }
    if pass.part == .single || isNew,
      try match(facts, LinkNumber(isNew ? 0 : number), context, &portion, state)
    {
      return
    }
    var decision = SynclineEngine.decide(facts, context)
    let doomed = decision.sendings.first { $0.operation == .delete }?.side
    try hold(&decision, facts, LinkNumber(isNew ? 0 : number), pass.task, state)
    try noteAwaited(decision, facts, pass.task, state)
    if planted(.refillBecomesDelete) { try plantDelete(&decision, facts, pass.task, state) }
    if decision.delay == .children, let doomed, settings.allowances.only == nil {
      try deleteNewChildren(facts, deleteOn: doomed, &portion, state)
      try releaseChildren(facts, deleteOn: doomed, &portion, state)
      try loosen(facts, LinkNumber(number), deleteOn: doomed, pass.task, &portion, state)
    }
    try carryOut(
      decision, facts, link: isNew ? nil : LinkNumber(number), pass.task, &portion, state)
  }

  /// After a reset of LastSyncTime the place of a deleted record is vacant also where a command of its link has
  /// no outcome: once that is known, the run after the reset may be over, and the delete would be sent.
  private mutating func vacate(_ facts: LinkFacts, _ link: LinkNumber) {
    for side in Side.allCases
    where facts[side]?.presence == .deleted && facts.link[side].intent == .none
      && (facts[side.other]?.isThere == true || facts.link[side.other].intent != .none)
      && !planted(.deleteAfterReset)
    {
      draft(
        .slotVacated(SlotVacated(slot: Slot(side), reason: .epoch)), link: link,
        causes: facts.observations)
    }
  }

  /// All that a decision about one entry of the agenda rests on.
  func facts(
    _ number: UInt64, _ pass: AgendaWalk.Pass, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> LinkFacts? {
    var link: LinkState
    switch pass.part {
    case .newSource, .newTarget:
      link = LinkState(task: pass.task)
      link[pass.part == .newSource ? .source : .target].record = RecordNumber(number)
    case .gone, .linked, .single, .waiting:
      guard let known = try state.link(LinkNumber(number)) else { return nil }
      link = known
    }
    var facts = LinkFacts(
      link: link, source: try state.record(link.source.record),
      target: try state.record(link.target.record), isInEpoch: try state.package().isInEpoch)
    if let context = contexts[pass.task] {
      let reader = RelativeReader(mapping: mapping)
      facts.relatives = try reader.relatives(of: facts, context.current, state)
      facts.regiven = try reader.regiven(of: facts, context.current, state)
    }
    return facts
  }

  /// Whether the record failed before and its time has not come; counts it as what it is.
  mutating func isBackingOff(
    _ facts: LinkFacts, _ task: TaskNumber, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> Bool {
    for side in Side.allCases {
      let number = facts.link[side].record
      if number == .none { continue }
      // What cannot be read is not decided about; closing counts it.
      if try state.failure(.none, number) != nil { return true }
      guard let failure = try state.failure(task, number) else { continue }
      if failure.run == run, failure.retry > run {
        if number == walk.interim { continue }
        if walk.mayPass.contains(number), walk.hasConfirmed || walk.hadConfirmed {
          walk.mayPass.remove(number)
          continue
        }
        walk.failed += 1
        return true
      }
      let isOverdue = clock.microseconds - failure.time.microseconds >= RunSettings.retryAfter
      if failure.retry > run, !isOverdue, settings.allowances.only == nil {
        walk.pending += 1
        return true
      }
    }
    return false
  }

  /// Turns a decision into events and commands.
  private mutating func carryOut(
    _ decision: Decision, _ facts: LinkFacts, link: LinkNumber?, _ task: TaskNumber,
    _ portion: inout Portion, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) {
    switch decision.delay {
    case .unsettled, .parent: walk.pending += 1
    case .conflict, .missing, .brake, .children: walk.held += 1
    case .bounce:
      walk.held += 1
      walk.bouncing[task, default: 0] += 1
    case nil: break
    }
    if let problem = decision.problem {
      let origin = facts.link[problem.side.other].record
      draft(
        .recordFailed(
          RecordFailed(
            task: task, side: problem.side, code: problem.code,
            message: message(of: problem, task))),
        record: origin, link: link ?? .none, causes: decision.restsOn)
      try park(task, origin, link ?? .none, state)
      walk.failed += 1
      return
    }
    if !decision.sendings.isEmpty, let limit = settings.allowances.limit, sent >= limit {
      isLimited = true
      walk.pending += 1
      return
    }
    let number = link ?? portion.lastLink.next
    let conflict = try openConflicts(decision, facts, number, state)
    if let vacating = decision.vacating {
      draft(
        .slotVacated(SlotVacated(slot: Slot(vacating.side), reason: vacating.reason)),
        link: number, causes: decision.restsOn)
    }
    if let agreement = decision.agreement {
      draft(.agreed(agreement), link: number, causes: decision.restsOn)
    }
    if decision.unlinks { draft(.unlinked(Unlinked()), link: number, causes: decision.restsOn) }
    try issue(decision, facts, number, conflict, task, &portion)
    closeConflict(decision, facts, number)
  }

  private func message(of problem: Decision.Problem, _ task: TaskNumber) -> String {
    let object = mapping.task(task).flatMap { objects[$0.object(problem.side)] }
    let field = object?.field(problem.field)?.schema.name.rawValue ?? "?"
    return "\(object?.name.rawValue ?? "?").\(field) cannot take \(problem.message)"
  }

  /// Journals the decision's commands as intents and takes them up for sending.
  mutating func issue(
    _ decision: Decision, _ facts: LinkFacts, _ number: LinkNumber, _ conflict: EventSequence,
    _ task: TaskNumber, _ portion: inout Portion
  ) throws(StateFailure) {
    for var sending in decision.sendings {
      let origin = facts.link[sending.side.other].record
      var isInterim = sending.isInterim
      if origin != .none, origin == walk.interim {
        let owed = facts.link[sending.side].owed
        guard let row = interimRow(sending, owed, task, number) else {
          walk.failed += 1
          continue
        }
        sending.row = row
        isInterim = true
      }
      if let limit = settings.allowances.limit, sent >= limit {
        isLimited = true
        walk.pending += 1
        return
      }
      sent += 1
      let record = facts.link[sending.side].record
      let decides = sending.decidesConflict && !isInterim ? conflict : .none
      let sequence = draft(
        .commandIssued(
          CommandIssued(
            task: task, slot: Slot(sending.side), operation: sending.operation,
            revision: revision, row: sending.row, origin: facts.link[sending.side.other].record,
            conflict: decides, isInterim: isInterim)),
        record: record, link: number, causes: decision.restsOn)
      portion.lastLink = max(portion.lastLink, number)
      let known = facts[sending.side]
      let object = mapping.task(task)?.object(sending.side) ?? .none
      portion.commands.append(
        OutgoingCommand(
          side: sending.side, object: object, task: task, link: number, conflict: decides,
          command: WriteCommand(
            id: CommandID(sequence.rawValue), operation: sending.operation,
            key: sending.operation == .insert ? nil : known?.key, row: sending.row,
            // A field that is not read any more cannot be compared.
            expected: sending.operation == .insert || planted(.blindWrite)
              ? PackedRow() : (known?.row ?? PackedRow()).keeping(captured(by: sending, object)),
            parents: parents(in: sending.row, of: task, on: sending.side))))
    }
  }

  /// The records to which the keys point that a command carries.
  func parents(in row: PackedRow, of task: TaskNumber, on side: Side) -> [ObjectKey] {
    guard let assignments = mapping.task(task)?.assignments(to: side) else { return [] }
    var parents: [ObjectKey] = []
    for assignment in assignments {
      guard case .relation(_, let parent) = assignment.expression,
        let key = row[assignment.field].flatMap({ NativeKey($0) }),
        let object = mapping.task(parent)?.object(side)
      else { continue }
      parents.append(ObjectKey(object: object, key: key))
    }
    return parents
  }

  /// The fields that are compared before the command is carried out.
  private func captured(by sending: Decision.Sending, _ object: ObjectNumber) -> Set<FieldNumber> {
    let captured = objects[object]?.captured ?? []
    return planted(.editBeforeWriteUnrecorded) ? captured.subtracting(sending.row.fields) : captured
  }

  /// Third values for the unique fields that a command carries and that hold none yet; nil where none
  /// can be found.
  private func interimRow(
    _ sending: Decision.Sending, _ owed: [FieldNumber], _ task: TaskNumber, _ link: LinkNumber
  ) -> PackedRow? {
    guard sending.operation == .update,
      let object = mapping.task(task).flatMap({ objects[$0.object(sending.side)] })
    else { return nil }
    var fields: [(FieldNumber, Value)] = []
    for field in sending.row.fields where !owed.contains(field) {
      guard let schema = object.field(field)?.schema, schema.isUnique else { continue }
      switch schema.type.kind {
      case _ where schema.isNullable: fields.append((field, .null))
      case .text, .any: fields.append((field, .text("~\(link)")))
      case .integer, .decimal, .double:
        fields.append((field, .integer(-4_000_000_000 - Int64(link.rawValue))))
      case .boolean, .bytes, .date, .time, .timestamp, .localTimestamp, .uuid: continue
      }
    }
    return fields.isEmpty ? nil : PackedRow(fields)
  }

  /// The portion's commands on their way, in order; what goes to one object goes together.
  private mutating func writes(_ portion: Portion) -> [Action] {
    for outgoing in portion.commands {
      underWay[outgoing.command.id] = outgoing
      let last = outbox.lastIndex { $0.side == outgoing.side }
      if let last, outbox[last].object == outgoing.object {
        outbox[last].commands.append(outgoing.command)
      } else {
        outbox.append(
          Outbound(
            side: outgoing.side, object: outgoing.object, commands: [outgoing.command]))
      }
    }
    return dispatch()
  }
}
