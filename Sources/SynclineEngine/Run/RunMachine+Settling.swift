import SynclineModel

// Intents of an earlier run that have no outcome: asked about first, never blindly repeated.

extension RunMachine {
  /// How many intents are asked about at once.
  private static let settlingMax = 1000
  /// How often a run asks about one that gets no answer.
  private static let askingsMax = 3

  mutating func settle(
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [Action] {
    guard awaited.isEmpty else { return [] }
    guard drafts.isEmpty || asked.isEmpty else { return [] }
    var commands: [Side: [OutgoingCommand]] = [:]
    let restoring = try state.package().restoring
    let isRestored = settings.allowances.restored == .journal || restoring == .journal
    if isRestored || planted(.repeatedCreate) { try withdraw(state) }
    if failure == nil, !isCanceled {
      var after = CommandID.none
      while true {
        let ids = try state.unsettled(after: after, limit: Self.settlingMax)
        for id in ids where asked.insert(id).inserted {
          guard let command = try outgoing(id, state) else { continue }
          commands[command.side, default: []].append(command)
        }
        guard commands.isEmpty, let last = ids.last else { break }
        after = last
      }
    }
    if commands.isEmpty { return try asksOnceMore(state) ? settle(state) : beginReading(state) }
    for (side, commands) in commands {
      awaited.insert(side)
      for command in commands { underWay[command.command.id] = command }
    }
    var actions: [Action] = []
    for side in Side.allCases {
      guard let commands = commands[side] else { continue }
      if settings[side].writes.knowsCommands {
        actions.append(.probe(side, commands))
      } else {
        inquiries[side] = try inquiries(about: commands, on: side, state)
        actions += try inquire(side, state)
      }
    }
    return actions
  }

  /// Whether intents are to be asked about again: what an insert made without an answer would be taken
  /// for a new record by a read in full, so a database says what became of each before it is read.
  private mutating func asksOnceMore(
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> Bool {
    guard failure == nil, !isCanceled, drafts.isEmpty else { return false }
    for id in try state.unsettled(limit: .max) {
      guard let side = try outgoing(id, state)?.side, settings[side].detection.stamps == nil else {
        continue
      }
      if askings == Self.askingsMax {
        failure = SideFailure(
          disposition: .stop,
          message: "the \(side) does not say what became of a command of an earlier run, so what "
            + "it made could be taken for new. Run again once the \(side) answers")
        return false
      }
      asked.remove(id)
    }
    askings += 1
    return try !state.unsettled(limit: .max).allSatisfy { asked.contains($0) }
  }

  /// Asks about commands of this very run that got no answer, before anything is read again: what they
  /// made would be taken for new. Nil where there are none.
  mutating func settleAgain(
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [Action]? {
    var isOpen = false
    for id in try state.unsettled(limit: .max) where underWay[id] == nil {
      guard let side = try outgoing(id, state)?.side, rereads.contains(side),
        settings[side].detection.stamps == nil
      else { continue }
      asked.remove(id)
      isOpen = true
    }
    guard isOpen else { return nil }
    askings = 0
    phase = .settling
    return try settle(state)
  }

  /// Commands of a journal that was put back mean nothing any more: their ids were given again since.
  private mutating func withdraw(
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) {
    for id in try state.unsettled(limit: .max) where asked.insert(id).inserted {
      guard let intent = try state.intent(id) else { continue }
      draft(
        .commandRejected(CommandRejected(disposition: .withdrawn)), link: intent.link,
        causes: EventCauses(EventSequence(id.rawValue)))
    }
  }

  private mutating func beginReading(
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [Action] {
    // What is drafted so far (objects, the mapping) belongs before anything that is read under it.
    guard drafts.isEmpty else { return [] }
    if !readers.isEmpty {
      phase = .deciding
      return try decideNext(state)
    }
    phase = .observing
    let package = try state.package()
    for side in Side.allCases {
      readAt[side] = settings[side].detection.stamps?.searchesLag == true ? nil : clock
      readers[side] = try reader(side, package).fetching(unread(on: side, state))
      ignoring[side] = try ignoredEdits(on: side, state)
    }
    return try observe(state)
  }

  /// The command of an unsettled intent, as it would be sent today.
  func outgoing(
    _ id: CommandID, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> OutgoingCommand? {
    guard let intent = try state.intent(id), let link = try state.link(intent.link),
      let table = try state.taskTable(intent.command.task)
    else { return nil }
    let side = intent.command.slot.side
    let record = try state.record(link[side].record)
    var expected = PackedRow()
    if intent.command.operation != .insert, let record {
      // What was observed since the command was issued, the decision does not rest on.
      let isNewer = record.observed.rawValue > id.rawValue
      expected = isNewer ? record.row.merging(link[side].base) : record.row
      expected = expected.keeping(objects[table.object(side)]?.captured ?? [])
    }
    return OutgoingCommand(
      side: side, object: table.object(side), task: intent.command.task, link: intent.link,
      conflict: intent.command.conflict,
      command: WriteCommand(
        id: id, operation: intent.command.operation, key: record?.key, row: intent.command.row,
        expected: expected,
        parents: parents(in: intent.command.row, of: intent.command.task, on: side)))
  }

  mutating func probed(
    _ side: Side, _ outcomes: [ProbeOutcome], _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [Action] {
    awaited.remove(side)
    var known: [WriteOutcome] = []
    var again: [ObjectNumber: [WriteCommand]] = [:]
    for outcome in outcomes {
      guard let command = underWay[outcome.id] else { continue }
      switch outcome.result {
      case .applied(let key, let current):
        known.append(
          WriteOutcome(
            id: outcome.id, result: .alreadyWritten(key: key, current: current),
            mark: outcome.mark))
      case .notApplied
      where command.command.operation == .delete || settings[side].detection.stamps != nil:
        // What it was sent with may have come back, or LastSyncTime was reset since: then no delete is sent
        // before what is missing was filled again. Nor is anything sent again while its first attempt may
        // still take effect: refused, it would be settled, and then done. It is decided anew afterwards.
        underWay[outcome.id] = nil
        guard try isOverdue(command, state) else { continue }
        draft(
          .commandRejected(CommandRejected(disposition: .withdrawn)), link: command.link,
          causes: EventCauses(EventSequence(outcome.id.rawValue)))
      case .notApplied: again[command.object, default: []].append(command.command)
      case .unknown: underWay[outcome.id] = nil
      }
    }
    try take(known, on: side, state)
    outbox += again.sorted { $0.key < $1.key }.map {
      Outbound(side: side, object: $0.key, commands: $0.value)
    }
    let next = dispatch()
    return next.isEmpty && drafts.isEmpty ? try proceed(state) : next
  }
}

extension RunMachine {
  /// Whether a command of which the system knows nothing cannot take effect any more: a database would have
  /// told, another system may carry out late what it took.
  private func isOverdue(
    _ command: OutgoingCommand, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> Bool {
    guard settings[command.side].detection.stamps != nil else { return true }
    let now = clock.microseconds &+ clocks[command.side]
    let last = try sendTimes(of: command, state).last
    return last.microseconds &+ settings[command.side].writes.lateness < now
  }
}

/// Commands for one object that wait until their side is free.
struct Outbound: Hashable, Sendable {
  var side: Side
  var object: ObjectNumber
  var commands: [WriteCommand]
}
