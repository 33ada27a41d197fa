import SynclineModel
import SynclineTesting
import Testing

@testable import SynclineEngine

/// A journal in memory, written event by event, whose state tests compare as whole values. An event's
/// time is its sequence, so that expectations can be written down.
struct FoldedJournal {
  private var journal = MemoryJournal()
  /// The run that the next events belong to.
  var run = RunNumber(1)

  init(_ tables: [TaskTable] = [Self.people]) throws {
    try adopt(1, tables)
  }

  /// What the fold reads of a mapping: `a` and `b` go both ways, `c` goes to the target only.
  static let people = TaskTable(
    number: SmallMapping.task, name: "People", source: SmallMapping.source,
    target: SmallMapping.target,
    toTarget: [SmallMapping.a, SmallMapping.b, SmallMapping.c].map { .init(field: $0, input: $0) },
    toSource: [SmallMapping.a, SmallMapping.b].map { .init(field: $0, input: $0) })

  /// The state, which must be the same however the events are cut into batches.
  var state: MemoryTrees {
    get throws {
      for size in [2, .max] { try #require(journal.rebuilt(inBatchesOf: size) == journal.state) }
      return journal.state
    }
  }

  /// The newest event.
  var head: EventSequence { journal.head.sequence }

  func record(_ number: UInt64) throws -> RecordState? {
    try state.record(RecordNumber(number))
  }

  func link(_ number: UInt64 = 1) throws -> LinkState? { try state.link(LinkNumber(number)) }

  func intent(_ command: EventSequence) throws -> IntentState? {
    try state.intent(CommandID(command.rawValue))
  }

  func failure(
    of record: UInt64, in task: TaskNumber = SmallMapping.task
  ) throws -> FailureState? {
    try state.failure(task, RecordNumber(record))
  }

  var package: PackageState { get throws { try state.package() } }

  /// Of each event, what its header names as the event before of the same record, and of the same link.
  var pointers: [[UInt64]] {
    journal.events.map { [$0.header.previousOfRecord.rawValue, $0.header.previousOfLink.rawValue] }
  }

  /// The keys of a tree.
  func keys(_ tree: StateTree) throws -> [[UInt8]] { try state.entries(tree).map(\.key) }

  // MARK: Appending

  @discardableResult
  mutating func append(
    _ body: EventBody, record: UInt64 = 0, link: UInt64 = 0, causes: EventCauses = EventCauses()
  ) throws -> EventSequence {
    try journal.append([
      EventDraft(
        time: Timestamp(microseconds: Int64(head.rawValue) + 1), run: run,
        record: RecordNumber(record), link: LinkNumber(link), causes: causes, body: body)
    ])
    return head
  }

  @discardableResult
  mutating func adopt(_ revision: UInt32, _ tables: [TaskTable]) throws -> EventSequence {
    try append(
      .mappingAdopted(
        MappingAdopted(
          revision: MappingRevision(revision), evaluator: 1, text: "mapping \(revision)",
          compiled: [], table: MappingTable(tasks: tables))))
  }

  @discardableResult
  mutating func create(
    _ record: UInt64, in object: ObjectNumber = SmallMapping.source, key: Int64? = nil,
    _ row: PackedRow = PackedRow()
  ) throws -> EventSequence {
    let key = NativeKey(integer: key ?? Int64(record))
    return try append(
      .recordCreated(RecordCreated(object: object, key: key, row: row)), record: record)
  }

  @discardableResult
  mutating func change(
    _ record: UInt64, _ row: PackedRow, isRewritten: Bool = false
  ) throws -> EventSequence {
    try append(
      .recordChanged(RecordChanged(row: row, isRewritten: isRewritten)), record: record)
  }

  @discardableResult
  mutating func delete(_ record: UInt64, isConfirmed: Bool = true) throws -> EventSequence {
    try append(.recordDeleted(RecordDeleted(isConfirmed: isConfirmed)), record: record)
  }

  @discardableResult
  mutating func link(
    _ number: UInt64 = 1, source: UInt64 = 0, target: UInt64 = 0,
    task: TaskNumber = SmallMapping.task
  ) throws -> EventSequence {
    try append(
      .linked(Linked(task: task, source: RecordNumber(source), target: RecordNumber(target))),
      link: number)
  }

  @discardableResult
  mutating func agree(
    _ link: UInt64 = 1, revision: UInt32 = 1, slots: [Side] = Side.allCases,
    source: [FieldNumber], target: [FieldNumber]
  ) throws -> EventSequence {
    try append(
      .agreed(
        Agreed(
          reason: .converged, revision: MappingRevision(revision), slots: slots,
          sourceFields: source, targetFields: target)), link: link)
  }

  /// Records 1 (source) and 2 (target) with this content in link 1, agreed: events 2 to 5.
  mutating func pair(_ row: PackedRow) throws {
    try create(1, row)
    try create(2, in: SmallMapping.target, row)
    try link(source: 1, target: 2)
    try agree(source: row.fields, target: row.fields)
  }

  /// A command to link 1, whose written record is named in the header.
  @discardableResult
  mutating func issue(
    _ operation: Operation, to side: Side, _ row: PackedRow = PackedRow(),
    record: UInt64 = 0, origin: UInt64 = 0, revision: UInt32 = 1, isInterim: Bool = false
  ) throws -> EventSequence {
    try append(
      .commandIssued(
        CommandIssued(
          task: SmallMapping.task, slot: Slot(side), operation: operation,
          revision: MappingRevision(revision), row: row, origin: RecordNumber(origin),
          isInterim: isInterim)), record: record, link: 1)
  }

  @discardableResult
  mutating func confirm(
    _ command: EventSequence, record: UInt64, _ outcome: CommandConfirmed = CommandConfirmed()
  ) throws -> EventSequence {
    try append(
      .commandConfirmed(outcome), record: record, link: 1, causes: EventCauses(command))
  }

  @discardableResult
  mutating func reject(
    _ command: EventSequence, _ disposition: CommandRejected.Disposition
  ) throws -> EventSequence {
    try append(
      .commandRejected(
        CommandRejected(disposition: disposition, code: "unique", message: "People.a is taken")),
      link: 1, causes: EventCauses(command))
  }
}
