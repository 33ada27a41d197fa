import SynclineModel

/// Events of every kind, as a run would state them.
enum Sample {
  static let id = JournalID(bytes: Array(1...16))
  static let moment = Timestamp(microseconds: 1_764_000_000_123_456)

  private static let customers = ObjectNumber(1)
  private static let clients = ObjectNumber(2)
  private static let task = TaskNumber(1)
  private static let name = FieldNumber(2)

  /// A small event of its own.
  static func note(_ text: String) -> EventDraft {
    draft(.runOpened(RunOpened(program: text, allowances: [])))
  }

  /// A record of the source.
  static func record(_ number: UInt64) -> EventDraft {
    draft(
      .recordCreated(
        RecordCreated(
          object: customers, key: NativeKey(integer: Int64(number)),
          row: PackedRow([name: .text("name of record \(number)")]))), record: number)
  }

  /// One event of each kind, in an order in which a run could state them.
  static var drafts: [EventDraft] { opening + records + links + commands + closing }

  private static func draft(
    _ body: EventBody, record: UInt64 = 0, link: UInt64 = 0,
    causes: EventCauses = EventCauses()
  ) -> EventDraft {
    EventDraft(
      time: moment, run: RunNumber(1), record: RecordNumber(record), link: LinkNumber(link),
      causes: causes, body: body)
  }

  private static var opening: [EventDraft] {
    [
      draft(.runOpened(RunOpened(program: "0.1.0", allowances: ["deletes=5"]))),
      draft(.objectObserved(observed(customers, .source, "customers"))),
      draft(.objectObserved(observed(clients, .target, "clients \"ä\""))),
      draft(
        .mappingAdopted(
          MappingAdopted(
            revision: MappingRevision(1), evaluator: 1, text: "customers.name <-> clients.name\n",
            compiled: [1, 2, 3], table: MappingTable(tasks: [table])))),
      draft(
        .trackingCreated(
          TrackingCreated(
            side: .source, generation: TrackingGeneration(1), identity: SystemIdentity("s-1"),
            objects: [customers]))),
    ]
  }

  private static var records: [EventDraft] {
    [
      draft(
        .recordCreated(
          RecordCreated(
            object: customers, key: NativeKey(integer: 1), row: everyValue,
            stamp: Stamp(time: moment, author: "anna", version: 7))), record: 1),
      draft(
        .recordCreated(
          RecordCreated(
            object: clients, key: NativeKey(integer: 7), row: PackedRow([name: .text("A")]))),
        record: 2),
      draft(.recordChanged(RecordChanged(row: PackedRow([name: .text("B")]))), record: 1),
      draft(.recordTouched(RecordTouched()), record: 1),
      draft(.recordRekeyed(RecordRekeyed(key: NativeKey(integer: 8))), record: 2),
      draft(
        .recordFailed(RecordFailed(task: task, side: .source, code: "value", message: "too long")),
        record: 1),
      draft(.parked(Parked()), record: 1),
      draft(
        .cursorAdvanced(
          CursorAdvanced(
            side: .source, generation: TrackingGeneration(1),
            ranges: [EntryRange(first: 1, last: 4)], fullyRead: [customers], tasks: [task],
            lastSyncTime: moment, bounds: [ObjectBound(object: clients, since: moment)]))),
      draft(
        .entriesForgotten(
          EntriesForgotten(
            side: .source, generation: TrackingGeneration(1),
            ranges: [EntryRange(first: 1, last: 4)], owner: EventSequence(5)))),
    ]
  }

  private static var links: [EventDraft] {
    [
      draft(
        .linked(Linked(task: task, source: RecordNumber(1), target: RecordNumber(2))), link: 1),
      draft(
        .agreed(
          Agreed(
            reason: .matched, revision: MappingRevision(1), slots: [.source, .target],
            sourceFields: [name], targetFields: [name])), link: 1),
      draft(.ignored(Ignored(rule: .drift, slot: Slot(.target), row: PackedRow())), link: 1),
      draft(
        .conflictOpened(
          ConflictOpened(
            task: task, kind: .bothChanged, rule: 1, loser: .target,
            lost: PackedRow([name: .text("lost")]), base: PackedRow(),
            won: PackedRow([name: .text("B")]))),
        link: 1, causes: EventCauses(EventSequence(8), EventSequence(7))),
    ]
  }

