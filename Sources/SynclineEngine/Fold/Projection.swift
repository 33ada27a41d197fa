public import SynclineModel

/// Folds events into the state, one batch at a time: records and links that the batch touches are
/// held back and written once, sorted, by `finish`. Pure but for the store: no clock, no mapping, no
/// normalisation (Docs/Architecture.md, "Fold").
public struct Projection: Sendable {
  /// The version of the fold. A journal whose state another version wrote rebuilds it at open.
  public static let version: UInt32 = 6

  /// A record as the batch found it, and as it is now.
  struct HeldRecord: Sendable {
    let before: RecordState?
    var now: RecordState
  }

  /// A link as the batch found it (its place in the agenda), and as it is now; nil once unlinked.
  struct HeldLink: Sendable {
    let existed: Bool
    let agendaBefore: AgendaClass?
    let taskBefore: TaskNumber
    var now: LinkState?
  }

  var records: [RecordNumber: HeldRecord] = [:]
  var links: [LinkNumber: HeldLink] = [:]
  var heldPackage: PackageState?
  /// Task tables do not change within a batch but by `mapping adopted`, which sees to this.
  var tables: [TaskNumber: TaskTable] = [:]
  /// The tasks in force that map an object.
  var tasksByObject: [ObjectNumber: [TaskNumber]] = [:]
  /// Whether the tree of failures may hold any; nil until this batch has asked.
  var holdsFailures: Bool?

  public init() {}

  /// The newest events that name the record and the link: the pointers of the next event's header.
  public mutating func pointers(
    record: RecordNumber, link: LinkNumber, in store: borrowing some StateStore & ~Copyable
  ) throws(StateFailure) -> (record: EventSequence, link: EventSequence) {
    let ofRecord = record == .none ? nil : try self.record(record, store)
    let ofLink = link == .none ? nil : try self.link(link, store)
    return (ofRecord?.lastEvent ?? .none, ofLink?.lastEvent ?? .none)
  }

  /// Folds one event. Events come in the order of their sequence.
  public mutating func apply(
    _ event: JournalEvent, to store: inout some StateStore & ~Copyable
  ) throws(StateFailure) {
    switch event.body {
    case .runOpened, .runClosed, .mappingAdopted, .objectObserved, .trackingCreated,
      .entriesForgotten, .cursorAdvanced, .parameterReset:
      try applyToPackage(event, &store)
    case .recordCreated, .recordChanged, .recordTouched, .recordDeleted, .recordRekeyed,
      .recordFailed, .parked, .overrideRequested:
      try applyToRecord(event, &store)
    case .linked, .unlinked, .agreed, .slotVacated, .ignored:
      try applyToLink(event, &store)
    case .commandIssued, .commandConfirmed, .commandRejected:
      try applyCommand(event, &store)
    case .conflictOpened, .conflictSuperseded, .conflictDecided:
      try applyConflict(event, &store)
    }
    try note(event.header, store)
  }

  /// Leaves the event's sequence with the record and the link that it names.
  private mutating func note(
    _ header: EventHeader, _ store: borrowing some StateStore & ~Copyable
  ) throws(StateFailure) {
    if header.record != .none, try record(header.record, store) != nil {
      records[header.record]?.now.lastEvent = header.sequence
    }
    if header.link != .none, try link(header.link, store) != nil {
      links[header.link]?.now?.lastEvent = header.sequence
    }
  }

  /// Writes what was held back; the projection is then as new.
  public mutating func finish(_ store: inout some StateStore & ~Copyable) throws(StateFailure) {
    for number in links.keys.sorted() {
      guard let held = links[number] else { continue }
      try write(held, number, &store)
    }
    for number in records.keys.sorted() {
      guard let held = records[number] else { continue }
      try write(held, number, &store)
    }
    if let heldPackage { try store.set(.facts, StateKey.package, heldPackage.encoded) }
    records.removeAll(keepingCapacity: true)
    links.removeAll(keepingCapacity: true)
    heldPackage = nil
    holdsFailures = nil
  }

  private mutating func write(
    _ held: HeldLink, _ number: LinkNumber, _ store: inout some StateStore & ~Copyable
  ) throws(StateFailure) {
    var now = held.now
    let place = try now.flatMap { (link) throws(StateFailure) in try agendaClass(of: link, store) }
    now?.agenda = place
    if place != held.agendaBefore {
      if let before = held.agendaBefore {
        let key = StateKey.agenda(held.taskBefore, before, number.rawValue)
        try store.remove(.agenda, key)
      }
      if let place, let now {
        try store.set(.agenda, StateKey.agenda(now.task, place, number.rawValue), [])
      }
    }
    let step = (now == nil ? 0 : 1) - (held.existed ? 1 : 0)
    if step != 0 { try changePackage(store) { $0.links.count(held.taskBefore, step) } }
    if let now {
      try store.set(.links, StateKey.link(number), now.encoded)
    } else {
      try store.remove(.links, StateKey.link(number))
    }
  }

