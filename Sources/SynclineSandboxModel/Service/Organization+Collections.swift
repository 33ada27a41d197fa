import SynclineModel

// Several records by one request: each has a result of its own, and with `allOrNone` none is written
// where one fails.
extension Organization {
  private static let recordsMax = 200
  private static let runsMax = 10
  private static let readMax = 2000

  mutating func collections(
    _ request: APIRequest, _ path: [String], _ caller: Caller, now: Timestamp
  ) throws(APIError) -> APIResponse {
    let author = Self.author(of: request, caller, now: now)
    switch (path.count, request.method) {
    case (0, "POST"): return try save(request, isUpdate: false, author)
    case (0, "PATCH"): return try save(request, isUpdate: true, author)
    case (0, "DELETE"): return try deleteAll(request, author)
    case (1, "GET"), (1, "POST"): return try readAll(request, path[0], caller)
    case (2, "PATCH"): return try upsertAll(request, path[0], path[1], author)
    default:
      try allow(request, path.isEmpty ? ["POST", "PATCH", "DELETE"] : ["GET", "POST", "PATCH"])
      throw .notFound
    }
  }

  private static func limit(_ count: Int) throws(APIError) {
    guard count <= recordsMax else {
      throw APIError(
        400, "EXCEEDED_ID_LIMIT",
        "record limit reached. cannot submit more than \(recordsMax) records into this call")
    }
  }

  private func records(_ request: APIRequest) throws(APIError) -> ([JSON], allOrNone: Bool) {
    let body = try request.json()
    guard let records = body["records"]?.items else {
      throw APIError(400, "JSON_PARSER_ERROR", "The request lacks the list `records`")
    }
    for (name, _) in body.members ?? [] where name != "records" && name != "allOrNone" {
      throw APIError(
        400, "JSON_PARSER_ERROR", "Unrecognized field \"\(name)\", not marked as ignorable")
    }
    try Self.limit(records.count)
    let allOrNone = body["allOrNone"] ?? .boolean(false)
    guard let allOrNone = allOrNone.booleanValue else {
      throw .unreadable(allOrNone, as: "boolean")
    }
    return (records, allOrNone)
  }

  private func object(of record: JSON) throws(APIError) -> ObjectDescription {
    guard let type = record["attributes"]?["type"]?.textValue else {
      throw APIError(400, "INVALID_INPUT", "Each record needs `attributes` with a `type`")
    }
    guard let object = catalog[type] else {
      throw APIError(400, "INVALID_TYPE", "sObject type '\(type)' is not supported.")
    }
    return object
  }

  private mutating func save(
    _ request: APIRequest, isUpdate: Bool, _ author: Author
  ) throws(APIError) -> APIResponse {
    let (records, allOrNone) = try records(request)
    var runs = 0
    var last = ""
    var objects: [ObjectDescription] = []
    for record in records {
      let object = try object(of: record)
      if object.name != last { runs += 1 }
      last = object.name
      objects.append(object)
    }
    guard runs <= Self.runsMax else {
      throw APIError(
        400, "INVALID_INPUT",
        "Cannot have more than \(Self.runsMax) chunks in a single operation. Please rearrange the "
          + "data to reduce chunking.")
    }
    return each(records.count, allOrNone: allOrNone) { organization, place throws(APIError) in
      let record = records[place]
      if isUpdate {
        return try organization.update(record, objects[place], author)
      }
      return Self.saved(try organization.create(objects[place], record, by: author))
    }
  }

  private mutating func update(
    _ record: JSON, _ object: ObjectDescription, _ author: Author
  ) throws(APIError) -> JSON {
    guard let text = (record["id"] ?? record["Id"])?.textValue else {
      throw APIError(400, "MISSING_ARGUMENT", "Id not specified in an update call", fields: ["Id"])
    }
    guard let id = RecordID(parsing: text), id.prefix == object.keyPrefix else {
      throw APIError(
        400, "MALFORMED_ID", "\(object.label) ID: id value of incorrect type: \(text)",
        fields: ["Id"])
    }
    let body = JSON.members((record.members ?? []).filter { $0.0.lowercased() != "id" })
    try update(object, id, body, by: author)
    return Self.saved(id)
  }

  private mutating func deleteAll(
    _ request: APIRequest, _ author: Author
  ) throws(APIError) -> APIResponse {
    let ids = (request["ids"] ?? "").split(separator: ",").map(String.init)
    guard !ids.isEmpty else {
      throw APIError(400, "MISSING_ARGUMENT", "The ids parameter is required")
    }
    try Self.limit(ids.count)
    return each(ids.count, allOrNone: request["allOrNone"] == "true") {
      organization, place throws(APIError) in
      guard let id = RecordID(parsing: ids[place]),
        let object = organization.catalog.object(of: id)
      else { throw APIError(400, "MALFORMED_ID", "malformed id \(ids[place])") }
      try organization.delete(object, id, by: author)
      return Self.saved(id)
    }
  }

