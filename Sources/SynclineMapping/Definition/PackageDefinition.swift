public import SynclineModel

/// Where something stands in a package file, from 1.
public struct FileLocation: Hashable, Sendable, Comparable, CustomStringConvertible {
  public var line: Int
  public var column: Int

  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  public static func < (first: Self, second: Self) -> Bool {
    (first.line, first.column) < (second.line, second.column)
  }

  public var description: String { "\(line):\(column)" }
}

/// Something that is wrong with a package. `message` names the thing, the cause and the mend.
public struct PackageProblem: Hashable, Sendable {
  public var location: FileLocation?
  public var message: String
  /// The file that `location` is a place of; nil: the package file itself.
  public var file: String?

  public init(_ message: String, at location: FileLocation?, file: String? = nil) {
    self.message = message
    self.location = location
    self.file = file
  }
}

/// Who wins where both sides changed a record (Docs/Conflicts.md).
public enum ConflictRule: UInt8, Hashable, Sendable, CaseIterable {
  case source = 1
  case target = 2
  case newest = 3
  case merge = 4
  case hold = 5

  /// As a package file spells it.
  public var word: String {
    switch self {
    case .source: "source"
    case .target: "target"
    case .newest: "newest"
    case .merge: "merge"
    case .hold: "hold"
    }
  }
}

/// What happens to a value that the mapping writes but does not read back, when a user changes it.
public enum DriftRule: UInt8, Hashable, Sendable, CaseIterable {
  case leave = 1
  case restore = 2
}

/// What happens to a record whose absence its system does not confirm.
public enum InferredDeletes: UInt8, Hashable, Sendable, CaseIterable {
  case hold = 1
  case apply = 2
}

/// The brake on mass deletion: both figures must be exceeded before deletes are held.
public struct DeleteLimit: Hashable, Sendable {
  /// Hundredths of an object's links.
  public var percent: Int
  /// Deletes that are always allowed.
  public var atLeast: Int

  public init(percent: Int = 10, atLeast: Int = 50) {
    self.percent = percent
    self.atLeast = atLeast
  }
}

/// Which fields the journal remembers.
public enum Capture: Hashable, Sendable {
  case all
  case mapped
  /// Fields named `Object.Field`, beside the mapped ones.
  case listed([String])
}

/// A package file as values: names, not numbers; nothing looked up yet.
public struct PackageDefinition: Hashable, Sendable {
  /// A label; two packages may bear the same.
  public var name: String
  public var source: SideDefinition
  public var target: SideDefinition
  /// By the name that the sides use.
  public var connections: [String: ConnectionDefinition]
  public var conflicts: ConflictRule
  public var capture: Capture
  public var deletes: DeleteLimit
  public var inferredDeletes: InferredDeletes
  public var drift: DriftRule
  public var duringRun: DuringRun
  public var tasks: [TaskDefinition]
  /// The line that the first run appends.
  public var journal: JournalID?

  public init(
    name: String = "Untitled", source: SideDefinition, target: SideDefinition,
    connections: [String: ConnectionDefinition], conflicts: ConflictRule = .source,
    capture: Capture = .all, deletes: DeleteLimit = DeleteLimit(),
    inferredDeletes: InferredDeletes = .hold, drift: DriftRule = .leave,
    duringRun: DuringRun = .sync, tasks: [TaskDefinition], journal: JournalID? = nil
  ) {
    self.name = name
    self.source = source
    self.target = target
    self.connections = connections
    self.conflicts = conflicts
    self.capture = capture
    self.deletes = deletes
    self.inferredDeletes = inferredDeletes
    self.drift = drift
    self.duringRun = duringRun
    self.tasks = tasks
    self.journal = journal
  }

  public subscript(side: Side) -> SideDefinition { side == .source ? source : target }
}

/// What becomes of edits that are made while a run goes on.
public enum DuringRun: String, Hashable, Sendable, CaseIterable {
  case sync
  case ignore
}

public struct SideDefinition: Hashable, Sendable {
  public var connection: String
  /// Whether the user as which we log in belongs to the package alone: what that user changes by hand is ignored.
  public var isDedicated: Bool
  public var location: FileLocation?

  public init(connection: String, isDedicated: Bool = false, location: FileLocation? = nil) {
    self.connection = connection
    self.isDedicated = isDedicated
    self.location = location
  }
}

/// How a system is reached. A connection type of a later version is refused by the reader.
public enum ConnectionDefinition: Hashable, Sendable {
  case sqlite(SQLiteConnection)
}

