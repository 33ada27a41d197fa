import SynclineEngine
import SynclineModel

/// Says events in words and as JSON, with names in the place of numbers.
struct EventPresenter {
  private let objects: [ObjectNumber: ObjectObserved]
  private let tasks: [TaskNumber: TaskTable]

  init(_ state: borrowing some StateView & ~Copyable) throws(StateFailure) {
    var objects: [ObjectNumber: ObjectObserved] = [:]
    for object in try state.objects() { objects[object.object] = object }
    self.objects = objects
    var tasks: [TaskNumber: TaskTable] = [:]
    for (_, number) in try state.taskNumbers() { tasks[number] = try state.taskTable(number) }
    self.tasks = tasks
  }

  func name(of object: ObjectNumber) -> String {
    objects[object]?.name.rawValue ?? "object \(object)"
  }

  func task(_ number: TaskNumber) -> String { tasks[number]?.name ?? "task \(number)" }

  func object(of task: TaskNumber, on side: Side) -> ObjectNumber {
    tasks[task]?.object(side) ?? .none
  }

  func field(_ field: FieldNumber, of object: ObjectNumber) -> String {
    objects[object]?.field(field)?.schema.name.rawValue ?? "field \(field)"
  }

  /// A row as `name = value` pairs.
  func row(_ row: PackedRow, of object: ObjectNumber) -> String {
    row.values.map { "\(field($0.field, of: object).neutral) = \($0.value.onTerminal)" }
      .joined(separator: ", ")
  }

  func json(_ row: PackedRow, of object: ObjectNumber) -> JSON {
    .members(row.values.map { (field($0.field, of: object), JSON($0.value)) })
  }

  /// One sentence. `object` is that of the event's record.
  func sentence(_ event: JournalEvent, object: ObjectNumber) -> String {
    switch event.body {
    case .recordCreated(let created):
      return "seen for the first time: \(row(created.row, of: object))"
    case .recordChanged(let changed):
      return changed.row.isEmpty ? "seen again" : "changed: \(row(changed.row, of: object))"
    case .recordTouched: return "reported without a change"
    case .recordDeleted(let deleted):
      return deleted.isConfirmed ? "deleted" : "missing; nobody has confirmed that it was deleted"
    case .recordRekeyed(let rekeyed): return "stands under key \(rekeyed.key) now"
    case .recordFailed(let failed): return "failed (\(failed.code)): \(failed.message.neutral)"
    case .linked(let linked): return "linked in task \(task(linked.task).neutral)"
    case .unlinked: return "the link ended"
    case .agreed(let agreed): return "agreed without a command: \(words(agreed.reason))"
    case .slotVacated(let vacated):
      return "the \(vacated.slot) shall be filled again: \(words(vacated.reason))"
    case .parked: return "parked after too many failures"
    case .ignored(let ignored):
      return "an edit on the \(ignored.slot) was ignored (\(words(ignored.rule))): "
        + row(ignored.row, of: object)
    case .commandIssued(let command): return sentence(command)
    case .commandConfirmed(let confirmed): return sentence(confirmed, object)
    case .commandRejected(let rejected): return sentence(rejected)
    case .conflictOpened(let conflict): return sentence(conflict)
    case .conflictSuperseded: return "the conflict was superseded by a new edit"
    case .conflictDecided: return "the conflict is decided"
    case .overrideRequested(let request): return "a person decided: \(words(request.kind))"
    case .runOpened, .runClosed, .mappingAdopted, .objectObserved, .trackingCreated,
      .entriesForgotten, .cursorAdvanced, .parameterReset:
      return event.header.kind.word
    }
  }

  private func sentence(_ command: CommandIssued) -> String {
    let values = row(command.row, of: object(of: command.task, on: command.slot.side))
    switch command.operation {
    case .insert: return "insert into the \(command.slot) sent: \(values)"
    case .update: return "update of the \(command.slot) sent: \(values)"
    case .delete: return "delete in the \(command.slot) sent"
    }
  }

  private func sentence(_ confirmed: CommandConfirmed, _ object: ObjectNumber) -> String {
    var text = confirmed.key.map { "confirmed under key \($0)" } ?? "confirmed"
    if !confirmed.stored.isEmpty {
      text += "; stored besides: \(row(confirmed.stored, of: object))"
    }
    return text
  }

  private func sentence(_ rejected: CommandRejected) -> String {
    switch rejected.disposition {
    case .stale: "not carried out: the record had changed meanwhile; decided again"
    case .record: "refused (\(rejected.code)): \(rejected.message.neutral)"
    case .withdrawn: "withdrawn before it was sent"
    }
  }

  private func sentence(_ conflict: ConflictOpened) -> String {
    let loser = conflict.loser ?? .target
    let object = object(of: conflict.task, on: loser)
    let lost = row(conflict.lost, of: object)
    switch (conflict.kind, conflict.loser) {
    case (.firstMatch, _): return "overwritten at first match on the \(loser): \(lost)"
    case (.drift, _): return "a user's value in a one-way field was overwritten: \(lost)"
    case (_, nil): return "conflict (\(words(conflict.kind))), held for a person: \(lost)"
    case (_, .some):
      return "conflict (\(words(conflict.kind))): the \(loser.other) wins; the \(loser) loses "
        + (lost.isEmpty ? "its delete" : lost)
    }
  }

  private func words(_ reason: Agreed.Reason) -> String {
    switch reason {
    case .converged: "both sides changed to the same"
    case .matched: "equal when they were first matched"
    case .nothingToSend: "what changed leads to nothing that must be sent"
    case .represented: "the system shows what it made of the value that was written"
    }
  }

  private func words(_ reason: SlotVacated.Reason) -> String {
    switch reason {
    case .epoch: "LastSyncTime was reset"
    case .changedElsewhere: "the other side changed it"
    case .parentReturns: "its parent comes back"
    case .decided: "a person decided so"
    }
  }

  private func words(_ rule: Ignored.Rule) -> String {
    switch rule {
    case .drift: "drift: the mapping does not read the field"
    case .dedicated: "dedicated: made by hand with the package's own account"
    case .duringRun: "duringRun: made while a run went on"
    }
  }

  func words(_ kind: ConflictOpened.Kind) -> String {
    switch kind {
    case .bothChanged: "both sides changed it"
    case .deletedAndChanged: "deleted in the source, changed in the target"
    case .changedAndDeleted: "changed in the source, deleted in the target"
    case .firstMatch: "both sides held a value at first match"
    case .drift: "a one-way field was changed"
    }
  }

  private func words(_ kind: OverrideRequested.Kind) -> String {
    switch kind {
    case .missingConfirmed: "the missing record is deleted"
    case .missingKept: "the missing record shall be made again"
    case .sourceRestored: "the source was put back from a backup"
    case .targetRestored: "the target was put back from a backup"
    case .journalRestored: "the journal was put back from a backup"
    }
  }
}

extension EventKind {
  /// The kind's name in JSON and in lists: `record created`.
  var word: String {
    "\(self)".reduce(into: "") { text, character in
      if character.isUppercase { text += " " }
      text += character.lowercased()
    }
  }
}
