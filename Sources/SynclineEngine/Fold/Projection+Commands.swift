import SynclineModel

// Commands and their outcomes: what moves the base (design: base rules 1 and 2).

extension Projection {
  mutating func applyCommand(
    _ event: JournalEvent, _ store: inout some StateStore & ~Copyable
  ) throws(StateFailure) {
    let header = event.header
    switch event.body {
    case .commandIssued(let command): try issue(command, header, &store)
    case .commandConfirmed(let outcome): try confirm(outcome, header, &store)
    case .commandRejected(let outcome): try reject(outcome, header, &store)
    default: preconditionFailure("an event of another kind")
    }
  }

  private mutating func issue(
    _ command: CommandIssued, _ header: EventHeader, _ store: inout some StateStore & ~Copyable
  ) throws(StateFailure) {
    let side = command.slot.side
    var link: LinkState
    if let known = try self.link(header.link, store) {
      link = known
    } else {
      link = LinkState(task: command.task)
      link[side.other].record = command.origin
      try changePackage(store) { $0.lastLink = max($0.lastLink, header.link) }
      try join(command.origin, link: header.link, task: command.task, store)
    }
    let content = try record(link[side.other].record, store)?.row ?? PackedRow()
    var intent = IntentState(
      link: header.link, run: header.run, command: command, inputs: PackedRow(), relations: [])
    if let table = try table(command.task, store), !command.isInterim {
      let carried = command.row
      let written = table.written(on: side).filter { carried.contains($0.field) }
      let inputs = Set(written.map(\.input))
      intent.inputs = content.filter { inputs.contains($0) }
      intent.relations = try relations(written, content: content, side: side, store)
      if command.operation == .insert {
        link[side.other].base = Self.baseOfInsert(
          table.written(on: side), inputs: inputs, content: content)
        link[side.other].derived = PackedRow()
      }
    }
    link[side].intent = CommandID(header.sequence.rawValue)
    hold(link, header.link)
    try store.set(
      .intents, StateKey.intent(CommandID(header.sequence.rawValue)), intent.encoded)
  }

  /// What an insert does not carry keeps a base of null, so that it travels later like any edit.
  private static func baseOfInsert(
    _ written: [TaskTable.Written], inputs: Set<FieldNumber>, content: PackedRow
  ) -> PackedRow {
    let left = Set(written.map(\.input)).subtracting(inputs).subtracting([.none])
    var builder = RowBuilder()
    for field in left.sorted() {
      if let value = content[field], !value.isNull { builder.append(field, .null) }
    }
    return builder.row
  }

  /// What the carried relation fields point to while the command is under way.
  private mutating func relations(
    _ written: [TaskTable.Written], content: PackedRow, side: Side,
    _ store: borrowing some StateStore & ~Copyable
  ) throws(StateFailure) -> [SlotState.RelationBase] {
    var relations: [SlotState.RelationBase] = []
    for field in written where field.parent != .none {
      guard let parent = try table(field.parent, store) else { continue }
      let found = try resolve(
        content[field.input], parent: parent, side: side.other, store)
      relations.append(
        SlotState.RelationBase(
          field: field.field, link: found?.link ?? .none, record: found?.record ?? .none))
    }
    return relations
  }

  private mutating func confirm(
    _ outcome: CommandConfirmed, _ header: EventHeader,
    _ store: inout some StateStore & ~Copyable
  ) throws(StateFailure) {
    let id = CommandID(header.causes.first.rawValue)
    guard let intent = try store.intent(id), var link = try link(intent.link, store) else { return }
    let side = intent.command.slot.side
    link[side].intent = .none
    hold(link, intent.link)
    switch intent.command.operation {
    case .insert: try confirmInsert(outcome, intent, header, &store)
    case .update: try confirmUpdate(outcome, intent, header, &store)
    case .delete:
      try remove(link[side].record, isConfirmed: true, at: header.sequence, &store)
    }
    try awaitEcho(of: intent, isRewritten: !outcome.derived.isEmpty, before: link, store)
    if !intent.command.isInterim { try agreeOnCommand(intent, &store) }
    try store.remove(.intents, StateKey.intent(id))
  }

