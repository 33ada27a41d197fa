import SynclineMapping
import SynclineModel

/// What is left to do to read one side: the steps of its reading, in order.
struct SideReader: Hashable, Sendable {
  enum Step: Hashable, Sendable {
    /// Delete the entries that the journal holds from an earlier run.
    case forget
    /// Read the old queue to its end before the tracking objects are made anew.
    case drain
    case create(TrackingGeneration, [ObjectNumber])
    case readInFull(ObjectNumber)
    /// Records that could not be read and whose time has come, by their keys.
    case fetch(ObjectNumber)
    case readChanges
    /// Absences that the full reads found and no change explains.
    case confirmAbsences
    /// On a side that tells its changes by stamps: the feed of deletes, then the changes of an object.
    case readDeletions(ObjectNumber)
    case readStamped(ObjectNumber)
    /// Notes how far an object was read.
    case advance(ObjectNumber)
    /// Every key of an object, to find what its feed does not tell.
    case census(ObjectNumber)
    /// Keys of which what was read is in doubt.
    case ask
    /// Missing records, by their keys.
    case verify(ObjectNumber)
  }

  var steps: [Step]
  /// That of the queue which is read.
  var generation = TrackingGeneration.none
  /// Whether an answer is awaited.
  var isWaiting = false
  /// The last key of the full read that is under way.
  var after: NativeKey?
  /// Records that this full read has seen.
  var seen: UInt64 = 0
  /// Objects that were read in full in this run.
  var fullyRead: [ObjectNumber] = []
  /// Records that are being fetched, or will be next.
  var wanted: [WantedRecord] = []
  /// The last record of the fetch that is under way; none before its first.
  var lastWanted = RecordNumber.none
  /// Objects of which this run fetched records.
  var fetched: [ObjectNumber] = []
  /// Keys that an entry named and whose row is not there; a later entry should tell why.
  var dangling: Set<ObjectKey> = []
  /// Entries that this run read.
  var ranges: [EntryRange] = []
  var stamped = StampedReading()

  var isDone: Bool { steps.isEmpty && !isWaiting }
}

extension RunMachine {
  /// What must be read on a side, by what was read before.
  func reader(
    _ side: Side, _ package: PackageState
  ) -> SideReader {
    let known = package[side]
    let mapped = Array(Set(mapping.tasks.map { $0.object(side) })).sorted()
    if let rules = settings[side].detection.stamps { return stampedReader(side, rules, known) }
    guard settings[side].tracksByTriggers else {
      return SideReader(steps: mapped.map { .readInFull($0) } + [.confirmAbsences])
    }
    let standing = inspections[side]?.owners.first { $0.journal == settings.journal }
    // The answer to a creation was lost: the queue that stands is another one than the journal knows, with
    // numbers of its own.
    let generation = max(known.generation, standing?.generation ?? .none)
    let isKnown = generation == known.generation
    let conditions = inspections[side]?.tracking ?? [:]
    let damaged = mapped.filter { object in
      guard known.tracked.contains(object), let name = objects[object]?.name else { return false }
      return conditions[name] != .intact
    }
    let untracked = mapped.filter { !known.tracked.contains($0) }
    let isAnew =
      known.generation == .none || !isKnown || known.initTracking || !damaged.isEmpty
    var steps: [SideReader.Step] = []
    let isRenewed = package.restoring?.renews(side) == true
    if known.generation != .none, isKnown, !known.covered.isEmpty, !isRenewed,
      !planted(.queueReplayed)
    {
      steps.append(.forget)
    }
    if isAnew {
      // Only an intact object proves that the old queue is still there.
      let isTracked = mapped.contains { known.tracked.contains($0) && !damaged.contains($0) }
      if isTracked, !isRenewed { steps += [.drain, .forget] }
      steps.append(.create(generation.next, mapped))
    } else if !untracked.isEmpty {
      steps.append(.create(known.generation, untracked))
    }
    let unread = isAnew ? mapped : mapped.filter { !known.fullyRead.contains($0) }
    steps += unread.map { .readInFull($0) }
    if planted(.editBeforeTriggerLost) { SideReader.plantLateCreation(in: &steps) }
    steps.append(.readChanges)
    if !unread.isEmpty { steps.append(.confirmAbsences) }
    return SideReader(steps: steps, generation: generation)
  }

