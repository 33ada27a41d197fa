import SynclineMapping
import SynclineModel

// The reading of a side that tells its changes by stamps (Docs/Connectors/README.md): the delete feeds of
// all objects before the changes of any; then each object from its bound on. Whatever a search or a feed
// says and what is known deny is asked for by key before it counts.

/// What such a reading remembers from page to page.
struct StampedReading: Hashable, Sendable {
  /// A key that is asked for before what was read of it counts.
  struct Doubt: Hashable, Sendable {
    var key: ObjectKey
    /// What a feed says of its deletion; nil where a search showed the record.
    var deletion: Stamp?
  }

  /// Where the page that is under way begins.
  var mark: PageMark?
  /// From when on each object can be read next, as far as this reading saw it.
  var bounds: [ObjectNumber: Timestamp] = [:]
  var doubts: [Doubt] = []
  /// Known records that the census under way did not show so far.
  var absent: [RecordNumber] = []
  /// The newest record that was known when it began.
  var lastKnown = RecordNumber.none

  /// Notes up to when a page covers its object: what a later page covers does not make up for it.
  mutating func cover(_ object: ObjectNumber, _ bound: Timestamp) {
    bounds[object] = min(bounds[object] ?? bound, bound)
  }
}

extension RunMachine {
  /// What must be read on a side that tells its changes by stamps.
  func stampedReader(
    _ side: Side, _ rules: StampRules, _ known: SideState
  ) -> SideReader {
    let mapped = Array(Set(mapping.tasks.map { $0.object(side) })).sorted()
    let old = mapped.filter { known.fullyRead.contains($0) && known.bound($0) != nil }
    var steps: [SideReader.Step] = []
    // Children first: what took a child with it is then in the feed of the parent that is read after it.
    let childrenFirst = mapping.parentsFirst.reversed().compactMap {
      mapping.task($0)?.object(side)
    }
    if rules.hasDeleteFeed {
      for object in childrenFirst
      where old.contains(object) && !steps.contains(.readDeletions(object)) {
        steps.append(.readDeletions(object))
      }
    }
    for object in mapped {
      steps.append(old.contains(object) ? .readStamped(object) : .readInFull(object))
      steps.append(.advance(object))
    }
    if !rules.hasDeleteFeed { steps += old.map { .census($0) } }
    steps += mapped.map { .verify($0) }
    if settings.confirmsAbsence(on: side) { steps.append(.confirmAbsences) }
    return SideReader(steps: steps)
  }

  /// Reads again by key what a write found gone.
  func verifyingReader(_ side: Side) -> SideReader {
    let mapped = Array(Set(mapping.tasks.map { $0.object(side) })).sorted()
    return SideReader(steps: mapped.map { .verify($0) })
  }

