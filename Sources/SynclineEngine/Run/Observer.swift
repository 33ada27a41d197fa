import SynclineMapping
import SynclineModel

/// Compares what a side shows with what the journal knows, and states the differences as events. Within
/// one page it keeps count of its own findings, which the state does not hold yet.
struct Observer {
  struct Found {
    var record: RecordNumber
    var body: EventBody
    /// The link that the event concerns, or none.
    var link = LinkNumber.none
    /// Fields that changed only because the system keeps another form of what was written.
    var represented: [FieldNumber] = []
  }

  /// A record as it is after the findings of this page.
  private struct Seen {
    var state: RecordState
    var isReported: Bool
  }

  let side: Side
  /// Whether what differs came back with a backup of the side.
  var isRestored = false
  /// Whether what is seen was asked for by its key: then it is the newest, whatever its version.
  var isByKey = false
  /// Whether an unknown record that a search shows may be gone already.
  var doubtsUnknown = false
  /// Whether a search may show what was there before.
  var isLate = false
  /// Whether what our user made may be the answer to a create: then it is not new.
  var awaitsOurs = false
  /// Which edits go nowhere; nil where all count.
  var ignoring: IgnoredEdits?
  /// A deleted record that may come back: a link holds it still, or it left its slot, which is vacant.
  struct Gone {
    var record: RecordNumber
    /// What brings it back into its link; nil where that holds it still.
    var rejoining: Linked?
    var link: LinkNumber
  }

  /// Deleted records that may come back, by key.
  var gone: [NativeKey: Gone] = [:]
  /// The objects with the types of their fields, by which a value that is seen is told from the one that was
  /// written and not read back.
  var objects: [ObjectNumber: ObjectObserved] = [:]
  /// What must be asked for by its key before it counts.
  private(set) var doubts: [StampedReading.Doubt] = []
  private let revision: MappingRevision
  private let generation: TrackingGeneration
  private var nextRecord: RecordNumber
  private var byKey: [ObjectKey: RecordNumber?] = [:]
  private var records: [RecordNumber: Seen] = [:]
  private(set) var found: [Found] = []
  private(set) var created: UInt64 = 0
  private(set) var changed: UInt64 = 0
  private(set) var deleted: UInt64 = 0

  /// - Parameter generation: that of the queue which is read; nil: as the journal knows it.
  init(side: Side, state: PackageState, generation: TrackingGeneration? = nil) {
    self.side = side
    revision = state.revision
    self.generation = generation ?? state[side].generation
    nextRecord = state.lastRecord.next
  }

  /// A row stands under the key.
  mutating func see(
    _ key: ObjectKey, _ row: PackedRow, isReport: Bool, _ stamp: Stamp, isLastOurs: Bool = false,
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) {
    guard let number = try number(key, state), var seen = try record(number, state) else {
      create(key, row, stamp)
      return
    }
    let difference = row.difference(from: seen.state.row)
    var isNews = !difference.isEmpty || seen.state.presence == .missing
    if !isNews { isNews = try state.failure(.none, number) != nil }
    if isNews {
      let represented = represented(difference, seen.state)
      let isRewritten = isLastOurs && represented.count < difference.fields.count
      note(
        number,
        .recordChanged(
          RecordChanged(
            row: difference, stamp: stamp, isRestored: isRestored, isRewritten: isRewritten)),
        represented: represented)
      changed += 1
      try ignore(number, difference, seen.state, stamp, isLastOurs: isLastOurs, state)
      seen.state.row = seen.state.row.merging(difference)
      seen.state.presence = .there
      seen.isReported = true
      records[number] = seen
    } else if isReport, !seen.isReported, try isUnderOlderMapping(seen.state, state) {
      note(number, .recordTouched(RecordTouched(stamp: stamp)))
      seen.isReported = true
      records[number] = seen
    }
  }

  /// A record as a side shows it that tells its changes by stamps. A version older than what is known
  /// shows nothing new; an equal one with other content may be from before our own write.
  mutating func see(
    _ record: ReadRecord, of object: ObjectNumber, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) {
    let key = ObjectKey(object: object, key: record.key)
    guard let number = try number(key, state), let seen = try self.record(number, state) else {
      if awaitsOurs, record.isOurs { return }
      if doubtsUnknown, !isByKey {
        doubts.append(StampedReading.Doubt(key: key, deletion: nil))
        return
      }
      if let gone = gone[record.key] { return try revive(gone, record, state) }
      create(key, record.row, record.stamp)
      return
    }
    let version = record.stamp.version
    let known = seen.state.stamp.version
    if !isByKey, version != 0, known != 0 || isLate {
      if version < known { return }
      // Which version our own write made is not always told: what a search shows may be from before it.
      if known == 0 || version == known, !record.row.difference(from: seen.state.row).isEmpty {
        doubts.append(StampedReading.Doubt(key: key, deletion: nil))
        return
      }
    }
    // The version that is known, read again where the searches overlap, is no touch.
    let isReport = version == 0 || version != known
    try see(
      key, record.row, isReport: isReport, record.stamp, isLastOurs: record.isLastOurs, state)
  }

