import SynclineModel

extension Projection {
  mutating func applyToPackage(
    _ event: JournalEvent, _ store: inout some StateStore & ~Copyable
  ) throws(StateFailure) {
    let header = event.header
    switch event.body {
    case .runOpened(let run):
      try changePackage(store) { $0.lastRun = max($0.lastRun, header.run) }
      let summary = RunSummary(
        opened: header.time, clocks: run.clocks, closed: nil, state: .running,
        tally: RunTally(), reason: "")
      try store.set(.runs, StateKey.run(header.run), summary.encoded)
    case .runClosed(let closed): try close(closed, header, &store)
    case .mappingAdopted(let mapping): try adopt(mapping, &store)
    case .objectObserved(let object):
      try see(object, &store)
      var writer = ByteWriter()
      object.encode(to: &writer)
      try store.set(.objects, StateKey.object(object.object), writer.bytes)
    case .trackingCreated(let created): try track(created, store)
    case .entriesForgotten(let forgotten):
      try changePackage(store) {
        if forgotten.generation == $0[forgotten.side].generation {
          $0[forgotten.side].covered.remove(forgotten.ranges)
        }
        $0[forgotten.side].owner = max($0[forgotten.side].owner, forgotten.owner)
      }
    case .cursorAdvanced(let cursor): try advance(cursor, store)
    case .parameterReset(let reset): try self.reset(reset.parameter, store)
    default: preconditionFailure("an event of another kind")
    }
  }

  /// An object of which more is captured than before must be read in full. One that looks otherwise
  /// may take what failed: a constraint may be gone.
  private mutating func see(
    _ object: ObjectObserved, _ store: inout some StateStore & ~Copyable
  ) throws(StateFailure) {
    let known = try store.object(object.object)
    if let known, known != object { try forgetBackoff(&store) }
    let isWider = !object.captured.isSubset(of: known?.captured ?? [])
    try changePackage(store) {
      $0.lastObject = max($0.lastObject, object.object)
      if isWider { $0[object.side].fullyRead.removeAll { $0 == object.object } }
    }
  }

  private mutating func close(
    _ closed: RunClosed, _ header: EventHeader, _ store: inout some StateStore & ~Copyable
  ) throws(StateFailure) {
    let opened = try store.run(header.run)
    let summary = RunSummary(
      opened: opened?.opened ?? header.time, clocks: opened?.clocks ?? ClockOffsets(),
      closed: header.time, state: closed.state, tally: closed.tally, reason: closed.reason)
    try store.set(.runs, StateKey.run(header.run), summary.encoded)
    try changePackage(store) {
      $0.source.owner = max($0.source.owner, closed.sourceOwner)
      $0.target.owner = max($0.target.owner, closed.targetOwner)
      // A side that needs no tracking objects has none to be made.
      if closed.state == .succeeded { $0.initTrackingObjects = false }
      if closed.endsEpoch {
        $0.isInEpoch = false
        $0.restoring = nil
      }
    }
  }

  private mutating func adopt(
    _ mapping: MappingAdopted, _ store: inout some StateStore & ~Copyable
  ) throws(StateFailure) {
    // What is held was folded under the mapping before.
    try finish(&store)
    var writer = ByteWriter()
    mapping.encode(to: &writer)
    try store.set(.mappings, StateKey.mapping(mapping.revision), writer.bytes)
    let before = try package(store).tasks
    var renewed: Set<TaskNumber> = []
    var reindexed: Set<TaskNumber> = []
    for table in mapping.table.tasks {
      let known = try self.table(table.number, store)
      if !before.contains(table.number) || known?.isOverSameObjects(as: table) != true {
        renewed.insert(table.number)
      }
      if known?.isIndexedLike(table) != true { reindexed.insert(table.number) }
      var writer = ByteWriter()
      MappingTable(tasks: [table]).encode(to: &writer)
      try store.set(.facts, StateKey.taskTable(table.number), writer.bytes)
      tables[table.number] = table
    }
    tasksByObject.removeAll()
    // Nobody journals the changes of an object that no task maps: should one map it again, what was
    // missed is found by a full read.
    let mapped = Set(mapping.table.tasks.flatMap { [$0.source, $0.target] })
    try changePackage(store) {
      for side in Side.allCases {
        $0[side].fullyRead.removeAll { !mapped.contains($0) }
        $0[side].bounds.removeAll { !mapped.contains($0.object) }
      }
      $0.revision = mapping.revision
      $0.tasks = mapping.table.tasks.map(\.number)
      $0.lastTask = max($0.lastTask, mapping.table.tasks.map(\.number).max() ?? .none)
    }
    for table in mapping.table.tasks where renewed.contains(table.number) {
      try clearAgenda(of: table.number, &store)
      for object in [table.source, table.target] {
        try addToAgenda(object, of: table.number, &store)
      }
    }
    for table in mapping.table.tasks
    where reindexed.contains(table.number) || renewed.contains(table.number)
      || !renewed.isDisjoint(with: table.parents)
    {
      try reindex(table, &store)
    }
    try forgetBackoff(&store)
  }

