import SynclineModel

extension TaskCompiler {
  /// A field with its number.
  struct Found {
    var number: FieldNumber
    var schema: FieldSchema
    var type: FieldType { schema.type }
  }

  mutating func compileAssignments(to direction: Direction) {
    for column in task.columns {
      let names = direction.names(column.source, column.target)
      checkRule(column.conflicts, of: column.target, at: column.location)
      assign(
        names.into, .column(names.from), to: direction, conflicts: column.conflicts,
        at: column.location)
    }
    for relation in task.relations {
      checkRule(relation.conflicts, of: relation.target, at: relation.location)
      relate(relation, to: direction)
    }
    let oneWay = direction.side == .source ? task.toSource : task.toTarget
    for entry in oneWay {
      assign(entry.field, entry.kind, to: direction, conflicts: nil, at: entry.location)
    }
  }

  mutating func field(
    _ name: FieldName, of object: MappingCatalog.Object, on side: Side, at location: FileLocation?
  ) -> Found? {
    if let schema = object.schema.field(name), let number = object.fields[name] {
      return Found(number: number, schema: schema)
    }
    let nearest = nearestName(
      to: name.rawValue, among: object.schema.fields.map(\.name.rawValue))
    let mend = nearest.map { "did you mean “\($0)”?" } ?? "correct the name"
    refuse(
      "the \(side) object “\(object.schema.name)” has no field “\(name)”; \(mend)",
      at: location ?? task.location)
    return nil
  }

  private mutating func checkRule(
    _ rule: ConflictRule?, of name: FieldName, at location: FileLocation?
  ) {
    guard let rule, rule == .newest || rule == .hold else { return }
    refuse(
      "the field “\(name)” cannot have the rule “\(rule.word)” of its own; choose source, target or"
        + " merge", at: location ?? task.location)
  }

  /// A field that may be written, or nil.
  private mutating func writable(
    _ name: FieldName, in direction: Direction, at location: FileLocation?
  ) -> Found? {
    let side = direction.side
    attempted[side, default: []].insert(name)
    guard let found = field(name, of: direction.into, on: side, at: location) else { return nil }
    if name == direction.into.schema.key {
      refuse(
        "the \(side) field “\(name)” is the key of “\(direction.into.schema.name)”, which the system"
          + " assigns; map it one way, from the \(side), or not at all", at: location)
      return nil
    }
    if found.schema.isCalculated {
      refuse(
        "the \(side) field “\(name)” is calculated by the system and cannot be written; map it one"
          + " way, from the \(side)", at: location)
      return nil
    }
    if found.schema.isReadOnly {
      refuse(
        "the \(side) field “\(name)” may be read but not written by the connection's user; give the"
          + " user the right to write it, or map it one way, from the \(side)", at: location)
      return nil
    }
    return found
  }

  private mutating func assign(
    _ name: FieldName, _ kind: AssignmentDefinition.Kind, to direction: Direction,
    conflicts: ConflictRule?, at location: FileLocation?
  ) {
    let location = location ?? task.location
    let into = writable(name, in: direction, at: location)
    let expression: Expression
    switch kind {
    case .constant(let value):
      guard let into, let value = constant(value, for: into, at: location) else { return }
      if into.schema.writing == .onlyLater {
        refuse(
          "the \(direction.side) field “\(name)” takes no value with a new record, and a constant goes"
            + " with nothing else; map it from a field", at: location)
        return
      }
      expression = .constant(value)
    case .column(let other):
      let side = direction.side
      guard let from = field(other, of: direction.from, on: side.other, at: location),
        let into
      else { return }
      if into.type.kind.verdict(from: from.type.kind) == .refused {
        refuse(
          "the \(side.other) field “\(other)” (\(from.type.kind.word)) cannot become the \(side)"
            + " field “\(name)” (\(into.type.kind.word)); map fields of types that convert",
          at: location)
        return
      }
      expression = .column(from.number, from: from.type)
    }
    guard let into else { return }
    add(
      Assignment(
        field: into.number, type: into.type, expression: expression, isTwoWay: false,
        conflicts: conflicts, takesNull: into.schema.isNullable,
        goesWithInserts: into.schema.writing != .onlyLater),
      named: name, to: direction.side, at: location)
  }

