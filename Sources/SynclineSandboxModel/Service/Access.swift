/// What programs may do with an object or a field. Without a word they may do what the schema says.
public enum Access: String, Hashable, Sendable {
  /// It is not there for them.
  case none
  /// They see it and cannot write it.
  case read
  case write

  /// The place of the whole object among its fields.
  static let object = ""
}

extension Organization {
  /// Changes what programs may do with an object, or with one field of it.
  mutating func allow(
    _ access: Access, to object: ObjectDescription, field: FieldDescription?
  ) {
    self.access[object.name, default: [:]][field?.name ?? Access.object] = access
    var visible = Catalog()
    for object in schema.objects {
      let limits = self.access[object.name] ?? [:]
      if limits[Access.object] != Access.none { visible.put(object.limited(by: limits)) }
    }
    catalog = visible
  }
}

extension ObjectDescription {
  /// The object as programs see it.
  fileprivate func limited(by limits: [String: Access]) -> ObjectDescription {
    guard !limits.isEmpty else { return self }
    var object = ObjectDescription(
      name: name, label: label, labelPlural: labelPlural, keyPrefix: keyPrefix)
    object.isCustom = isCustom
    object.isMergeable = isMergeable
    object.isWritable = isWritable && limits[Access.object] != .read
    for field in fields where limits[field.name] != Access.none {
      var field = field
      if limits[field.name] == .read {
        field.isCreateable = false
        field.isUpdateable = false
        field.isReadOnly = true
      }
      object.add(field)
    }
    return object
  }
}
