import Synchronization
public import SynclineModel

/// A test double of a database: objects with rules, tracking objects of several journals, command
/// ids and a clock, all in memory and deterministic. Users edit it here; a run meets it through a
/// `MemoryConnector`. It keeps the rules of a server and is never kinder than one: the connector
/// contract suite holds for it as it does for SQLite.
public final class MemorySystem: Sendable {
  private let state: Mutex<MemoryState>
  private let script: Mutex<FaultScript>
  /// The identity that the first tracking gives the system.
  public let identity: SystemIdentity

  /// What the clock shows at first: 2026-01-01T00:00:00Z.
  public static let beginning = Timestamp(microseconds: 1_767_225_600_000_000)
  /// How far each transaction moves the clock.
  private static let stepMicroseconds: Int64 = 1000

  public init(
    _ objects: [SystemObject], identity: SystemIdentity = SystemIdentity("memory"),
    faults: [Fault] = []
  ) {
    self.identity = identity
    state = Mutex(MemoryState(objects, now: Self.beginning))
    script = Mutex(FaultScript(faults))
  }

  /// Carries out a user's edits in one transaction: all or none. The keys of their records.
  @discardableResult
  public func edit(_ edits: [UserEdit]) throws(EditRefused) -> [NativeKey] {
    try transaction { (state) throws(EditRefused) in
      var keys: [NativeKey] = []
      for edit in edits { keys.append(try state.apply(edit)) }
      return keys
    }
  }

  /// Inserts a row in a transaction of its own; its key.
  @discardableResult
  public func insert(
    into object: ObjectName, _ fields: [FieldName: Value]
  ) throws(EditRefused) -> NativeKey {
    try transaction { (state) throws(EditRefused) in try state.insert(fields, into: object) }
  }

  /// Changes fields of a row in a transaction of its own.
  public func update(
    _ object: ObjectName, _ key: NativeKey, _ fields: [FieldName: Value]
  ) throws(EditRefused) {
    try edit([.update(object, key, fields)])
  }

  /// Deletes a row, and what its foreign keys take along, in a transaction of its own.
  public func delete(_ object: ObjectName, _ key: NativeKey) throws(EditRefused) {
    try edit([.delete(object, key)])
  }

  /// Gives a row another key in a transaction of its own.
  public func rekey(
    _ object: ObjectName, _ key: NativeKey, to new: NativeKey
  ) throws(EditRefused) {
    try edit([.rekey(object, key, to: new)])
  }

  /// The rows of an object as a user sees them.
  public func rows(of name: ObjectName) -> [NativeKey: [FieldName: Value]] {
    let state = snapshot
    guard let object = state.objects[name] else { return [:] }
    return (state.rows[name] ?? [:]).keys.reduce(into: [:]) {
      $0[$1] = state.visible($1, of: object)
    }
  }

  /// The journals whose tracking objects stand in the system.
  public var trackers: Set<JournalID> { Set(snapshot.trackings.keys) }

  /// What the system's clock shows.
  public var now: Timestamp { snapshot.now }

  /// Lets time pass.
  public func advance(microseconds: Int64) {
    state.withLock { $0.now = Timestamp(microseconds: $0.now.microseconds + microseconds) }
  }

  /// Drops the trigger of an object in every journal's tracking, as a careless owner does: edits
  /// are no longer noted.
  public func damageTracking(of object: ObjectName) {
    state.withLock { state in
      for journal in state.trackings.keys { state.trackings[journal]?.damaged.insert(object) }
    }
  }

  /// Adds faults; calls are counted since the system was made.
  public func schedule(_ faults: [Fault]) { script.withLock { $0.add(faults) } }

  /// How many calls of a kind were begun.
  public func calls(_ kind: CallKind) -> Int { script.withLock { $0.counts[kind] ?? 0 } }

  /// Counts a call; the faults that meet it.
  func begin(_ kind: CallKind) -> [Fault.Effect] { script.withLock { $0.begin(kind) } }

  /// The state as it is now; later edits do not reach it.
  var snapshot: MemoryState { state.withLock { $0 } }

  /// Runs a transaction: what it did stands when it ends, and nothing of it when it throws.
  func transaction<Answer: Sendable, Failure>(
    _ body: (inout MemoryState) throws(Failure) -> Answer
  ) throws(Failure) -> Answer {
    try state.withLock { (state) throws(Failure) in
      var draft = state
      draft.now = Timestamp(microseconds: draft.now.microseconds + Self.stepMicroseconds)
      let answer = try body(&draft)
      state = draft
      return answer
    }
  }
}
