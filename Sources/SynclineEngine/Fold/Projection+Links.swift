import SynclineModel

extension Projection {
  mutating func applyToLink(
    _ event: JournalEvent, _ store: inout some StateStore & ~Copyable
  ) throws(StateFailure) {
    let header = event.header
    switch event.body {
    case .linked(let linked): try link(linked, header, &store)
    case .unlinked: try unlink(header.link, &store)
    case .agreed(let agreed): try agree(agreed, header.link, &store)
    case .slotVacated(let vacated): try vacate(vacated.slot.side, header.link, &store)
    case .ignored(let ignored): try ignore(ignored, header, &store)
    default: preconditionFailure("an event of another kind")
    }
  }

  private mutating func link(
    _ linked: Linked, _ header: EventHeader, _ store: inout some StateStore & ~Copyable
  ) throws(StateFailure) {
    var link = try link(header.link, store) ?? LinkState(task: linked.task)
    try changePackage(store) { $0.lastLink = max($0.lastLink, header.link) }
    for (side, record) in [(Side.source, linked.source), (Side.target, linked.target)]
    where record != .none && record != link[side].record {
      try leave(link[side].record, task: linked.task, &store)
      try join(record, link: header.link, task: linked.task, store)
      link[side] = SlotState()
      link[side].record = record
      link[side.other].revision = .none
      link[side.other].base = PackedRow()
      link[side.other].derived = PackedRow()
      link[side.other].owed = []
      link[side.other].relations = []
    }
    hold(link, header.link)
    for side in Side.allCases { try callChildren(of: link, movedOn: side, store) }
    try retryChildren(of: link.source.record, &store)
    if link.source.record == .none { try retryChildren(of: link.target.record, &store) }
  }

  private mutating func unlink(
    _ number: LinkNumber, _ store: inout some StateStore & ~Copyable
  ) throws(StateFailure) {
    guard let link = try link(number, store) else { return }
    try forgetFailures(of: link, &store)
    for side in Side.allCases { try leave(link[side].record, task: link.task, &store) }
    hold(nil, number)
  }

  /// A record comes into a link of the task.
  mutating func join(
    _ record: RecordNumber, link: LinkNumber, task: TaskNumber,
    _ store: borrowing some StateStore & ~Copyable
  ) throws(StateFailure) {
    guard var state = try self.record(record, store) else { return }
    state.memberships.removeAll { $0.task == task }
    state.memberships.append(RecordState.Membership(task: task, link: link))
    state.memberships.sort { $0.task < $1.task }
    hold(state, record)
  }

  /// A record leaves its link of the task: what failed of it there is no more, and the content of a deleted
  /// one is not needed.
  private mutating func leave(
    _ record: RecordNumber, task: TaskNumber, _ store: inout some StateStore & ~Copyable
  ) throws(StateFailure) {
    try store.remove(.failures, StateKey.failure(task, record))
    guard var state = try self.record(record, store) else { return }
    state.memberships.removeAll { $0.task == task }
    if state.presence == .deleted, state.memberships.isEmpty { state.row = PackedRow() }
    hold(state, record)
  }

  private mutating func agree(
    _ agreed: Agreed, _ number: LinkNumber, _ store: inout some StateStore & ~Copyable
  ) throws(StateFailure) {
    guard var link = try link(number, store) else { return }
    for side in Side.allCases {
      let fields = Set(agreed.fields(side))
      link[side].base = link[side].base.filter { !fields.contains($0) }
      link[side].derived = link[side].derived.filter { !fields.contains($0) }
      link[side].owed.removeAll { fields.contains($0) }
      link[side].ignored.removeAll { fields.contains($0) }
    }
    for side in planted(.oneRevisionPerLink) ? Side.allCases : agreed.slots {
      link[side].revision = agreed.revision
      link[side.other].isReported = false
    }
    try forgetUncarried(in: &link, under: agreed.revision, store)
    try agreeRelations(
      in: &link, source: Set(agreed.sourceFields), target: Set(agreed.targetFields), store)
    hold(link, number)
    try forgetFailures(of: link, &store)
  }

  /// The link was decided under the revision: what that mapping does not carry has no base any more.
  mutating func forgetUncarried(
    in link: inout LinkState, under revision: MappingRevision,
    _ store: borrowing some StateStore & ~Copyable
  ) throws(StateFailure) {
    guard try package(store).revision == revision, let table = try table(link.task, store) else {
      return
    }
    for side in Side.allCases where !link[side].base.isEmpty {
      link[side].base = link[side].base.filter {
        table.reads($0, of: side) || table.writes($0, of: side)
      }
    }
  }