  private mutating func constant(
    _ value: Value, for field: Found, at location: FileLocation?
  ) -> Value? {
    if case .null = value, !field.schema.isNullable {
      refuse("the field “\(field.schema.name)” cannot be null; give it a value", at: location)
      return nil
    }
    do {
      return try field.type.convert(value, from: FieldType(.any))
    } catch {
      refuse(
        "the constant does not fit the field “\(field.schema.name)” (\(field.type.kind.word)):"
          + " it is \(error); write one that fits", at: location)
      return nil
    }
  }

  // MARK: Relations

  private mutating func relate(_ relation: RelationDefinition, to direction: Direction) {
    let location = relation.location ?? task.location
    let side = direction.side
    let names = direction.names(relation.source, relation.target)
    let into = writable(names.into, in: direction, at: location)
    let from = field(names.from, of: direction.from, on: side.other, at: location)
    guard let number = catalog.tasks[relation.task],
      let parentTask = package.tasks.first(where: { $0.name == relation.task })
    else {
      if side == .target { refuseMissingTask(relation.task, at: location) }
      return
    }
    let parent = parentTask.object(side).object
    checkParent(parent, of: names.into, in: direction, task: relation.task, at: location)
    guard let into, let from else { return }
    if let key = catalog.object(parent, on: side).flatMap({ $0.schema.field($0.schema.key) }),
      into.type.kind.verdict(from: key.type.kind) == .refused
    {
      refuse(
        "the \(side) field “\(names.into)” (\(into.type.kind.word)) cannot hold the key of"
          + " “\(parent)” (\(key.type.kind.word)); map a foreign key of its type", at: location)
      return
    }
    add(
      Assignment(
        field: into.number, type: into.type, expression: .relation(from.number, task: number),
        isTwoWay: false, conflicts: relation.conflicts, takesNull: into.schema.isNullable,
        goesWithInserts: into.schema.writing != .onlyLater),
      named: names.into, to: side, at: location)
  }

  private mutating func refuseMissingTask(_ name: String, at location: FileLocation?) {
    let nearest = nearestName(to: name, among: package.tasks.map(\.name))
    let mend = nearest.map { "did you mean “\($0)”?" } ?? "correct the name"
    refuse("there is no task “\(name)” for the relation; \(mend)", at: location)
  }

  /// The field must point to the records of one object and, where the system itself enforces the
  /// foreign key, to those that the task syncs.
  private mutating func checkParent(
    _ parent: ObjectName, of name: FieldName, in direction: Direction, task: String,
    at location: FileLocation?
  ) {
    if let objects = direction.into.schema.field(name)?.pointsTo, !objects.isEmpty {
      refuse(
        "the \(direction.side) field “\(name)” may point to records of several objects"
          + " (\(listed(objects))) and cannot be a relation; map a field that points to one object",
        at: location)
      return
    }
    let keys = direction.into.schema.foreignKeys.filter { $0.field == name }
    // Foreign keys name their parents in any case.
    let synced = parent.rawValue.lowercased()
    guard let key = keys.first,
      !keys.contains(where: { $0.parent.rawValue.lowercased() == synced })
    else { return }
    refuse(
      "the \(direction.side) field “\(name)” points to “\(key.parent)”, but task “\(task)” syncs"
        + " “\(parent)”; name the task that syncs “\(key.parent)”", at: location)
  }
}

/// The first names, and how many more there are: a system may name dozens.
private func listed(_ names: [ObjectName]) -> String {
  let first = names.prefix(4).map(\.rawValue).joined(separator: ", ")
  return names.count > 4 ? "\(first) and \(names.count - 4) more" : first
}

extension TaskCompiler.Direction {
  /// A pair of names by what is read and what is written.
  func names(_ source: FieldName, _ target: FieldName) -> (from: FieldName, into: FieldName) {
    side == .target ? (source, target) : (target, source)
  }
}
