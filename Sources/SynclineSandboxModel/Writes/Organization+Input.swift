import SynclineModel

// From the body of a request to the values of a record.
extension Organization {
  enum Purpose {
    case create
    case update
  }

  /// The values that a body gives: nil for fields that are to be emptied.
  func values(
    _ body: JSON, for object: ObjectDescription, _ purpose: Purpose
  ) throws(APIError) -> [String: FieldValue?] {
    guard let members = body.members else { throw .unreadable(body, as: object.name) }
    var values: [String: FieldValue?] = [:]
    var refused: [String] = []
    for (name, json) in members where name != "attributes" {
      if let field = object[name] {
        let isAllowed = purpose == .create ? field.isCreateable : field.isUpdateable
        if isAllowed {
          values[field.name] = .some(try FieldInput.read(json, for: field))
        } else {
          refused.append(field.name)
        }
      } else if let reference = object.relationship(name), json.members != nil {
        values[reference.name] = .some(.text(try parent(json, by: reference).text))
      } else {
        throw APIError(
          400, "INVALID_FIELD", "No such column '\(name)' on sobject of type \(object.name)")
      }
    }
    guard refused.isEmpty else {
      throw APIError(
        400, "INVALID_FIELD_FOR_INSERT_UPDATE",
        "Unable to create/update fields: \(refused.joined(separator: ", ")). Please check the "
          + "security settings of this field and verify that it is read/write for your profile or "
          + "permission set.", fields: refused)
    }
    return values
  }

  /// The parent that an object of one external id names.
  private func parent(
    _ json: JSON, by reference: FieldDescription
  ) throws(APIError) -> RecordID {
    let keys = (json.members ?? []).filter { $0.0 != "attributes" }
    for parentName in reference.referenceTo {
      guard let object = catalog[parentName], keys.count == 1, let key = keys.first,
        let field = object[key.0], field.isIDLookup || field.isExternalID
      else { continue }
      guard let value = try FieldInput.read(key.1, for: field) else { break }
      let found = live(holders: value, in: field, of: object)
      guard found.count <= 1 else {
        throw APIError(
          400, "DUPLICATE_EXTERNAL_ID",
          "External ID field \(field.name) is not unique", fields: [field.name])
      }
      guard let id = found.first else {
        throw APIError(
          400, "INVALID_FIELD",
          "Foreign key external ID: \(key.1.textValue ?? "") not found for field \(field.name) in "
            + "entity \(object.name)")
      }
      return id
    }
    throw APIError(
      400, "INVALID_FIELD",
      "The relationship \(reference.relationshipName ?? reference.name) must name one external id")
  }

  /// Records that are not deleted and hold a value in an indexed field.
  func live(
    holders value: FieldValue, in field: FieldDescription, of object: ObjectDescription
  ) -> [RecordID] {
    if field.kind == .id {
      return value.recordID.map { [$0] }?.filter {
        store.record($0, of: object.name)?.isDeleted == false
      } ?? []
    }
    return store.holders(of: value, in: field, of: object.name).filter {
      store.record($0, of: object.name)?.isDeleted == false
    }
  }

  /// Refuses what a record must not be: fields missing, references to nothing, values used twice.
  func check(
    _ record: Record, _ object: ObjectDescription, written: some Sequence<String>
  ) throws(APIError) {
    let missing = object.fields.filter { $0.isRequired && record.values[$0.name] == nil }
      .map(\.name)
    guard missing.isEmpty else {
      throw APIError(
        400, "REQUIRED_FIELD_MISSING",
        "Required fields are missing: [\(missing.joined(separator: ", "))]", fields: missing)
    }
    for name in written.sorted() {
      guard let field = object[name], let value = record.values[field.name] else { continue }
      if field.kind == .reference { try checkReference(value, field, from: record) }
      if field.isUnique { try checkUnique(value, field, record, object) }
    }
  }

  private func checkReference(
    _ value: FieldValue, _ field: FieldDescription, from record: Record
  ) throws(APIError) {
    guard let id = value.recordID, let parent = catalog.object(of: id),
      field.referenceTo.contains(parent.name)
    else { throw .wrongIdentifier(value.text ?? "", field) }
    guard let target = store.record(id, of: parent.name) else {
      throw APIError(
        400, "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", fields: [field.name])
    }
    guard !target.isDeleted else {
      throw APIError(400, "ENTITY_IS_DELETED", "entity is deleted", fields: [])
    }
    if field.name == "OwnerId", target.values["IsActive"] == .boolean(false) {
      throw APIError(
        400, "INACTIVE_OWNER_OR_USER",
        "operation performed with inactive user [\(id)] as owner of \(record.object)", fields: [])
    }
    try checkCircle(id, field, of: record)
  }

  /// A record must not be its own parent, nor its parent's.
  private func checkCircle(
    _ first: RecordID, _ field: FieldDescription, of record: Record
  ) throws(APIError) {
    var ancestor: RecordID? = first
    var seen: Set<RecordID> = []
    while let id = ancestor, id.prefix == record.id.prefix, seen.insert(id).inserted {
      guard id != record.id else {
        throw APIError(
          400, "CIRCULAR_DEPENDENCY", "attempt to violate hierarchy constraints",
          fields: [field.name])
      }
      ancestor = store.record(id, of: record.object)?.values[field.name]?.recordID
    }
  }

  private func checkUnique(
    _ value: FieldValue, _ field: FieldDescription, _ record: Record, _ object: ObjectDescription
  ) throws(APIError) {
    // A deleted record holds its value until it leaves the recycle bin.
    let others = store.holders(of: value, in: field, of: object.name).filter {
      $0 != record.id && store.record($0, of: object.name)?.bin?.emptied == nil
    }
    guard let other = others.first else { return }
    throw APIError(
      400, "DUPLICATE_VALUE",
      "duplicate value found: \(field.name) duplicates value on record with id: \(other.fifteen)",
      fields: [])
  }
}
