import SynclineHTTP
import SynclineJSON
public import SynclineModel
import SynclinePorts

// Changes by stamps, and what is asked where the outcome of a write is not known.
extension SalesforceConnector {
  private static let day: Int64 = 86_400_000_000
  private static let minute: Int64 = 60_000_000

  public func readDeletions(_ request: StampedRequest) async throws -> DeletionPage {
    let name = try bound(request.object, "read deletes").name
    let operation = "read deletes of \(name)"
    let now = try await serverNow()
    // The feed goes back 15 days; a span must be longer than a minute, and its seconds do not count.
    let reach = Timestamp(microseconds: now.microseconds - 15 * Self.day + 10 * Self.minute)
    let start = max(request.since, reach)
    let page = DeletionPage(
      deletions: [], reachesBackTo: now, coverage: Coverage(now: now), isLast: true)
    guard isReplicateable(name),
      let answer = try await replication("deleted", name, from: start, to: now, operation)
    else { return page }
    for deletion in answer.deletions { buried.insert(deletion.key) }
    let earliest = max(answer.earliest ?? start, start > request.since ? start : .distantPast)
    return DeletionPage(
      deletions: answer.deletions.sorted { $0.key < $1.key }, reachesBackTo: earliest,
      coverage: Coverage(now: now, safeBound: answer.covered.map { min($0, now) }), isLast: true)
  }

  public func readStamped(_ request: StampedRequest) async throws -> StampedPage {
    let name = try bound(request.object, "read changes").name
    let operation = "read changes of \(name)"
    let coverage = try await coverage(
      of: request.object, isFirst: request.after == nil, name, operation)
    let answer = try await query(
      operation, request.object, { $0 },
      where: SOQL.stamped(since: request.since, after: request.after),
      orderedBy: "SystemModstamp, Id", limit: request.limit)
    let next = answer.isLast ? nil : answer.mark
    // A page that tells of no record where it stands would end the read before its time.
    if next == nil, !answer.isLast { throw unordered(name, operation) }
    return StampedPage(
      records: answer.found.map(\.record), failures: answer.failures, coverage: coverage,
      next: next)
  }

  public func gatherEvidence(_ request: EvidenceRequest) async throws -> Evidence {
    let name = try bound(request.object, "look for writes").name
    let operation = "look for our writes to \(name)"
    let user = try await account.membership().user
    var evidence = Evidence(
      object: request.object,
      coverage: try await coverage(
        of: request.object, isFirst: request.after == nil, name, operation))
    if let since = request.createdSince {
      let answer = try await query(
        operation, request.object, { $0 },
        where: SOQL.created(by: user, since: since, after: request.after), orderedBy: "Id",
        limit: request.limit, seesDeleted: true)
      // One that cannot be read wholly may be the one that was made, too.
      evidence.created = answer.found.map(\.record) + answer.failed.map(\.record)
      evidence.deleted = Set(
        answer.found.filter(\.isDeleted).map(\.record.key)
          + answer.failed.filter(\.isDeleted).map(\.failure.key))
      if !answer.isLast { evidence.next = answer.keys.last }
    }
    evidence.found = try await fetch(
      FetchRequest(object: request.object, keys: request.keys))
    return evidence
  }

  private func unordered(_ name: ObjectName, _ operation: String) -> ConnectorFailure {
    ConnectorFailure(
      code: "garbled", operation: operation,
      message: "\(account.settings.host): no record of a page of \(name) has a stamp",
      hint: "Look at SystemModstamp of the object's records", disposition: .stop)
  }

  // MARK: - How far a read reaches

  /// How far a read by pages covers its object. Asked before the first page: what is stamped earlier than this
  /// can be seen by the queries.
  private func coverage(
    of object: ObjectNumber, isFirst: Bool, _ name: ObjectName, _ operation: String
  ) async throws -> Coverage {
    if !isFirst, let known = coverages[object] { return known }
    let coverage = try await coverage(name, operation)
    coverages[object] = coverage
    return coverage
  }

  /// The server's clock; asks for it where no answer told it yet.
  private func serverNow() async throws -> Timestamp {
    if let now = account.now { return now }
    _ = try await account.ask("ask for the time", .get, "/limits")
    return account.now ?? pacer.now()
  }

  /// `updated` is asked about the last minutes alone, for the moment that it covers: that it names no record does
  /// not show that none was changed behind that moment, and a run must find an edit that was just made.
  private func coverage(_ name: ObjectName, _ operation: String) async throws -> Coverage {
    let now = try await serverNow()
    guard isReplicateable(name) else { return Coverage(now: now) }
    let start = Timestamp(microseconds: now.microseconds - 2 * Self.minute)
    let answer = try await replication("updated", name, from: start, to: now, operation)
    return Coverage(now: now, safeBound: answer?.covered.map { min($0, now) })
  }

  /// What the replication resource says of a span; nil where it does not go back so far, or names more records than
  /// an answer may hold.
  private func replication(
    _ resource: String, _ name: ObjectName, from start: Timestamp, to end: Timestamp,
    _ operation: String
  ) async throws -> ReplicationAnswer? {
    let end = Timestamp(microseconds: end.microseconds + 2 * Self.minute)
    let path =
      "/sobjects/\(HTTPAddress.encode(name.rawValue))/\(resource)/"
      + "?start=\(HTTPAddress.encode(StampText.format(start)))"
      + "&end=\(HTTPAddress.encode(StampText.format(end)))"
    let answer: HTTPAnswer
    do {
      answer = try await account.ask(operation, .get, path, judge: Account.judgeIndivisible)
    } catch let failure
      as ConnectorFailure where failure.code == HTTPFailure.Code.tooLarge.rawValue
    { return nil }
    guard answer.status == 200 else {
      let problem = APIProblem.first(in: answer.body) ?? APIProblem()
      let isTooFar = ["INVALID_REPLICATION_DATE", "EXCEEDED_ID_LIMIT"].contains(problem.code)
      if isTooFar { return nil }
      throw problem.failure(operation, name)
    }
    return try read(operation) { () throws(JSONFailure) in try ReplicationAnswer(answer.body) }
  }
}

extension Timestamp {
  fileprivate static let distantPast = Timestamp(microseconds: .min)
}
