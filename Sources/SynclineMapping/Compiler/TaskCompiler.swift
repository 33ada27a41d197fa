import SynclineModel

/// Compiles one task and collects what is wrong with it.
struct TaskCompiler {
  let task: TaskDefinition
  let package: PackageDefinition
  let catalog: MappingCatalog
  var problems: [PackageProblem] = []
  /// By written side.
  private var assignments: [Side: [Assignment]] = [:]
  private var written: [Side: Set<FieldName>] = [:]
  /// The fields that an entry tries to write, also where something is wrong with the entry.
  var attempted: [Side: Set<FieldName>] = [:]

  init(task: TaskDefinition, package: PackageDefinition, catalog: MappingCatalog) {
    self.task = task
    self.package = package
    self.catalog = catalog
  }

  /// Nil where an object is missing; otherwise what could be made of the task.
  mutating func compile() -> TaskMapping? {
    checkRule()
    guard let source = object(.source), let target = object(.target) else { return nil }
    let objects: [Side: MappingCatalog.Object] = [.source: source, .target: target]
    for side in [Side.target, .source] {
      guard let from = objects[side.other], let into = objects[side] else { continue }
      compileAssignments(to: Direction(side: side, from: from, into: into))
    }
    markTwoWay()
    for (side, object) in [(Side.target, target), (.source, source)] {
      checkRequiredFields(of: object, on: side)
    }
    let match = match(source, target)
    guard let number = catalog.tasks[task.name] else {
      refuse("has no number in the journal yet; this is a fault of the program", at: task.location)
      return nil
    }
    return TaskMapping(
      number: number, name: task.name, source: source.number, target: target.number,
      conflicts: task.conflicts ?? package.conflicts, drift: task.drift ?? package.drift,
      deletes: task.deletes ?? package.deletes, match: match,
      toTarget: sorted(.target), toSource: sorted(.source))
  }

  /// One direction of a task: what is read and what is written.
  struct Direction {
    var side: Side
    var from: MappingCatalog.Object
    var into: MappingCatalog.Object
  }

  mutating func refuse(_ message: String, at location: FileLocation?) {
    let problem = PackageProblem("task “\(task.name)”: \(message)", at: location)
    // What stands in both directions is looked at twice.
    if !problems.contains(problem) { problems.append(problem) }
  }

  // MARK: The task

  private mutating func checkRule() {
    guard (task.conflicts ?? package.conflicts) == .newest else { return }
    for side in Side.allCases where !catalog.timedSides.contains(side) {
      refuse(
        "the rule “newest” needs the time of each edit, which the \(side)'s system does not tell;"
          + " choose another rule", at: task.location)
    }
  }

  private mutating func object(_ side: Side) -> MappingCatalog.Object? {
    let definition = task.object(side)
    if let object = catalog.object(definition.object, on: side) { return object }
    let location = definition.location ?? task.location
    if let refusal = catalog.refusals[side]?[definition.object] {
      refuse("the \(side) object “\(definition.object)” cannot be synced: \(refusal)", at: location)
    } else {
      refuse(
        "the \(side) has no object “\(definition.object)”; correct the name, or create the object",
        at: location)
    }
    return nil
  }

  private mutating func match(
    _ source: MappingCatalog.Object, _ target: MappingCatalog.Object
  ) -> MatchMapping {
    guard case .pairs(let definitions) = task.match else {
      return task.match == .none ? .none : .unstated
    }
    var pairs: [MatchPair] = []
    for definition in definitions {
      let location = definition.location ?? task.location
      let read = field(definition.source, of: source, on: .source, at: location)
      let compared = field(definition.target, of: target, on: .target, at: location)
      guard let read, let compared else { continue }
      if compared.type.kind.verdict(from: read.type.kind) == .refused {
        refuse(
          "“\(definition.source)” (\(read.type.kind.word)) and “\(definition.target)”"
            + " (\(compared.type.kind.word)) can never match; match fields of like types",
          at: location)
      }
      pairs.append(
        MatchPair(
          source: read.number, target: compared.number, sourceType: read.type,
          targetType: compared.type))
    }
    return .pairs(pairs)
  }

  private mutating func checkRequiredFields(of object: MappingCatalog.Object, on side: Side) {
    // A side that nothing is written to gets no inserts.
    guard let written = attempted[side], !written.isEmpty else { return }
    for field in object.schema.fields
    where !field.isNullable && !field.hasDefault && !field.isCalculated
      && field.name != object.schema.key && !written.contains(field.name)
    {
      refuse(
        "the \(side) object “\(object.schema.name)” requires the field “\(field.name)”, which"
          + " nothing writes; map it, or give it a constant", at: task.location)
    }
  }

  // MARK: Assignments

  /// Adds an assignment; refused where another entry writes the field already.
  mutating func add(
    _ assignment: Assignment, named name: FieldName, to side: Side, at location: FileLocation?
  ) {
    guard written[side, default: []].insert(name).inserted else {
      refuse(
        "two entries write the \(side) field “\(name)”; keep one of them", at: location)
      return
    }
    assignments[side, default: []].append(assignment)
  }

  /// An edit of a field travels back where the other direction computes the field that this one comes
  /// from out of the field that this one writes.
  private mutating func markTwoWay() {
    for side in Side.allCases {
      let others = assignments[side.other] ?? []
      assignments[side] = assignments[side]?.map { assignment in
        var assignment = assignment
        assignment.isTwoWay = others.contains {
          $0.input == assignment.field && $0.field == assignment.input
        }
        return assignment
      }
    }
  }

  private func sorted(_ side: Side) -> [Assignment] {
    (assignments[side] ?? []).sorted { $0.field < $1.field }
  }
}