  /// A deleted record is there again, under the key that it had.
  private mutating func revive(
    _ gone: Gone, _ record: ReadRecord, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) {
    let number = gone.record
    guard var seen = try self.record(number, state) else { return }
    let difference = record.row.difference(from: seen.state.row)
    note(number, .recordChanged(RecordChanged(row: difference, stamp: record.stamp)))
    if let rejoining = gone.rejoining {
      found.append(Found(record: number, body: .linked(rejoining), link: gone.link))
    }
    changed += 1
    seen.state.row = seen.state.row.merging(difference)
    seen.state.presence = .there
    seen.isReported = true
    byKey[ObjectKey(object: seen.state.object, key: record.key)] = .some(number)
    records[number] = seen
  }

  private mutating func create(_ key: ObjectKey, _ row: PackedRow, _ stamp: Stamp) {
    let number = nextRecord
    nextRecord = nextRecord.next
    note(
      number,
      .recordCreated(
        RecordCreated(object: key.object, key: key.key, row: row, stamp: stamp)))
    created += 1
    let state = RecordState(
      object: key.object, key: key.key, presence: .there, row: row, stamp: stamp,
      observed: .none, lastEvent: .none, memberships: [])
    byKey[key] = .some(number)
    records[number] = Seen(state: state, isReported: true)
  }

  /// Notes where an edit goes nowhere: in each link of the record, but for what was edited before and is still
  /// to travel.
  private mutating func ignore(
    _ number: RecordNumber, _ difference: PackedRow, _ known: RecordState, _ stamp: Stamp,
    isLastOurs: Bool, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) {
    guard let rule = ignoring?.rule(stamp, isLastOurs: isLastOurs) else { return }
    for membership in known.memberships {
      guard let slot = try state.link(membership.link)?[side] else { continue }
      let row = difference.filter { !slot.base.contains($0) || slot.ignored.contains($0) }
      if row.isEmpty { continue }
      let body = EventBody.ignored(Ignored(rule: rule, slot: Slot(side), row: row))
      found.append(Found(record: number, body: body, link: membership.link))
    }
  }

  /// The record under the key is gone, or missing where nobody has confirmed it yet.
  mutating func lose(
    _ key: ObjectKey, isConfirmed: Bool, _ stamp: Stamp,
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) {
    guard let number = try number(key, state), var seen = try record(number, state) else { return }
    if !isConfirmed, seen.state.presence == .missing { return }
    note(number, .recordDeleted(RecordDeleted(isConfirmed: isConfirmed, stamp: stamp)))
    if isConfirmed {
      deleted += 1
      byKey[key] = .some(nil)
    }
    seen.state.presence = isConfirmed ? .deleted : .missing
    records[number] = seen
  }

