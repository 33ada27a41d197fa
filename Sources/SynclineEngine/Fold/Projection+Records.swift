import SynclineModel

extension Projection {
  mutating func applyToRecord(
    _ event: JournalEvent, _ store: inout some StateStore & ~Copyable
  ) throws(StateFailure) {
    let header = event.header
    switch event.body {
    case .recordCreated(let created): try create(created, header, &store)
    case .recordChanged(let changed):
      try followEchoes(changed, of: header.record, store)
      try change(header.record, changed.row, header, isReport: true, &store)
      if changed.isRestored { try owe(header.record, store) }
      // A read that tells no version leaves the one that is known.
      let version = records[header.record]?.now.stamp.version ?? 0
      records[header.record]?.now.stamp = changed.stamp
      if changed.stamp.version == 0 { records[header.record]?.now.stamp.version = version }
    case .recordTouched: try report(header.record, store)
    case .recordDeleted(let deleted): try delete(deleted, header, &store)
    case .recordRekeyed(let rekeyed): try rekey(rekeyed.key, header, &store)
    case .recordFailed(let failed):
      try fail(failed, record: header.record, header, &store)
    case .parked: try park(header, &store)
    case .overrideRequested(let request): try decideMissing(request.kind, header, &store)
    default: preconditionFailure("an event of another kind")
    }
  }

  private mutating func create(
    _ created: RecordCreated, _ header: EventHeader, _ store: inout some StateStore & ~Copyable
  ) throws(StateFailure) {
    let state = RecordState(
      object: created.object, key: created.key, presence: .there, row: created.row,
      stamp: created.stamp, observed: header.sequence, lastEvent: header.sequence, memberships: [])
    try add(state, header.record, &store)
  }

  /// Takes up a record that is there from now on.
  mutating func add(
    _ state: RecordState, _ number: RecordNumber, _ store: inout some StateStore & ~Copyable
  ) throws(StateFailure) {
    hold(state, number)
    try changePackage(store) { $0.lastRecord = max($0.lastRecord, number) }
    // Of a younger record it is known already that it took the key.
    if try !isSucceeded(state, store) {
      try store.set(
        .keys, StateKey.key(state.object, state.key), StateKey.bytes(number.rawValue))
    }
    try index(number, from: PackedRow(), to: state.row, of: state.object, &store)
  }

  /// Whether a record that was born later stands under the key of one that we inserted.
  private func isSucceeded(
    _ state: RecordState, _ store: borrowing some StateStore & ~Copyable
  ) throws(StateFailure) -> Bool {
    guard state.bornIn != .none, let held = try store.recordNumber(state.object, state.key) else {
      return false
    }
    return try peek(held, store)?.isYounger(than: state.bornAfter, in: state.bornIn) == true
  }

  /// New content: what the mapping reads or writes keeps its base, everything else moves it along.
  mutating func change(
    _ number: RecordNumber, _ changes: PackedRow, _ header: EventHeader, isReport: Bool,
    _ store: inout some StateStore & ~Copyable
  ) throws(StateFailure) {
    guard var state = try record(number, store) else { return }
    // A record that was deleted and came back under its key is in no index.
    let isBack = state.presence == .deleted
    let before = state.row
    state.row = before.merging(changes)
    state.presence = .there
    state.observed = header.sequence
    hold(state, number)
    try store.remove(.failures, StateKey.failure(.none, number))
    for task in try tasks(of: state.object, store) where state.link(in: task) == .none {
      try retry(task, number, &store)
    }
    for membership in state.memberships {
      try keepBase(membership, number, before: before, changes: changes, store)
      let hadFailed = try retry(membership.link, &store)
      // What failed may not be asked for any more, as where a delete or an edit was taken back: the link is
      // decided once more, and that forgotten.
      if isBack || hadFailed && isReport, var link = try link(membership.link, store) {
        link[link.source.record == number ? .source : .target].isReported = true
        hold(link, membership.link)
      }
    }
    if isReport { try report(number, store) }
    if isBack {
      try store.set(
        .keys, StateKey.key(state.object, state.key), StateKey.bytes(number.rawValue))
    }
    try index(
      number, from: isBack ? PackedRow() : before, to: state.row, of: state.object, &store)
    try retryChildren(of: number, &store)
  }

  /// The base of the changed fields, in one link (design: base rules 3 and 4). What the mapping in force does
  /// not read keeps its base too until the link is decided under it: the mapping may be taken back before.
  private mutating func keepBase(
    _ membership: RecordState.Membership, _ number: RecordNumber, before: PackedRow,
    changes: PackedRow, _ store: borrowing some StateStore & ~Copyable
  ) throws(StateFailure) {
    guard var link = try link(membership.link, store),
      let table = try table(membership.task, store)
    else { return }
    let side: Side = link.source.record == number ? .source : .target
    var slot = link[side]
    let revision = try package(store).revision
    let isOlder = slot.revision != .none && slot.revision != revision
    var cursor = RowCursor(changes)
    while cursor.next() {
      let field = cursor.field
      slot.owed.removeAll { $0 == field }
      slot.ignored.removeAll { $0 == field }
      guard isOlder || table.reads(field, of: side) || table.writes(field, of: side) else {
        slot.base = slot.base.removing(field)
        continue
      }
      if let base = slot.base.encodedValue(field) {
        if base == changes.bytes[cursor.valueRange] { slot.base = slot.base.removing(field) }
      } else if let old = before[field] {
        slot.base = slot.base.setting(field, to: old)
      }
    }
    if slot != link[side] {
      link[side] = slot
      hold(link, membership.link)
    }
  }

