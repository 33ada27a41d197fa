import SynclineModel

extension EventBody {
  /// The payload's members, in the order of its type.
  var members: [(String, JSON)] {
    switch self {
    case .runOpened(let payload): payload.members
    case .runClosed(let payload): payload.members
    case .mappingAdopted(let payload): payload.members
    case .objectObserved(let payload): payload.members
    case .trackingCreated(let payload): payload.members
    case .entriesForgotten(let payload): payload.members
    case .cursorAdvanced(let payload): payload.members
    case .parameterReset(let payload): [("parameter", .text(payload.parameter.name))]
    case .recordCreated(let payload):
      [
        ("object", .number(payload.object)), ("key", .key(payload.key)),
        ("row", .row(payload.row)), ("stamp", .stamp(payload.stamp)),
      ]
    case .recordChanged(let payload):
      [
        ("row", .row(payload.row)), ("stamp", .stamp(payload.stamp)),
        ("isRestored", .boolean(payload.isRestored)),
        ("isRewritten", .boolean(payload.isRewritten)),
      ]
    case .recordTouched(let payload): [("stamp", .stamp(payload.stamp))]
    case .recordDeleted(let payload):
      [("isConfirmed", .boolean(payload.isConfirmed)), ("stamp", .stamp(payload.stamp))]
    case .recordRekeyed(let payload): [("key", .key(payload.key))]
    case .recordFailed(let payload):
      [
        ("task", .number(payload.task)), ("side", .side(payload.side)),
        ("code", .text(payload.code)), ("message", .text(payload.message)),
      ]
    case .linked(let payload):
      [
        ("task", .number(payload.task)), ("source", .number(payload.source)),
        ("target", .number(payload.target)),
      ]
    case .unlinked, .parked, .conflictSuperseded, .conflictDecided: []
    case .agreed(let payload): payload.members
    case .slotVacated(let payload):
      [("slot", .slot(payload.slot)), ("reason", .text("\(payload.reason)"))]
    case .ignored(let payload):
      [
        ("rule", .text("\(payload.rule)")), ("slot", .slot(payload.slot)),
        ("row", .row(payload.row)),
      ]
    case .commandIssued(let payload): payload.members
    case .commandConfirmed(let payload):
      [
        ("key", payload.key.map { .key($0) } ?? .null), ("stored", .row(payload.stored)),
        ("derived", .numbers(payload.derived)), ("mark", .number("\(payload.mark)")),
        ("version", .number("\(payload.version)")),
      ]
    case .commandRejected(let payload):
      [
        ("disposition", .text("\(payload.disposition)")), ("code", .text(payload.code)),
        ("message", .text(payload.message)),
      ]
    case .conflictOpened(let payload): payload.members
    case .overrideRequested(let payload): [("kind", .text("\(payload.kind)"))]
    }
  }
}

extension RunOpened {
  fileprivate var members: [(String, JSON)] {
    [
      ("program", .text(program)), ("allowances", .list(allowances.map { .text($0) })),
      ("sourceOffset", .number("\(clocks.source)")),
      ("targetOffset", .number("\(clocks.target)")), ("clockError", .number("\(clocks.error)")),
    ]
  }
}

extension RunClosed {
  fileprivate var members: [(String, JSON)] {
    [
      ("state", .text("\(state)")), ("source", tally.source.json), ("target", tally.target.json),
      ("conflicts", .number(tally.conflicts)), ("failed", .number(tally.failed)),
      ("held", .number(tally.held)), ("pending", .number(tally.pending)),
      ("untouched", .number(tally.untouched)), ("endsEpoch", .boolean(endsEpoch)),
      ("sourceOwner", .number(sourceOwner)),
      ("targetOwner", .number(targetOwner)), ("reason", .text(reason)),
    ]
  }
}

extension SideTally {
  fileprivate var json: JSON {
    .members([
      ("created", .number(created)), ("changed", .number(changed)), ("deleted", .number(deleted)),
      ("inserts", .number(inserts)), ("updates", .number(updates)), ("deletes", .number(deletes)),
    ])
  }
}

extension MappingAdopted {
  fileprivate var members: [(String, JSON)] {
    [
      ("revision", .number(revision)), ("evaluator", .number(evaluator)), ("text", .text(text)),
      ("compiled", .hexadecimal(compiled)), ("tasks", .list(table.tasks.map(\.json))),
    ]
  }
}

