import SynclineMapping
import SynclineModel
import SynclineTesting

@testable import SynclineEngine

extension ReplicaPair {
  /// What a run may meet.
  struct Trouble {
    /// The run dies at the n-th command, before or after its effect.
    var crashAt: Int?
    var crashIsAfterEffect = false
    /// Users edit between the decision and the write.
    var editsBetween = false
  }

  /// One command under way.
  struct Sent {
    var id: CommandID
    var link: LinkNumber
    var command: CommandIssued
    /// The written record as the command expects it.
    var expected: RecordState?
  }

  private static let parts: [AgendaClass] = [.gone, .linked, .single, .newSource, .newTarget]
  private static let passesMax = 12

  /// One run; returns how many events it appended, or nil where it died.
  mutating func sync(_ trouble: Trouble = Trouble()) throws -> Int? {
    run += 1
    log.append("run \(run) \(trouble)")
    let before = journal.events.count
    try settle()
    for side in Side.allCases { try observe(side) }
    var commands = 0
    var edits = trouble.editsBetween ? 3 : 0
    for _ in 0..<Self.passesMax {
      let passStart = journal.events.count
      for part in Self.parts {
        let sent = try decide(part)
        if edits > 0, !sent.isEmpty {
          edits -= 1
          edit()
        }
        for command in sent {
          commands += 1
          if commands == trouble.crashAt {
            if trouble.crashIsAfterEffect { _ = try carryOut(command) }
            log.append("  died at command \(command.id)")
            return nil
          }
          try outcome(of: command)
        }
      }
      if journal.events.count == passStart { return journal.events.count - before }
    }
    fail("run \(run) does not come to rest")
    return journal.events.count - before
  }

  // MARK: Deciding

  private mutating func decide(_ part: AgendaClass) throws -> [Sent] {
    var drafts: [EventDraft] = []
    var sent: [Sent] = []
    var lastLink = try journal.state.package().lastLink
    let head = UInt64(journal.events.count)
    for number in try journal.state.agenda(SmallMapping.task, part, after: 0, limit: Int.max) {
      let facts = try facts(number, part)
      let decision = SynclineEngine.decide(facts, mapping.context(revision, older: older))
      if decision.isEmpty { continue }
      let isNew = part == .newSource || part == .newTarget
      let link = isNew ? lastLink.next : LinkNumber(number)
      if let problem = decision.problem { fail("problem \(problem)") }
      let conflict = try openConflicts(decision, facts, link, head, &drafts)
      if let vacating = decision.vacating {
        drafts.append(
          draft(
            .slotVacated(SlotVacated(slot: Slot(vacating.side), reason: vacating.reason)),
            link: link))
      }
      if let agreement = decision.agreement {
        drafts.append(draft(.agreed(agreement), link: link))
        closeAgreed(agreement, facts)
      }
      if decision.unlinks { drafts.append(draft(.unlinked(Unlinked()), link: link)) }
      for sending in decision.sendings {
        lastLink = max(lastLink, link)
        let command = CommandIssued(
          task: SmallMapping.task, slot: Slot(sending.side), operation: sending.operation,
          revision: MappingRevision(revision), row: sending.row,
          origin: facts.link[sending.side.other].record,
          conflict: sending.decidesConflict ? conflict : .none)
        drafts.append(
          draft(
            .commandIssued(command), record: facts.link[sending.side].record, link: link,
            causes: decision.restsOn))
        let id = CommandID(head + UInt64(drafts.count))
        sent.append(
          Sent(id: id, link: link, command: command, expected: facts[sending.side]))
      }
      if facts.link.conflict != .none, decision.conflicts.isEmpty, decision.sendings.isEmpty,
        decision.delay == nil
      {
        drafts.append(
          draft(
            .conflictDecided(ConflictDecided()), link: link,
            causes: EventCauses(facts.link.conflict)))
      }
    }
    try append(drafts)
    return sent
  }

  private func facts(_ number: UInt64, _ part: AgendaClass) throws -> LinkFacts {
    var link = LinkState(task: SmallMapping.task)
    switch part {
    case .newSource: link.source.record = RecordNumber(number)
    case .newTarget: link.target.record = RecordNumber(number)
    case .gone, .linked, .single, .waiting:
      link = try journal.state.link(LinkNumber(number)) ?? link
    }
    return LinkFacts(
      link: link, source: try journal.state.record(link.source.record),
      target: try journal.state.record(link.target.record),
      isInEpoch: try journal.state.package().isInEpoch)
  }

