import SynclineMapping
import SynclineModel
import SynclineTesting

@testable import SynclineEngine

/// Two systems in memory and a journal between them: a run observes, decides and applies as the run
/// machine does, in the smallest way that is honest about crashes and edits in between.
struct ReplicaPair {
  var journal = MemoryJournal()
  var replicas: [Side: Replica] = [.source: Replica(), .target: Replica()]
  var mapping: SmallMapping
  var revision: UInt32 = 0
  var older: [UInt32: SmallMapping] = [:]
  var generator: SeededGenerator
  var log: [String] = []
  var problems: [String] = []
  var run: UInt32 = 0
  var clock: Int64 = 0
  var ledger = EditLedger()

  init(_ mapping: SmallMapping, seed: UInt64) throws {
    self.mapping = mapping
    generator = SeededGenerator(seed: seed)
    try adopt(mapping)
  }

  mutating func adopt(_ mapping: SmallMapping) throws {
    if revision > 0 { older[revision] = self.mapping }
    self.mapping = mapping
    revision += 1
    log.append("mapping \(revision)")
    try append([draft(mapping.adopted(revision))])
  }

  func object(_ side: Side) -> ObjectNumber {
    side == .source ? SmallMapping.source : SmallMapping.target
  }

  func draft(
    _ body: EventBody, record: RecordNumber = .none, link: LinkNumber = .none,
    causes: EventCauses = EventCauses()
  ) -> EventDraft {
    EventDraft(
      time: Timestamp(microseconds: clock), run: RunNumber(run), record: record, link: link,
      causes: causes, body: body)
  }

  mutating func append(_ drafts: [EventDraft]) throws {
    if drafts.isEmpty { return }
    for draft in drafts { log.append(Self.line(draft)) }
    try journal.append(drafts)
  }

  /// What happened, for a person who looks for the cause of a failure.
  private static func line(_ draft: EventDraft) -> String {
    let what =
      switch draft.body {
      case .recordCreated(let created): "created in \(created.object): \(text(created.row))"
      case .recordChanged(let changed): "changed: \(text(changed.row))"
      case .commandIssued(let command):
        "\(command.operation) in \(command.slot.side): \(text(command.row))"
      case .commandConfirmed(let outcome):
        "confirmed, stored \(text(outcome.stored)), derived \(outcome.derived)"
      case .conflictOpened(let conflict):
        "\(conflict.kind), loser \(conflict.loser.map { "\($0)" } ?? "?"): \(text(conflict.lost))"
      case .agreed(let agreed):
        "agreed \(agreed.slots) source \(agreed.sourceFields) target \(agreed.targetFields)"
      default: "\(draft.body.kind)"
      }
    return "    record \(draft.record) link \(draft.link) cause \(draft.causes.first): \(what)"
  }

  static func text(_ row: PackedRow) -> String {
    row.values.map { field, value in
      if case .text(let text) = value { return "\(field)=\(text.string)" }
      return "\(field)=\(value)"
    }.joined(separator: " ")
  }

  mutating func fail(_ problem: String) {
    problems.append(problem)
    log.append("!!! \(problem)")
  }

  func row(_ side: Side, _ key: NativeKey) -> PackedRow? { replicas[side]?.rows[key] }

  /// What the journal knows to be different from what a side shows becomes events.
  /// (about one record, where `only` is given).
  mutating func observe(_ side: Side, only: NativeKey? = nil) throws {
    guard let replica = replicas[side] else { return }
    var drafts: [EventDraft] = []
    var next = try journal.state.package().lastRecord.next
    for key in replica.rows.keys.sorted() where only == nil || key == only {
      guard let row = replica.rows[key] else { continue }
      let stamp = Stamp(time: replica.stamps[key])
      if let number = try journal.state.recordNumber(object(side), key),
        let known = try journal.state.record(number)
      {
        let difference = row.difference(from: known.row)
        if !difference.isEmpty {
          drafts.append(
            draft(.recordChanged(RecordChanged(row: difference, stamp: stamp)), record: number))
        }
      } else {
        drafts.append(
          draft(
            .recordCreated(
              RecordCreated(object: object(side), key: key, row: row, stamp: stamp)),
            record: next))
        next = next.next
      }
    }
    for (key, number) in try journal.state.keys(
      of: object(side), after: nil, through: nil, limit: Int.max)
    where replica.rows[key] == nil && (only == nil || key == only) {
      drafts.append(
        draft(
          .recordDeleted(
            RecordDeleted(
              isConfirmed: true, stamp: Stamp(time: Timestamp(microseconds: clock)))),
          record: number))
    }
    try append(drafts)
  }

  /// Users touch records without a change, as after a mapping edit.
  mutating func touch(oneIn count: Int) throws {
    for side in Side.allCases {
      let keys = try journal.state.keys(
        of: object(side), after: nil, through: nil, limit: Int.max)
      for (_, number) in keys where generator.oneIn(count) {
        try append([draft(.recordTouched(RecordTouched()), record: number)])
      }
    }
  }
}
