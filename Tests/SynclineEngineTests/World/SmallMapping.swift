import SynclineMapping
import SynclineModel

@testable import SynclineEngine

/// The mapping of one task between two objects, built field by field.
struct SmallMapping {
  static let task = TaskNumber(1)
  static let source = ObjectNumber(1)
  static let target = ObjectNumber(2)

  /// Fields bear the same number on both sides unless a test says otherwise.
  static let tag = FieldNumber(2)
  static let a = FieldNumber(3)
  static let b = FieldNumber(4)
  /// Mapped from source to target only.
  static let c = FieldNumber(5)
  /// A constant in the target.
  static let d = FieldNumber(6)
  /// The target gives it a value where an insert leaves it out.
  static let generated = FieldNumber(7)
  /// Never mapped.
  static let unmapped = FieldNumber(9)

  var toTarget: [Assignment] = []
  var toSource: [Assignment] = []
  var conflicts = ConflictRule.source
  var drift = DriftRule.leave
  var match = MatchMapping.none

  /// A field mapped both ways.
  mutating func pair(
    _ field: FieldNumber, source: FieldType = FieldType(.text),
    target: FieldType = FieldType(.text), to other: FieldNumber? = nil,
    rule: ConflictRule? = nil
  ) {
    toTarget.append(
      Assignment(
        field: other ?? field, type: target, expression: .column(field, from: source),
        isTwoWay: true, conflicts: rule))
    toSource.append(
      Assignment(
        field: field, type: source, expression: .column(other ?? field, from: target),
        isTwoWay: true, conflicts: rule))
  }

  /// A field that one side gets from the other and never gives back.
  mutating func oneWay(_ field: FieldNumber, to side: Side, takesNull: Bool = true) {
    add(
      Assignment(
        field: field, type: FieldType(.text),
        expression: .column(field, from: FieldType(.text)), isTwoWay: false,
        takesNull: takesNull), to: side)
  }

  /// A foreign key mapped both ways.
  mutating func relation(_ field: FieldNumber, to task: TaskNumber) {
    for side in Side.allCases {
      add(
        Assignment(
          field: field, type: FieldType(.integer), expression: .relation(field, task: task),
          isTwoWay: true), to: side)
    }
  }

  mutating func constant(_ field: FieldNumber, _ value: Value, to side: Side) {
    add(
      Assignment(
        field: field, type: FieldType(.text), expression: .constant(value), isTwoWay: false),
      to: side)
  }

  private mutating func add(_ assignment: Assignment, to side: Side) {
    if side == .target { toTarget.append(assignment) } else { toSource.append(assignment) }
  }

  var compiled: TaskMapping {
    TaskMapping(
      number: Self.task, name: "People", source: Self.source, target: Self.target,
      conflicts: conflicts, drift: drift, match: match,
      toTarget: toTarget.sorted { $0.field < $1.field },
      toSource: toSource.sorted { $0.field < $1.field })
  }

  /// The event that brings the mapping into force.
  func adopted(_ revision: UInt32) -> EventBody {
    let mapping = CompiledMapping(tasks: [compiled])
    return .mappingAdopted(
      MappingAdopted(
        revision: MappingRevision(revision), evaluator: 1, text: "mapping \(revision)",
        compiled: mapping.encoded, table: mapping.table))
  }

  func context(_ revision: UInt32 = 1, older: [UInt32: SmallMapping] = [:]) -> MappingContext {
    MappingContext(
      current: compiled, revision: MappingRevision(revision),
      older: Dictionary(
        uniqueKeysWithValues: older.map { (MappingRevision($0.key), $0.value.compiled) }))
  }
}

extension PackedRow {
  /// The row with texts for values; for tests.
  init(texts: [FieldNumber: String]) {
    self.init(texts.map { ($0.key, Value.text($0.value)) })
  }
}
