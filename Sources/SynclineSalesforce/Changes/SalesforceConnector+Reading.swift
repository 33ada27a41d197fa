import SynclineHTTP
import SynclineJSON
public import SynclineModel
import SynclinePorts

// Full reads and reads by key. Pages follow each other by their last id, never by the server's own
// locators: a locator can end, and a key cannot.
extension SalesforceConnector {
  public func readPage(_ request: PageRequest) async throws -> RecordPage {
    let operation = "read \(try bound(request.object, "read").name)"
    let answer = try await query(
      operation, request.object, { $0 }, where: request.after.map(SOQL.after), orderedBy: "Id",
      limit: request.limit)
    let page = RecordPage(
      records: answer.found.map(\.record), failures: answer.failures, isLast: answer.isLast)
    try requireOrder(answer.keys, after: request.after, operation)
    return page
  }

  public func readKeys(_ request: PageRequest) async throws -> KeyPage {
    let operation = "count \(try bound(request.object, "count").name)"
    let answer = try await query(
      operation, request.object, { _ in ["Id", "SystemModstamp"] },
      where: request.after.map(SOQL.after), orderedBy: "Id", limit: request.limit)
    // A record whose stamp means nothing is there.
    try requireOrder(answer.keys, after: request.after, operation)
    return KeyPage(keys: answer.keys, isLast: answer.isLast)
  }

  /// The journal's order of keys must be the server's, or a page would be skipped.
  private func requireOrder(
    _ keys: [NativeKey], after: NativeKey?, _ operation: String
  ) throws {
    let all = (after.map { [$0] } ?? []) + keys
    guard !zip(all, all.dropFirst()).allSatisfy({ $0 < $1 }) else { return }
    throw ConnectorFailure(
      code: "order", operation: operation,
      message: "Salesforce orders ids in another way than we do",
      hint: "Report this", disposition: .stop)
  }

  public func fetch(_ request: FetchRequest) async throws -> FetchedRecords {
    let bound = try bound(request.object, "fetch")
    let operation = "look up \(bound.name)"
    let prefixed = request.keys.filter { $0.id != nil }
    var answer = FetchedRecords()
    answer.absent = request.keys.filter { $0.id == nil }
    guard !prefixed.isEmpty else { return answer }
    let found = try await retrieve(operation, request.object, prefixed)
    answer.records = found.found.map(\.record)
    answer.failures = found.failures
    let seen = answer.answered
    let gone = prefixed.filter { !seen.contains($0) }
    let deleted = try await deleted(among: gone, request.object, operation)
    for key in gone {
      if deleted.contains(key) { answer.deleted.append(key) } else { answer.absent.append(key) }
    }
    return answer
  }

  /// Which of these records the organisation says are deleted: they lie in the recycle bin, or a feed
  /// named them.
  private func deleted(
    among keys: [NativeKey], _ object: ObjectNumber, _ operation: String
  ) async throws -> Set<NativeKey> {
    var deleted = buried.intersection(keys)
    let asked = keys.filter { !deleted.contains($0) }
    for start in stride(from: 0, to: asked.count, by: 2000) {
      let part = Array(asked[start..<min(start + 2000, asked.count)])
      var rest = part
      while !rest.isEmpty {
        let answer = try await query(
          operation, object, { _ in ["Id", "SystemModstamp", "IsDeleted"] },
          where: SOQL.among(rest), orderedBy: "Id", limit: 2000, seesDeleted: true)
        for found in answer.found where found.isDeleted { deleted.insert(found.record.key) }
        for failed in answer.failed where failed.isDeleted { deleted.insert(failed.failure.key) }
        guard !answer.isLast, let last = answer.keys.last else { break }
        rest.removeAll { $0 <= last }
      }
    }
    return deleted
  }

  /// The records under some ids, in their order; null where none is to be seen. What is too much for one
  /// request is asked for in halves.
  func retrieve(
    _ operation: String, _ object: ObjectNumber, _ keys: [NativeKey]
  ) async throws -> RecordAnswer {
    let bound = try bound(object, operation)
    let body = try retrieval(object, keys)
    let answer = try await account.ask(
      operation, .post, "/composite/sobjects/\(HTTPAddress.encode(bound.name.rawValue))",
      body: body, repetition: .harmless)
    guard answer.status == 200 else {
      let problem = APIProblem.first(in: answer.body) ?? APIProblem()
      guard problem.reach == .size, keys.count > Self.pageMin else {
        throw problem.failure(operation, bound)
      }
      let middle = keys.count / 2
      var whole = try await retrieve(operation, object, Array(keys[..<middle]))
      whole.elements += try await retrieve(operation, object, Array(keys[middle...])).elements
      return whole
    }
    return try await records(answer.body, bound, operation)
  }

