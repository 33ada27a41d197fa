// Edits, by users and by our connector alike: the rules that a database keeps, and the notes that
// its triggers make. A refused edit may leave half of itself behind; whoever edits works on a copy.

import SynclineModel

extension MemoryState {
  /// Carries out one edit; the key of its record afterwards (or before, where it is deleted).
  mutating func apply(_ edit: UserEdit) throws(EditRefused) -> NativeKey {
    switch edit {
    case .insert(let name, let fields): return try insert(fields, into: name)
    case .update(let name, let key, let fields):
      try update(key, of: name, with: fields)
      return key
    case .delete(let name, let key):
      try delete(key, of: name)
      return key
    case .rekey(let name, let key, let new):
      try rekey(key, of: name, to: new)
      return new
    case .replace(let name, let fields): return try replace(fields, in: name)
    }
  }

  mutating func insert(_ fields: Row, into name: ObjectName) throws(EditRefused) -> NativeKey {
    let object = try object(name)
    let keyField = object.schema.key
    let key: NativeKey
    if let given = fields[keyField] {
      guard let native = NativeKey(given) else {
        throw EditRefused("value", "The value for \(name).\(keyField) is no key")
      }
      key = native
    } else {
      key = nextKey(of: object)
    }
    guard rows[name]?[key] == nil else {
      throw EditRefused("unique", "Another record of \(name) has this key", mayPass: true)
    }
    var row = fields
    for field in object.schema.fields where row[field.name] == nil && !field.isCalculated {
      row[field.name] = object.defaults[field.name] ?? .null
    }
    row[keyField] = key.value
    try check(row, under: key, of: object)
    rows[name]?[key] = row
    note(.insert, name, before: nil, after: key)
    for case .appends(let other, let fields) in object.automations {
      _ = try insert(fields, into: other)
    }
    try automate(key, of: object)
    return key
  }

  mutating func update(
    _ key: NativeKey, of name: ObjectName, with fields: Row
  ) throws(EditRefused) {
    let object = try object(name)
    guard let row = rows[name]?[key] else {
      throw EditRefused("gone", "\(name) has no record under the key")
    }
    let changed = row.merging(fields) { $1 }
    try check(changed, under: key, of: object)
    rows[name]?[key] = changed
    note(.update, name, before: key, after: key)
    try automate(key, of: object)
  }

  mutating func rekey(
    _ key: NativeKey, of name: ObjectName, to new: NativeKey
  ) throws(EditRefused) {
    let object = try object(name)
    guard let row = rows[name]?[key], rows[name]?[new] == nil else {
      throw EditRefused("unique", "\(name) has no such record, or has one under the new key")
    }
    rows[name]?[key] = nil
    rows[name]?[new] = row.merging([object.schema.key: new.value]) { $1 }
    if let (child, foreignKey, _) = children(of: key, in: name).first {
      throw EditRefused(
        "foreignKey", "\(child).\(foreignKey.field) points to the record", mayPass: true)
    }
    note(.update, name, before: key, after: new)
  }

  mutating func delete(_ key: NativeKey, of name: ObjectName) throws(EditRefused) {
    _ = try object(name)
    guard rows[name]?[key] != nil else {
      throw EditRefused("gone", "\(name) has no record under the key")
    }
    // The row goes first, so that a cascade which comes round to it ends there; it is noted last,
    // as SQLite does.
    rows[name]?[key] = nil
    for (child, foreignKey, childKey) in children(of: key, in: name) {
      guard rows[child]?[childKey] != nil else { continue }
      switch foreignKey.onDelete {
      case .refuse:
        throw EditRefused(
          "foreignKey", "\(child).\(foreignKey.field) points to the record", mayPass: true)
      case .cascade: try delete(childKey, of: child)
      case .setNull: try update(childKey, of: child, with: [foreignKey.field: .null])
      case .setDefault:
        let value = objects[child]?.defaults[foreignKey.field] ?? .null
        try update(childKey, of: child, with: [foreignKey.field: value])
      }
    }
    note(.delete, name, before: key, after: nil)
  }

  /// As SQLite's REPLACE without recursive triggers: what is displaced is noted before it goes.
  private mutating func replace(
    _ fields: Row, in name: ObjectName
  ) throws(EditRefused) -> NativeKey {
    let object = try object(name)
    var displaced: Set<NativeKey> = []
    for field in object.schema.fields where field.isUnique {
      guard let value = fields[field.name] else { continue }
      displaced.formUnion(holders(of: value, in: field, of: object))
    }
    if let given = fields[object.schema.key], let key = NativeKey(given), rows[name]?[key] != nil {
      displaced.insert(key)
    }
    for key in displaced.sorted() {
      note(.displaced, name, before: key, after: nil)
      try mutingNotes(of: name) { (state) throws(EditRefused) in try state.delete(key, of: name) }
    }
    return try insert(fields, into: name)
  }

  /// The owner's own triggers, after an insert or update.
  private mutating func automate(
    _ key: NativeKey, of object: SystemObject
  ) throws(EditRefused) {
    for case .sets(let field, let value) in object.automations
    where rows[object.name]?[key]?[field] != value {
      try update(key, of: object.name, with: [field: value])
    }
  }

  private mutating func note(
    _ operation: TrackingEntry.Operation, _ object: ObjectName, before: NativeKey?,
    after: NativeKey?
  ) {
    for journal in trackings.keys {
      trackings[journal]?.note(operation, object, before: before, after: after, at: now)
    }
  }

  /// Does something of which no trigger of this object tells.
  private mutating func mutingNotes(
    of name: ObjectName, _ body: (inout MemoryState) throws(EditRefused) -> Void
  ) throws(EditRefused) {
    let conditions = trackings.mapValues(\.damaged)
    for journal in trackings.keys { trackings[journal]?.damaged.insert(name) }
    try body(&self)
    for (journal, damaged) in conditions { trackings[journal]?.damaged = damaged }
  }
}
