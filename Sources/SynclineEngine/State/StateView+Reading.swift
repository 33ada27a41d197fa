public import SynclineModel

// The state by its types. What cannot be decoded is damage: nothing but the fold writes these trees.

extension StateView where Self: ~Copyable {
  public func package() throws(StateFailure) -> PackageState {
    guard let bytes = try value(.facts, StateKey.package) else { return PackageState() }
    return try decoding(.facts) { () throws(DecodingFailure) in try PackageState(encoded: bytes) }
  }

  /// The last table that named the task, whether or not the mapping in force does.
  public func taskTable(_ task: TaskNumber) throws(StateFailure) -> TaskTable? {
    guard let bytes = try value(.facts, StateKey.taskTable(task)) else { return nil }
    let table = try decoding(.facts) { () throws(DecodingFailure) in
      var reader = ByteReader(bytes.span.bytes)
      return try MappingTable(from: &reader)
    }
    return table.tasks.first
  }

  /// The numbers of all tasks that ever stood in the package, by name.
  public func taskNumbers() throws(StateFailure) -> [String: TaskNumber] {
    var numbers: [String: TaskNumber] = [:]
    var number = TaskNumber.none
    let last = try package().lastTask
    while number < last {
      number = number.next
      if let table = try taskTable(number) { numbers[table.name] = number }
    }
    return numbers
  }

  public func object(_ object: ObjectNumber) throws(StateFailure) -> ObjectObserved? {
    guard let bytes = try value(.objects, StateKey.object(object)) else { return nil }
    return try decoding(.objects) { () throws(DecodingFailure) in
      var reader = ByteReader(bytes.span.bytes)
      return try ObjectObserved(from: &reader)
    }
  }

  /// Every object that was ever mapped, ascending by number.
  public func objects() throws(StateFailure) -> [ObjectObserved] {
    var objects: [ObjectObserved] = []
    var number = ObjectNumber.none
    let last = try package().lastObject
    while number < last {
      number = number.next
      if let object = try object(number) { objects.append(object) }
    }
    return objects
  }

  public func record(_ record: RecordNumber) throws(StateFailure) -> RecordState? {
    guard let bytes = try value(.records, StateKey.record(record)) else { return nil }
    return try decoding(.records) { () throws(DecodingFailure) in
      try RecordState(encoded: bytes)
    }
  }

  /// The record that stands, or is missing, under a key.
  public func recordNumber(
    _ object: ObjectNumber, _ key: NativeKey
  ) throws(StateFailure) -> RecordNumber? {
    guard let bytes = try value(.keys, StateKey.key(object, key)) else { return nil }
    return RecordNumber(StateKey.trailing(bytes, as: UInt64.self))
  }

  public func link(_ link: LinkNumber) throws(StateFailure) -> LinkState? {
    guard let bytes = try value(.links, StateKey.link(link)) else { return nil }
    return try decoding(.links) { () throws(DecodingFailure) in try LinkState(encoded: bytes) }
  }

  public func intent(_ command: CommandID) throws(StateFailure) -> IntentState? {
    guard let bytes = try value(.intents, StateKey.intent(command)) else { return nil }
    return try decoding(.intents) { () throws(DecodingFailure) in
      try IntentState(encoded: bytes)
    }
  }

  public func conflict(_ sequence: EventSequence) throws(StateFailure) -> ConflictState? {
    guard let bytes = try value(.conflicts, StateKey.conflict(sequence)) else { return nil }
    return try decoding(.conflicts) { () throws(DecodingFailure) in
      try ConflictState(encoded: bytes)
    }
  }

  public func failure(
    _ task: TaskNumber, _ record: RecordNumber
  ) throws(StateFailure) -> FailureState? {
    guard let bytes = try value(.failures, StateKey.failure(task, record)) else { return nil }
    return try decoding(.failures) { () throws(DecodingFailure) in
      try FailureState(encoded: bytes)
    }
  }

  public func run(_ run: RunNumber) throws(StateFailure) -> RunSummary? {
    guard let bytes = try value(.runs, StateKey.run(run)) else { return nil }
    return try decoding(.runs) { () throws(DecodingFailure) in try RunSummary(encoded: bytes) }
  }

