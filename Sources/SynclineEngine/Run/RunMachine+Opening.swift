import SynclineMapping
import SynclineModel

// Opening: who the systems are, whether this journal may work with them, what their objects look like,
// and which mapping is in force.

extension RunMachine {
  /// Our rows are compared with the journal before anything else is done.
  mutating func recall(
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [Action] {
    let sequences = OwnerCheck.sequences(in: inspections, of: settings.journal)
    return sequences.isEmpty ? try open(state, seals: [:]) : [.recallSeals(sequences)]
  }

  /// The run ends before it began: the systems are untouched, and the journal says why.
  mutating func endAtOpening(_ reason: String, _ problems: [PackageProblem] = []) -> [Action] {
    draft(.runClosed(RunClosed(state: .failed, tally: tally, reason: reason)))
    return finish(.failed, problems)
  }

  private mutating func endRefused() -> [Action] {
    endAtOpening(refusals.map(\.message).joined(separator: " "))
  }

  mutating func open(
    _ state: borrowing some StateView & ~Copyable, seals: [EventSequence: [UInt8]]
  ) throws(StateFailure) -> [Action] {
    let package = try state.package()
    linksBefore = package.lastLink
    refusals = try OwnerCheck(
      settings: settings, inspections: inspections, seals: seals
    ).refusals(package, head: head, state)
    if !refusals.isEmpty { return endRefused() }

    let known = try state.objects()
    var catalog = Catalog(
      known: known, last: package.lastObject, definition: settings.definition)
    for side in Side.allCases {
      guard let inspection = inspections[side] else { continue }
      catalog.observe(inspection, on: side)
    }
    let numbers = try catalog.numbers(of: settings.definition.tasks, package, state)
    let names = catalog.mappingCatalog(
      settings: settings, inspections: inspections, tasks: numbers, last: package.lastTask)
    let mapping: CompiledMapping
    switch compile(with: names, hasRun: package.revision != .none) {
    case .success(let compiled): mapping = compiled
    case .failure(let problems):
      let reason = problems.problems.map(\.message).joined(separator: " ")
      return endAtOpening(reason, problems.problems)
    }
    if let refusal = unmatched(mapping) {
      refusals = [refusal]
      return endRefused()
    }
    if let restored = settings.allowances.restored, package.restoring != restored {
      draft(.overrideRequested(OverrideRequested(kind: restored.kind)))
    }
    for object in catalog.changed { draft(.objectObserved(object)) }
    objects = catalog.objects
    self.mapping = mapping
    try adopt(catalog, package, numbers, state)
    for side in Side.allCases { noteIdentity(side, package) }
    phase = .settling
    let binds = Side.allCases.map { Action.bind($0, bindings(on: $0)) }
    return binds + (try settle(state))
  }

  /// A system in which nothing is made shows its identity by itself.
  private mutating func noteIdentity(_ side: Side, _ package: PackageState) {
    guard settings[side].detection.stamps != nil, package[side].identity.rawValue.isEmpty,
      let identity = inspections[side]?.identity
    else { return }
    draft(
      .trackingCreated(
        TrackingCreated(side: side, generation: .none, identity: identity, objects: [])))
  }

  /// The mapping that can run. In a package that has run before, a task whose schema broke (a column is
  /// gone) stops with its message, and so do the tasks that relate to it; the others go on.
  private mutating func compile(
    with names: MappingCatalog, hasRun: Bool
  ) -> Result<CompiledMapping, PackageProblems> {
    let whole = settings.definition.compiled(with: names)
    guard hasRun, case .failure(let problems) = whole else { return whole }
    var definition = settings.definition
    var stopped = Set(problems.problems.compactMap { definition.task(of: $0) })
    guard stopped.count > 0, problems.problems.allSatisfy({ definition.task(of: $0) != nil }) else {
      return whole
    }
    while let next = definition.tasks.first(where: { task in
      !stopped.contains(task.name) && task.relations.contains { stopped.contains($0.task) }
    }) {
      stopped.insert(next.name)
    }
    definition.tasks.removeAll { stopped.contains($0.name) }
    guard !definition.tasks.isEmpty, case .success(let mapping) = definition.compiled(with: names)
    else { return whole }
    for problem in problems.problems {
      let task = settings.definition.task(of: problem) ?? "?"
      refusals.append(
        Refusal(
          code: "schema",
          message: "Task “\(task)” is stopped, the others go on: \(problem.message)"))
    }
    settings.definition = definition
    return .success(mapping)
  }

  /// A journal that was put back knows nothing of links made since: only a match rule finds them.
  private func unmatched(_ mapping: CompiledMapping) -> Refusal? {
    guard settings.allowances.restored == .journal,
      let task = mapping.tasks.first(where: { $0.match == .unstated || $0.match == .none })
    else { return nil }
    return Refusal(
      code: "backup",
      message:
        "--allow restored=journal would double the records that were linked since the backup: task "
        + "“\(task.name)” has no `match` rule. Write one that tells which records are the same.")
  }

  /// The mapping that is in force from now on, where it is not the one that was.
  private mutating func adopt(
    _ catalog: Catalog, _ package: PackageState, _ numbers: [String: TaskNumber],
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) {
    revision = package.revision
    let encoded = mapping.encoded
    let inForce = try state.mapping(package.revision)
    if inForce?.compiled != encoded {
      hasAdopted = package.revision != .none
      revision = package.revision.next
      let text = mapping.canonicalText(
        catalog.mappingCatalog(
          settings: settings, inspections: inspections, tasks: numbers, last: package.lastTask))
      draft(
        .mappingAdopted(
          MappingAdopted(
            revision: revision, evaluator: CompiledMapping.evaluatorVersion, text: text,
            compiled: encoded, table: mapping.table)))
    }
    for task in mapping.tasks {
      contexts[task.number] = MappingContext(
        current: task, revision: revision, cyclic: mapping.cyclicFields(of: task))
      contexts[task.number]?.clocks = clocks
      contexts[task.number]?.timePrecision = max(
        settings.source.timePrecision, settings.target.timePrecision)
    }
  }

  /// The objects of a side that the mapping names, as its connector needs them.
  func bindings(on side: Side) -> [ObjectBinding] {
    let mapped = Set(mapping.tasks.map { $0.object(side) })
    return mapped.sorted().compactMap { number in
      objects[number].flatMap { object in
        object.binding(
          keepingWhole: settings.definition.mappedFields(of: object.name, on: side))
      }
    }
  }

  /// The same task under an older revision, kept for the rest of the run.
  mutating func loadMapping(
    _ revision: MappingRevision, of task: TaskNumber,
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) {
    guard revision != .none, revision != self.revision,
      contexts[task]?.older[revision] == nil,
      let adopted = try state.mapping(revision)
    else { return }
    let old = try state.decoding(.mappings) { () throws(DecodingFailure) in
      try CompiledMapping(encoded: adopted.compiled)
    }
    if let task = old.task(task) { contexts[task.number]?.older[revision] = task }
  }
}

extension CompiledMapping {
  /// The version of the evaluator; a newer one that computes otherwise makes a new revision.
  static let evaluatorVersion: UInt16 = 1

