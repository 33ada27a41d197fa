import SynclineMapping
import SynclineModel

// What became of commands that no system keeps count of, by elimination (Docs/Connectors/README.md,
// "Creates"): what our user created since the send and the journal does not know are the candidates,
// content only orders them. A command is withdrawn, and decided anew, only when the system's safe bound has
// passed the time at which it could still take effect; until then its link waits.

extension RunMachine {
  /// A question about the commands to one object, and what its pages have answered so far. Of what our user
  /// created no more is kept than one record above the creates in question: with so many nothing is told.
  struct Inquiry: Hashable, Sendable {
    /// What the next page is asked for.
    var request: EvidenceRequest
    /// Records that our user created and that the journal does not know.
    var candidates: [ReadRecord] = []
    /// Those of them that are deleted.
    var deleted: Set<NativeKey> = []
    /// What stands under the keys that were asked for, and how far that covers: of the first page.
    var found: FetchedRecords?
    var coverage: Coverage?
  }

  /// What to ask about commands of one side, object by object.
  func inquiries(
    about commands: [OutgoingCommand], on side: Side, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [Inquiry] {
    var inquiries: [Inquiry] = []
    for (object, commands) in Dictionary(grouping: commands, by: \.object).sorted(by: {
      $0.key < $1.key
    }) {
      var since: Timestamp?
      for command in commands where command.command.operation == .insert {
        let sent = try sendTimes(of: command, state).first
        since = min(since ?? sent, sent)
      }
      inquiries.append(
        Inquiry(
          request: EvidenceRequest(
            object: object, createdSince: since, limit: settings[side].page,
            keys: commands.compactMap(\.command.key))))
    }
    return inquiries
  }

  /// When a command was sent at the earliest, and at the latest, in the server's time.
  func sendTimes(
    of command: OutgoingCommand, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> (first: Timestamp, last: Timestamp) {
    guard let intent = try state.intent(command.command.id), let sent = try state.run(intent.run)
    else { return (started, clock) }
    let precision = settings[command.side].timePrecision
    let first = sent.opened.microseconds &+ sent.clocks[command.side]
    // Of a run that died it is known only when the next one began.
    var end = sent.closed ?? started
    var clocks = sent.closed == nil ? self.clocks : sent.clocks
    if sent.closed == nil, let next = try state.run(intent.run.next) {
      end = next.opened
      clocks = next.clocks
    }
    let last = end.microseconds &+ clocks[command.side] &+ clocks.error &+ precision
    return (
      Timestamp(microseconds: first &- precision), Timestamp(microseconds: last)
    )
  }

  /// The next question about a side, or what follows when there is none.
  mutating func inquire(
    _ side: Side, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [Action] {
    guard let request = inquiries[side]?.first?.request else {
      inquiries[side] = nil
      awaited.remove(side)
      let next = dispatch()
      return next.isEmpty && drafts.isEmpty ? try proceed(state) : next
    }
    awaited.insert(side)
    return [.gatherEvidence(side, request)]
  }

  mutating func evidenceGathered(
    _ side: Side, _ evidence: Evidence, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [Action] {
    guard let rules = settings[side].detection.stamps else {
      preconditionFailure("evidence came from a side that knows its commands")
    }
    guard var inquiry = inquiries[side]?.first else { return try inquire(side, state) }
    let commands = underWay.values.filter { $0.side == side && $0.object == evidence.object }
      .sorted { $0.command.id < $1.command.id }
    let creates = commands.filter { $0.command.operation == .insert }
    try take(evidence, into: &inquiry, state)
    if let next = evidence.next, inquiry.candidates.count <= creates.count {
      inquiry.request.after = next
      inquiry.request.keys = []
      inquiries[side]?[0] = inquiry
      return try inquire(side, state)
    }
    inquiries[side]?.removeFirst()
    let coverage = inquiry.coverage ?? evidence.coverage
    let bound =
      coverage.safeBound ?? Timestamp(microseconds: coverage.now.microseconds &- rules.overlap)
    var overdue: Set<CommandID> = []
    for command in commands {
      let last = try sendTimes(of: command, state).last
      if last.microseconds &+ settings[side].writes.lateness < bound.microseconds {
        overdue.insert(command.command.id)
      }
    }
    var outcomes = eliminate(creates, inquiry)
    for command in commands where command.command.operation != .insert {
      if let outcome = standing(command, inquiry.found ?? evidence.found, overdue) {
        outcomes.append(outcome)
      }
    }
    try take(outcomes, on: side, state)
    for command in commands
    where underWay.removeValue(forKey: command.command.id) != nil
      && overdue.contains(command.command.id)
    {
      // It cannot take effect any more. What it was meant for is decided anew by what is read now: a record
      // whose place it was to fill may have come back.
      draft(
        .commandRejected(CommandRejected(disposition: .withdrawn)), link: command.link,
        causes: EventCauses(EventSequence(command.command.id.rawValue)))
    }
    return try inquire(side, state)
  }

  // MARK: Creates

  /// Gives each candidate to the create that it agrees with most. What is held (more candidates than
  /// creates, or one that agrees with none) is taken from under way: nothing of it is sent again.
  private mutating func eliminate(
    _ creates: [OutgoingCommand], _ inquiry: Inquiry
  ) -> [WriteOutcome] {
    let candidates = inquiry.candidates
    var pairs: [(agreement: Int, create: Int, candidate: Int)] = []
    for (create, outgoing) in creates.enumerated() {
      for (candidate, record) in candidates.enumerated() {
        let agreement = agreement(of: record.row, with: outgoing)
        if agreement > 0 { pairs.append((agreement, create, candidate)) }
      }
    }
    pairs.sort { ($1.agreement, $0.create, $0.candidate) < ($0.agreement, $1.create, $1.candidate) }
    var taken: [Int: Int] = [:]
    for pair in pairs
    where taken[pair.candidate] == nil && !taken.values.contains(pair.create) {
      taken[pair.candidate] = pair.create
    }
    guard candidates.count <= creates.count, taken.count == candidates.count else {
      for create in creates { underWay[create.command.id] = nil }
      return []
    }
    return taken.sorted { $0.value < $1.value }.map { candidate, create in
      let record = candidates[candidate]
      let isDeleted = inquiry.deleted.contains(record.key)
      return WriteOutcome(
        id: creates[create].command.id,
        result: .alreadyWritten(key: record.key, current: isDeleted ? nil : record.row),
        stamp: record.stamp)
    }
  }

  /// Adds a page to what is known.
  private func take(
    _ evidence: Evidence, into inquiry: inout Inquiry,
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) {
    inquiry.found = inquiry.found ?? evidence.found
    inquiry.coverage = inquiry.coverage ?? evidence.coverage
    for record in try candidates(evidence, state) {
      inquiry.candidates.append(record)
      if evidence.deleted.contains(record.key) { inquiry.deleted.insert(record.key) }
    }
  }

  /// Records of a page that our user created and that the journal does not know, and never did.
  private func candidates(
    _ evidence: Evidence, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [ReadRecord] {
    var unknown: [ReadRecord] = []
    for record in evidence.created
    where try state.recordNumber(evidence.object, record.key) == nil {
      unknown.append(record)
    }
    guard !unknown.isEmpty else { return [] }
    // A deleted record stands in no index.
    var known: Set<NativeKey> = []
    var after = RecordNumber.none
    while true {
      let page = try state.records(after: after, limit: 1000)
      for (_, record) in page
      where record.object == evidence.object && record.presence == .deleted {
        known.insert(record.key)
      }
      guard let last = page.last else { break }
      after = last.number
    }
    return unknown.filter { !known.contains($0.key) }.sorted { $0.key < $1.key }
  }

  /// In how many carried fields the record holds what the create would have stored. Null counts for
  /// nothing, also where the field makes it of an empty text: any record may hold it.
  private func agreement(of row: PackedRow, with create: OutgoingCommand) -> Int {
    guard let object = objects[create.object] else { return 0 }
    return create.command.row.values.count { field, sent in
      guard !sent.isNull, let value = row[field], !value.isNull else { return false }
      return value == sent || value == object.field(field)?.schema.type.norm(sent)
    }
  }

  // MARK: Updates and deletes

  /// What the record itself tells of a command to it; nil where that may still change.
  private func standing(
    _ outgoing: OutgoingCommand, _ found: FetchedRecords, _ overdue: Set<CommandID>
  ) -> WriteOutcome? {
    let command = outgoing.command
    guard let key = command.key else { return nil }
    let isOverdue = overdue.contains(command.id)
    if found.deleted.contains(key) || found.absent.contains(key) {
      let result: WriteOutcome.Result =
        command.operation == .delete
        ? .alreadyWritten(key: key, current: nil) : .changed(current: nil)
      return WriteOutcome(id: command.id, result: result)
    }
    guard let record = found.records.first(where: { $0.key == key }) else { return nil }
    if command.operation == .update, isApplied(outgoing, record.row) {
      return WriteOutcome(
        id: command.id, result: .alreadyWritten(key: key, current: record.row),
        stamp: record.stamp)
    }
    // A delete that cannot take effect any more is decided again: what it was sent with may have come back,
    // or LastSyncTime was reset.
    let isUpdate = command.operation == .update
    if isUpdate, command.expected.difference(from: record.row).isEmpty { return nil }
    return isOverdue
      ? WriteOutcome(id: command.id, result: .changed(current: record.row)) : nil
  }

  /// Whether the record shows that the update took effect: it holds all that was sent, or something that
  /// was sent and did not stand there before. Not where another field holds what stood there: then somebody
  /// entered the same, and what was not written would be taken for an edit.
  private func isApplied(_ outgoing: OutgoingCommand, _ row: PackedRow) -> Bool {
    guard let object = objects[outgoing.object] else { return false }
    let command = outgoing.command
    var holdsAll = true
    var holdsNew = false
    for (field, sent) in command.row.values {
      let stored = object.field(field)?.schema.type.norm(sent) ?? sent
      let holds = row[field] == sent || row[field] == stored
      let isOld = command.expected[field] == row[field]
      if isOld, !holds { return false }
      if holds, !isOld { holdsNew = true }
      if !holds { holdsAll = false }
    }
    return holdsAll || holdsNew
  }
}
