import SynclineModel

// What a describe means for a sync: which fields there are, and which objects cannot be synced.

extension DescribedObject {
  /// Fields without which nobody can tell what changed, and who made it.
  static let needed = [
    "Id", "CreatedById", "CreatedDate", "LastModifiedById", "LastModifiedDate", "SystemModstamp",
    "IsDeleted",
  ]

  /// What the connector reads as stamps, and what only looking at a record changes: no content.
  private static let stamps: Set<String> = [
    "LastModifiedById", "LastModifiedDate", "SystemModstamp", "IsDeleted", "LastViewedDate",
    "LastReferencedDate", "MasterRecordId",
  ]

  /// Why the object cannot be synced, with the mend; nil where it can.
  var refusal: String? {
    if !isQueryable { return "\(name) cannot be queried. Sync another object" }
    let names = Set(fields.map(\.name))
    if let field = Self.needed.first(where: { !names.contains($0) }) {
      return "\(name) has no field \(field), without which its changes cannot be told."
        + " Let the user see the field, or sync another object"
    }
    if !isCreateable || !isUpdateable {
      return "\(name) cannot be \(isCreateable ? "updated" : "created") by this user."
        + " Give the user the permission, or sync another object"
    }
    return nil
  }

  /// The object as the core knows it. What has no single value of its own is left out: addresses and
  /// places (their parts are fields), bodies of files.
  var schema: ObjectSchema {
    let kept = fields.filter { !Self.stamps.contains($0.name) && $0.fieldType != nil }
    return ObjectSchema(
      name: ObjectName(name), key: "Id", fields: kept.compactMap(\.schema),
      foreignKeys: kept.compactMap(\.foreignKey))
  }
}

extension DescribedField {
  /// What the field can hold; nil where it cannot be synced.
  var fieldType: FieldType? {
    switch type {
    case "id": FieldType(.text, lengthMax: 18)
    case "reference": FieldType(.text, lengthMax: 18, trims: true)
    case "string", "textarea", "phone", "url", "email", "picklist", "multipicklist", "combobox",
      "encryptedstring":
      FieldType(.text, lengthMax: UInt32(clamping: length), trims: true)
    case "boolean": FieldType(.boolean)
    case "int": FieldType(.integer)
    case "double", "currency", "percent":
      FieldType(
        .decimal, precision: UInt16(clamping: precision), scale: UInt16(clamping: scale))
    case "date": FieldType(.date)
    case "datetime": FieldType(.timestamp)
    case "time": FieldType(.time)
    default: nil
    }
  }

  var schema: FieldSchema? {
    fieldType.map { fieldType in
      FieldSchema(
        name: FieldName(name), type: fieldType, isNullable: isNillable, hasDefault: isDefaulted,
        isCalculated: !isWritable && !isBeyondRights, isReadOnly: !isWritable && isBeyondRights,
        writing: writing, isUnique: isUnique || type == "id",
        pointsTo: referenceTo.count > 1 ? referenceTo.map { ObjectName($0) } : [])
    }
  }

  private var writing: FieldSchema.Writing {
    switch (isCreateable, isUpdateable) {
    case (true, false): .onlyAtInsert
    case (false, true): .onlyLater
    case (true, true), (false, false): .always
    }
  }

  /// The organisation assigns the key, which the core knows.
  private var isWritable: Bool { type == "id" || isCreateable || isUpdateable }

  /// Whether a field that the user may not write is one that others may: rights can be given to it,
  /// and neither a formula nor a counter fills it.
  private var isBeyondRights: Bool { isPermissionable && !isCalculated && !isAutoNumber }

  /// The one parent that the field points to; where it may be one of several, there is no relation.
  var foreignKey: ForeignKey? {
    guard type == "reference", referenceTo.count == 1, let parent = referenceTo.first else {
      return nil
    }
    return ForeignKey(
      field: FieldName(name), parent: ObjectName(parent),
      onDelete: cascades ? .cascade : restricts ? .refuse : .setNull)
  }
}
