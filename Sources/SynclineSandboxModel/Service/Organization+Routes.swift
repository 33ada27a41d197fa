import SynclineModel

// The resources of the data, `/services/data/vNN.0/…`.
extension Organization {
  /// Answers a request whose session is good; also each part of a composite one.
  mutating func dataRoute(
    _ request: APIRequest, _ path: [String], _ caller: Caller, now: Timestamp
  ) throws(APIError) -> APIResponse {
    switch path.first {
    case nil: return APIResponse(200, resources(caller))
    case "limits": return try limits(request, path)
    case "query", "queryAll":
      try allow(request, ["GET"])
      return APIResponse(200, try query(request, path, caller, now: now))
    case "sobjects": return try sobjects(request, Array(path.dropFirst()), caller, now: now)
    case "composite": return try composite(request, Array(path.dropFirst()), caller, now: now)
    default: throw .notFound
    }
  }

  func allow(_ request: APIRequest, _ methods: [String]) throws(APIError) {
    guard methods.contains(request.method) else {
      throw APIError(
        405, "METHOD_NOT_ALLOWED",
        "HTTP Method '\(request.method)' not allowed. Allowed are \(methods.joined(separator: ","))"
      )
    }
  }

  private func resources(_ caller: Caller) -> JSON {
    .members(
      ["sobjects", "query", "queryAll", "limits", "composite"].map {
        ($0, .text("\(caller.base)/\($0)"))
      })
  }

  private func limits(_ request: APIRequest, _ path: [String]) throws(APIError) -> APIResponse {
    try allow(request, ["GET"])
    guard path.count == 1 else {
      guard path.count == 2, path[1] == "recordCount" else { throw .notFound }
      return APIResponse(200, recordCount(request["sObjects"]))
    }
    let remaining = max(0, usage.limit - usage.count)
    return APIResponse(
      200,
      .object([
        "DailyApiRequests": .object([
          "Max": .number(usage.limit), "Remaining": .number(remaining),
        ])
      ]))
  }

  private func recordCount(_ names: String?) -> JSON {
    let wanted = names?.split(separator: ",").compactMap { catalog[String($0)] } ?? catalog.objects
    let counts = wanted.map { object in
      (object.name, store.records(of: object.name).count { !$0.isDeleted })
    }
    return .object([
      "sObjects": .list(
        counts.filter { $0.1 > 0 }.map {
          .object(["name": .text($0.0), "count": .number($0.1)])
        })
    ])
  }

  private mutating func query(
    _ request: APIRequest, _ path: [String], _ caller: Caller, now: Timestamp
  ) throws(APIError) -> JSON {
    if path.count == 2 { return try queryMore(path[1], caller) }
    guard path.count == 1 else { throw .notFound }
    guard let text = request["q"] else {
      throw APIError(400, "MALFORMED_QUERY", "A query string has to be specified")
    }
    let options = request.headers["sforce-query-options"] ?? ""
    let batch = options.split(whereSeparator: { $0 == "," || $0 == " " }).compactMap { option in
      option.hasPrefix("batchSize=") ? Int(option.dropFirst("batchSize=".count)) : nil
    }.first
    return try query(
      text, seesDeleted: path[0] == "queryAll", batch: batch, caller, now: now)
  }

  // MARK: Objects

  private mutating func sobjects(
    _ request: APIRequest, _ path: [String], _ caller: Caller, now: Timestamp
  ) throws(APIError) -> APIResponse {
    let describe = Describe(catalog: catalog, base: caller.base)
    guard let name = path.first else {
      try allow(request, ["GET"])
      return APIResponse(200, describe.global)
    }
    guard let object = catalog[name] else { throw .notFound }
    let author = Self.author(of: request, caller, now: now)
    switch (path.count, path.dropFirst().first) {
    case (1, _):
      try allow(request, ["GET", "POST"])
      if request.method == "GET" { return APIResponse(200, describe.short(object)) }
      let id = try create(object, try request.json(), by: author)
      return APIResponse(
        201, Self.saved(id), headers: [("Location", "\(caller.base)/sobjects/\(object.name)/\(id)")]
      )
    case (2, "describe"):
      try allow(request, ["GET"])
      let stamp = [("Last-Modified", HTTPDate.format(described))]
      let isKnown = try Conditions(of: request).isKnown(
        modified: described, tag: nil, isRead: true)
      return isKnown
        ? APIResponse(304, headers: stamp) : APIResponse(200, describe.full(object), headers: stamp)
    case (2, "updated"):
      try allow(request, ["GET"])
      return APIResponse(200, try updated(object, request, now: now))
    case (2, "deleted"):
      try allow(request, ["GET"])
      return APIResponse(200, try deleted(object, request, now: now))
    case (2, let id?): return try record(request, id, object, caller, author)
    case (3, let field?): return try byKey(request, field, path[2], object, caller, author)
    default: throw .notFound
    }
  }