  /// A system named the record: links that stand under another revision are due.
  private mutating func report(
    _ number: RecordNumber, _ store: borrowing some StateStore & ~Copyable
  ) throws(StateFailure) {
    guard let state = try record(number, store) else { return }
    let revision = try package(store).revision
    for membership in state.memberships {
      guard var link = try link(membership.link, store) else { continue }
      guard link.source.revision != revision || link.target.revision != revision else { continue }
      let side: Side = link.source.record == number ? .source : .target
      link[side].isReported = true
      hold(link, membership.link)
    }
  }

  private mutating func delete(
    _ deleted: RecordDeleted, _ header: EventHeader, _ store: inout some StateStore & ~Copyable
  ) throws(StateFailure) {
    try remove(
      header.record, isConfirmed: deleted.isConfirmed, at: header.sequence, &store)
    records[header.record]?.now.stamp = deleted.stamp
  }

  /// A record that is gone or missing. Its content stays as long as a link holds it.
  mutating func remove(
    _ number: RecordNumber, isConfirmed: Bool, at sequence: EventSequence,
    _ store: inout some StateStore & ~Copyable
  ) throws(StateFailure) {
    guard var state = try record(number, store), state.presence != .deleted else { return }
    state.observed = sequence
    state.presence = isConfirmed ? .deleted : .missing
    if isConfirmed {
      try free(state.key, of: state.object, from: number, &store)
      try index(number, from: state.row, to: PackedRow(), of: state.object, &store)
      if state.memberships.isEmpty { state.row = PackedRow() }
      // What failed is no more; a link forgets its failures when it ends.
      let unlinked = try tasks(of: state.object, store).filter { state.link(in: $0) == .none }
      for task in [.none] + unlinked {
        try store.remove(.failures, StateKey.failure(task, number))
      }
    }
    hold(state, number)
    for membership in state.memberships { _ = try retry(membership.link, &store) }
  }

  /// A record does not stand under the key any more; another one may have taken it meanwhile.
  private func free(
    _ key: NativeKey, of object: ObjectNumber, from number: RecordNumber,
    _ store: inout some StateStore & ~Copyable
  ) throws(StateFailure) {
    guard try store.recordNumber(object, key) == number else { return }
    try store.remove(.keys, StateKey.key(object, key))
  }

  private mutating func rekey(
    _ key: NativeKey, _ header: EventHeader, _ store: inout some StateStore & ~Copyable
  ) throws(StateFailure) {
    guard var state = try record(header.record, store) else { return }
    try free(state.key, of: state.object, from: header.record, &store)
    state.key = key
    state.presence = .there
    state.observed = header.sequence
    hold(state, header.record)
    for membership in state.memberships { _ = try link(membership.link, store) }
    try store.set(
      .keys, StateKey.key(state.object, key), StateKey.bytes(header.record.rawValue))
  }

  private mutating func decideMissing(
    _ kind: OverrideRequested.Kind, _ header: EventHeader,
    _ store: inout some StateStore & ~Copyable
  ) throws(StateFailure) {
    if let restoration = Restoration(kind) { return try restore(restoration, store) }
    guard let state = try record(header.record, store), state.presence == .missing else { return }
    try remove(header.record, isConfirmed: true, at: header.sequence, &store)
    guard kind == .missingKept else { return }
    for membership in state.memberships {
      guard let link = try link(membership.link, store) else { continue }
      let side: Side = link.source.record == header.record ? .source : .target
      try vacate(side, membership.link, &store)
    }
  }
}

// MARK: - Backups

extension Projection {
  /// Something was put back from a backup: tracking is made anew and what may be older is read in full.
  private mutating func restore(
    _ restoration: Restoration, _ store: borrowing some StateStore & ~Copyable
  ) throws(StateFailure) {
    try changePackage(store) { package in
      package.restoring = restoration
      package.initTrackingObjects = true
      for side in Side.allCases where restoration.renews(side) {
        package[side].fullyRead = []
        package[side].covered = []
      }
    }
  }

  /// What a backup brought back is no edit: its fields are owed the other side's values.
  private mutating func owe(
    _ number: RecordNumber, _ store: borrowing some StateStore & ~Copyable
  ) throws(StateFailure) {
    for membership in try record(number, store)?.memberships ?? [] {
      guard var link = try link(membership.link, store),
        let table = try table(membership.task, store)
      else { continue }
      let side: Side = link.source.record == number ? .source : .target
      let fields = link[side].base.fields.filter { table.writes($0, of: side) }
      link[side].owed = Set(link[side].owed).union(fields).sorted()
      link[side].base = PackedRow()
      link[side].derived = PackedRow()
      hold(link, membership.link)
    }
  }
}

extension Restoration {
  init?(_ kind: OverrideRequested.Kind) {
    switch kind {
    case .missingConfirmed, .missingKept: return nil
    case .sourceRestored: self = .source
    case .targetRestored: self = .target
    case .journalRestored: self = .journal
    }
  }

  /// As it is journaled.
  var kind: OverrideRequested.Kind {
    switch self {
    case .source: .sourceRestored
    case .target: .targetRestored
    case .journal: .journalRestored
    }
  }
}
