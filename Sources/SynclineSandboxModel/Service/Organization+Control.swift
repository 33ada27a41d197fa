import SynclineModel

// The path by which a test or a person makes things happen that no program could, `/sandbox/…`.
extension Organization {
  mutating func control(_ request: APIRequest, now: Timestamp) -> APIResponse {
    let before = savepoint
    do {
      return APIResponse(200, try act(request, now: now))
    } catch {
      rollback(to: before)
      return APIResponse(error)
    }
  }

  private mutating func act(_ request: APIRequest, now: Timestamp) throws(APIError) -> JSON {
    let path = request.segments.dropFirst()
    if path.isEmpty { return .object(["sandbox": .text("salesforce")]) }
    if path.first == "faults" { return try switchFaults(request) }
    try allow(request, ["POST"])
    let body: JSON = request.body.isEmpty ? .members([]) : try request.json()
    let name = body["user"]?.textValue ?? Self.person
    guard let user = user(named: name) else {
      throw APIError(400, "INVALID_INPUT", "no user is called \(name)")
    }
    let author = Author(user: user.id, now: now)
    switch path.first {
    case "undelete": try undelete(try id("id", body), by: author)
    case "merge":
      try merge(
        master: try id("master", body), loser: try id("loser", body),
        fields: body["fields"] ?? .members([]), by: author)
    case "touch": try touch(try id("id", body), by: author)
    case "empty-recycle-bin": emptyBin(now: now.wholeSecond)
    case "purge": purge()
    case "prune-deletions":
      let refuses = body["refuses"]?.booleanValue ?? false
      prune(Pruning(knownFrom: now.wholeSecond, refusesEarlier: refuses))
    case "expire-sessions": sessions.revokeAll()
    case "write": return try write(body, by: author)
    case "access": try setAccess(body, now: now)
    case "limits": usage.limit = body["dailyApiRequests"]?.integerValue ?? usage.limit
    default: throw .notFound
    }
    return .object(["done": .boolean(true)])
  }

  /// `{"object", "field", "access"}`: what programs may do; without `field` with the whole object.
  private mutating func setAccess(_ body: JSON, now: Timestamp) throws(APIError) {
    guard let object = body["object"]?.textValue.flatMap({ schema[$0] }),
      let access = body["access"]?.textValue.flatMap({ Access(rawValue: $0) })
    else {
      throw APIError(
        400, "INVALID_INPUT", "the body needs `object`, and `access`: none, read or write")
    }
    let name = body["field"]?.textValue
    let field = name.flatMap { object[$0] }
    guard name == nil || field != nil else {
      throw APIError(400, "INVALID_INPUT", "\(object.name) has no field \(name ?? "")")
    }
    allow(access, to: object, field: field)
    described = now.wholeSecond
  }

  private func id(_ key: String, _ body: JSON) throws(APIError) -> RecordID {
    guard let id = body[key]?.textValue.flatMap({ RecordID(parsing: $0) }) else {
      throw APIError(400, "INVALID_INPUT", "the body needs the id of a record as `\(key)`")
    }
    return id
  }

  /// `GET` tells the faults, `POST {"fault": TEXT}` adds one, `DELETE` ends them all.
  private mutating func switchFaults(_ request: APIRequest) throws(APIError) -> JSON {
    try allow(request, ["GET", "POST", "DELETE"])
    if request.method == "DELETE" { faults.clear() }
    if request.method == "POST" {
      let text = try request.json()["fault"]?.textValue ?? ""
      do {
        try add(fault: text)
      } catch {
        throw APIError(400, "INVALID_INPUT", error.description)
      }
    }
    return .object(["faults": .list(faults.all.map { .text($0.text) })])
  }

  /// Switches a fault on, as the command line spells it.
  public mutating func add(fault text: String) throws(SchemaProblem) {
    faults.add(try Fault(parsing: text))
  }

  /// A person writes by hand: with an `id` it is an update, or a delete where `delete` is true.
  private mutating func write(_ body: JSON, by author: Author) throws(APIError) -> JSON {
    guard let object = body["object"]?.textValue.flatMap({ schema[$0] }) else {
      throw APIError(400, "INVALID_INPUT", "the body needs the name of an object as `object`")
    }
    let fields = body["fields"] ?? .members([])
    guard body["id"] != nil else {
      return Self.saved(try create(object, fields, by: author))
    }
    let id = try id("id", body)
    if body["delete"]?.booleanValue == true {
      try delete(object, id, by: author)
    } else {
      try update(object, id, fields, by: author)
    }
    return Self.saved(id)
  }
}