  /// An edit goes nowhere. What the fields held when they were agreed stays known: with the next edit of
  /// somebody else the whole record travels (semantics, "dedicated account").
  private mutating func ignore(
    _ ignored: Ignored, _ header: EventHeader, _ store: inout some StateStore & ~Copyable
  ) throws(StateFailure) {
    guard var link = try link(header.link, store) else { return }
    let side = ignored.slot.side
    let fields = ignored.row.fields.filter { link[side].base.contains($0) }
    link[side].ignored = Set(link[side].ignored).union(fields).sorted()
    hold(link, header.link)
  }

  /// The slot lost its record for good and waits for another one.
  mutating func vacate(
    _ side: Side, _ number: LinkNumber, _ store: inout some StateStore & ~Copyable
  ) throws(StateFailure) {
    guard var link = try link(number, store) else { return }
    let former = link[side].record
    try leave(former, task: link.task, &store)
    link[side] = SlotState()
    link[side].isVacant = true
    link[side].former = former
    link[side.other].base = PackedRow()
    link[side.other].derived = PackedRow()
    // Who was owed nothing but the other side's value is owed nothing where that is gone.
    link[side.other].owed = []
    link[side.other].relations = []
    hold(link, number)
  }
}

// MARK: - Relations

extension Projection {
  /// What a foreign key of `side` points to, as a link of the parent's task and the parent's record on
  /// the other side; nil where it points to nothing that is linked.
  func resolve(
    _ value: Value?, parent: TaskTable, side: Side, _ store: borrowing some StateStore & ~Copyable
  ) throws(StateFailure) -> (link: LinkNumber, record: RecordNumber)? {
    guard let value, let key = NativeKey(value),
      let number = try store.recordNumber(parent.object(side), key),
      let state = try peek(number, store)
    else { return nil }
    let link = state.link(in: parent.number)
    guard link != .none, let held = try peek(link, store) else { return nil }
    return (link, held[side.other].record)
  }

  /// The relation fields among the agreed ones point, from now on, to what they point to now.
  mutating func agreeRelations(
    in link: inout LinkState, source: Set<FieldNumber>, target: Set<FieldNumber>,
    _ store: borrowing some StateStore & ~Copyable
  ) throws(StateFailure) {
    guard let table = try table(link.task, store) else { return }
    for side in Side.allCases {
      let inputs = side == .source ? target : source
      let fields = side == .source ? source : target
      for written in table.written(on: side)
      where written.parent != .none
        && (fields.contains(written.field) || inputs.contains(written.input))
      {
        guard let parent = try self.table(written.parent, store) else { continue }
        let value = try record(link[side.other].record, store)?.row[written.input]
        let found = try resolve(value, parent: parent, side: side.other, store)
        link[side].setRelation(
          SlotState.RelationBase(
            field: written.field, link: found?.link ?? .none, record: found?.record ?? .none))
      }
    }
  }
}

// MARK: - Conflicts

extension Projection {
  mutating func applyConflict(
    _ event: JournalEvent, _ store: inout some StateStore & ~Copyable
  ) throws(StateFailure) {
    let header = event.header
    switch event.body {
    case .conflictOpened(let conflict):
      let isConflict = conflict.kind != .firstMatch && conflict.kind != .drift
      let previous = isConflict ? .none : try link(header.link, store)?.noted ?? .none
      let state = ConflictState(
        status: isConflict ? .open : .decided, link: header.link, run: header.run,
        time: header.time, between: header.causes, previous: previous, conflict: conflict)
      try store.set(.conflicts, StateKey.conflict(header.sequence), state.encoded)
      if var link = try link(header.link, store) {
        if isConflict { link.conflict = header.sequence } else { link.noted = header.sequence }
        hold(link, header.link)
      }
    case .conflictSuperseded:
      try settle(header.causes.first, as: .superseded, header.link, &store)
    case .conflictDecided:
      try settle(header.causes.first, as: .decided, header.link, &store)
    default: preconditionFailure("an event of another kind")
    }
  }

  private mutating func settle(
    _ sequence: EventSequence, as status: ConflictState.Status, _ number: LinkNumber,
    _ store: inout some StateStore & ~Copyable
  ) throws(StateFailure) {
    if var conflict = try store.conflict(sequence) {
      conflict.status = status
      try store.set(.conflicts, StateKey.conflict(sequence), conflict.encoded)
    }
    if var link = try link(number, store), link.conflict == sequence {
      link.conflict = .none
      hold(link, number)
    }
  }
}