public struct SQLiteConnection: Hashable, Sendable {
  /// As written; relative to the folder of the file that names it.
  public var file: String
  /// The zone of timestamps without one, in minutes east of UTC.
  public var zoneMinutes: Int16
  public var busyTimeoutMilliseconds: Int
  public var location: FileLocation?

  public init(
    file: String, zoneMinutes: Int16 = 0, busyTimeoutMilliseconds: Int = 30_000,
    location: FileLocation? = nil
  ) {
    self.file = file
    self.zoneMinutes = zoneMinutes
    self.busyTimeoutMilliseconds = busyTimeoutMilliseconds
    self.location = location
  }
}

/// One task: a source object and a target object that are kept the same.
public struct TaskDefinition: Hashable, Sendable {
  public var name: String
  public var source: ObjectDefinition
  public var target: ObjectDefinition
  public var match: MatchDefinition
  /// Both directions.
  public var columns: [ColumnDefinition]
  public var relations: [RelationDefinition]
  /// One direction: how a target field gets its value.
  public var toTarget: [AssignmentDefinition]
  public var toSource: [AssignmentDefinition]
  /// Nil: as the package says.
  public var conflicts: ConflictRule?
  public var drift: DriftRule?
  public var deletes: DeleteLimit?
  public var location: FileLocation?

  public init(
    name: String, source: ObjectDefinition, target: ObjectDefinition,
    match: MatchDefinition = .unstated, columns: [ColumnDefinition] = [],
    relations: [RelationDefinition] = [], toTarget: [AssignmentDefinition] = [],
    toSource: [AssignmentDefinition] = [], conflicts: ConflictRule? = nil,
    drift: DriftRule? = nil, deletes: DeleteLimit? = nil, location: FileLocation? = nil
  ) {
    self.name = name
    self.source = source
    self.target = target
    self.match = match
    self.columns = columns
    self.relations = relations
    self.toTarget = toTarget
    self.toSource = toSource
    self.conflicts = conflicts
    self.drift = drift
    self.deletes = deletes
    self.location = location
  }

  public func object(_ side: Side) -> ObjectDefinition { side == .source ? source : target }
}

public struct ObjectDefinition: Hashable, Sendable {
  public var object: ObjectName
  /// A trigger assigns the key (`key: assigned`).
  public var keyIsAssigned: Bool
  public var location: FileLocation?

  public init(object: ObjectName, keyIsAssigned: Bool = false, location: FileLocation? = nil) {
    self.object = object
    self.keyIsAssigned = keyIsAssigned
    self.location = location
  }
}

/// Whether records that stand on both sides already are linked.
public enum MatchDefinition: Hashable, Sendable {
  /// Nothing said: a large first run is refused.
  case unstated
  /// `match: none`: doubling them is meant.
  case none
  /// All pairs must agree.
  case pairs([MatchPairDefinition])
}

public struct MatchPairDefinition: Hashable, Sendable {
  public var source: FieldName
  public var target: FieldName
  public var location: FileLocation?

  public init(source: FieldName, target: FieldName, location: FileLocation? = nil) {
    self.source = source
    self.target = target
    self.location = location
  }
}

public struct ColumnDefinition: Hashable, Sendable {
  public var source: FieldName
  public var target: FieldName
  /// A rule of its own: `source`, `target` or `merge`.
  public var conflicts: ConflictRule?
  public var location: FileLocation?

  public init(
    source: FieldName, target: FieldName, conflicts: ConflictRule? = nil,
    location: FileLocation? = nil
  ) {
    self.source = source
    self.target = target
    self.conflicts = conflicts
    self.location = location
  }
}

/// A pair of foreign keys, translated through the links of the named task.
public struct RelationDefinition: Hashable, Sendable {
  public var source: FieldName
  public var target: FieldName
  /// The task whose records the keys point to.
  public var task: String
  public var conflicts: ConflictRule?
  public var location: FileLocation?

  public init(
    source: FieldName, target: FieldName, task: String, conflicts: ConflictRule? = nil,
    location: FileLocation? = nil
  ) {
    self.source = source
    self.target = target
    self.task = task
    self.conflicts = conflicts
    self.location = location
  }
}

/// How one field gets its value, in one direction.
public struct AssignmentDefinition: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    /// A field of the other side.
    case column(FieldName)
    /// As the file spells it: null, true/false, number or text.
    case constant(Value)
  }
  public var field: FieldName
  public var kind: Kind
  public var location: FileLocation?

  public init(field: FieldName, kind: Kind, location: FileLocation? = nil) {
    self.field = field
    self.kind = kind
    self.location = location
  }
}
