/// A run began.
public struct RunOpened: Hashable, Sendable {
  /// The version of the program.
  public var program: String
  /// What a person allowed for this run, as given on the command line.
  public var allowances: [String]
  /// How the systems' clocks stood to the run's, as far as they have clocks of their own.
  public var clocks: ClockOffsets

  public init(program: String, allowances: [String], clocks: ClockOffsets = ClockOffsets()) {
    self.program = program
    self.allowances = allowances
    self.clocks = clocks
  }
}

/// What was measured of the systems' clocks when a run began, in microseconds. Rule `newest` corrects the
/// systems' stamps by it.
public struct ClockOffsets: Hashable, Sendable {
  /// The system's clock less the run's; 0 where the system has no clock of its own.
  public var source: Int64
  public var target: Int64
  /// How far both together may be wrong: the time that the questions took.
  public var error: Int64

  public init(source: Int64 = 0, target: Int64 = 0, error: Int64 = 0) {
    self.source = source
    self.target = target
    self.error = error
  }

  public subscript(side: Side) -> Int64 {
    get { side == .source ? source : target }
    set { if side == .source { source = newValue } else { target = newValue } }
  }
}

/// How a run ended.
public enum RunState: UInt8, Hashable, Sendable, CaseIterable {
  case running = 1
  case succeeded = 2
  case failed = 3
  case canceled = 4
}

/// A run ended.
public struct RunClosed: Hashable, Sendable {
  public var state: RunState
  public var tally: RunTally
  /// Up to which event each side's owner row was renewed; none where the side has no such row.
  public var sourceOwner: EventSequence
  public var targetOwner: EventSequence
  /// Whether it ends the epoch that a reset of LastSyncTime began: it read everything and was not
  /// limited in what it sent.
  public var endsEpoch: Bool
  /// Why, where it failed or was braked; safe to show.
  public var reason: String

  public init(
    state: RunState, tally: RunTally, endsEpoch: Bool = false, sourceOwner: EventSequence = .none,
    targetOwner: EventSequence = .none, reason: String = ""
  ) {
    self.state = state
    self.tally = tally
    self.endsEpoch = endsEpoch
    self.sourceOwner = sourceOwner
    self.targetOwner = targetOwner
    self.reason = reason
  }
}

/// What a run saw and did on one side.
public struct SideTally: Hashable, Sendable {
  /// Records observed as new, with other content, as gone.
  public var created: UInt64 = 0
  public var changed: UInt64 = 0
  public var deleted: UInt64 = 0
  /// Commands confirmed.
  public var inserts: UInt64 = 0
  public var updates: UInt64 = 0
  public var deletes: UInt64 = 0

  public init() {}

  /// The writes that this side received.
  public var written: UInt64 { inserts + updates + deletes }
}

/// What a run saw and did.
public struct RunTally: Hashable, Sendable {
  public var source = SideTally()
  public var target = SideTally()
  /// Conflicts that were decided by rule.
  public var conflicts: UInt64 = 0
  /// Records that could not be written, mapped or read.
  public var failed: UInt64 = 0
  /// Records that wait for a person (held conflicts and deletes, missing records).
  public var held: UInt64 = 0
  /// Records that go by themselves later (their parent failed, a limit was reached, backing off).
  public var pending: UInt64 = 0
  /// Links that differ under the mapping in force and that a plain run leaves alone.
  public var untouched: UInt64 = 0

  public init() {}

  public subscript(side: Side) -> SideTally {
    get { side == .source ? source : target }
    set { if side == .source { source = newValue } else { target = newValue } }
  }
}

/// A version of the mapping came into force.
public struct MappingAdopted: Hashable, Sendable {
  public var revision: MappingRevision
  /// The version of the evaluator that computes values under it.
  public var evaluator: UInt16
  /// The mapping for a person to read; equal mappings have equal text.
  public var text: String
  /// The mapping for the evaluator (`CompiledMapping`); the fold does not look into it.
  public var compiled: [UInt8]
  /// All that the fold reads of a mapping.
  public var table: MappingTable

  public init(
    revision: MappingRevision, evaluator: UInt16, text: String, compiled: [UInt8],
    table: MappingTable
  ) {
    self.revision = revision
    self.evaluator = evaluator
    self.text = text
    self.compiled = compiled
    self.table = table
  }
}

/// Which field each written field is computed from, task by task.
public struct MappingTable: Hashable, Sendable {
  public var tasks: [TaskTable]

  public init(tasks: [TaskTable]) { self.tasks = tasks }

  public func task(_ number: TaskNumber) -> TaskTable? { tasks.first { $0.number == number } }
}

/// One task's part of the table.
public struct TaskTable: Hashable, Sendable {
  public struct Written: Hashable, Sendable {
    public var field: FieldNumber
    /// The field of the other side that it is computed from; none for a constant.
    public var input: FieldNumber
    /// For a relation: the task whose records the input names; none otherwise.
    public var parent: TaskNumber

    public init(field: FieldNumber, input: FieldNumber, parent: TaskNumber = .none) {
      self.field = field
      self.input = input
      self.parent = parent
    }
  }

  public var number: TaskNumber
  public var name: String
  public var source: ObjectNumber
  public var target: ObjectNumber
  /// The written fields of the target, ascending, and of the source.
  public var toTarget: [Written]
  public var toSource: [Written]
  /// The fields by which records without a link find their partner: pairs, in order.
  public var matchSource: [FieldNumber]
  public var matchTarget: [FieldNumber]

