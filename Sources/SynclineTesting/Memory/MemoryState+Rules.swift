// The rules that a database keeps for every row: kinds and sizes, not null, unique, foreign keys,
// and what the owner's triggers refuse. Messages name object and field, never a value.

import SynclineModel

extension MemoryState {
  /// Refuses a row that breaks a rule of its object. Its own old row, under `key`, is not in its
  /// way.
  func check(_ row: Row, under key: NativeKey, of object: SystemObject) throws(EditRefused) {
    for name in row.keys where object.schema.field(name) == nil {
      throw EditRefused("schema", "\(object.name) has no field \(name)")
    }
    for case .refuses(let field, let value) in object.automations where row[field] == value {
      throw EditRefused("trigger", "A trigger of \(object.name) refused the record")
    }
    for field in object.schema.fields {
      guard let value = row[field.name] else { continue }
      let place = "\(object.name).\(field.name)"
      if field.isCalculated {
        throw EditRefused("value", "\(place) is calculated and cannot be written")
      }
      if value.isNull {
        guard field.isNullable else { throw EditRefused("notNull", "\(place) must not be empty") }
        continue
      }
      guard field.type.takes(value) else {
        throw EditRefused("value", "\(place) cannot hold the value")
      }
      if field.isUnique, holders(of: value, in: field, of: object).contains(where: { $0 != key }) {
        throw EditRefused("unique", "Another record has the value of \(place)", mayPass: true)
      }
    }
    try checkParents(of: row, under: key, of: object)
  }

  private func checkParents(
    of row: Row, under key: NativeKey, of object: SystemObject
  ) throws(EditRefused) {
    for foreignKey in object.schema.foreignKeys {
      guard let value = row[foreignKey.field], !value.isNull else { continue }
      let parent = NativeKey(value)
      let isItself = foreignKey.parent == object.name && parent == key
      guard isItself || parent.flatMap({ rows[foreignKey.parent]?[$0] }) != nil else {
        throw EditRefused(
          "foreignKey",
          "\(object.name).\(foreignKey.field) points to no record of \(foreignKey.parent)",
          mayPass: true)
      }
    }
  }

  /// The keys of the rows that hold a value, as a unique index of the field takes it.
  func holders(of value: Value, in field: FieldSchema, of object: SystemObject) -> [NativeKey] {
    let wanted = field.type.folded(value)
    guard !wanted.isNull else { return [] }
    return (rows[object.name] ?? [:]).compactMap { key, row in
      row[field.name].map(field.type.folded) == wanted ? key : nil
    }
  }

  /// The rows that point to a record, with the foreign key by which they do, in order of their
  /// keys.
  func children(
    of key: NativeKey, in parent: ObjectName
  ) -> [(object: ObjectName, foreignKey: ForeignKey, key: NativeKey)] {
    objects.keys.sorted().flatMap { name in
      (objects[name]?.schema.foreignKeys ?? []).filter { $0.parent == parent }.flatMap {
        foreignKey in
        keys(of: name)
          .filter { rows[name]?[$0]?[foreignKey.field] == key.value }
          .map { (name, foreignKey, $0) }
      }
    }
  }
}

extension FieldType {
  /// Whether a field of a typed system holds the value as it is.
  func takes(_ value: Value) -> Bool {
    switch (kind, value) {
    case (.any, _): true
    case (.text, .text(let text)): lengthMax.map { text.string.count <= Int($0) } ?? true
    case (.bytes, .bytes(let bytes)): lengthMax.map { bytes.count <= Int($0) } ?? true
    case (.decimal, .integer(let integer)): takes(ExactDecimal(integer))
    case (.decimal, .decimal(let decimal)): takes(decimal)
    case (.boolean, .boolean), (.integer, .integer), (.double, .double): true
    case (.date, .date), (.time, .time), (.timestamp, .timestamp): true
    case (.localTimestamp, .localTimestamp), (.uuid, .uuid): true
    default: false
    }
  }

  private func takes(_ decimal: ExactDecimal) -> Bool {
    if let scale, decimal.scale > Int(scale) { return false }
    guard let precision else { return true }
    return decimal.integralDigits + Int(scale ?? 0) <= Int(precision)
      && decimal.digits.count <= Int(precision)
  }

  /// The value as a unique index compares it: without the case of letters where the field folds it.
  func folded(_ value: Value) -> Value {
    guard foldsCase, case .text(let text) = value else { return value }
    return .text(Text(utf8: text.utf8.map { (0x41...0x5A).contains($0) ? $0 + 32 : $0 }))
  }
}
