import SynclineMapping
import SynclineModel

extension PackageDefinition {
  /// What the list `capture` names and no object of the two systems has. A field that goes later is no
  /// mistake of the package, so that only `check` asks.
  func uncapturable(in inspections: [Side: Inspection]) -> [PackageProblem] {
    guard case .listed(let names) = capture else { return [] }
    let objects = inspections.values.flatMap(\.objects.values)
    let known = Set(objects.flatMap { object in object.fields.map { "\(object.name).\($0.name)" } })
    return names.filter { !known.contains($0) }.map { name in
      PackageProblem(
        "`capture` names “\(name.neutral)”, and no object has that field; remove it",
        at: nil)
    }
  }
}