  private mutating func upsertAll(
    _ request: APIRequest, _ type: String, _ name: String, _ author: Author
  ) throws(APIError) -> APIResponse {
    guard let object = catalog[type] else { throw .notFound }
    guard let field = object[name], field.isExternalID || field.isIDLookup else {
      throw .noExternalField(name)
    }
    let (records, allOrNone) = try records(request)
    for record in records {
      guard try self.object(of: record).name == object.name else {
        throw APIError(400, "INVALID_INPUT", "All records of an upsert must be \(object.name)")
      }
    }
    let keys = records.map { Self.key(of: $0, field)?.line.lowercased() ?? "null" }
    let repeated = Dictionary(grouping: keys, by: \.self).filter {
      $0.key != "null" && $0.value.count > 1
    }
    return each(records.count, allOrNone: allOrNone) { organization, place throws(APIError) in
      guard repeated[keys[place]] == nil else {
        throw APIError(
          400, "DUPLICATE_VALUE",
          "Duplicate external id specified: \(Self.key(of: records[place], field)?.textValue ?? "")",
          fields: [field.name])
      }
      return try organization.upsert(records[place], object, field, author)
    }
  }

  private static func key(of record: JSON, _ field: FieldDescription) -> JSON? {
    record.members?.first { $0.0.lowercased() == field.name.lowercased() }?.1
  }

  private mutating func upsert(
    _ record: JSON, _ object: ObjectDescription, _ field: FieldDescription, _ author: Author
  ) throws(APIError) -> JSON {
    let members = record.members ?? []
    let key = Self.key(of: record, field)
    let rest = JSON.members(members.filter { $0.0.lowercased() != field.name.lowercased() })
    guard let key, let value = try FieldInput.read(key, for: field) else {
      guard field.kind == .id else {
        throw APIError(
          400, "MISSING_ARGUMENT", "\(field.name) not specified", fields: [field.name])
      }
      return Self.saved(try create(object, rest, by: author), created: true)
    }
    let found = live(holders: value, in: field, of: object)
    guard found.count <= 1 else {
      throw APIError(
        400, "DUPLICATE_EXTERNAL_ID",
        "Duplicate external id specified: \(key.textValue ?? "")", fields: [field.name])
    }
    if let id = found.first {
      try update(object, id, rest, by: author)
      return Self.saved(id, created: false)
    }
    guard field.kind != .id else { throw .noSuchRecord }
    let id = try create(object, Self.body(rest, with: field, value), by: author)
    return Self.saved(id, created: true)
  }

  /// Carries out one write after the other and collects the results in their order.
  private mutating func each(
    _ count: Int, allOrNone: Bool,
    _ write: (inout Organization, Int) throws(APIError) -> JSON
  ) -> APIResponse {
    let start = savepoint
    var results: [JSON] = []
    var failures: [Int: APIError] = [:]
    for place in 0..<count {
      let before = savepoint
      do {
        results.append(try write(&self, place))
      } catch {
        rollback(to: before)
        failures[place] = error
        results.append(Self.failed(error))
      }
    }
    if allOrNone, !failures.isEmpty {
      rollback(to: start)
      results = (0..<count).map { Self.failed(failures[$0] ?? .rolledBack) }
    }
    return APIResponse(200, .list(results))
  }

  private static func failed(_ error: APIError) -> JSON {
    .object(["success": .boolean(false), "errors": .list([error.recordJSON])])
  }

  private func readAll(
    _ request: APIRequest, _ type: String, _ caller: Caller
  ) throws(APIError) -> APIResponse {
    guard let object = catalog[type] else { throw .notFound }
    let ids: [String]
    let fields: [String]
    if request.method == "POST" {
      let body = try request.json()
      ids = body["ids"]?.items?.compactMap(\.textValue) ?? []
      fields = body["fields"]?.items?.compactMap(\.textValue) ?? []
    } else {
      ids = (request["ids"] ?? "").split(separator: ",").map(String.init)
      fields = (request["fields"] ?? "").split(separator: ",").map(String.init)
    }
    guard !ids.isEmpty, !fields.isEmpty else {
      throw APIError(400, "MISSING_ARGUMENT", "Both ids and fields are required")
    }
    guard ids.count <= Self.readMax else {
      throw APIError(
        400, "EXCEEDED_ID_LIMIT",
        "record limit reached. cannot submit more than \(Self.readMax) records into this call")
    }
    var records: [JSON] = []
    for text in ids {
      guard let id = RecordID(parsing: text) else {
        throw APIError(400, "MALFORMED_ID", "malformed id \(text)")
      }
      let record = visible(id).flatMap { $0.object == object.name && !$0.isDeleted ? $0 : nil }
      if let record {
        let names = fields.joined(separator: ",")
        records.append(try json(of: record, object, fields: names, caller))
      } else {
        records.append(.null)
      }
    }
    return APIResponse(200, .list(records))
  }
}
