import SynclineModel

/// The fields of a schema file.
enum SchemaField {
  private static let keys: Set<String> = [
    "name", "label", "type", "length", "precision", "scale", "digits", "required", "unique",
    "caseSensitive", "externalId", "referenceTo", "relationshipName", "onDelete", "values",
    "default", "restricted", "formula", "autoNumber", "createable", "updateable",
  ]

  static func read(
    _ json: JSON, of object: ObjectDescription
  ) throws(SchemaProblem) -> FieldDescription {
    let name = try SchemaFile.text(json, "name", of: "a field of \(object.name)")
    let place = "\(object.name).\(name)"
    try SchemaFile.refuseUnknown(json, keys, place)
    let type = try SchemaFile.text(json, "type", of: place)
    guard let kind = FieldKind(rawValue: type), kind != .id, kind != .address else {
      throw SchemaProblem("\(place) has the type `\(type)`, which the sandbox does not know.")
    }
    guard name.hasSuffix("__c") || name == "Name" && object.isCustom else {
      throw SchemaProblem("\(place): the name of a field of your own ends in __c.")
    }
    var field = FieldDescription(
      name: name, label: json["label"]?.textValue ?? Label.of(name, in: object.label), kind: kind)
    field.isCustom = true
    size(&field, json)
    rights(&field, json)
    try relation(&field, json, place)
    choices(&field, json)
    return field
  }

  private static func size(_ field: inout FieldDescription, _ json: JSON) {
    let lengths: [FieldKind: Int] = [
      .phone: 40, .email: 80, .picklist: 255, .multipicklist: 4099, .reference: 18,
    ]
    if field.kind.isText || field.kind == .reference {
      field.length = json["length"]?.integerValue ?? lengths[field.kind] ?? 255
    }
    if field.kind == .int { field.digits = json["digits"]?.integerValue ?? 8 }
    if [.double, .currency, .percent].contains(field.kind) {
      field.precision = json["precision"]?.integerValue ?? 18
      field.scale = json["scale"]?.integerValue ?? 2
    }
    // Long text can neither be asked for nor sorted by.
    let isLong = field.kind == .textarea && field.length > 255
    field.isFilterable = !isLong
    field.isSortable = !isLong && field.kind != .multipicklist
  }

  private static func rights(_ field: inout FieldDescription, _ json: JSON) {
    field.formula = json["formula"]?.textValue.map { $0.split(separator: ".").map(String.init) }
    field.autoNumber = json["autoNumber"]?.textValue
    let isWritten = field.formula == nil && field.autoNumber == nil
    field.isCreateable = isWritten && json["createable"]?.booleanValue != false
    field.isUpdateable = isWritten && json["updateable"]?.booleanValue != false
    field.isNillable = json["required"]?.booleanValue != true && field.kind != .boolean
    field.isDefaultedOnCreate = field.kind == .boolean || field.autoNumber != nil
    field.isExternalID = json["externalId"]?.booleanValue == true
    field.isIDLookup = field.isExternalID || field.name == "Name"
    field.isUnique = json["unique"]?.booleanValue == true
    field.isCaseSensitive = json["caseSensitive"]?.booleanValue == true
  }

  private static func relation(
    _ field: inout FieldDescription, _ json: JSON, _ place: String
  ) throws(SchemaProblem) {
    guard field.kind == .reference else { return }
    field.referenceTo = json["referenceTo"]?.items?.compactMap(\.textValue) ?? []
    guard !field.referenceTo.isEmpty else {
      throw SchemaProblem("\(place) is a reference and needs `referenceTo`, a list of objects.")
    }
    field.relationshipName =
      json["relationshipName"]?.textValue ?? String(field.name.dropLast(3)) + "__r"
    let rule = json["onDelete"]?.textValue ?? DeleteRule.setNull.rawValue
    guard let onDelete = DeleteRule(rawValue: rule) else {
      throw SchemaProblem("\(place): `onDelete` is cascade, restrict or setNull, not `\(rule)`.")
    }
    field.onDelete = onDelete
  }

  private static func choices(_ field: inout FieldDescription, _ json: JSON) {
    let preset = json["default"]?.textValue
    field.picklist = (json["values"]?.items ?? []).compactMap(\.textValue).map {
      PicklistValue($0, isDefault: $0 == preset)
    }
    field.isRestricted = json["restricted"]?.booleanValue == true
    if field.picklist.contains(where: \.isDefault) { field.isDefaultedOnCreate = true }
  }

  /// The fields that the server gives every object of an organisation's own.
  static func system(_ label: String) -> [FieldDescription] {
    func make(_ name: String, _ kind: FieldKind, to parents: [String] = []) -> FieldDescription {
      var field = FieldDescription(name: name, label: Label.of(name, in: label), kind: kind)
      field.isDefaultedOnCreate = true
      field.referenceTo = parents
      field.length = kind.isIdentifier ? 18 : 0
      if kind == .reference { field.relationshipName = String(name.dropLast(2)) }
      return field
    }
    var identifier = make("Id", .id)
    identifier.isIDLookup = true
    var owner = make("OwnerId", .reference, to: ["Group", "User"])
    owner.isCreateable = true
    owner.isUpdateable = true
    var name = make("Name", .string)
    name.length = 80
    name.isCreateable = true
    name.isUpdateable = true
    name.isNillable = true
    name.isDefaultedOnCreate = true
    name.isIDLookup = true
    return [
      identifier, owner, make("IsDeleted", .boolean), name, make("CreatedDate", .datetime),
      make("CreatedById", .reference, to: ["User"]), make("LastModifiedDate", .datetime),
      make("LastModifiedById", .reference, to: ["User"]), make("SystemModstamp", .datetime),
    ]
  }
}