  private mutating func confirmInsert(
    _ outcome: CommandConfirmed, _ intent: IntentState, _ header: EventHeader,
    _ store: inout some StateStore & ~Copyable
  ) throws(StateFailure) {
    let side = intent.command.slot.side
    guard let table = try table(intent.command.task, store), let key = outcome.key else { return }
    let row = intent.command.row.merging(outcome.stored)
    let state = RecordState(
      object: table.object(side), key: key, presence: .there, row: row,
      stamp: Stamp(version: outcome.version),
      observed: header.sequence, lastEvent: header.sequence, memberships: [],
      bornIn: try package(store)[side].generation, bornAfter: outcome.mark)
    try add(state, header.record, &store)
    try join(header.record, link: intent.link, task: intent.command.task, store)
    guard var link = try link(intent.link, store) else { return }
    link[side] = SlotState()
    link[side].record = header.record
    let carried = Set(intent.command.row.fields)
    link[side].base = Self.baseOfInserted(
      row, carried: carried, read: table.written(on: side.other).map(\.input))
    link[side].derived = intent.command.row.filter { outcome.derived.contains($0) }
    link[side.other].revision = intent.command.revision
    hold(link, intent.link)
    try callChildren(of: link, movedOn: side, store)
    try retryChildren(of: header.record, &store)
  }

  /// What the insert did not carry has a base of null, also where it was not read back yet: what the
  /// other system put there travels back like any edit (design, base rule 2).
  private static func baseOfInserted(
    _ row: PackedRow, carried: Set<FieldNumber>, read: [FieldNumber]
  ) -> PackedRow {
    var builder = RowBuilder()
    for field in Set(read).subtracting(carried).subtracting([.none]).sorted()
    where row[field]?.isNull != true && !planted(.generatedSwallowed) {
      builder.append(field, .null)
    }
    return builder.row
  }

  private mutating func confirmUpdate(
    _ outcome: CommandConfirmed, _ intent: IntentState, _ header: EventHeader,
    _ store: inout some StateStore & ~Copyable
  ) throws(StateFailure) {
    guard let link = try link(intent.link, store) else { return }
    let side = intent.command.slot.side
    // A record whose end is known does not come back by an answer from before it.
    if try record(link[side].record, store)?.presence != .deleted {
      try change(
        link[side].record, intent.command.row.merging(outcome.stored), header, isReport: false,
        &store)
    }
    if outcome.version != 0 { records[link[side].record]?.now.stamp.version = outcome.version }
    guard var changed = try self.link(intent.link, store) else { return }
    let carried = Set(intent.command.row.fields)
    changed[side].base = changed[side].base.filter {
      planted(.echoTakenForChange) || !(planted(.baseMovedForOthers) || carried.contains($0))
    }
    changed[side].derived = changed[side].derived.filter { !carried.contains($0) }
      .merging(intent.command.row.filter { outcome.derived.contains($0) })
    changed[side].owed.removeAll { carried.contains($0) }
    changed[side].ignored.removeAll { carried.contains($0) }
    if intent.command.isInterim {
      changed[side].owed = (changed[side].owed + carried).sorted()
    }
    hold(changed, intent.link)
  }