  private static var commands: [EventDraft] {
    [
      draft(
        .commandIssued(
          CommandIssued(
            task: task, slot: Slot(.target), operation: .update, revision: MappingRevision(1),
            row: PackedRow([name: .text("B")]), conflict: EventSequence(19))),
        record: 2, link: 1, causes: EventCauses(EventSequence(8), EventSequence(7))),
      draft(
        .commandConfirmed(CommandConfirmed(stored: PackedRow([name: .text("B ")]), derived: [])),
        record: 2, link: 1, causes: EventCauses(EventSequence(20))),
      draft(
        .conflictDecided(ConflictDecided()), link: 1,
        causes: EventCauses(EventSequence(19), EventSequence(21))),
      draft(
        .conflictSuperseded(ConflictSuperseded()), link: 1,
        causes: EventCauses(EventSequence(19))),
      draft(
        .commandIssued(
          CommandIssued(
            task: task, slot: Slot(.target), operation: .delete, revision: MappingRevision(1),
            row: PackedRow())), record: 2, link: 1),
      draft(
        .commandRejected(
          CommandRejected(disposition: .record, code: "foreignKey", message: "orders point to it")),
        record: 2, link: 1, causes: EventCauses(EventSequence(24))),
    ]
  }

  private static var closing: [EventDraft] {
    var tally = RunTally()
    tally.target.updates = 1
    tally.conflicts = 1
    return [
      draft(.recordDeleted(RecordDeleted(isConfirmed: false)), record: 1),
      draft(.overrideRequested(OverrideRequested(kind: .missingKept)), record: 1),
      draft(.slotVacated(SlotVacated(slot: Slot(.source), reason: .decided)), link: 1),
      draft(.unlinked(Unlinked()), link: 1),
      draft(.parameterReset(ParameterReset(parameter: .lastSyncTime))),
      draft(.runClosed(RunClosed(state: .succeeded, tally: tally, reason: "1 record failed"))),
    ]
  }

  /// A value of every kind.
  private static var everyValue: PackedRow {
    PackedRow([
      FieldNumber(1): .integer(1), FieldNumber(2): .text("Ännchen \"A\"\n"), FieldNumber(3): .null,
      FieldNumber(4): .boolean(true), FieldNumber(5): Value(double: 0.1),
      FieldNumber(6): Value(
        decimal: ExactDecimal(isNegative: true, digits: Array("12345".utf8), scale: 2)),
      FieldNumber(7): .bytes([0, 255]), FieldNumber(8): .date(CalendarDate(daysSinceEpoch: -1)),
      FieldNumber(9): .time(ClockTime(microseconds: 1_000_001)),
      FieldNumber(10): .timestamp(moment),
      FieldNumber(11): .localTimestamp(moment), FieldNumber(12): .uuid(Array(1...16)),
      FieldNumber(13): .digest(
        ValueDigest(length: 40_000, sha256: [UInt8](repeating: 9, count: 32))),
      FieldNumber(14): .text(Text(utf8: [0x61, 0xFF])),
      FieldNumber(15): Value(
        decimal: ExactDecimal(
          isNegative: false, digits: [UInt8](repeating: 0x39, count: 50), scale: 3)),
    ])
  }

  private static func observed(
    _ object: ObjectNumber, _ side: Side, _ objectName: ObjectName
  ) -> ObjectObserved {
    ObjectObserved(
      object: object, side: side, name: objectName, key: FieldNumber(1),
      fields: [
        ObjectObserved.Field(
          number: FieldNumber(1), schema: FieldSchema(name: "id", type: FieldType(.integer)),
          isCaptured: true),
        ObjectObserved.Field(
          number: name, schema: FieldSchema(name: "name", type: FieldType(.text, lengthMax: 80)),
          isCaptured: true),
        ObjectObserved.Field(
          number: FieldNumber(20),
          schema: FieldSchema(
            name: "about", type: FieldType(.text, lengthMax: 18, trims: true), isReadOnly: true,
            writing: .onlyLater, pointsTo: ["customers", "clients"]),
          isCaptured: false),
      ], foreignKeys: [ForeignKey(field: "parent", parent: "parents", onDelete: .cascade)])
  }

  private static var table: TaskTable {
    TaskTable(
      number: task, name: "Customers", source: customers, target: clients,
      toTarget: [TaskTable.Written(field: name, input: name)],
      toSource: [TaskTable.Written(field: name, input: name)], matchSource: [name],
      matchTarget: [name])
  }
}
