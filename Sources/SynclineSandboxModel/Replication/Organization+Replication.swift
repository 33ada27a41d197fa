import SynclineModel

// Which records were changed or deleted in a span of time. Seconds of the bounds count for nothing, as
// on the real server.
extension Organization {
  private static let updatedDays: Int64 = 30
  private static let deletedDays: Int64 = 15

  func updated(
    _ object: ObjectDescription, _ request: APIRequest, now: Timestamp
  ) throws(APIError) -> JSON {
    let span = try self.span(request, daysMax: Self.updatedDays, leastMinutes: 0, now: now)
    let ids = visibleRecords(of: object.name).filter { record in
      guard !record.isDeleted, let stamp = record.systemModstamp else { return false }
      return stamp >= span.start && stamp < span.end
    }.map(\.id).sorted()
    guard ids.count <= 600_000 else {
      throw APIError(400, "EXCEEDED_ID_LIMIT", "too many ids in the span; ask for a shorter one")
    }
    return .object([
      "ids": .list(ids.map { .text($0.text) }),
      "latestDateCovered": .text(StampText.format(latestCovered(span.end, now: now))),
    ])
  }

  func deleted(
    _ object: ObjectDescription, _ request: APIRequest, now: Timestamp
  ) throws(APIError) -> JSON {
    let span = try self.span(request, daysMax: Self.deletedDays, leastMinutes: 1, now: now)
    let reach = now.adding(seconds: -Self.deletedDays * 86_400)
    let earliest = max(pruning?.knownFrom ?? reach, reach).wholeMinute
    guard pruning?.refusesEarlier != true || span.start >= earliest else {
      throw APIError(
        400, "INVALID_REPLICATION_DATE", "startDate before org replication enabled date")
    }
    let found = store.deletions.filter {
      $0.object == object.name && $0.date >= span.start && $0.date < span.end
        && hidden[$0.id]?.before?.isDeleted != false
    }
    return .object([
      "deletedRecords": .list(
        found.map { deletion in
          .object([
            "id": .text(deletion.id.text),
            "deletedDate": .text(StampText.format(deletion.date)),
          ])
        }),
      "earliestDateAvailable": .text(StampText.format(earliest)),
      "latestDateCovered": .text(StampText.format(latestCovered(span.end, now: now))),
    ])
  }

  /// Up to when nothing can turn up any more: not beyond the start of a write that still goes on.
  private func latestCovered(_ end: Timestamp, now: Timestamp) -> Timestamp {
    let oldest = hidden.values.map(\.began).min() ?? now
    return min(end, now.wholeMinute, oldest.wholeMinute)
  }

  private func span(
    _ request: APIRequest, daysMax: Int64, leastMinutes: Int64, now: Timestamp
  ) throws(APIError) -> (start: Timestamp, end: Timestamp) {
    let start = try bound("start", request)
    let end = try bound("end", request)
    guard start < end, end.microseconds - start.microseconds > leastMinutes * 60_000_000 else {
      throw APIError(
        400, "INVALID_REPLICATION_DATE",
        leastMinutes > 0
          ? "startDate must be more than one minute before endDate"
          : "startDate must be before endDate")
    }
    guard start >= now.adding(seconds: -daysMax * 86_400).wholeMinute else {
      throw APIError(
        400, "INVALID_REPLICATION_DATE", "startDate is more than \(daysMax) days before now")
    }
    return (start, end)
  }

  private func bound(_ name: String, _ request: APIRequest) throws(APIError) -> Timestamp {
    guard let text = request[name] else {
      throw APIError(400, "MISSING_ARGUMENT", "Missing required parameter: \(name)")
    }
    guard let moment = StampText.moment(text) else {
      throw APIError(400, "INVALID_REPLICATION_DATE", "\(name) is no date and time: \(text)")
    }
    return moment.wholeMinute
  }
}