  private mutating func write(
    _ held: HeldRecord, _ number: RecordNumber, _ store: inout some StateStore & ~Copyable
  ) throws(StateFailure) {
    let object = held.now.object
    for task in try tasks(of: object, store) {
      let wasNew = held.before?.isNew(in: task) ?? false
      let isNew = held.now.isNew(in: task)
      if wasNew == isNew { continue }
      let part = try newClass(of: object, in: task, store)
      let key = StateKey.agenda(task, part, number.rawValue)
      if isNew { try store.set(.agenda, key, []) } else { try store.remove(.agenda, key) }
    }
    if held.before?.presence == .missing, held.now.presence != .missing {
      try store.remove(.missing, StateKey.missing(object, number))
    } else if held.now.presence == .missing, held.before?.presence != .missing {
      try store.set(.missing, StateKey.missing(object, number), [])
    }
    let step = (held.now.isThere ? 1 : 0) - (held.before?.isThere == true ? 1 : 0)
    if step != 0 { try changePackage(store) { $0.records.count(object, step) } }
    try store.set(.records, StateKey.record(number), held.now.encoded)
  }

  /// Where a link stands in the agenda, by its state alone.
  private mutating func agendaClass(
    of link: LinkState, _ store: borrowing some StateStore & ~Copyable
  ) throws(StateFailure) -> AgendaClass? {
    if link.hasIntent, !planted(.intentOverwritten) { return .waiting }
    let source = try record(link.source.record, store)
    let target = try record(link.target.record, store)
    if let source, !source.isThere { return .gone }
    if let target, !target.isThere { return .gone }
    guard source != nil, target != nil else {
      if source != nil || target != nil { return .single }
      // Made vacant while an insert to the other side had no outcome, which then was refused.
      return link.source.isVacant || link.target.isVacant ? .gone : nil
    }
    for slot in [link.source, link.target]
    where slot.revision == .none || slot.isReported || slot.isEdited
      || !slot.derived.isEmpty || !slot.owed.isEmpty
    {
      return .linked
    }
    return link.conflict == .none ? nil : .linked
  }

  func newClass(
    of object: ObjectNumber, in task: TaskNumber, _ store: borrowing some StateStore & ~Copyable
  ) throws(StateFailure) -> AgendaClass {
    tables[task]?.source == object ? .newSource : .newTarget
  }
}

// MARK: - What is held

extension Projection {
  /// The record, from now on held.
  mutating func record(
    _ number: RecordNumber, _ store: borrowing some StateStore & ~Copyable
  ) throws(StateFailure) -> RecordState? {
    if number == .none { return nil }
    if let held = records[number] { return held.now }
    guard let state = try store.record(number) else { return nil }
    records[number] = HeldRecord(before: state, now: state)
    return state
  }

  /// Holds a record's new state; `record(_:_:)` was asked for it before, or it is new.
  mutating func hold(_ state: RecordState, _ number: RecordNumber) {
    if records[number] == nil {
      records[number] = HeldRecord(before: nil, now: state)
    } else {
      records[number]?.now = state
    }
  }

  /// The link, from now on held.
  mutating func link(
    _ number: LinkNumber, _ store: borrowing some StateStore & ~Copyable
  ) throws(StateFailure) -> LinkState? {
    if number == .none { return nil }
    if let held = links[number] { return held.now }
    guard let state = try store.link(number) else { return nil }
    links[number] = HeldLink(
      existed: true, agendaBefore: state.agenda, taskBefore: state.task, now: state)
    return state
  }

  /// Holds a link's new state; nil ends it.
  mutating func hold(_ state: LinkState?, _ number: LinkNumber) {
    if let held = links[number] {
      links[number] = HeldLink(
        existed: held.existed, agendaBefore: held.agendaBefore, taskBefore: held.taskBefore,
        now: state)
    } else if let state {
      links[number] = HeldLink(
        existed: false, agendaBefore: nil, taskBefore: state.task, now: state)
    }
  }

  /// The record as it is now, without holding it.
  func peek(
    _ number: RecordNumber, _ store: borrowing some StateStore & ~Copyable
  ) throws(StateFailure) -> RecordState? {
    if let held = records[number] { return held.now }
    return try store.record(number)
  }

  /// The link as it is now, without holding it.
  func peek(
    _ number: LinkNumber, _ store: borrowing some StateStore & ~Copyable
  ) throws(StateFailure) -> LinkState? {
    if let held = links[number] { return held.now }
    return try store.link(number)
  }

  mutating func package(
    _ store: borrowing some StateStore & ~Copyable
  ) throws(StateFailure) -> PackageState {
    if let heldPackage { return heldPackage }
    let package = try store.package()
    heldPackage = package
    return package
  }

  /// Changes the package's state.
  mutating func changePackage(
    _ store: borrowing some StateStore & ~Copyable, _ change: (inout PackageState) -> Void
  ) throws(StateFailure) {
    var package = try package(store)
    change(&package)
    heldPackage = package
  }

  mutating func table(
    _ task: TaskNumber, _ store: borrowing some StateStore & ~Copyable
  ) throws(StateFailure) -> TaskTable? {
    if let table = tables[task] { return table }
    let table = try store.taskTable(task)
    tables[task] = table
    return table
  }

  /// The tasks in force that map `object`; their tables are then in `tables`.
  mutating func tasks(
    of object: ObjectNumber, _ store: borrowing some StateStore & ~Copyable
  ) throws(StateFailure) -> [TaskNumber] {
    if let tasks = tasksByObject[object] { return tasks }
    var found: [TaskNumber] = []
    for task in try package(store).tasks {
      guard let table = try table(task, store) else { continue }
      if table.source == object || table.target == object { found.append(task) }
    }
    tasksByObject[object] = found
    return found
  }
}
