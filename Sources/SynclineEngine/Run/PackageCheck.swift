public import SynclineMapping
public import SynclineModel

/// Judges a package against what its two systems showed, without a journal.
public struct PackageCheck {
  private let definition: PackageDefinition
  private let inspections: [Side: Inspection]

  public init(definition: PackageDefinition, inspections: [Side: Inspection]) {
    self.definition = definition
    self.inspections = inspections
  }

  /// The objects of both sides with what is captured of them, or everything that is wrong.
  public var result: Result<[CheckedObject], PackageProblems> {
    var catalog = Catalog(known: [], last: .none, definition: definition)
    for side in Side.allCases {
      if let inspection = inspections[side] {
        catalog.observe(inspection, on: side)
      }
    }
    let limits = SideLimits(batch: 1, page: 1, tracksByTriggers: true, reportsTime: true)
    let settings = RunSettings(
      definition: definition,
      journal: definition.journal ?? JournalID(bytes: [UInt8](repeating: 0, count: 16)),
      program: "",
      source: limits, target: limits)
    let others = OwnerCheck(settings: settings, inspections: inspections).others()
    guard others.isEmpty else {
      return .failure(PackageProblems(others.map { PackageProblem($0.message, at: nil) }))
    }
    let names = catalog.mappingCatalog(
      settings: settings, inspections: inspections, tasks: [:], last: .none)
    return definition.compiled(with: names).map { _ in
      catalog.objects.values.sorted { $0.object < $1.object }.map { object in
        CheckedObject(
          side: object.side, name: object.name,
          key: object.field(object.key)?.schema.name ?? FieldName(""),
          captured: object.fields.filter(\.isCaptured).map(\.schema.name))
      }
    }
  }
}

/// An object that a package syncs.
public struct CheckedObject: Hashable, Sendable {
  public var side: Side
  public var name: ObjectName
  public var key: FieldName
  /// The fields that the journal remembers.
  public var captured: [FieldName]
}