  /// A task that was away, or stood over another object, may have left records on its agenda that went
  /// meanwhile.
  private mutating func clearAgenda(
    of task: TaskNumber, _ store: inout some StateStore & ~Copyable
  ) throws(StateFailure) {
    for part in [AgendaClass.newSource, .newTarget] {
      let prefix = Array(StateKey.agenda(task, part).dropLast(8))
      for entry in try store.entries(.agenda, prefix: prefix, limit: .max) {
        try store.remove(.agenda, entry.key)
      }
    }
  }

  /// Records of the object that are known already (another task maps it) are new to this task.
  private mutating func addToAgenda(
    _ object: ObjectNumber, of task: TaskNumber, _ store: inout some StateStore & ~Copyable
  ) throws(StateFailure) {
    let part = try newClass(of: object, in: task, store)
    let prefix = StateKey.object(object)
    var after: [UInt8]?
    while true {
      let found = try store.entries(.keys, prefix: prefix, after: after, limit: 512)
      for entry in found {
        let number = RecordNumber(StateKey.trailing(entry.value, as: UInt64.self))
        guard let state = try peek(number, store), state.isThere,
          state.link(in: task) == .none
        else { continue }
        try store.set(.agenda, StateKey.agenda(task, part, number.rawValue), [])
      }
      guard let last = found.last else { return }
      after = last.key
    }
  }

  private mutating func track(
    _ created: TrackingCreated, _ store: borrowing some StateStore & ~Copyable
  ) throws(StateFailure) {
    try changePackage(store) { package in
      var side = package[created.side]
      if created.generation != side.generation {
        side.covered = []
        side.tracked = []
      }
      side.generation = created.generation
      side.identity = created.identity
      side.tracked = Array(Set(side.tracked).union(created.objects)).sorted()
      // What changed while nobody watched is found by reading them in full, in this run or a later one.
      side.fullyRead.removeAll { created.objects.contains($0) }
      side.initTracking = false
      package[created.side] = side
    }
  }

  private mutating func advance(
    _ cursor: CursorAdvanced, _ store: borrowing some StateStore & ~Copyable
  ) throws(StateFailure) {
    try changePackage(store) { package in
      var side = package[cursor.side]
      if cursor.generation == side.generation { side.covered.insert(cursor.ranges) }
      side.fullyRead = Array(Set(side.fullyRead).union(cursor.fullyRead)).sorted()
      for task in cursor.tasks {
        side.lastSync.removeAll { $0.task == task }
        side.lastSync.append(SideState.LastSync(task: task, time: cursor.lastSyncTime))
      }
      side.lastSync.sort { $0.task < $1.task }
      for bound in cursor.bounds {
        side.bounds.removeAll { $0.object == bound.object }
        side.bounds.append(bound)
      }
      side.bounds.sort { $0.object < $1.object }
      package[cursor.side] = side
    }
  }

  private mutating func reset(
    _ parameter: Parameter, _ store: borrowing some StateStore & ~Copyable
  ) throws(StateFailure) {
    try changePackage(store) { package in
      switch parameter {
      case .initTrackingObjects: package.initTrackingObjects = true
      case .lastSyncTime:
        package.isInEpoch = true
        for side in Side.allCases {
          package[side].fullyRead = []
          package[side].lastSync = []
          package[side].bounds = []
        }
      }
    }
  }
}

extension [EntryRange] {
  /// The union with `ranges`, ascending and without neighbours that touch.
  mutating func insert(_ ranges: [EntryRange]) {
    guard !ranges.isEmpty else { return }
    var merged: [EntryRange] = []
    for range in (self + ranges).sorted(by: { $0.first < $1.first }) {
      if let last = merged.last, range.first <= last.last || range.first - 1 == last.last {
        merged[merged.count - 1].last = Swift.max(last.last, range.last)
      } else {
        merged.append(range)
      }
    }
    self = merged
  }

  /// What is left without `ranges`.
  mutating func remove(_ ranges: [EntryRange]) {
    for gone in ranges {
      self = flatMap { range -> [EntryRange] in
        if gone.last < range.first || gone.first > range.last { return [range] }
        var rest: [EntryRange] = []
        if range.first < gone.first {
          rest.append(EntryRange(first: range.first, last: gone.first - 1))
        }
        if gone.last < range.last {
          rest.append(EntryRange(first: gone.last + 1, last: range.last))
        }
        return rest
      }
    }
  }
}

extension TaskTable {
  func isOverSameObjects(as other: TaskTable) -> Bool {
    source == other.source && target == other.target
  }

  /// The tasks whose records the relations name.
  var parents: [TaskNumber] { (toTarget + toSource).map(\.parent).filter { $0 != .none } }

  /// Whether relations and match rule are the same, so that the indexes need not be built anew.
  func isIndexedLike(_ other: TaskTable) -> Bool {
    toTarget.filter { $0.parent != .none } == other.toTarget.filter { $0.parent != .none }
      && toSource.filter { $0.parent != .none } == other.toSource.filter { $0.parent != .none }
      && matchSource == other.matchSource && matchTarget == other.matchTarget
  }
}

extension ObjectObserved {
  /// The fields that the journal remembers.
  var captured: Set<FieldNumber> { Set(fields.filter(\.isCaptured).map(\.number)) }
}