  static func saved(_ id: RecordID, created: Bool? = nil) -> JSON {
    var members: [(String, JSON)] = [
      ("id", .text(id.text)), ("success", .boolean(true)), ("errors", .list([])),
    ]
    if let created { members.append(("created", .boolean(created))) }
    return .members(members)
  }

  private mutating func record(
    _ request: APIRequest, _ text: String, _ object: ObjectDescription, _ caller: Caller,
    _ author: Author
  ) throws(APIError) -> APIResponse {
    try allow(request, ["GET", "PATCH", "DELETE", "HEAD"])
    guard let id = RecordID(parsing: text) else { throw .noExternalField(text) }
    guard id.prefix == object.keyPrefix else {
      throw request.method == "GET" ? .notFound : .noSuchRecord
    }
    switch request.method {
    case "PATCH":
      try check(request, id, object)
      try update(object, id, try request.json(), by: author)
      return APIResponse(204, headers: tag(of: id, object))
    case "DELETE":
      // Conditions are not looked at here.
      try delete(object, id, by: author)
      return APIResponse(204)
    default:
      guard let record = visible(id) else { throw .notFound }
      guard !record.isDeleted else { throw .deleted }
      let isKnown = try Conditions(of: request).isKnown(
        modified: record.lastModified, tag: record.entityTag, isRead: true)
      guard !isKnown else { return APIResponse(304, headers: record.stateHeaders) }
      return APIResponse(
        200, try json(of: record, object, fields: request["fields"], caller),
        headers: record.stateHeaders)
    }
  }

  /// Refuses a write that says in which state it wants to find the record, where it is another.
  private func check(
    _ request: APIRequest, _ id: RecordID, _ object: ObjectDescription
  ) throws(APIError) {
    let conditions = try Conditions(of: request)
    guard let record = store.record(id, of: object.name) else { return }
    _ = try conditions.isKnown(
      modified: record.lastModified, tag: record.entityTag, isRead: false)
  }

  private func tag(
    of id: RecordID, _ object: ObjectDescription
  ) -> [(name: String, value: String)] {
    (store.record(id, of: object.name)?.entityTag).map { [("ETag", $0)] } ?? []
  }

  func json(
    of record: Record, _ object: ObjectDescription, fields names: String?, _ caller: Caller
  ) throws(APIError) -> JSON {
    var fields = object.fields
    if let names {
      fields = []
      for name in names.split(separator: ",") {
        guard let field = object[String(name)] else {
          throw APIError(
            400, "INVALID_FIELD", "No such column '\(name)' on entity '\(object.name)'")
        }
        fields.append(field)
      }
    }
    let writer = RecordWriter(evaluator: QueryEvaluator(organization: self), base: caller.base)
    return writer.json(of: record, fields: fields)
  }

  // MARK: By the key of another system

  private mutating func byKey(
    _ request: APIRequest, _ name: String, _ text: String, _ object: ObjectDescription,
    _ caller: Caller, _ author: Author
  ) throws(APIError) -> APIResponse {
    try allow(request, ["GET", "PATCH", "DELETE", "HEAD"])
    guard let field = object[name], field.isExternalID || field.isIDLookup else {
      throw .noExternalField(name)
    }
    let value = try keyValue(text, field)
    let found = live(holders: value, in: field, of: object)
    guard found.count <= 1 else {
      return APIResponse(
        300, .list(found.map { .text("\(caller.base)/sobjects/\(object.name)/\($0)") }))
    }
    guard request.method == "PATCH" else {
      guard let id = found.first else { throw .notFound }
      return try record(request, id.text, object, caller, author)
    }
    let body = try request.json()
    guard body.members?.contains(where: { $0.0.lowercased() == field.name.lowercased() }) == false
    else {
      throw APIError(
        400, "INVALID_FIELD",
        "The \(field.name) field should not be specified in the sobject data.")
    }
    if let id = found.first {
      try check(request, id, object)
      try update(object, id, body, by: author)
      let tag = tag(of: id, object)
      return caller.version < 46
        ? APIResponse(204, headers: tag)
        : APIResponse(200, Self.saved(id, created: false), headers: tag)
    }
    guard request["updateOnly"] != "true" else { throw .notFound }
    let id = try create(object, Self.body(body, with: field, value), by: author)
    return APIResponse(
      201, Self.saved(id, created: true),
      headers: [("Location", "\(caller.base)/sobjects/\(object.name)/\(id)")])
  }

  /// The value of a key as a field holds it.
  func keyValue(_ text: String, _ field: FieldDescription) throws(APIError) -> FieldValue {
    let json: JSON = field.kind.isNumber ? .number(text) : .text(text)
    guard let value = try FieldInput.read(json, for: field) else { throw .notFound }
    return value
  }

  /// The body of a create that a key was given for.
  static func body(_ body: JSON, with field: FieldDescription, _ value: FieldValue) -> JSON {
    .members((body.members ?? []) + [(field.name, value.json(as: field.kind))])
  }
}