  /// The next call of one of these steps; nil where there is nothing to ask for.
  mutating func stampedCall(
    _ step: SideReader.Step, _ side: Side, _ reader: inout SideReader,
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> Action? {
    let limit = settings[side].page
    switch step {
    case .readDeletions(let object):
      guard let since = try state.package()[side].bound(object) else { return nil }
      return .readDeletions(
        side,
        StampedRequest(object: object, since: since, after: reader.stamped.mark, limit: limit))
    case .readStamped(let object):
      guard var since = try state.package()[side].bound(object) else { return nil }
      if planted(.cursorExclusive) { since = Timestamp(microseconds: since.microseconds + 1) }
      return .readStamped(
        side,
        StampedRequest(object: object, since: since, after: reader.stamped.mark, limit: limit))
    case .census(let object):
      if reader.after == nil { reader.stamped.lastKnown = try state.package().lastRecord }
      return .readKeys(side, PageRequest(object: object, after: reader.after, limit: limit))
    case .ask:
      guard let object = reader.stamped.doubts.first?.key.object else { return nil }
      let keys = reader.stamped.doubts.filter { $0.key.object == object }.map(\.key.key)
      return .fetch(side, FetchRequest(object: object, keys: Array(keys.prefix(limit))))
    case .verify(let object):
      guard reader.wanted.isEmpty else { break }
      let missing = try state.missing(object, after: reader.lastWanted, limit: limit)
      for number in missing {
        guard let record = try state.record(number) else { continue }
        reader.wanted.append(WantedRecord(record: number, key: record.key))
      }
      if reader.wanted.isEmpty { return nil }
    case .advance(let object):
      try advance(side, object, reader, state)
      return nil
    case .forget, .drain, .create, .readInFull, .fetch, .readChanges, .confirmAbsences:
      preconditionFailure("a step of another kind of side")
    }
    guard case .verify(let object) = step else { return nil }
    return .fetch(side, FetchRequest(object: object, keys: reader.wanted.map(\.key)))
  }

  // MARK: Cursors

  /// Up to when a page covers its object.
  private func bound(_ coverage: Coverage, _ rules: StampRules) -> Timestamp {
    if planted(.cursorNow) { return coverage.now }
    return coverage.safeBound
      ?? Timestamp(microseconds: coverage.now.microseconds &- rules.overlap)
  }

  /// The object is read to its end: the next run reads from here on. While it is not known what became
  /// of a create, what our user made is not read as new, so the bound stays.
  private mutating func advance(
    _ side: Side, _ object: ObjectNumber, _ reader: SideReader,
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) {
    guard let rules = settings[side].detection.stamps else { return }
    if try unsettledCreates(on: side, state).contains(object) { return }
    let known = try state.package()[side].bound(object)
    // Without a word of the pages: the server's time when the run opened the side.
    let opened = Timestamp(
      microseconds: (inspections[side]?.now?.microseconds ?? 0) &- rules.overlap)
    let bound = max(known ?? .init(microseconds: .min), reader.stamped.bounds[object] ?? opened)
    draft(
      .cursorAdvanced(
        CursorAdvanced(
          side: side, generation: try state.package()[side].generation,
          fullyRead: reader.fullyRead.contains(object) ? [object] : [],
          bounds: [ObjectBound(object: object, since: bound)])))
  }

  /// Objects with a create of which it is not known yet what became of it.
  func unsettledCreates(
    on side: Side, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> Set<ObjectNumber> {
    var objects: Set<ObjectNumber> = []
    for id in try state.unsettled(limit: .max) {
      guard let command = try state.intent(id)?.command, command.operation == .insert,
        command.slot.side == side
      else { continue }
      objects.insert(try state.taskTable(command.task)?.object(side) ?? .none)
    }
    return objects
  }

  // MARK: Answers

  mutating func deletionsRead(
    _ side: Side, _ page: DeletionPage, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [Action] {
    guard var reader = readers[side], case .readDeletions(let object)? = reader.steps.first,
      let rules = settings[side].detection.stamps
    else { preconditionFailure("deletes came that were not asked for") }
    let package = try state.package()
    for deletion in page.deletions {
      let key = ObjectKey(object: object, key: deletion.key)
      guard try state.recordNumber(object, deletion.key) != nil else { continue }
      reader.stamped.doubts.append(StampedReading.Doubt(key: key, deletion: deletion.stamp))
    }
    reader.stamped.cover(object, bound(page.coverage, rules))
    reader.stamped.mark = page.isLast ? nil : page.next
    reader.isWaiting = false
    if let reach = page.reachesBackTo, let since = package[side].bound(object), reach > since,
      !reader.steps.contains(.census(object))
    {
      // What was deleted before the feed begins is found by its absence, and before the bound moves on.
      let next = [SideReader.Step.advance(object), .verify(object)]
      let place = reader.steps.firstIndex { next.contains($0) } ?? reader.steps.endIndex
      reader.steps.insert(.census(object), at: place)
    }
    if page.isLast { reader.steps.removeFirst() }
    reader.askFirst()
    readers[side] = reader
    return [report(object)] + (try observe(state))
  }

  mutating func stampedRead(
    _ side: Side, _ page: StampedPage, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [Action] {
    guard var reader = readers[side], case .readStamped(let object)? = reader.steps.first,
      let rules = settings[side].detection.stamps
    else { preconditionFailure("changes came that were not asked for") }
    var observer = try stampedObserver(side, page.records.map(\.key), of: object, state)
    for record in page.records { try observer.see(record, of: object, state) }
    for failure in page.failures { try observer.fail(object, failure, state) }
    try take(observer, state)
    done += UInt64(page.records.count)
    reader.stamped.cover(object, bound(page.coverage, rules))
    reader.stamped.doubts += observer.doubts
    reader.stamped.mark = page.next
    reader.isWaiting = false
    if page.isLast { reader.steps.removeFirst() }
    reader.askFirst()
    readers[side] = reader
    return [report(object)] + (try observe(state))
  }

  mutating func keysRead(
    _ side: Side, _ page: KeyPage, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [Action] {
    guard var reader = readers[side], case .census(let object)? = reader.steps.first else {
      preconditionFailure("keys came that were not asked for")
    }
    let shown = Set(page.keys)
    let end = page.isLast ? nil : page.keys.last
    var last = reader.after
    while true {
      let known = try state.keys(of: object, after: last, through: end, limit: 1024)
      for (key, record) in known where !shown.contains(key) && record <= reader.stamped.lastKnown {
        reader.stamped.absent.append(record)
      }
      guard known.count == 1024, let key = known.last?.key else { break }
      last = key
    }
    reader.after = end
    reader.isWaiting = false
    if page.isLast {
      for record in reader.stamped.absent where try state.record(record)?.isThere == true {
        draft(.recordDeleted(RecordDeleted(isConfirmed: false)), record: record)
      }
      reader.stamped.absent = []
      reader.steps.removeFirst()
    }
    readers[side] = reader
    return [report(object)] + (try observe(state))
  }

  /// What stands under keys that were in doubt: this counts.
  mutating func doubtsAnswered(
    _ side: Side, _ answer: FetchedRecords, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [Action] {
    guard var reader = readers[side], let object = reader.stamped.doubts.first?.key.object else {
      preconditionFailure("records came that nobody doubted")
    }
    var observer = try stampedObserver(side, answer.records.map(\.key), of: object, state)
    observer.isByKey = true
    for record in answer.records { try observer.see(record, of: object, state) }
    for failure in answer.failures { try observer.fail(object, failure, state) }
    let deletions = Dictionary(
      reader.stamped.doubts.filter { $0.key.object == object }.map { ($0.key.key, $0.deletion) },
      uniquingKeysWith: { first, second in first ?? second })
    for key in answer.deleted + answer.absent {
      let deletion = deletions[key] ?? nil
      try observer.lose(
        ObjectKey(object: object, key: key),
        isConfirmed: deletion != nil || answer.deleted.contains(key), deletion ?? Stamp(), state)
    }
    try take(observer, state)
    let answered = answer.answered
    reader.stamped.doubts.removeAll {
      $0.key.object == object && (answered.isEmpty || answered.contains($0.key.key))
    }
    reader.isWaiting = false
    if reader.stamped.doubts.isEmpty { reader.steps.removeFirst() }
    readers[side] = reader
    return try observe(state)
  }

  /// What stands under the keys of missing records. A bare absence says nothing new.
  mutating func verified(
    _ side: Side, _ answer: FetchedRecords, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [Action] {
    guard var reader = readers[side], case .verify(let object)? = reader.steps.first else {
      preconditionFailure("records came that were not missing")
    }
    var observer = try stampedObserver(side, [], of: object, state)
    observer.isByKey = true
    for record in answer.records { try observer.see(record, of: object, state) }
    for failure in answer.failures { try observer.fail(object, failure, state) }
    for key in answer.deleted {
      try observer.lose(ObjectKey(object: object, key: key), isConfirmed: true, Stamp(), state)
    }
    try take(observer, state)
    let answered = answer.answered
    if let last = reader.wanted.last(where: { answered.isEmpty || answered.contains($0.key) }) {
      reader.lastWanted = last.record
    }
    reader.wanted.removeAll { answered.isEmpty || answered.contains($0.key) }
    reader.isWaiting = false
    readers[side] = reader
    return try observe(state)
  }

  /// An observer that knows what a side of this kind may show.
  func stampedObserver(
    _ side: Side, _ keys: [NativeKey], of object: ObjectNumber,
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> Observer {
    let package = try state.package()
    var observer = Observer(side: side, state: package)
    observer.isRestored = package.restoring?.covers(side) == true
    observer.objects = objects
    observer.ignoring = ignoring[side]
    guard let rules = settings[side].detection.stamps else { return observer }
    observer.doubtsUnknown = rules.searchesLag && package[side].fullyRead.contains(object)
    observer.isLate = rules.searchesLag
    observer.awaitsOurs = try unsettledCreates(on: side, state).contains(object)
    for key in keys where try state.recordNumber(object, key) == nil {
      observer.gone = try deletedRecords(of: object, on: side, state)
      break
    }
    return observer
  }

  /// Deleted records that may come back, by key: a link holds them still, or their slot waits to be filled.
  private func deletedRecords(
    of object: ObjectNumber, on side: Side, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [NativeKey: Observer.Gone] {
    var found: [NativeKey: Observer.Gone] = [:]
    for task in mapping.tasks where task.object(side) == object {
      for part in [AgendaClass.gone, .single] {
        for number in try state.agenda(task.number, part, after: 0, limit: .max) {
          let link = LinkNumber(number)
          guard let held = try state.link(link) else { continue }
          let number = part == .gone ? held[side].record : held[side].former
          guard let record = try state.record(number), record.presence == .deleted else { continue }
          var gone = Observer.Gone(record: number, link: link)
          if part == .single {
            var places = [side: number]
            places[side.other] = held[side.other].record
            gone.rejoining = Linked(
              task: task.number, source: places[.source] ?? .none,
              target: places[.target] ?? .none)
          }
          found[record.key] = gone
        }
      }
    }
    return found
  }
}

extension SideReader {
  /// Asks by key for what is in doubt before the reading goes on.
  mutating func askFirst() {
    if !stamped.doubts.isEmpty, steps.first != .ask { steps.insert(.ask, at: 0) }
  }
}
