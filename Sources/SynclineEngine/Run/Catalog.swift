import SynclineMapping
import SynclineModel

/// Gives objects and fields their numbers: those the journal knows keep theirs, new ones get the next.
/// A field that is gone keeps its number for the day when it comes back.
struct Catalog {
  private(set) var objects: [ObjectNumber: ObjectObserved]
  /// Objects that are new or look otherwise than the journal knows.
  private(set) var changed: [ObjectObserved] = []
  private var last: ObjectNumber
  private let definition: PackageDefinition

  init(known: [ObjectObserved], last: ObjectNumber, definition: PackageDefinition) {
    self.definition = definition
    objects = Dictionary(uniqueKeysWithValues: known.map { ($0.object, $0) })
    self.last = last
  }

  /// Takes up what a side showed.
  mutating func observe(_ inspection: Inspection, on side: Side) {
    for name in inspection.objects.keys.sorted() {
      guard let schema = inspection.objects[name] else { continue }
      let known = objects.values.first { $0.side == side && $0.name == name }
      let number = known?.object ?? last.next
      last = max(last, number)
      let observed = observed(schema, as: number, on: side, known: known)
      objects[number] = observed
      if observed != known { changed.append(observed) }
    }
  }

  private func observed(
    _ schema: ObjectSchema, as number: ObjectNumber, on side: Side, known: ObjectObserved?
  ) -> ObjectObserved {
    let mapped = definition.mappedFields(of: schema.name, on: side)
    var next = known?.fields.map(\.number).max() ?? .none
    var fields: [ObjectObserved.Field] = []
    for field in schema.fields {
      let before = known?.field(named: field.name)
      if before == nil { next = next.next }
      fields.append(
        ObjectObserved.Field(
          number: before?.number ?? next, schema: field,
          isCaptured: mapped.contains(field.name) || field.name == schema.key
            || definition.captures(field, of: schema.name)))
    }
    let gone = (known?.fields ?? []).filter { schema.field($0.schema.name) == nil }
    fields += gone.map {
      ObjectObserved.Field(number: $0.number, schema: $0.schema, isCaptured: false)
    }
    fields.sort { $0.number < $1.number }
    let key = fields.first { $0.schema.name == schema.key }?.number ?? .none
    return ObjectObserved(
      object: number, side: side, name: schema.name, key: key, fields: fields,
      foreignKeys: schema.foreignKeys)
  }

  /// The numbers that the tasks had when they last stood over the same objects. A task that keeps its
  /// name over other objects is another task: its links would hold records of the wrong object.
  func numbers(
    of tasks: [TaskDefinition], _ package: PackageState,
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [String: TaskNumber] {
    var numbers: [String: TaskNumber] = [:]
    var number = TaskNumber.none
    while number < package.lastTask {
      number = number.next
      guard let table = try state.taskTable(number),
        let task = tasks.first(where: { $0.name == table.name }),
        objects[table.source]?.name == task.source.object,
        objects[table.target]?.name == task.target.object
      else { continue }
      numbers[table.name] = number
    }
    return numbers
  }

  /// What the mapping's names are looked up in.
  func mappingCatalog(
    settings: RunSettings, inspections: [Side: Inspection], tasks: [String: TaskNumber],
    last: TaskNumber
  ) -> MappingCatalog {
    var byName: [Side: [ObjectName: MappingCatalog.Object]] = [:]
    var refusals: [Side: [ObjectName: String]] = [:]
    for (side, inspection) in inspections {
      refusals[side] = inspection.refusals
      for (name, schema) in inspection.objects {
        guard let object = objects.values.first(where: { $0.side == side && $0.name == name })
        else { continue }
        let fields = Dictionary(
          object.fields.map { ($0.schema.name, $0.number) }, uniquingKeysWith: { first, _ in first }
        )
        byName[side, default: [:]][name] = MappingCatalog.Object(
          number: object.object, schema: schema, fields: fields)
      }
    }
    var numbers = tasks
    var next = last
    for task in settings.definition.tasks where numbers[task.name] == nil {
      next = next.next
      numbers[task.name] = next
    }
    return MappingCatalog(
      objects: byName, refusals: refusals, tasks: numbers,
      timedSides: Set(Side.allCases.filter { settings[$0].reportsTime }))
  }
}

extension PackageDefinition {
  /// The fields of an object that some task reads or writes.
  func mappedFields(of object: ObjectName, on side: Side) -> Set<FieldName> {
    var fields: Set<FieldName> = []
    for task in tasks where task.object(side).object == object {
      fields.formUnion(task.columns.map { side == .source ? $0.source : $0.target })
      fields.formUnion(task.relations.map { side == .source ? $0.source : $0.target })
      fields.formUnion((side == .source ? task.toSource : task.toTarget).map(\.field))
      for assignment in side == .source ? task.toTarget : task.toSource {
        if case .column(let field) = assignment.kind { fields.insert(field) }
      }
      if case .pairs(let pairs) = task.match {
        fields.formUnion(pairs.map { side == .source ? $0.source : $0.target })
      }
    }
    return fields
  }

  /// Whether the journal remembers a field that no task reads or writes. What the system computes from
  /// other fields is not remembered unless it is asked for.
  fileprivate func captures(_ field: FieldSchema, of object: ObjectName) -> Bool {
    switch capture {
    case .all: !field.isCalculated
    case .mapped: false
    case .listed(let names): names.contains("\(object).\(field.name)")
    }
  }
}

extension PackedRow {
  /// The row without the fields that are not among `fields`; itself where there are none such.
  func keeping(_ fields: Set<FieldNumber>) -> PackedRow {
    var cursor = RowCursor(self)
    while cursor.next() {
      if !fields.contains(cursor.field) { return filter { fields.contains($0) } }
    }
    return self
  }
}

extension PackageDefinition {
  /// The task in whose lines of the file a problem stands.
  func task(of problem: PackageProblem) -> String? {
    guard let location = problem.location, problem.file == nil else { return nil }
    let before = tasks.filter { task in task.location.map { $0 <= location } ?? false }
    return before.max { first, second in
      (first.location ?? location) < (second.location ?? location)
    }?.name
  }
}