  /// The record under `old` stands under `new` from now on. False where none is known there.
  mutating func rekey(
    from old: ObjectKey, to new: ObjectKey, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> Bool {
    guard let number = try number(old, state), var seen = try record(number, state) else {
      return false
    }
    if let displaced = try self.number(new, state), displaced != number {
      try lose(new, isConfirmed: true, Stamp(), state)
    }
    note(number, .recordRekeyed(RecordRekeyed(key: new.key)))
    changed += 1
    seen.state.key = new.key
    seen.state.presence = .there
    byKey[old] = .some(nil)
    byKey[new] = .some(number)
    records[number] = seen
    return true
  }

  /// Whether a tracking entry is about an earlier record under the key than the one that is known there.
  func isOutdated(
    _ number: Int64, _ key: ObjectKey, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> Bool {
    guard !planted(.queueReplayed), let record = try self.number(key, state) else { return false }
    guard let seen = try self.record(record, state) else { return false }
    return seen.state.bornIn == generation && number <= seen.state.bornAfter
  }

  /// A record is there that cannot be taken. One that was never read gets its number now, with no
  /// field, so that it is kept in sight until a read shows it.
  mutating func fail(
    _ object: ObjectNumber, _ failure: ReadFailure, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) {
    let key = ObjectKey(object: object, key: failure.key)
    if try number(key, state) == nil { create(key, PackedRow(), Stamp()) }
    guard let number = try number(key, state) else { return }
    let body = RecordFailed(
      task: .none, side: side, code: failure.code, message: failure.message)
    note(number, .recordFailed(body))
  }

  /// Known records of the slice that the page does not show are missing.
  mutating func census(
    _ object: ObjectNumber, _ page: RecordPage, after: NativeKey?, through: NativeKey?,
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) {
    let shown = Set(page.records.map(\.key)).union(page.failures.map(\.key))
    var last = after
    while true {
      let known = try state.keys(of: object, after: last, through: through, limit: 1024)
      for (key, _) in known where !shown.contains(key) {
        let isConfirmed = planted(.absentJudgedEarly)
        try lose(ObjectKey(object: object, key: key), isConfirmed: isConfirmed, Stamp(), state)
      }
      guard known.count == 1024, let key = known.last?.key else { return }
      last = key
    }
  }

  func isKnown(
    _ key: ObjectKey, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> Bool {
    try number(key, state) != nil
  }

  private func number(
    _ key: ObjectKey, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> RecordNumber? {
    if let known = byKey[key] { return known }
    return try state.recordNumber(key.object, key.key)
  }

  private func record(
    _ number: RecordNumber, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> Seen? {
    if let seen = records[number] { return seen }
    guard let record = try state.record(number) else { return nil }
    return Seen(state: record, isReported: false)
  }

  /// Whether a link of the record stands under another mapping revision than the one in force.
  private func isUnderOlderMapping(
    _ record: RecordState, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> Bool {
    for membership in record.memberships {
      guard let link = try state.link(membership.link) else { continue }
      if link.source.revision != revision || link.target.revision != revision { return true }
    }
    return false
  }

  private mutating func note(
    _ record: RecordNumber, _ body: EventBody, represented: [FieldNumber] = []
  ) {
    found.append(Found(record: record, body: body, represented: represented))
  }

  /// Fields that hold what the system makes of the value that is known: no system shows a value that it
  /// cannot hold, so that one was written and not read back.
  private func represented(_ difference: PackedRow, _ known: RecordState) -> [FieldNumber] {
    guard let object = objects[known.object] else { return [] }
    return difference.values.compactMap { field, value in
      guard let sent = known.row[field], let type = object.field(field)?.schema.type,
        value == type.norm(sent)
      else { return nil }
      return field
    }
  }
}

/// Makes sense of tracking entries: the operation is a hint, presence in the snapshot decides
/// (Docs/Connectors/SQLite.md, "Reading").
struct ChangeObserver {
  var observer: Observer
  let page: ChangePage
  /// Keys that an entry named without a row in the snapshot, and whose end no entry has told yet.
  var dangling: Set<ObjectKey>
  /// The last entry of the page that tells that the record under a key ended.
  private var ends: [ObjectKey: Int64] = [:]

  init(observer: Observer, page: ChangePage, dangling: Set<ObjectKey>) {
    self.observer = observer
    self.page = page
    self.dangling = dangling
    for entry in page.entries where entry.keyBefore != entry.keyAfter {
      guard let key = entry.keyBefore else { continue }
      ends[ObjectKey(object: entry.object, key: key)] = entry.number
    }
  }

  mutating func take(
    _ entry: TrackingEntry, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) {
    let before = entry.keyBefore.map { ObjectKey(object: entry.object, key: $0) }
    let after = entry.keyAfter.map { ObjectKey(object: entry.object, key: $0) }
    let stamp = Stamp(time: entry.time)
    if let before, try observer.isOutdated(entry.number, before, state) {
      // What stood there moved on, or ended, before ours got the key; where it stands now it is seen.
      if let after, after != before, try !observer.isOutdated(entry.number, after, state) {
        try see(after, entry, state)
      }
      return
    }
    switch (entry.operation, before, after) {
    case (.delete, _, _) where planted(.deletionForgotten): return
    case (.delete, let before?, _):
      try observer.lose(before, isConfirmed: true, stamp, state)
      dangling.remove(before)
      // Present all the same: a new record under the old key.
      if page.rows[before] != nil { try see(before, entry, state) }
    case (.displaced, let before?, _):
      if page.rows[before] == nil, page.failures[before] == nil {
        try observer.lose(before, isConfirmed: true, stamp, state)
        dangling.remove(before)
      } else {
        try see(before, entry, state)
      }
    case (_, let before?, let after?) where before != after:
      if try observer.isOutdated(entry.number, after, state) {
        // The row stood there for a while only: it had left before ours got that key.
        try observer.lose(before, isConfirmed: true, stamp, state)
        dangling.remove(before)
        return
      }
      if try observer.rekey(from: before, to: after, state) { dangling.remove(before) }
      try see(after, entry, state)
    case (_, _, let after?): try see(after, entry, state)
    case (_, let before?, nil): try see(before, entry, state)
    case (_, nil, nil): return
    }
  }

  private mutating func see(
    _ key: ObjectKey, _ entry: TrackingEntry, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) {
    // The row in the snapshot is another record's, which was given the key later.
    if let end = ends[key], end > entry.number { return }
    let stamp = Stamp(time: entry.time)
    if let row = page.rows[key] {
      try observer.see(key, row, isReport: true, stamp, state)
    } else if let failure = page.failures[key] {
      try observer.fail(key.object, failure, state)
    } else {
      dangling.insert(key)
    }
  }

  /// The queue is read to its end: what is still without a row is gone.
  mutating func finish(_ state: borrowing some StateView & ~Copyable) throws(StateFailure) {
    for key in dangling.sorted(by: { ($0.object, $0.key) < ($1.object, $1.key) }) {
      try observer.lose(key, isConfirmed: true, Stamp(), state)
    }
    dangling = []
  }
}
