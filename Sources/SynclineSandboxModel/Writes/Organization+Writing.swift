import SynclineModel

// Create, update and delete, each of one record.
extension Organization {
  /// Who writes, and when.
  struct Author: Sendable {
    let user: RecordID
    let now: Timestamp
    /// The version of the interface that is used; people have the newest of the real service's time.
    var version = 60
    /// Whether duplicate rules only warn.
    var allowsDuplicates = false

    /// The stamp of the write.
    var stamp: FieldValue { .moment(now.wholeSecond) }
  }

  /// Who writes by a request.
  static func author(of request: APIRequest, _ caller: Caller, now: Timestamp) -> Author {
    Author(
      user: caller.user, now: now, version: caller.version,
      allowsDuplicates: request.allowsDuplicates)
  }

  mutating func create(
    _ object: ObjectDescription, _ body: JSON, by author: Author
  ) throws(APIError) -> RecordID {
    try refuseFixed(object)
    if let recordRefusal { throw recordRefusal }
    let given = try values(body, for: object, .create)
    guard let id = RecordID(prefix: object.keyPrefix, number: next(object.keyPrefix)) else {
      throw .notFound
    }
    var record = Record(id: id, object: object.name, values: defaults(of: object, author))
    record.values["Id"] = .text(id.text)
    for (name, value) in given where value != nil || object[name]?.isDefaultedOnCreate != true {
      record.values[name] = value
    }
    try number(&record, object)
    Derivation.apply(to: &record, catalog: catalog, store: store, changed: Set(given.keys))
    try check(record, object, written: record.values.keys)
    try obey(record, by: author)
    store.put(record, of: object)
    automate(record, object, author)
    return id
  }

  mutating func update(
    _ object: ObjectDescription, _ id: RecordID, _ body: JSON, by author: Author
  ) throws(APIError) {
    try refuseFixed(object)
    guard body["Id"] == nil, body["id"] == nil else {
      throw APIError(
        400, "INVALID_FIELD", "The Id field should not be specified in the sobject data.")
    }
    var record = try writable(id, object)
    let given = try values(body, for: object, .update)
    for (name, value) in given { record.values[name] = value }
    stamp(&record, object, author)
    Derivation.apply(to: &record, catalog: catalog, store: store, changed: Set(given.keys))
    try check(record, object, written: given.keys)
    try obey(record, by: author)
    store.put(record, of: object)
    automate(record, object, author)
  }

  /// Deletes a record and what goes with it; one act brings all of it back.
  mutating func delete(
    _ object: ObjectDescription, _ id: RecordID, by author: Author
  ) throws(APIError) {
    try refuseFixed(object)
    _ = try writable(id, object)
    try delete(id, object, act: next("act"), author)
  }

  private mutating func delete(
    _ id: RecordID, _ object: ObjectDescription, act: UInt64, _ author: Author
  ) throws(APIError) {
    guard var record = store.record(id, of: object.name), !record.isDeleted else { return }
    try refuseRestricted(id, object)
    let bin = Record.Bin(deleted: author.now.wholeSecond, act: act)
    record.bin = bin
    expectAging(at: bin.leaves)
    record.values["IsDeleted"] = .boolean(true)
    stamp(&record, object, author)
    store.put(record, of: object)
    note(Deletion(id: id, object: object.name, date: author.now.wholeSecond))
    for child in store.children(of: id) {
      guard let childObject = catalog.object(of: child),
        var found = store.record(child, of: childObject.name), !found.isDeleted
      else { continue }
      let fields = childObject.fields.filter {
        $0.kind == .reference && found.values[$0.name]?.recordID == id
      }
      if fields.contains(where: { $0.onDelete == .cascade }) {
        try delete(child, childObject, act: act, author)
      } else {
        // Only the system's own stamp moves: nobody edited the child.
        for field in fields { found.values[field.name] = nil }
        found.values["SystemModstamp"] = author.stamp
        store.put(found, of: childObject)
      }
    }
  }

