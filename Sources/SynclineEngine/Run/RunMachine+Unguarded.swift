import SynclineMapping
import SynclineModel

// Writes to a side that compares nothing before it writes and may answer with nothing: what is written is
// read before and after, and an edit that was overwritten all the same stands on record
// (Docs/Connectors/README.md, "Writes"; Docs/Guarantees.md names the windows).

/// Commands of one batch that wait for their records to be read.
struct PreRead: Hashable, Sendable {
  var object: ObjectNumber
  var commands: [WriteCommand]
}

/// Records that were written and not shown since.
struct ReadBack: Hashable, Sendable {
  var object: ObjectNumber
  var keys: [NativeKey]
}

extension RunMachine {
  /// Whether the records of these commands must be read before they are written: what a search showed a
  /// while ago, or may have shown late, is not what stands there.
  func needsPreRead(_ commands: [WriteCommand], on side: Side) -> Bool {
    let promises = settings[side].writes
    guard !promises.comparesFirst, commands.contains(where: { $0.key != nil }) else { return false }
    guard let read = readAt[side] else { return true }
    return clock.microseconds &- read.microseconds >= promises.freshness
  }

  /// What stands under the keys of a batch: what is not as expected is decided again, the rest is written.
  mutating func preReadAnswered(
    _ side: Side, _ batch: PreRead, _ answer: FetchedRecords,
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [Action] {
    awaited.remove(side)
    let rows = Dictionary(answer.records.map { ($0.key, $0) }, uniquingKeysWith: { $1 })
    let gone = Set(answer.absent + answer.deleted)
    var outcomes: [WriteOutcome] = []
    var rest: [WriteCommand] = []
    for command in batch.commands {
      guard let key = command.key else {
        rest.append(command)
        continue
      }
      if gone.contains(key) {
        outcomes.append(WriteOutcome(id: command.id, result: .changed(current: nil)))
      } else if let record = rows[key],
        !command.expected.difference(from: record.row).isEmpty
      {
        outcomes.append(
          WriteOutcome(
            id: command.id, result: .changed(current: record.row), stamp: record.stamp))
      } else if rows[key] != nil {
        rest.append(command)
      } else {
        // No answer, or one that cannot be taken: nothing is written on trust.
        outcomes.append(
          WriteOutcome(
            id: command.id,
            result: .refused(
              RecordProblem(
                code: "unread", message: "the record could not be read before it was written",
                mayPass: true))))
      }
    }
    try take(outcomes, on: side, state)
    let settled = Set(outcomes.map(\.id))
    inFlight[side]?.removeAll { settled.contains($0) }
    guard !rest.isEmpty else {
      inFlight[side] = nil
      return try goOn(state)
    }
    awaited.insert(side)
    return [.write(side, batch.object, rest)]
  }

  /// What stands under keys that were written: the system's own representation, or an edit since.
  mutating func readBackAnswered(
    _ side: Side, _ back: ReadBack, _ answer: FetchedRecords,
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [Action] {
    awaited.remove(side)
    var observer = try stampedObserver(side, [], of: back.object, state)
    observer.isByKey = true
    for var record in answer.records {
      // The time is that of our own write, which rule `newest` must not take for an edit.
      record.stamp.time = nil
      try observer.see(record, of: back.object, state)
    }
    for failure in answer.failures { try observer.fail(back.object, failure, state) }
    for key in answer.deleted {
      try observer.lose(ObjectKey(object: back.object, key: key), isConfirmed: true, Stamp(), state)
    }
    for key in answer.absent {
      try observer.lose(
        ObjectKey(object: back.object, key: key), isConfirmed: false, Stamp(), state)
    }
    try take(observer, state)
    return try goOn(state)
  }

  private mutating func goOn(
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [Action] {
    let next = dispatch()
    return next.isEmpty && drafts.isEmpty ? try proceed(state) : next
  }

  /// Notes what a batch wrote and did not show.
  mutating func noteUnshown(
    _ outcomes: [WriteOutcome], _ sent: [CommandID: OutgoingCommand], on side: Side
  ) {
    var keys: [ObjectNumber: [NativeKey]] = [:]
    for outcome in outcomes {
      guard case .written(let key, let stored) = outcome.result, stored.isEmpty,
        let outgoing = sent[outcome.id], outgoing.command.operation != .delete
      else { continue }
      keys[outgoing.object, default: []].append(key)
    }
    for (object, keys) in keys.sorted(by: { $0.key < $1.key }) {
      unshown[side, default: []].append(ReadBack(object: object, keys: keys))
    }
  }

  // MARK: Edits taken back

  /// A write that nothing guarded overwrote an edit of the last moments: it is recorded as lost.
  mutating func recordTakenBack(
    _ outgoing: inout OutgoingCommand, before: PackedRow,
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) {
    if planted(.blindWrite) || planted(.editBeforeWriteUnrecorded) { return }
    let command = outgoing.command
    guard command.operation != .insert, let task = mapping.task(outgoing.task),
      let object = objects[outgoing.object], let link = try state.link(outgoing.link)
    else { return }
    let side = outgoing.side
    let edited = before.difference(from: command.expected)
    if edited.isEmpty { return }
    let record = link[side].record
    let observed = draft(.recordChanged(RecordChanged(row: edited)), record: record)
    tally[side].changed += 1
    outgoing.command.expected = command.expected.merging(edited)
    let isDelete = command.operation == .delete
    let lost = edited.filter { field in
      guard !isDelete else { return true }
      guard let sent = command.row[field], let held = before[field] else { return false }
      return held != sent && held != object.field(field)?.schema.type.norm(sent)
    }
    if lost.isEmpty { return }
    let isReadBack = lost.fields.contains { field in
      task.assignments(to: side.other).contains { $0.input == field }
    }
    let kind: ConflictOpened.Kind =
      isDelete
      ? (side == .target ? .deletedAndChanged : .changedAndDeleted)
      : (isReadBack ? .bothChanged : .drift)
    let fields = Set(lost.fields)
    let body = ConflictOpened(
      task: outgoing.task, kind: kind, rule: task.conflicts.rawValue, loser: side,
      lost: isDelete ? before : lost, base: command.expected.filter { fields.contains($0) },
      won: command.row.filter { fields.contains($0) })
    let opened = draft(
      .conflictOpened(body), link: outgoing.link,
      causes: EventCauses(
        side == .source
          ? observed : try state.record(link.source.record)?.observed ?? .none,
        side == .target
          ? observed : try state.record(link.target.record)?.observed ?? .none))
    tally.conflicts += 1
    draft(
      .conflictDecided(ConflictDecided()), link: outgoing.link,
      causes: EventCauses(opened, EventSequence(command.id.rawValue)))
  }
}

extension [NativeKey] {
  /// Each key once, in order.
  var unique: [NativeKey] {
    var seen: Set<NativeKey> = []
    return filter { seen.insert($0).inserted }
  }
}