  func retrieval(_ object: ObjectNumber, _ keys: [NativeKey]) throws -> JSON {
    let bound = try bound(object, "look up")
    return .object([
      "ids": .list(keys.compactMap(\.id).map { .text($0) }),
      "fields": .list(bound.selected.map { .text($0) }),
    ])
  }

  // MARK: - Queries

  /// The longest address that is asked for by itself; a longer query travels in the body of a composite
  /// request, so that no list of fields is too long.
  private static let addressBytesMax = 6000

  /// The smallest page that is asked for where larger ones are too much for the organisation.
  private static let pageMin = 25

  func query(
    _ operation: String, _ object: ObjectNumber, _ select: ([String]) -> [String],
    where condition: String?, orderedBy order: String, limit: Int, seesDeleted: Bool = false
  ) async throws -> RecordAnswer {
    let bound = try bound(object, operation)
    let asked = min(max(1, limit), 2000)
    while true {
      let limit = min(asked, pageMax[object] ?? asked)
      let text = SOQL.page(
        select(bound.selected), of: bound.name, where: condition, orderedBy: order, limit: limit)
      let path = (seesDeleted ? "/queryAll" : "/query") + "?q=" + HTTPAddress.encode(text)
      let answer = try await answer(operation, path)
      var found = RecordAnswer()
      if answer.status == 200 {
        found = try await records(answer.body, bound, operation)
      } else {
        found.elements = [.problem(APIProblem.first(in: answer.body) ?? APIProblem())]
      }
      guard let problem = found.problem else {
        found.limit = limit
        guard !found.elements.contains(.nothing) else { throw nameless(bound, operation) }
        // An answer without a list is not one of no records.
        guard found.isList else { throw listless(bound, operation) }
        return found
      }
      guard problem.reach == .size, limit > Self.pageMin else {
        throw problem.failure(operation, bound)
      }
      // Too much for one request: for the rest of the run smaller pages are asked for.
      pageMax[object] = max(Self.pageMin, limit / 2)
    }
  }

  private func answer(_ operation: String, _ path: String) async throws -> HTTPAnswer {
    guard path.utf8.count > Self.addressBytesMax else {
      return try await account.ask(operation, .get, path)
    }
    let part = JSON.object([
      "method": .text("GET"), "url": .text(account.root + path), "referenceId": .text("query"),
    ])
    return try await account.ask(
      operation, .post, "/composite", body: .object(["compositeRequest": .list([part])]),
      repetition: .harmless, judge: Account.judgePart)
  }

  /// Reads the records of an answer, also where it is the one part of a composite one.
  private func records(
    _ body: [UInt8], _ object: BoundObject, _ operation: String
  ) async throws -> RecordAnswer {
    var bound = object
    let user = try await account.membership().user
    let answer = try read(operation) { () throws(JSONFailure) in
      var parser = JSONParser()
      try parser.append(body)
      return try parser.read { (cursor: inout JSONCursor) throws(JSONFailure) in
        try cursor.recordsOrPart(&bound, user: user)
      }
    }
    if answer.elements.contains(.nameless) { throw nameless(object, operation) }
    return answer
  }
}

extension JSONCursor {
  /// The records of a query, or of the query that is the only part of a composite answer.
  fileprivate mutating func recordsOrPart(
    _ object: inout BoundObject, user: String
  ) throws(JSONFailure) -> RecordAnswer {
    guard try kind == .object else { return try records(&object, user: user) }
    var bound = object
    var answer = RecordAnswer()
    var status = 200
    try self.object { (cursor: inout JSONCursor) throws(JSONFailure) in
      if cursor.isAt("done") {
        answer.isWhole = try cursor.boolean()
      } else if cursor.isAt("records") {
        answer.elements = try cursor.records(&bound, user: user).elements
        answer.isList = true
      } else if cursor.isAt("compositeResponse") {
        try cursor.array { (cursor: inout JSONCursor) throws(JSONFailure) in
          try cursor.object { (cursor: inout JSONCursor) throws(JSONFailure) in
            if cursor.isAt("body") { answer = try cursor.records(&bound, user: user) }
            if cursor.isAt("httpStatusCode") { status = try cursor.integer() }
          }
        }
      }
    }
    if status >= 300, answer.problem == nil { answer.elements = [.problem(.silent(status))] }
    return answer
  }
}