  public init(
    number: TaskNumber, name: String, source: ObjectNumber, target: ObjectNumber,
    toTarget: [Written], toSource: [Written], matchSource: [FieldNumber] = [],
    matchTarget: [FieldNumber] = []
  ) {
    self.number = number
    self.name = name
    self.source = source
    self.target = target
    self.toTarget = toTarget
    self.toSource = toSource
    self.matchSource = matchSource
    self.matchTarget = matchTarget
  }

  public func object(_ side: Side) -> ObjectNumber { side == .source ? source : target }

  public func written(on side: Side) -> [Written] { side == .source ? toSource : toTarget }

  public func match(_ side: Side) -> [FieldNumber] {
    side == .source ? matchSource : matchTarget
  }

  /// Whether the mapping reads `field` of `side` to write the other one.
  public func reads(_ field: FieldNumber, of side: Side) -> Bool {
    written(on: side.other).contains { $0.input == field }
  }

  /// Whether the mapping writes `field` of `side`.
  public func writes(_ field: FieldNumber, of side: Side) -> Bool {
    written(on: side).contains { $0.field == field }
  }
}

/// An object was found to look so: its numbers, fields and types.
public struct ObjectObserved: Hashable, Sendable {
  public struct Field: Hashable, Sendable {
    public var number: FieldNumber
    public var schema: FieldSchema
    public var isCaptured: Bool

    public init(number: FieldNumber, schema: FieldSchema, isCaptured: Bool) {
      self.number = number
      self.schema = schema
      self.isCaptured = isCaptured
    }
  }

  public var object: ObjectNumber
  public var side: Side
  public var name: ObjectName
  public var key: FieldNumber
  public var fields: [Field]
  public var foreignKeys: [ForeignKey]

  public init(
    object: ObjectNumber, side: Side, name: ObjectName, key: FieldNumber, fields: [Field],
    foreignKeys: [ForeignKey]
  ) {
    self.object = object
    self.side = side
    self.name = name
    self.key = key
    self.fields = fields
    self.foreignKeys = foreignKeys
  }

  public func field(named name: FieldName) -> Field? { fields.first { $0.schema.name == name } }
  public func field(_ number: FieldNumber) -> Field? { fields.first { $0.number == number } }
}

/// Tracking objects were made on a side.
public struct TrackingCreated: Hashable, Sendable {
  public var side: Side
  public var generation: TrackingGeneration
  public var identity: SystemIdentity
  public var objects: [ObjectNumber]

  public init(
    side: Side, generation: TrackingGeneration, identity: SystemIdentity, objects: [ObjectNumber]
  ) {
    self.side = side
    self.generation = generation
    self.identity = identity
    self.objects = objects
  }
}

/// A side has deleted these tracking entries, and its owner row stands at `owner`.
public struct EntriesForgotten: Hashable, Sendable {
  public var side: Side
  public var generation: TrackingGeneration
  public var ranges: [EntryRange]
  public var owner: EventSequence

  public init(
    side: Side, generation: TrackingGeneration, ranges: [EntryRange], owner: EventSequence
  ) {
    self.side = side
    self.generation = generation
    self.ranges = ranges
    self.owner = owner
  }
}

/// A side was read thus far.
public struct CursorAdvanced: Hashable, Sendable {
  public var side: Side
  public var generation: TrackingGeneration
  /// The tracking entries whose content the events of the same batch hold.
  public var ranges: [EntryRange]
  /// Objects that were read from their first record to their last.
  public var fullyRead: [ObjectNumber]
  /// Tasks whose LastSyncTime on this side is now `lastSyncTime`.
  public var tasks: [TaskNumber]
  public var lastSyncTime: Timestamp
  /// On a side that tells its changes by stamps: from when on each object is read next.
  public var bounds: [ObjectBound]

  public init(
    side: Side, generation: TrackingGeneration, ranges: [EntryRange] = [],
    fullyRead: [ObjectNumber] = [], tasks: [TaskNumber] = [],
    lastSyncTime: Timestamp = Timestamp(microseconds: 0), bounds: [ObjectBound] = []
  ) {
    self.bounds = bounds
    self.side = side
    self.generation = generation
    self.ranges = ranges
    self.fullyRead = fullyRead
    self.tasks = tasks
    self.lastSyncTime = lastSyncTime
  }
}

/// The moment, in the server's time, from which on an object's changes are read.
public struct ObjectBound: Hashable, Sendable {
  public var object: ObjectNumber
  public var since: Timestamp

  public init(object: ObjectNumber, since: Timestamp) {
    self.object = object
    self.since = since
  }
}

/// The two parameters that users know.
public enum Parameter: UInt8, Hashable, Sendable, CaseIterable {
  /// When the package was last synced. Its reset starts an epoch: the next run reads everything and
  /// sends no delete.
  case lastSyncTime = 1
  /// Whether the next run makes the tracking objects. Its reset makes them anew.
  case initTrackingObjects = 2

  /// As users know it.
  public var name: String {
    switch self {
    case .lastSyncTime: "LastSyncTime"
    case .initTrackingObjects: "InitTrackingObjects"
    }
  }
}

/// A person reset a parameter.
public struct ParameterReset: Hashable, Sendable {
  public var parameter: Parameter
  public init(parameter: Parameter) { self.parameter = parameter }
}
