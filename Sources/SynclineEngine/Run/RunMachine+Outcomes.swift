import SynclineMapping
import SynclineModel

// What became of commands: each outcome is journaled right after it is known.

extension RunMachine {
  mutating func written(
    _ side: Side, _ outcomes: [WriteOutcome], _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [Action] {
    awaited.remove(side)
    let sent = underWay
    try take(outcomes, on: side, state)
    noteUnshown(outcomes, sent, on: side)
    // Without an outcome a command's fate is unknown: its intent stays, the next run asks.
    for id in inFlight.removeValue(forKey: side) ?? [] { underWay[id] = nil }
    done += UInt64(outcomes.count)
    let report = Action.report(RunProgress(phase: .writing, done: done))
    let next = dispatch()
    if !next.isEmpty { return [report] + next }
    return [report] + (drafts.isEmpty ? try proceed(state) : [])
  }

  /// Sends what waits in the outbox: to each side that is free the next commands, of one object.
  mutating func dispatch() -> [Action] {
    var actions: [Action] = []
    for side in Side.allCases where !awaited.contains(side) {
      if let back = unshown[side]?.first {
        unshown[side]?.removeFirst()
        readBacks[side] = back
        awaited.insert(side)
        actions.append(.fetch(side, FetchRequest(object: back.object, keys: back.keys)))
        continue
      }
      guard let index = outbox.firstIndex(where: { $0.side == side }) else { continue }
      let batch = Array(outbox[index].commands.prefix(settings[side].batch))
      let object = outbox[index].object
      outbox[index].commands.removeFirst(batch.count)
      if outbox[index].commands.isEmpty { outbox.remove(at: index) }
      awaited.insert(side)
      inFlight[side] = batch.map(\.id)
      if needsPreRead(batch, on: side) {
        preReads[side] = PreRead(object: object, commands: batch)
        actions.append(
          .fetch(side, FetchRequest(object: object, keys: batch.compactMap(\.key).unique)))
        continue
      }
      actions.append(.write(side, object, batch))
    }
    return actions
  }

  mutating func take(
    _ outcomes: [WriteOutcome], on side: Side, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) {
    var next = try state.package().lastRecord.next
    for outcome in outcomes.sorted(by: { $0.id < $1.id }) {
      guard var outgoing = underWay.removeValue(forKey: outcome.id) else { continue }
      switch outcome.result {
      case .written(let key, let stored):
        if let before = outcome.before {
          try recordTakenBack(&outgoing, before: before, state)
        }
        try confirm(outgoing, key: key, stored: stored, outcome, &next, state)
      case .alreadyWritten(let key, let current):
        if try isSucceeded(outcome, under: key, outgoing, among: outcomes, state) {
          let record = try confirm(outgoing, key: key, stored: nil, outcome, &next, state)
          draft(.recordDeleted(RecordDeleted(isConfirmed: true)), record: record)
          tally[side].deleted += 1
          break
        }
        let represented = current.map { representation($0, outgoing) } ?? PackedRow()
        let record = try confirm(
          outgoing, key: key, stored: nil, represented: represented, outcome, &next, state)
        if current == nil, outgoing.command.operation != .delete, missesRather(record, on: side) {
          break
        }
        if current == nil, outgoing.command.operation == .insert,
          settings[side].tracksByTriggers
        {
          // What the queue told of its key may have been read before the record was known.
          draft(.recordDeleted(RecordDeleted(isConfirmed: false)), record: record)
          if hasRead { rereads.insert(side) }
          break
        }
        if current != nil || !asksQueue(about: record, on: side) {
          let written = outgoing.command.row.merging(represented)
          try observe(record, outgoing, current, written: written, outcome.stamp, state)
        }
      case .changed(let current):
        reject(outgoing, CommandRejected(disposition: .stale), try number(outgoing, state))
        let record = try number(outgoing, state)
        if current == nil, missesRather(record, on: side) { break }
        if current != nil || !asksQueue(about: record, on: side) {
          try observe(record, outgoing, current, written: nil, outcome.stamp, state)
        }
      case .outdated:
        reject(outgoing, CommandRejected(disposition: .stale), try number(outgoing, state))
        if hasRead { rereads.insert(side) }
      case .refused(let problem):
        let record = try number(outgoing, state)
        reject(
          outgoing,
          CommandRejected(
            disposition: .record, code: problem.code, message: problem.message), record)
        try park(outgoing.task, outgoing.link, outgoing.side, state)
        if problem.mayPass, let link = try state.link(outgoing.link) {
          walk.mayPass.insert(link[side.other].record)
        }
      case .notDone: withdraw(outgoing)
      }
    }
  }

  /// Nothing became of a command, and nothing will: what it was meant for is decided anew.
  private mutating func withdraw(_ outgoing: OutgoingCommand) {
    walk.pending += 1
    reject(outgoing, CommandRejected(disposition: .withdrawn), .none)
  }

  /// A call failed. Commands that were still to be sent, and those whose request did nothing for certain, need no
  /// asking about where a side keeps no count of them: the next run decides them anew.
  mutating func withdrawUndone(on side: Side, _ failure: SideFailure) {
    guard !settings[side].writes.knowsCommands else { return }
    let isUndone = failure.didNothing || preReads[side] != nil
    var undone = isUndone ? inFlight[side] ?? [] : failure.undone
    for outbound in outbox where outbound.side == side { undone += outbound.commands.map(\.id) }
    for id in undone.sorted() {
      if let outgoing = underWay.removeValue(forKey: id) { withdraw(outgoing) }
    }
  }

  /// Whether a younger record stands under the key of what an insert made: that one is gone since, whatever
  /// the queue tells of the key.
  private func isSucceeded(
    _ outcome: WriteOutcome, under key: NativeKey, _ outgoing: OutgoingCommand,
    among outcomes: [WriteOutcome], _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> Bool {
    guard outgoing.command.operation == .insert else { return false }
    let isTaken = outcomes.contains { other in
      guard case .alreadyWritten(key, _) = other.result else { return false }
      return other.mark > outcome.mark && underWay[other.id]?.object == outgoing.object
    }
    if isTaken { return true }
    guard let number = try state.recordNumber(outgoing.object, key) else { return false }
    let generation = try state.package()[outgoing.side].generation
    return try state.record(number)?.isYounger(than: outcome.mark, in: generation) == true
  }

  /// Whether the sides were read in this run, so that news must be read once more.
  private var hasRead: Bool { !readers.isEmpty }

  /// Whether the queue is asked what became of a record under whose key no row stands any more: it may
  /// have been given another key. Once a run: what the queue does not tell was deleted behind its back.
  private mutating func asksQueue(about record: RecordNumber, on side: Side) -> Bool {
    guard settings[side].tracksByTriggers, vanished.insert(record).inserted else { return false }
    if hasRead { rereads.insert(side) }
    return true
  }

  /// Where a bare absence proves nothing, the record is missing, and is asked for by its key.
  private mutating func missesRather(_ record: RecordNumber, on side: Side) -> Bool {
    guard settings[side].detection.stamps != nil, record != .none else { return false }
    draft(.recordDeleted(RecordDeleted(isConfirmed: false)), record: record)
    if vanished.insert(record).inserted, hasRead { rereads.insert(side) }
    return true
  }

  /// After too many failures in a row the origin of a command is parked.
  private mutating func park(
    _ task: TaskNumber, _ link: LinkNumber, _ side: Side,
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) {
    guard let origin = try state.link(link)?[side.other].record else { return }
    try park(task, origin, link, state)
  }

  /// Parks a record whose failure that is drafted now is the last straw.
  mutating func park(
    _ task: TaskNumber, _ record: RecordNumber, _ link: LinkNumber,
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) {
    guard let failure = try state.failure(task, record), !failure.isParked,
      failure.count + 1 >= Projection.parkedAfter
    else { return }
    draft(.parked(Parked()), record: record, link: link)
  }

  /// The record that a command is for; none for an insert.
  private func number(
    _ outgoing: OutgoingCommand, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> RecordNumber {
    if outgoing.command.operation == .insert { return .none }
    return try state.link(outgoing.link)?[outgoing.side].record ?? .none
  }

  private mutating func reject(
    _ outgoing: OutgoingCommand, _ rejected: CommandRejected, _ record: RecordNumber
  ) {
    draft(
      .commandRejected(rejected), record: record, link: outgoing.link,
      causes: EventCauses(EventSequence(outgoing.command.id.rawValue)))
  }

  @discardableResult
  private mutating func confirm(
    _ outgoing: OutgoingCommand, key: NativeKey, stored: PackedRow?,
    represented: PackedRow = PackedRow(), _ outcome: WriteOutcome, _ next: inout RecordNumber,
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> RecordNumber {
    let command = outgoing.command
    var record = try number(outgoing, state)
    if command.operation == .insert {
      record = next
      next = next.next
      let generation = try state.package()[outgoing.side].generation
      if let old = try state.recordNumber(outgoing.object, key),
        try state.record(old)?.isYounger(than: outcome.mark, in: generation) != true
      {
        displace(old, on: outgoing.side)
      }
    }
    let confirmed = CommandConfirmed(
      key: command.operation == .insert ? key : nil,
      stored: stored.map { difference($0, outgoing) } ?? represented,
      derived: stored.map { derived($0, outgoing) } ?? [],
      mark: command.operation == .insert ? outcome.mark : 0, version: outcome.stamp.version)
    let sequence = draft(
      .commandConfirmed(confirmed), record: record, link: outgoing.link,
      causes: EventCauses(EventSequence(command.id.rawValue)))
    walk.hasConfirmed = true
    switch command.operation {
    case .insert: tally[outgoing.side].inserts += 1
    case .update: tally[outgoing.side].updates += 1
    case .delete:
      tally[outgoing.side].deletes += 1
      let other = try state.link(outgoing.link)?[outgoing.side.other].record ?? .none
      if try state.record(other)?.isThere != true {
        draft(.unlinked(Unlinked()), link: outgoing.link, causes: EventCauses(sequence))
      }
    }
    if outgoing.conflict != .none {
      draft(
        .conflictDecided(ConflictDecided()), link: outgoing.link,
        causes: EventCauses(outgoing.conflict, sequence))
    }
    return record
  }

  /// The record's key was given to another one: it is gone, whether or not its deletion was read
  /// already. What was read before that of records which point to the key is outdated.
  private mutating func displace(_ record: RecordNumber, on side: Side) {
    draft(.recordDeleted(RecordDeleted(isConfirmed: true)), record: record)
    tally[side].deleted += 1
    if hasRead, settings[side].tracksByTriggers { rereads.insert(side) }
  }

  /// What is stored otherwise than it was sent, and, for an update, otherwise than it was known.
  private func difference(_ stored: PackedRow, _ outgoing: OutgoingCommand) -> PackedRow {
    let command = outgoing.command
    let known =
      command.operation == .insert ? command.row : command.expected.merging(command.row)
    return stored.difference(from: known)
  }

  /// Carried fields whose stored value is not the one that the field makes of what was sent.
  private func derived(_ stored: PackedRow, _ outgoing: OutgoingCommand) -> [FieldNumber] {
    guard let object = objects[outgoing.object] else { return [] }
    return outgoing.command.row.values.compactMap { field, sent in
      guard let value = stored[field], let type = object.field(field)?.schema.type,
        value != sent, value != type.norm(sent) || planted(.scaleTakenForEdit)
      else { return nil }
      return field
    }
  }

  /// Carried fields that hold what the field makes of what was sent: a representation, also where it is
  /// seen only later, after a lost answer.
  private func representation(_ current: PackedRow, _ outgoing: OutgoingCommand) -> PackedRow {
    guard let object = objects[outgoing.object] else { return PackedRow() }
    return current.filter { field in
      guard let sent = outgoing.command.row[field], let value = current[field],
        let type = object.field(field)?.schema.type
      else { return false }
      return value != sent && value == type.norm(sent)
    }
  }

  /// What a write's own answer showed of the record is an observation.
  /// - Parameter written: the values that stand there since the write; nil where nothing was written.
  private mutating func observe(
    _ record: RecordNumber, _ outgoing: OutgoingCommand, _ current: PackedRow?, written: PackedRow?,
    _ stamp: Stamp, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) {
    guard record != .none else { return }
    // What stands under the key of a record that is known to have ended is another one, which may be
    // known already.
    if current != nil, settings[outgoing.side].detection.stamps == nil,
      try state.record(record)?.presence == .deleted
    {
      return
    }
    let command = outgoing.command
    // What stands under the key of a record that we deleted is another record; the queue tells of it.
    if written != nil, command.operation == .delete { return }
    guard let current else {
      draft(.recordDeleted(RecordDeleted(isConfirmed: true)), record: record)
      tally[outgoing.side].deleted += 1
      return
    }
    let known = written.map { command.expected.merging($0) } ?? command.expected
    let difference = current.difference(from: known)
    if difference.isEmpty { return }
    draft(.recordChanged(RecordChanged(row: difference, stamp: stamp)), record: record)
    tally[outgoing.side].changed += 1
  }
}
