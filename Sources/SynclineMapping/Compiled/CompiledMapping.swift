public import SynclineModel

/// A package's mapping with numbers in the place of names and with the types that its conversions
/// depend on: all that is needed to map a record, in one value. The journal keeps each version that
/// was in force (`mapping adopted`), so that what was agreed under an old one can be computed again.
public struct CompiledMapping: Hashable, Sendable {
  /// In the order of the file.
  public var tasks: [TaskMapping]

  public init(tasks: [TaskMapping]) { self.tasks = tasks }

  public func task(_ number: TaskNumber) -> TaskMapping? { tasks.first { $0.number == number } }
}

/// One task: a source object and a target object, one record of each to a link.
public struct TaskMapping: Hashable, Sendable {
  public var number: TaskNumber
  public var name: String
  public var source: ObjectNumber
  public var target: ObjectNumber
  public var conflicts: ConflictRule
  public var drift: DriftRule
  public var deletes: DeleteLimit
  public var match: MatchMapping
  /// How each written field of the target gets its value, ascending by field.
  public var toTarget: [Assignment]
  /// How each written field of the source gets its value, ascending by field.
  public var toSource: [Assignment]

  public init(
    number: TaskNumber, name: String, source: ObjectNumber, target: ObjectNumber,
    conflicts: ConflictRule = .source, drift: DriftRule = .leave,
    deletes: DeleteLimit = DeleteLimit(), match: MatchMapping = .unstated,
    toTarget: [Assignment], toSource: [Assignment]
  ) {
    self.number = number
    self.name = name
    self.source = source
    self.target = target
    self.conflicts = conflicts
    self.drift = drift
    self.deletes = deletes
    self.match = match
    self.toTarget = toTarget
    self.toSource = toSource
  }

  public func object(_ side: Side) -> ObjectNumber { side == .source ? source : target }

  /// The assignments that write `side`.
  public func assignments(to side: Side) -> [Assignment] {
    side == .source ? toSource : toTarget
  }
}

/// Whether and how records that exist on both sides are linked.
public enum MatchMapping: Hashable, Sendable {
  case unstated
  case none
  case pairs([MatchPair])
}

public struct MatchPair: Hashable, Sendable {
  public var source: FieldNumber
  public var target: FieldNumber
  public var sourceType: FieldType
  public var targetType: FieldType

  public init(
    source: FieldNumber, target: FieldNumber, sourceType: FieldType, targetType: FieldType
  ) {
    self.source = source
    self.target = target
    self.sourceType = sourceType
    self.targetType = targetType
  }
}

/// How one written field gets its value from the record of the other side.
public struct Assignment: Hashable, Sendable {
  /// The written field.
  public var field: FieldNumber
  public var type: FieldType
  public var expression: Expression
  /// Whether the other direction reads the written field back: only then an edit of it travels.
  public var isTwoWay: Bool
  /// A rule of the field's own.
  public var conflicts: ConflictRule?
  /// Whether the written field may be null; a foreign key that may is set after the insert.
  public var takesNull: Bool
  /// Whether an insert may carry it; otherwise it follows once the record is there.
  public var goesWithInserts: Bool

  public init(
    field: FieldNumber, type: FieldType, expression: Expression, isTwoWay: Bool,
    conflicts: ConflictRule? = nil, takesNull: Bool = true, goesWithInserts: Bool = true
  ) {
    self.field = field
    self.type = type
    self.expression = expression
    self.isTwoWay = isTwoWay
    self.conflicts = conflicts
    self.takesNull = takesNull
    self.goesWithInserts = goesWithInserts
  }

  /// The field of the other side that the value is computed from; nil for a constant.
  public var input: FieldNumber? {
    switch expression {
    case .column(let field, _): field
    case .constant: nil
    case .relation(let field, _): field
    }
  }
}

/// What the value of a written field is computed from.
public enum Expression: Hashable, Sendable {
  /// The value of a field of the other side, converted from its type.
  case column(FieldNumber, from: FieldType)
  /// Already of the written field's type.
  case constant(Value)
  /// The key of the record that is linked, in the named task, with the one this foreign key names.
  case relation(FieldNumber, task: TaskNumber)
}
