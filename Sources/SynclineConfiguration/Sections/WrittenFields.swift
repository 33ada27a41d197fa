import SynclineMapping
import SynclineModel

/// In each direction a field is written by one entry only; two would overwrite each other for ever.
struct WrittenFields {
  private var firstWriters: [FieldName: FileLocation?] = [:]
  private let side: Side
  private let problems: ProblemList

  static func check(_ task: TaskDefinition, _ problems: ProblemList) {
    var target = WrittenFields(side: .target, problems: problems)
    var source = WrittenFields(side: .source, problems: problems)
    for column in task.columns {
      target.note(column.target, at: column.location)
      source.note(column.source, at: column.location)
    }
    for relation in task.relations {
      target.note(relation.target, at: relation.location)
      source.note(relation.source, at: relation.location)
    }
    for assignment in task.toTarget { target.note(assignment.field, at: assignment.location) }
    for assignment in task.toSource { source.note(assignment.field, at: assignment.location) }
  }

  private init(side: Side, problems: ProblemList) {
    self.side = side
    self.problems = problems
  }

  private mutating func note(_ field: FieldName, at location: FileLocation?) {
    guard !field.rawValue.isEmpty else { return }
    guard let first = firstWriters.updateValue(location, forKey: field) else { return }
    firstWriters[field] = first
    let place = first.map { "at \($0)" } ?? "above"
    problems.add(
      "the field \(Words.quoted(field.rawValue)) of the \(side) is written \(place) already;"
        + " keep one of the two", at: location)
  }
}
