import SynclineModel

/// All records, with what finds them by parent and by key, and with the way back to an earlier state.
public struct RecordStore: Sendable {
  /// What an index holds for one value of one field.
  private struct Key: Hashable, Sendable {
    let object: String
    let field: String
    let value: String
  }

  /// A state to come back to.
  struct Mark {
    fileprivate let changes: Int
    fileprivate let deletions: Int
  }

  private var tables: [String: [RecordID: Record]] = [:]
  private var children: [RecordID: Set<RecordID>] = [:]
  private var keys: [Key: Set<RecordID>] = [:]
  private var changes: [(id: RecordID, object: String, before: Record?)] = []
  /// The log of deletes, oldest first.
  public private(set) var deletions: [Deletion] = []

  /// The record of an id.
  public func record(_ id: RecordID, of object: String) -> Record? { tables[object]?[id] }

  /// All records of an object, deleted ones too, in no order.
  public func records(of object: String) -> some Collection<Record> {
    (tables[object] ?? [:]).values
  }

  /// How many records an object has, deleted ones too.
  func count(of object: String) -> Int { tables[object]?.count ?? 0 }

  /// Records that name this one in any reference.
  func children(of id: RecordID) -> [RecordID] { (children[id] ?? []).sorted() }

  /// Records that hold a value in an indexed field.
  func holders(of value: FieldValue, in field: FieldDescription, of object: String) -> [RecordID] {
    let key = Key(
      object: object, field: field.name, value: Self.folded(value, isExact: field.isCaseSensitive))
    return (keys[key] ?? []).sorted()
  }

  /// Puts a record in the place of what is known of it.
  mutating func put(_ record: Record, of object: ObjectDescription) {
    let before = tables[object.name]?[record.id]
    replace(before, by: record, id: record.id, object)
    changes.append((record.id, object.name, before))
  }

  /// Takes a record away for good.
  mutating func remove(_ id: RecordID, of object: ObjectDescription) {
    guard let before = tables[object.name]?[id] else { return }
    replace(before, by: nil, id: id, object)
    changes.append((id, object.name, before))
  }

  /// Notes a delete in the log.
  mutating func log(_ deletion: Deletion) { deletions.append(deletion) }

  /// Forgets entries of the log.
  mutating func pruneDeletions(where isOld: (Deletion) -> Bool) {
    deletions.removeAll(where: isOld)
  }

  /// The state of now, to come back to until `forgetChanges`.
  var mark: Mark { Mark(changes: changes.count, deletions: deletions.count) }

  /// Undoes everything since the mark.
  mutating func rollback(to mark: Mark, in catalog: Catalog) {
    while changes.count > mark.changes, let change = changes.popLast() {
      guard let object = catalog[change.object] else { continue }
      replace(
        tables[change.object]?[change.id], by: change.before, id: change.id, object)
    }
    deletions.removeLast(deletions.count - mark.deletions)
  }

  /// What changed since the changes were forgotten: each record once, with what it was before.
  var pendingChanges: [(id: RecordID, object: String, before: Record?)] {
    var seen: Set<RecordID> = []
    return changes.filter { seen.insert($0.id).inserted }
  }

  /// Forgets what changed; it cannot be undone any more.
  mutating func forgetChanges() { changes.removeAll() }

  private mutating func replace(
    _ before: Record?, by after: Record?, id: RecordID, _ object: ObjectDescription
  ) {
    for field in object.indexed {
      let old = before?.values[field.name]
      let new = after?.values[field.name]
      guard old != new else { continue }
      if field.kind == .reference {
        if let parent = old?.recordID { remove(id, from: parent, unlessIn: after, object) }
        if let parent = new?.recordID { children[parent, default: []].insert(id) }
      }
      if field.isIndexed {
        if let old { keys[key(old, field, object)]?.remove(id) }
        if let new { keys[key(new, field, object), default: []].insert(id) }
      }
    }
    tables[object.name, default: [:]][id] = after
  }

  /// Takes a child away from a parent that no other of its references names.
  private mutating func remove(
    _ id: RecordID, from parent: RecordID, unlessIn after: Record?, _ object: ObjectDescription
  ) {
    let isStillNamed = object.indexed.contains {
      $0.kind == .reference && after?.values[$0.name]?.recordID == parent
    }
    guard !isStillNamed else { return }
    children[parent]?.remove(id)
    if children[parent]?.isEmpty == true { children[parent] = nil }
  }

  private func key(
    _ value: FieldValue, _ field: FieldDescription, _ object: ObjectDescription
  ) -> Key {
    Key(
      object: object.name, field: field.name,
      value: Self.folded(value, isExact: field.isCaseSensitive))
  }

  private static func folded(_ value: FieldValue, isExact: Bool) -> String {
    switch value {
    case .text(let text): isExact ? text : text.lowercased()
    case .number(let number): number.description
    default: "\(value)"
    }
  }
}
