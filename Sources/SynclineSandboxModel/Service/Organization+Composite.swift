import SynclineModel

// Several requests in one.
extension Organization {
  private static let partsMax = 25
  /// Of these, queries and collections.
  private static let heavyMax = 5

  mutating func composite(
    _ request: APIRequest, _ path: [String], _ caller: Caller, now: Timestamp
  ) throws(APIError) -> APIResponse {
    switch path.first {
    case nil:
      try allow(request, ["POST"])
      return try compositeRequest(request, caller, now: now)
    case "sobjects": return try collections(request, Array(path.dropFirst()), caller, now: now)
    case "batch":
      try allow(request, ["POST"])
      return try batch(request, caller, now: now)
    default: throw .notFound
    }
  }

  private mutating func compositeRequest(
    _ request: APIRequest, _ caller: Caller, now: Timestamp
  ) throws(APIError) -> APIResponse {
    let body = try request.json()
    let parts = body["compositeRequest"]?.items ?? []
    guard !parts.isEmpty else {
      throw APIError(400, "MISSING_ARGUMENT", "compositeRequest is required")
    }
    try Self.checkLimits(parts)
    let allOrNone = body["allOrNone"]?.booleanValue ?? false
    let start = savepoint
    var answers: [(String, APIResponse)] = []
    var bodies: [String: JSON] = [:]
    var failed: Int?
    for (place, part) in parts.enumerated() {
      let reference = try Self.reference(of: part, known: answers.map(\.0))
      var answer: APIResponse
      if allOrNone, failed != nil {
        answer = APIResponse(.halted)
      } else {
        answer = self.part(part, bodies, caller, now: now)
        if answer.status >= 300, failed == nil { failed = place }
      }
      bodies[reference] = answer.status < 300 ? Self.body(of: answer) : nil
      answers.append((reference, answer))
    }
    if allOrNone, let failed {
      rollback(to: start)
      for place in answers.indices where place != failed {
        answers[place].1 = APIResponse(.halted)
      }
    }
    return APIResponse(
      200, .object(["compositeResponse": .list(answers.map { Self.json($0.1, $0.0) })]))
  }

  private static func checkLimits(_ parts: [JSON]) throws(APIError) {
    guard parts.count <= partsMax else {
      throw APIError(
        400, "LIMIT_EXCEEDED",
        "The maximum number of subrequests is \(partsMax), and \(parts.count) were given")
    }
    let heavy = parts.count { part in
      let path = part["url"]?.textValue ?? ""
      return path.contains("/composite/sobjects") || path.contains("/query")
    }
    guard heavy <= heavyMax else {
      throw APIError(
        400, "LIMIT_EXCEEDED",
        "At most \(heavyMax) subrequests may be queries or collections, and \(heavy) are")
    }
  }

  private static func reference(
    of part: JSON, known: [String]
  ) throws(APIError) -> String {
    guard let reference = part["referenceId"]?.textValue, !reference.isEmpty,
      reference.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") })
    else {
      throw APIError(
        400, "INVALID_INPUT",
        "Provided referenceId must start with a letter or a number, and it can contain only "
          + "letters, numbers and underscores ('_').")
    }
    guard !known.contains(reference) else {
      throw APIError(400, "INVALID_INPUT", "The referenceId \(reference) is used more than once")
    }
    return reference
  }

  /// Answers one part.
  private mutating func part(
    _ part: JSON, _ bodies: [String: JSON], _ caller: Caller, now: Timestamp
  ) -> APIResponse {
    do {
      let references = CompositeReferences(bodies: bodies)
      let target = try references.resolve(text: part["url"]?.textValue ?? "")
      var headers: [String: String] = [:]
      for (name, value) in part["httpHeaders"]?.members ?? [] {
        headers[name.lowercased()] = value.textValue
      }
      var request = APIRequest(
        part["method"]?.textValue?.uppercased() ?? "", target, headers: headers)
      if let body = part["body"] {
        request.body = Array(try references.resolve(body).line.utf8)
      }
      return try answer(part: request, caller, now: now)
    } catch {
      return APIResponse(error)
    }
  }

  /// A part that names a version that is another than that of the whole is refused.
  private mutating func answer(
    part request: APIRequest, _ caller: Caller, now: Timestamp
  ) throws(APIError) -> APIResponse {
    let segments = request.segments
    guard segments.count > 3, segments[0] == "services", segments[1] == "data",
      segments[2] == "v\(caller.version).0",
      segments[3] != "composite" || segments.dropFirst(4).first == "sobjects"
    else { throw .notFound }
    let before = savepoint
    let outer = recordRefusal
    defer { recordRefusal = outer }
    let struck = faults.strike(method: request.method, path: request.path, isPart: true)
    if let refusal = struck.lazy.compactMap(\.refusal).first {
      guard isPerRecord(refusal, request) else { throw refusal }
      recordRefusal = refusal
    }
    do {
      return try dataRoute(request, Array(segments.dropFirst(3)), caller, now: now)
    } catch {
      rollback(to: before)
      throw error
    }
  }

  private static func body(of answer: APIResponse) -> JSON? {
    answer.body.isEmpty ? nil : try? JSONReader.read(answer.body)
  }

  private static func json(_ answer: APIResponse, _ reference: String) -> JSON {
    let headers = answer.headers.filter {
      ["Location", "ETag", "Last-Modified"].contains($0.name)
    }
    return .object([
      "body": body(of: answer) ?? .null,
      "httpHeaders": .members(headers.map { ($0.name, .text($0.value)) }),
      "httpStatusCode": .number(answer.status), "referenceId": .text(reference),
    ])
  }

  private mutating func batch(
    _ request: APIRequest, _ caller: Caller, now: Timestamp
  ) throws(APIError) -> APIResponse {
    let body = try request.json()
    let parts = body["batchRequests"]?.items ?? []
    guard !parts.isEmpty, parts.count <= Self.partsMax else {
      throw APIError(
        400, "LIMIT_EXCEEDED", "A batch has between 1 and \(Self.partsMax) requests")
    }
    let halts = body["haltOnError"]?.booleanValue ?? false
    var results: [JSON] = []
    var hasErrors = false
    for part in parts {
      var answer = APIResponse(.batchHalted)
      if !(halts && hasErrors) {
        var request = APIRequest(
          part["method"]?.textValue?.uppercased() ?? "",
          "/services/data/" + (part["url"]?.textValue ?? ""))
        if let body = part["richInput"] { request.body = Array(body.line.utf8) }
        do {
          answer = try self.answer(part: request, caller, now: now)
        } catch {
          answer = APIResponse(error)
        }
        countCall(at: now)
      }
      hasErrors = hasErrors || answer.status >= 300
      results.append(
        .object(["statusCode": .number(answer.status), "result": Self.body(of: answer) ?? .null]))
    }
    return APIResponse(
      200, .object(["hasErrors": .boolean(hasErrors), "results": .list(results)]))
  }
}

extension APIError {
  static let halted = APIError(
    400, "PROCESSING_HALTED",
    "The transaction was rolled back since another operation in the same transaction failed.")
  static let batchHalted = APIError(
    412, "BATCH_PROCESSING_HALTED", "The batch was halted since an earlier request failed.")
}