  /// The mapping that was adopted as `revision`, compiled.
  public func mapping(_ revision: MappingRevision) throws(StateFailure) -> MappingAdopted? {
    guard let bytes = try value(.mappings, StateKey.mapping(revision)) else { return nil }
    return try decoding(.mappings) { () throws(DecodingFailure) in
      var reader = ByteReader(bytes.span.bytes)
      return try MappingAdopted(from: &reader)
    }
  }

  func decoding<Result>(
    _ tree: StateTree, _ body: () throws(DecodingFailure) -> Result
  ) throws(StateFailure) -> Result {
    do {
      return try body()
    } catch {
      throw StateFailure(
        .damaged,
        "the state's tree \(tree.name) holds what no fold wrote: \(error). "
          + "Run `syncline journal verify`, then `syncline journal rebuild`.")
    }
  }
}

extension StateView where Self: ~Copyable {
  /// Up to `limit` entries whose key begins with `prefix`, from the key after `after` on.
  public func entries(
    _ tree: StateTree, prefix: [UInt8], after: [UInt8]? = nil, limit: Int
  ) throws(StateFailure) -> [(key: [UInt8], value: [UInt8])] {
    var found: [(key: [UInt8], value: [UInt8])] = []
    try scan(tree, from: after ?? prefix) { key, value in
      guard key.starts(with: prefix), found.count < limit else { return false }
      if key != after { found.append((key, value)) }
      return found.count < limit
    }
    return found
  }

  /// Up to `limit` numbers of one part of a task's agenda, above `after`.
  public func agenda(
    _ task: TaskNumber, _ part: AgendaClass, after: UInt64, limit: Int
  ) throws(StateFailure) -> [UInt64] {
    let prefix = Array(StateKey.agenda(task, part).dropLast(8))
    return try entries(
      .agenda, prefix: prefix, after: StateKey.agenda(task, part, after), limit: limit
    ).map { StateKey.trailing($0.key, as: UInt64.self) }
  }

  /// The ids of all intents without an outcome, ascending, above `after`.
  public func unsettled(
    after: CommandID = .none, limit: Int
  ) throws(StateFailure) -> [CommandID] {
    try entries(.intents, prefix: [], after: StateKey.intent(after), limit: limit)
      .map { CommandID(StateKey.trailing($0.key, as: UInt64.self)) }
  }
}

extension StateView where Self: ~Copyable {
  /// The records of an object that are missing.
  public func missing(_ object: ObjectNumber) throws(StateFailure) -> [RecordNumber] {
    try entries(.missing, prefix: StateKey.object(object), limit: Int.max)
      .map { RecordNumber(StateKey.trailing($0.key, as: UInt64.self)) }
  }

  /// Those above `after`, ascending, `limit` at most.
  func missing(
    _ object: ObjectNumber, after record: RecordNumber, limit: Int
  ) throws(StateFailure) -> [RecordNumber] {
    try entries(
      .missing, prefix: StateKey.object(object), after: StateKey.missing(object, record),
      limit: limit
    ).map { RecordNumber(StateKey.trailing($0.key, as: UInt64.self)) }
  }

  /// The known keys of an object above `after` up to `through` (to the last, where it is nil), with
  /// their records, `limit` at most.
  public func keys(
    of object: ObjectNumber, after: NativeKey?, through: NativeKey?, limit: Int
  ) throws(StateFailure) -> [(key: NativeKey, record: RecordNumber)] {
    let prefix = StateKey.object(object)
    let end = through.map { StateKey.key(object, $0) }
    var found: [(key: NativeKey, record: RecordNumber)] = []
    let start = after.map { StateKey.key(object, $0) }
    try scan(.keys, from: start ?? prefix) { key, value in
      guard key.starts(with: prefix), found.count < limit else { return false }
      if let end, end.lexicographicallyPrecedes(key) { return false }
      if key != start {
        let number = RecordNumber(StateKey.trailing(value, as: UInt64.self))
        found.append((NativeKey(encoded: Array(key.dropFirst(2))), number))
      }
      return true
    }
    return found
  }
}