  /// Starts or goes on with the reading of both sides.
  mutating func observe(
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [Action] {
    var actions: [Action] = []
    for side in Side.allCases { actions += try observe(side, state) }
    let isEarly = planted(.pageOvertakesCreate) && !walk.hasBegun
    guard isEarly && readers.values.contains(where: \.isDone) || readers.values.allSatisfy(\.isDone)
    else { return actions }
    guard drafts.isEmpty else { return actions }
    phase = .deciding
    if !walk.hasBegun {
      walk = AgendaWalk(mapping, isInEpoch: try state.package().isInEpoch)
    }
    return actions + (try decideNext(state))
  }

  /// Reads the queues once more of sides on which a write found records gone; nil where there are none.
  mutating func readAgain(
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [Action]? {
    if rereads.isEmpty { return nil }
    if let actions = try settleAgain(state) { return actions }
    for side in rereads {
      readers[side] =
        settings[side].detection.stamps == nil
        ? SideReader(steps: [.readChanges], generation: try state.package()[side].generation)
        : verifyingReader(side)
    }
    rereads = []
    phase = .observing
    walk.hasProgressed = true
    return try observe(state)
  }

  /// The next step of one side.
  private mutating func observe(
    _ side: Side, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [Action] {
    guard var reader = readers[side], !reader.isWaiting, let step = reader.steps.first else {
      return []
    }
    if isCanceled || failure != nil {
      readers[side]?.steps = []
      return []
    }
    reader.isWaiting = true
    let action: Action
    switch step {
    case .forget:
      // What this step has just read is on its way into the journal, before the acknowledgement.
      let known = try state.package()[side]
      var entries = known.generation == reader.generation ? known.covered : []
      entries.insert(reader.ranges)
      action = .acknowledge(
        side, entries: entries, commandsBelow: try commandsBelow(state))
    case .drain, .readChanges: action = .readChanges(side, limit: settings[side].page)
    case .create(let generation, let objects):
      // Command ids that stand there may be those of events that the journal lost.
      let isRenewed = try state.package().restoring?.renews(side) == true
      action = creation(side, generation, objects, isRenewed: isRenewed)
    case .readInFull(let object):
      action = .readPage(
        side, PageRequest(object: object, after: reader.after, limit: settings[side].page))
    case .fetch(let object):
      try want(object, side, &reader, state)
      guard !reader.wanted.isEmpty else {
        readers[side] = reader
        stepDone(side)
        return try observe(side, state)
      }
      action = .fetch(side, FetchRequest(object: object, keys: reader.wanted.map(\.key)))
    case .readDeletions, .readStamped, .census, .ask, .verify, .advance:
      if case .verify = step, !drafts.isEmpty { return [] }
      guard let call = try stampedCall(step, side, &reader, state) else {
        reader.lastWanted = .none
        readers[side] = reader
        stepDone(side)
        return try observe(side, state)
      }
      action = call
    case .confirmAbsences:
      // What is missing stands in the state once it is journaled.
      guard drafts.isEmpty else { return [] }
      try confirmAbsences(side, state)
      reader.isWaiting = false
      reader.steps.removeFirst()
      readers[side] = reader
      return try observe(side, state)
    }
    readers[side] = reader
    return [action]
  }

  private func creation(
    _ side: Side, _ generation: TrackingGeneration, _ objects: [ObjectNumber], isRenewed: Bool
  ) -> Action {
    let pairs = settings.definition.tasks.map {
      ObjectPair(source: $0.source.object, target: $0.target.object)
    }
    return .createTracking(
      side,
      TrackingPlan(
        generation: generation,
        objects: bindings(on: side).filter { objects.contains($0.object) },
        pairs: pairs, identities: inspections.compactMapValues(\.identity),
        takeover: isRenewed ? settings.journal : settings.allowances.takeover))
  }

  /// The step that was under way is done.
  mutating func stepDone(_ side: Side) {
    readers[side]?.isWaiting = false
    readers[side]?.steps.removeFirst()
  }

  mutating func trackingCreated(
    _ side: Side, _ identity: SystemIdentity, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [Action] {
    guard case .create(let generation, let objects)? = readers[side]?.steps.first else {
      preconditionFailure("tracking objects were not asked for")
    }
    draft(
      .trackingCreated(
        TrackingCreated(
          side: side, generation: generation, identity: identity, objects: objects)))
    if readers[side]?.generation != generation {
      // What was read so far are numbers of the old queue.
      readers[side]?.generation = generation
      readers[side]?.ranges = []
    }
    stepDone(side)
    return try observe(side, state)
  }

  /// Absences that nothing explained: no row stands under the key, which in a database confirms them.
  private mutating func confirmAbsences(
    _ side: Side, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) {
    let fullyRead = readers[side]?.fullyRead ?? []
    for object in fullyRead + (readers[side]?.fetched ?? []) {
      for record in try state.missing(object) {
        guard settings.confirmsAbsence(on: side) else { continue }
        draft(.recordDeleted(RecordDeleted(isConfirmed: true)), record: record)
        tally[side].deleted += 1
        guard try state.package().restoring?.covers(side) == true else { continue }
        // The backup lacks it: it is made again from its partner.
        for membership in try state.record(record)?.memberships ?? [] {
          draft(
            .slotVacated(SlotVacated(slot: Slot(side), reason: .decided)), link: membership.link)
        }
      }
    }
    // Only now are the objects read to their end: a run that ended before would leave what is missing so.
    if !fullyRead.isEmpty, settings[side].tracksByTriggers {
      draft(
        .cursorAdvanced(
          CursorAdvanced(
            side: side, generation: try state.package()[side].generation, fullyRead: fullyRead)))
    }
  }

  /// Command ids below this one are settled.
  func commandsBelow(_ state: borrowing some StateView & ~Copyable) throws(StateFailure)
    -> CommandID
  {
    try state.unsettled(limit: 1).first ?? CommandID(head.sequence.rawValue + 1)
  }
}
