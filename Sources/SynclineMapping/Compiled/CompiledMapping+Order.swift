// The order in which tasks are worked: parents before children, otherwise as in the file. A cycle is
// broken at a foreign key that may be null on both sides: the child is inserted with a null there and
// gets its key afterwards (Docs/Mapping.md, "Relations").

public import SynclineModel

extension CompiledMapping {
  /// The numbers of the tasks, parents before children; deletes go the other way.
  public var parentsFirst: [TaskNumber] {
    var waiting = tasks
    var order: [TaskNumber] = []
    while !waiting.isEmpty {
      let open = Set(waiting.map(\.number))
      let next =
        waiting.firstIndex { $0.parents.isDisjoint(with: open.subtracting([$0.number])) }
        ?? waiting.firstIndex { $0.requiredParents.isDisjoint(with: open) }
        ?? waiting.startIndex
      order.append(waiting.remove(at: next).number)
    }
    return order
  }

  /// Tasks that need one another before they can insert anything, in the order of the file.
  var deadlocked: [TaskMapping] {
    var circle = tasks
    while true {
      let members = Set(circle.map(\.number))
      let needed = circle.reduce(into: Set()) { $0.formUnion($1.requiredParents) }
      // Who needs no member can begin; whom no member needs only waits for the others.
      let rest = circle.filter {
        !$0.requiredParents.isDisjoint(with: members) && needed.contains($0.number)
      }
      if rest.count == circle.count { return rest }
      circle = rest
    }
  }
}

extension TaskMapping {
  /// The tasks that the foreign keys of this one point to.
  public var parents: Set<TaskNumber> { parents { _ in true } }

  /// Those without whose records none of this task can be inserted, on one side at least.
  public var requiredParents: Set<TaskNumber> { parents { !$0.takesNull } }

  private func parents(where isIncluded: (Assignment) -> Bool) -> Set<TaskNumber> {
    var parents: Set<TaskNumber> = []
    for assignment in toTarget + toSource {
      if case .relation(_, let task) = assignment.expression, isIncluded(assignment) {
        parents.insert(task)
      }
    }
    return parents
  }
}