extension TaskTable {
  fileprivate var json: JSON {
    .members([
      ("number", .number(number)), ("name", .text(name)), ("source", .number(source)),
      ("target", .number(target)), ("toTarget", .list(toTarget.map(\.json))),
      ("toSource", .list(toSource.map(\.json))), ("matchSource", .numbers(matchSource)),
      ("matchTarget", .numbers(matchTarget)),
    ])
  }
}

extension TaskTable.Written {
  fileprivate var json: JSON {
    .members([
      ("field", .number(field)), ("input", .number(input)), ("parent", .number(parent)),
    ])
  }
}

extension ObjectObserved {
  fileprivate var members: [(String, JSON)] {
    [
      ("object", .number(object)), ("side", .side(side)), ("name", .text(name.rawValue)),
      ("key", .number(key)), ("fields", .list(fields.map(\.json))),
      ("foreignKeys", .list(foreignKeys.map(\.json))),
    ]
  }
}

extension ObjectObserved.Field {
  fileprivate var json: JSON {
    .members([
      ("number", .number(number)), ("name", .text(schema.name.rawValue)),
      ("type", schema.type.json), ("isNullable", .boolean(schema.isNullable)),
      ("hasDefault", .boolean(schema.hasDefault)),
      ("isCalculated", .boolean(schema.isCalculated)),
      ("isReadOnly", .boolean(schema.isReadOnly)),
      ("writing", .number(UInt64(schema.writing.rawValue))),
      ("isUnique", .boolean(schema.isUnique)),
      ("isCaptured", .boolean(isCaptured)),
      ("pointsTo", .list(schema.pointsTo.map { .text($0.rawValue) })),
    ])
  }
}

extension FieldType {
  fileprivate var json: JSON {
    .members([
      ("kind", .text("\(kind)")), ("storage", .text("\(storage)")),
      ("lengthMax", lengthMax.map { .number($0) } ?? .null),
      ("precision", precision.map { .number($0) } ?? .null),
      ("scale", scale.map { .number($0) } ?? .null), ("foldsCase", .boolean(foldsCase)),
      ("trims", .boolean(trims)), ("zoneMinutes", .number(zoneMinutes)),
    ])
  }
}

extension ForeignKey {
  fileprivate var json: JSON {
    .members([
      ("field", .text(field.rawValue)), ("parent", .text(parent.rawValue)),
      ("onDelete", .text("\(onDelete)")),
    ])
  }
}

extension TrackingCreated {
  fileprivate var members: [(String, JSON)] {
    [
      ("side", .side(side)), ("generation", .number(generation)),
      ("identity", .text(identity.rawValue)), ("objects", .numbers(objects)),
    ]
  }
}

extension EntriesForgotten {
  fileprivate var members: [(String, JSON)] {
    [
      ("side", .side(side)), ("generation", .number(generation)), ("ranges", .ranges(ranges)),
      ("owner", .number(owner)),
    ]
  }
}

extension CursorAdvanced {
  fileprivate var members: [(String, JSON)] {
    [
      ("side", .side(side)), ("generation", .number(generation)), ("ranges", .ranges(ranges)),
      ("fullyRead", .numbers(fullyRead)), ("tasks", .numbers(tasks)),
      ("lastSyncTime", .text(ISOText.format(moment: lastSyncTime))),
      ("bounds", .list(bounds.map(\.json))),
    ]
  }
}

extension ObjectBound {
  fileprivate var json: JSON {
    .members([
      ("object", .number(object)), ("since", .text(ISOText.format(moment: since))),
    ])
  }
}

extension Agreed {
  fileprivate var members: [(String, JSON)] {
    [
      ("reason", .text("\(reason)")), ("revision", .number(revision)),
      ("slots", .list(slots.map { .side($0) })), ("sourceFields", .numbers(sourceFields)),
      ("targetFields", .numbers(targetFields)),
    ]
  }
}

extension CommandIssued {
  fileprivate var members: [(String, JSON)] {
    [
      ("task", .number(task)), ("slot", .slot(slot)), ("operation", .text("\(operation)")),
      ("revision", .number(revision)), ("row", .row(row)), ("origin", .number(origin)),
      ("conflict", .number(conflict)), ("isInterim", .boolean(isInterim)),
    ]
  }
}

extension ConflictOpened {
  fileprivate var members: [(String, JSON)] {
    [
      ("task", .number(task)), ("kind", .text("\(kind)")), ("rule", .number(rule)),
      ("loser", loser.map { .side($0) } ?? .null), ("lost", .row(lost)), ("base", .row(base)),
      ("won", .row(won)),
    ]
  }
}
