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
    // Asked before the first page: what is stamped earlier than this can be seen by the queries.
    let coverage: Coverage
    if request.after != nil, let known = coverages[request.object] {
      coverage = known
    } else {
      let span = try await span(name, since: request.since, operation)
      coverage = span.coverage
      coverages[request.object] = coverage
      if span.isQuiet { return StampedPage(records: [], coverage: coverage, next: nil) }
    }
    let answer = try await query(
      operation, request.object, { $0 },
      where: SOQL.stamped(since: request.since, after: request.after),
      orderedBy: "SystemModstamp, Id", limit: request.limit)
    let isLast = answer.isWhole && answer.elements.count < min(request.limit, 2000)
    return StampedPage(
      records: answer.found.map(\.record), failures: answer.failures, coverage: coverage,
      next: isLast ? nil : answer.found.last?.mark)
  }

  public func gatherEvidence(_ request: EvidenceRequest) async throws -> Evidence {
    let name = try bound(request.object, "look for writes").name
    let operation = "look for our writes to \(name)"
    let user = try await account.membership().user
    var evidence = Evidence(
      object: request.object, coverage: try await coverage(name, operation))
    if let since = request.createdSince {
      var after: NativeKey?
      while true {
        let answer = try await query(
          operation, request.object, { $0 },
          where: SOQL.created(by: user, since: since, after: after), orderedBy: "Id", limit: 2000,
          seesDeleted: true)
        evidence.created += answer.found.map(\.record)
        evidence.deleted.formUnion(answer.found.filter(\.isDeleted).map(\.record.key))
        if answer.isWhole && answer.elements.count < 2000 { break }
        guard let last = answer.found.last else { break }
        after = last.record.key
      }
    }
    evidence.found = try await fetch(
      FetchRequest(object: request.object, keys: request.keys))
    return evidence
  }

  // MARK: - How far a read reaches

  /// The server's clock; asks for it where no answer told it yet.
  private func serverNow() async throws -> Timestamp {
    if let now = account.now { return now }
    _ = try await account.ask("ask for the time", .get, "/limits")
    return account.now ?? pacer.now()
  }

  private func coverage(_ name: ObjectName, _ operation: String) async throws -> Coverage {
    try await span(name, since: nil, operation).coverage
  }

  /// How far a read reaches, and whether nothing changed since a moment: `updated` tells both, unless the moment is
  /// more than two hours ago or too much changed since. What it does not name yet is stamped behind `latestDateCovered`, which
  /// becomes the bound, so the next read asks for it again.
  private func span(
    _ name: ObjectName, since: Timestamp?, _ operation: String
  ) async throws -> (coverage: Coverage, isQuiet: Bool) {
    let now = try await serverNow()
    guard isReplicateable(name) else { return (Coverage(now: now), false) }
    if let since, since < now, since.microseconds > now.microseconds - Self.updatedReach,
      let answer = try await replication(
        "updated", name, from: Timestamp(microseconds: since.microseconds - Self.minute), to: now,
        operation),
      let covered = answer.covered
    {
      return (Coverage(now: now, safeBound: min(covered, now)), !answer.hasChanges)
    }
    let start = Timestamp(microseconds: now.microseconds - 2 * Self.minute)
    let answer = try await replication("updated", name, from: start, to: now, operation)
    return (Coverage(now: now, safeBound: answer?.covered.map { min($0, now) }), false)
  }

  /// How far back `updated` is asked: it names all records of the span at once, and the more time, the more records.
  private static let updatedReach = 120 * minute

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
    do { answer = try await account.ask(operation, .get, path) } catch let failure
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
