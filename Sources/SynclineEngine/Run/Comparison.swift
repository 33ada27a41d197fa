// Whether the two records of a link are equal by value under the mapping of the package file
// (design, section 7, `compare`). Nothing of base or events is asked: only what both sides hold now.

public import SynclineMapping
public import SynclineModel

/// Compares records of the two sides. Pure; reading them is somebody else's part.
public struct Comparison: Sendable {
  let settings: RunSettings
  let inspections: [Side: Inspection]
  /// Mapped objects that look otherwise than the journal knows.
  let unjournaled: [ObjectObserved]
  /// The mapping of the package file as it stands, adopted or not.
  public let mapping: CompiledMapping
  /// What the two systems show now, under the numbers that the journal gave.
  public let objects: [ObjectNumber: ObjectObserved]

  /// Everything that is wrong with the package, where it cannot be compared.
  public static func make(
    settings: RunSettings, inspections: [Side: Inspection],
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> Result<Comparison, PackageProblems> {
    let package = try state.package()
    let owners = OwnerCheck(settings: settings, inspections: inspections)
    let strangers = Side.allCases.compactMap { side in
      inspections[side].flatMap { owners.identity($0, side, package) }
    }
    if !strangers.isEmpty {
      return .failure(PackageProblems(strangers.map { PackageProblem($0.message, at: nil) }))
    }
    var catalog = Catalog(
      known: try state.objects(), last: package.lastObject, definition: settings.definition)
    for side in Side.allCases {
      if let inspection = inspections[side] {
        catalog.observe(inspection, on: side)
      }
    }
    let names = catalog.mappingCatalog(
      settings: settings, inspections: inspections, tasks: try state.taskNumbers(),
      last: package.lastTask)
    let (objects, changed) = (catalog.objects, catalog.changed)
    return settings.definition.compiled(with: names).map { mapping in
      Comparison(
        settings: settings, inspections: inspections, unjournaled: changed, mapping: mapping,
        objects: objects)
    }
  }

  /// What a side's connector must know of the mapped objects.
  public func bindings(on side: Side) -> [ObjectBinding] {
    Set(mapping.tasks.map { $0.object(side) }).sorted().compactMap { number in
      objects[number].flatMap { object in
        object.binding(keepingWhole: settings.definition.mappedFields(of: object.name, on: side))
      }
    }
  }

  /// The key, on the other side, of the record that `task` links with the one under `key` of `side`.
  public func partner(
    of key: NativeKey, on side: Side, in task: TaskMapping,
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> NativeKey? {
    guard let number = try state.recordNumber(task.object(side), key),
      let record = try state.record(number)
    else { return nil }
    let link = record.link(in: task.number)
    guard link != .none, let held = try state.link(link) else { return nil }
    let partner = held[side.other].record
    return partner == .none ? nil : try state.record(partner)?.key
  }

  /// The fields in which two linked records differ, those of the target first.
  public func differences(
    _ task: TaskMapping, source: PackedRow, target: PackedRow,
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [FieldDifference] {
    var found: [FieldDifference] = []
    for assignment in task.toTarget {
      let mirror = task.toSource.first {
        $0.input == assignment.field && $0.field == assignment.input
      }
      if try holds(assignment, from: source, in: target, writing: .target, state) { continue }
      // What one side holds coarser is equal where either side is what becomes of the other.
      if let mirror, try holds(mirror, from: target, in: source, writing: .source, state) {
        continue
      }
      found.append(assignment.difference(from: source, in: target, writing: .target))
    }
    for assignment in task.toSource {
      let isSeen = task.toTarget.contains {
        $0.input == assignment.field && $0.field == assignment.input
      }
      if isSeen { continue }
      if try holds(assignment, from: target, in: source, writing: .source, state) { continue }
      found.append(assignment.difference(from: target, in: source, writing: .source))
    }
    return found
  }

  /// Whether `written` holds what the mapping makes of `read`.
  private func holds(
    _ assignment: Assignment, from read: PackedRow, in written: PackedRow, writing side: Side,
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> Bool {
    guard let held = written[assignment.field] else { return false }
    var parentKey: Value?
    if case .relation(let field, let number) = assignment.expression,
      let task = mapping.task(number),
      let key = read[field].flatMap(NativeKey.init)
    {
      parentKey = try partner(of: key, on: side.other, in: task, state)?.value
    }
    do throws(ConversionProblem) {
      guard let wanted = try assignment.evaluate(read, resolving: { _, _ in parentKey }) else {
        return false
      }
      return assignment.type.agrees(assignment.type.norm(wanted), held)
    } catch {
      return false
    }
  }
}

/// A field in which two linked records differ.
public struct FieldDifference: Hashable, Sendable {
  /// The field of each side; a constant has none on the side that it is not written to.
  public var fields: [Side: FieldNumber]
  /// What each side holds; absent where it was not read. The side without a field: the constant.
  public var values: [Side: Value]
}

extension Assignment {
  fileprivate func difference(
    from read: PackedRow, in written: PackedRow, writing side: Side
  ) -> FieldDifference {
    var difference = FieldDifference(fields: [side: field], values: [:])
    difference.values[side] = written[field]
    if let input {
      difference.fields[side.other] = input
      difference.values[side.other] = read[input]
    } else if case .constant(let value) = expression {
      difference.values[side.other] = value
    }
    return difference
  }
}