  /// All that the fold reads of this mapping.
  var table: MappingTable {
    MappingTable(
      tasks: tasks.map { task in
        var source: [FieldNumber] = []
        var target: [FieldNumber] = []
        if case .pairs(let pairs) = task.match {
          source = pairs.map(\.source)
          target = pairs.map(\.target)
        }
        return TaskTable(
          number: task.number, name: task.name, source: task.source, target: task.target,
          toTarget: task.toTarget.map(\.written), toSource: task.toSource.map(\.written),
          matchSource: source, matchTarget: target)
      })
  }

  /// Relation fields of `task`, by written side, whose parents can depend on their child.
  func cyclicFields(of task: TaskMapping) -> [Side: Set<FieldNumber>] {
    var fields: [Side: Set<FieldNumber>] = [:]
    for side in Side.allCases {
      fields[side] = Set(
        task.assignments(to: side).compactMap { assignment in
          guard case .relation(_, let parent) = assignment.expression,
            ancestors(of: parent).contains(task.number)
          else { return nil }
          return assignment.field
        })
    }
    return fields
  }

  /// The task itself and every task that its relations lead to.
  private func ancestors(of task: TaskNumber) -> Set<TaskNumber> {
    var found: Set<TaskNumber> = [task]
    var open = [task]
    while let next = open.popLast() {
      for parent in self.task(next)?.parents ?? [] where found.insert(parent).inserted {
        open.append(parent)
      }
    }
    return found
  }
}

extension Assignment {
  var written: TaskTable.Written {
    if case .relation(let input, let parent) = expression {
      return TaskTable.Written(field: field, input: input, parent: parent)
    }
    return TaskTable.Written(field: field, input: input ?? .none)
  }
}

extension ObjectObserved {
  /// What a connector needs to read and write the object. Large values of fields that no mapping
  /// reads are kept as digest and length.
  func binding(keepingWhole mapped: Set<FieldName>) -> ObjectBinding? {
    let captured = fields.filter { $0.isCaptured || $0.number == key }.map {
      ObjectBinding.Field(
        number: $0.number, name: $0.schema.name, type: $0.schema.type,
        keepsWhole: mapped.contains($0.schema.name) || $0.number == key)
    }.sorted { $0.number < $1.number }
    guard let keyField = captured.first(where: { $0.number == key }) else { return nil }
    return ObjectBinding(object: object, name: name, key: keyField, fields: captured)
  }
}