  /// Base rule 1: the other slot's base moves to the values that the command rested on, never to what
  /// became known since.
  private mutating func agreeOnCommand(
    _ intent: IntentState, _ store: inout some StateStore & ~Copyable
  ) throws(StateFailure) {
    guard var link = try link(intent.link, store) else { return }
    let side = intent.command.slot.side
    let content = try record(link[side.other].record, store)?.row ?? PackedRow()
    let inputs = Set((planted(.baseMovedForOthers) ? content : intent.inputs).fields)
    var base = link[side.other].base.filter { !inputs.contains($0) }
    for (field, value) in intent.inputs.values
    where content[field] != value && !planted(.baseMovedToNewest) {
      base = base.setting(field, to: value)
    }
    if link[side].revision == .none, intent.command.operation == .update {
      base = try awaiting(base, intent, in: link, content, store)
    }
    if !planted(.baseMovedOnOneSide) { link[side.other].base = base }
    link[side.other].ignored.removeAll { inputs.contains($0) }
    link[side.other].derived = link[side.other].derived.filter { !inputs.contains($0) }
    link[side.other].isReported = link[side.other].isReportedSince
    link[side.other].isReportedSince = false
    // The other slot stands under an older mapping: it is decided once more, so that a new pair is
    // agreed in both directions before the next edit.
    let other = link[side.other].revision
    if intent.command.operation == .update, other != .none, other != intent.command.revision {
      link[side].isReported = true
    }
    // An insert that is known only under a newer mapping is decided once more: it never had what that maps anew.
    if intent.command.operation == .insert, try package(store).revision != intent.command.revision {
      link[side.other].isReported = true
    }
    link[side].revision = intent.command.revision
    if planted(.oneRevisionPerLink) { link[side.other].revision = intent.command.revision }
    try forgetUncarried(in: &link, under: intent.command.revision, store)
    for relation in intent.relations {
      link[side].setRelation(relation)
      try mirror(relation, of: intent, in: &link, store)
    }
    hold(link, intent.link)
    try forgetFailures(of: link, &store)
  }

  /// The base of a slot from which the first command went while some of its keys waited for their parents:
  /// what was neither carried nor agreed is due like what an insert leaves out.
  private mutating func awaiting(
    _ base: PackedRow, _ intent: IntentState, in link: LinkState, _ content: PackedRow,
    _ store: borrowing some StateStore & ~Copyable
  ) throws(StateFailure) -> PackedRow {
    let side = intent.command.slot.side
    var base = base
    for written in try table(intent.command.task, store)?.written(on: side) ?? []
    where written.parent != .none && !intent.command.row.contains(written.field)
      && link[side].relation(written.field) == nil
    {
      guard let value = content[written.input], !value.isNull else { continue }
      base = base.setting(written.input, to: .null)
    }
    return base
  }

  /// A relation mapped both ways is agreed in the other direction too.
  private mutating func mirror(
    _ relation: SlotState.RelationBase, of intent: IntentState, in link: inout LinkState,
    _ store: borrowing some StateStore & ~Copyable
  ) throws(StateFailure) {
    let side = intent.command.slot.side
    guard let table = try table(intent.command.task, store),
      let back = table.written(on: side.other).first(where: {
        $0.input == relation.field && $0.parent != .none
      })
    else { return }
    let parent = try peek(relation.link, store)
    link[side.other].setRelation(
      SlotState.RelationBase(
        field: back.field, link: relation.link, record: parent?[side.other].record ?? .none))
  }

  private mutating func reject(
    _ outcome: CommandRejected, _ header: EventHeader, _ store: inout some StateStore & ~Copyable
  ) throws(StateFailure) {
    let id = CommandID(header.causes.first.rawValue)
    guard let intent = try store.intent(id), var link = try link(intent.link, store) else { return }
    let side = intent.command.slot.side
    link[side].intent = .none
    hold(link, intent.link)
    try store.remove(.intents, StateKey.intent(id))
    guard outcome.disposition == .record else { return }
    let failed = RecordFailed(
      task: intent.command.task, side: side, code: outcome.code, message: outcome.message)
    try fail(failed, record: link[side.other].record, header, &store)
  }
}

extension PackedRow {
  /// The row with each value replaced.
  func mapping(_ transform: (Value) -> Value) -> PackedRow {
    var builder = RowBuilder()
    for (field, value) in values { builder.append(field, transform(value)) }
    return builder.row
  }
}
