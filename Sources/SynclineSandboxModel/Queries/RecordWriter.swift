import SynclineModel

/// Writes records as answers hold them.
struct RecordWriter {
  let evaluator: QueryEvaluator
  /// How addresses begin.
  let base: String

  /// The fields that a query selects, with parents nested.
  func json(of record: Record, _ paths: [BoundQuery.Path]) -> JSON {
    .members(members(of: record, paths[...], depth: 0))
  }

  /// All fields, or some.
  func json(of record: Record, fields: [FieldDescription]) -> JSON {
    json(of: record, fields.map { BoundQuery.Path(parents: [], field: $0, relationships: []) })
  }

  private func attributes(of record: Record) -> (String, JSON) {
    (
      "attributes",
      .object([
        "type": .text(record.object),
        "url": .text("\(base)/sobjects/\(record.object)/\(record.id)"),
      ])
    )
  }

  private func members(
    of record: Record, _ paths: ArraySlice<BoundQuery.Path>, depth: Int
  ) -> [(String, JSON)] {
    var members = [attributes(of: record)]
    var nested: Set<String> = []
    for path in paths {
      guard path.parents.count > depth else {
        members.append((path.field.name, value(of: path.field, in: record)))
        continue
      }
      let relationship = path.relationships[depth]
      guard nested.insert(relationship).inserted else { continue }
      let same = paths.filter {
        $0.parents.count > depth && $0.relationships[depth] == relationship
      }
      let parent = evaluator.parent(by: path.parents[depth], of: record)
      let inner = parent.map { JSON.members(self.members(of: $0, same[...], depth: depth + 1)) }
      members.append((relationship, inner ?? .null))
    }
    return members
  }

  private func value(of field: FieldDescription, in record: Record) -> JSON {
    if field.kind == .address { return address(field, record) }
    return evaluator.value(of: field, in: record)?.json(as: field.kind) ?? .null
  }

  /// An address is an object where any part is set, and null where none is.
  private func address(_ field: FieldDescription, _ record: Record) -> JSON {
    let parts = evaluator.organization.catalog[record.object]?.parts(of: field.name) ?? []
    let prefix = field.name.dropLast("Address".count)
    let members = parts.map { part -> (String, JSON) in
      let name = part.name.dropFirst(prefix.count)
      return (name.prefix(1).lowercased() + name.dropFirst(), value(of: part, in: record))
    }.sorted { $0.0 < $1.0 }
    return parts.contains { record.values[$0.name] != nil } ? .members(members) : .null
  }
}