  private mutating func openConflicts(
    _ decision: Decision, _ facts: LinkFacts, _ link: LinkNumber, _ head: UInt64,
    _ drafts: inout [EventDraft]
  ) throws -> EventSequence {
    let open = facts.link.conflict
    if open != .none, let known = try journal.state.conflict(open),
      known.between == decision.restsOn,
      decision.conflicts.contains(where: { $0.kind == known.conflict.kind })
    {
      return open
    }
    if open != .none, !decision.conflicts.isEmpty {
      drafts.append(
        draft(.conflictSuperseded(ConflictSuperseded()), link: link, causes: EventCauses(open)))
    }
    var opened = EventSequence.none
    for conflict in decision.conflicts {
      drafts.append(draft(.conflictOpened(conflict), link: link, causes: decision.restsOn))
      if conflict.kind != .firstMatch, conflict.kind != .drift {
        opened = EventSequence(head + UInt64(drafts.count))
      }
    }
    return opened
  }

  private mutating func closeAgreed(_ agreed: Agreed, _ facts: LinkFacts) {
    for side in Side.allCases {
      guard let record = facts[side] else { continue }
      for field in agreed.fields(side) {
        ledger.close(side, record.key, field, if: record.row[field])
      }
    }
  }

  // MARK: Outcomes

  /// Carries the command out; nil where the record is not as it was known.
  private mutating func carryOut(_ sent: Sent) throws -> (key: NativeKey, stored: PackedRow)? {
    let side = sent.command.slot.side
    let types = Dictionary(
      uniqueKeysWithValues: mapping.compiled.assignments(to: side).map { ($0.field, $0.type) })
    let known = sent.command.operation == .insert ? nil : sent.expected
    let result = replicas[side]?.carryOut(
      sent.id, sent.command, key: known?.key, expected: known?.row, types: types)
    guard case .written(let key, let stored)? = result else { return nil }
    log.append("  \(side) \(key) now \(Self.text(stored))")
    try account(sent, key: key, before: known?.row, stored: stored)
    return (key, stored)
  }

  mutating func outcome(of sent: Sent) throws {
    let command = sent.command
    let link = try journal.state.link(sent.link)
    let record = link?[command.slot.side].record ?? .none
    guard let (key, stored) = try carryOut(sent) else {
      try append([
        draft(
          .commandRejected(CommandRejected(disposition: .stale)),
          record: command.operation == .insert ? .none : record, link: sent.link,
          causes: EventCauses(EventSequence(sent.id.rawValue)))
      ])
      if let key = sent.expected?.key { try observe(command.slot.side, only: key) }
      return
    }
    let known = try journal.state.record(record)?.row ?? PackedRow()
    let believed = command.operation == .insert ? command.row : known.merging(command.row)
    try confirm(
      sent, key: key,
      stored: command.operation == .delete ? PackedRow() : stored.difference(from: believed),
      derived: command.row.values.compactMap { field, value in
        stored[field] == norm(value, field, command.slot.side) ? nil : field
      })
  }

  private func norm(_ value: Value, _ field: FieldNumber, _ side: Side) -> Value {
    let assignment = mapping.compiled.assignments(to: side).first { $0.field == field }
    return assignment?.type.norm(value) ?? value
  }

  private mutating func confirm(
    _ sent: Sent, key: NativeKey, stored: PackedRow, derived: [FieldNumber]
  ) throws {
    let command = sent.command
    let link = try journal.state.link(sent.link)
    let isInsert = command.operation == .insert
    let record =
      isInsert
      ? try journal.state.package().lastRecord.next : link?[command.slot.side].record ?? .none
    let sequence = EventSequence(UInt64(journal.events.count) + 1)
    var drafts = [
      draft(
        .commandConfirmed(
          CommandConfirmed(
            key: isInsert ? key : nil, stored: stored,
            derived: command.operation == .delete ? [] : derived)),
        record: record, link: sent.link,
        causes: EventCauses(EventSequence(sent.id.rawValue)))
    ]
    if command.operation == .delete,
      try journal.state.record(link?[command.slot.side.other].record ?? .none)?.isThere != true
    {
      drafts.append(draft(.unlinked(Unlinked()), link: sent.link))
    }
    if command.conflict != .none {
      drafts.append(
        draft(
          .conflictDecided(ConflictDecided()), link: sent.link,
          causes: EventCauses(command.conflict, sequence)))
    }
    try append(drafts)
  }

  /// Intents of a run that died: what was carried out is confirmed, the rest is sent again.
  private mutating func settle() throws {
    for id in try journal.state.unsettled(limit: Int.max) {
      guard let intent = try journal.state.intent(id) else { continue }
      let side = intent.command.slot.side
      let written = try journal.state.link(intent.link)?[side].record ?? .none
      let sent = Sent(
        id: id, link: intent.link, command: intent.command,
        expected: try journal.state.record(written))
      guard let key = replicas[side]?.carriedOut[id] else {
        try outcome(of: sent)
        continue
      }
      let current = replicas[side]?.rows[key] ?? PackedRow()
      let carried = Set(intent.command.row.fields)
      let isInsert = intent.command.operation == .insert
      try confirm(
        sent, key: key, stored: isInsert ? current.filter { !carried.contains($0) } : PackedRow(),
        derived: [])
    }
  }
}