  mutating func note(_ deletion: Deletion) {
    store.log(deletion)
    fresh.deletions.append(deletion)
  }

  private func refuseRestricted(
    _ id: RecordID, _ object: ObjectDescription
  ) throws(APIError) {
    for child in store.children(of: id) {
      guard let childObject = catalog.object(of: child),
        let found = store.record(child, of: childObject.name), !found.isDeleted
      else { continue }
      let isRestricted = childObject.fields.contains {
        $0.onDelete == .restrict && found.values[$0.name]?.recordID == id
      }
      guard !isRestricted else {
        let name = found.values["CaseNumber"]?.text ?? found.values["Name"]?.text ?? child.text
        throw APIError(
          400, "DELETE_FAILED",
          "Your attempt to delete \(store.record(id, of: object.name)?.values["Name"]?.text ?? "") "
            + "could not be completed because it is associated with the following "
            + "\(childObject.labelPlural.lowercased()).: \(name)\n")
      }
    }
  }

  /// The record to be written: there, not deleted, not held by another transaction.
  func writable(_ id: RecordID, _ object: ObjectDescription) throws(APIError) -> Record {
    guard let record = store.record(id, of: object.name) else { throw .noSuchRecord }
    if hidden[id]?.isLocked == true || recordRefusal?.code == "UNABLE_TO_LOCK_ROW" {
      throw .locked(id)
    }
    if let recordRefusal { throw recordRefusal }
    guard !record.isDeleted else { throw .deleted }
    if record.values["IsConverted"] == .boolean(true) {
      throw APIError(
        400, "CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead", fields: [])
    }
    return record
  }

  private func refuseFixed(_ object: ObjectDescription) throws(APIError) {
    guard object.isWritable else {
      throw APIError(
        400, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
        "entity type cannot be inserted, updated or deleted: \(object.name)")
    }
  }

  /// What the server puts into a new record by itself.
  private func defaults(of object: ObjectDescription, _ author: Author) -> [String: FieldValue] {
    var values: [String: FieldValue] = [:]
    for field in object.fields {
      if field.kind == .boolean { values[field.name] = .boolean(false) }
      if let preset = field.picklist.first(where: \.isDefault) {
        values[field.name] = .text(preset.value)
      }
    }
    for name in ["CreatedById", "LastModifiedById", "OwnerId"] where object[name] != nil {
      values[name] = .text(author.user.text)
    }
    for name in ["CreatedDate", "LastModifiedDate", "SystemModstamp"] where object[name] != nil {
      values[name] = author.stamp
    }
    return values
  }

  private mutating func number(
    _ record: inout Record, _ object: ObjectDescription
  ) throws(APIError) {
    if object.name == "Case" {
      record.values["CaseNumber"] = .text(Self.padded(999 + next("CaseNumber"), 8))
    }
    for field in object.fields {
      guard let pattern = field.autoNumber, let open = pattern.firstIndex(of: "{"),
        let close = pattern.firstIndex(of: "}"), open < close
      else { continue }
      let width = pattern.distance(from: open, to: close) - 1
      let digits = Self.padded(next("\(object.name).\(field.name)"), width)
      record.values[field.name] = .text(
        pattern[..<open] + digits + pattern[pattern.index(after: close)...])
    }
    // A record of an own object that is given no name is called by its id.
    if object.isCustom, record.values["Name"] == nil {
      record.values["Name"] = .text(record.id.fifteen)
    }
  }

  private static func padded(_ number: UInt64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }

  /// Moves all stamps: somebody wrote the record.
  func stamp(_ record: inout Record, _ object: ObjectDescription, _ author: Author) {
    for name in ["LastModifiedDate", "SystemModstamp"] where object[name] != nil {
      record.values[name] = author.stamp
    }
    if object["LastModifiedById"] != nil {
      record.values["LastModifiedById"] = .text(author.user.text)
    }
  }
}
