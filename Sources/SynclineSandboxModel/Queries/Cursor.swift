import SynclineModel

/// The rest of an answer that did not fit one page: which records, not what they hold, so that a later
/// page shows what they hold by then.
struct Cursor: Sendable {
  let query: BoundQuery
  let ids: [RecordID]
  let batch: Int
  let opened: Timestamp
  let seesDeleted: Bool
}

extension Organization {
  private static let batchMax = 2000

  /// Carries out a query. `batch` is the size of a page that the caller asks for.
  mutating func query(
    _ text: String, seesDeleted: Bool, batch: Int?, _ caller: Caller, now: Timestamp
  ) throws(APIError) -> JSON {
    let query = try SOQLBinder.bind(text, in: catalog, today: now.parts.date)
    let found = matches(query, seesDeleted: seesDeleted)
    guard query.paths != nil else {
      return .object([
        "totalSize": .number(found.count), "done": .boolean(true), "records": .list([]),
      ])
    }
    let asked = min(max(batch ?? Self.batchMax, 200), Self.batchMax)
    let cursor = Cursor(
      query: query, ids: found.map(\.id), batch: min(asked, faults.batch ?? asked), opened: now,
      seesDeleted: seesDeleted)
    guard cursor.ids.count > cursor.batch else { return page(cursor, from: 0, nil, caller) }
    let number = next("01g")
    let locator = RecordID(prefix: "01g", number: number)?.text ?? "01g"
    cursors[locator] = cursor
    return page(cursor, from: 0, locator, caller)
  }

  /// The next page of an earlier query.
  func queryMore(_ locator: String, _ caller: Caller) throws(APIError) -> JSON {
    let refusal = APIError(400, "INVALID_QUERY_LOCATOR", "invalid query locator")
    guard let dash = locator.lastIndex(of: "-"),
      let start = Int(locator[locator.index(after: dash)...]),
      let cursor = cursors[String(locator[..<dash])], start >= 0, start < cursor.ids.count
    else { throw refusal }
    return page(cursor, from: start, String(locator[..<dash]), caller)
  }

  private func matches(_ query: BoundQuery, seesDeleted: Bool) -> [Record] {
    let evaluator = QueryEvaluator(organization: self)
    let met = candidates(query).filter { record in
      (seesDeleted || !record.isDeleted)
        && query.condition.map { evaluator.meets($0, record) } != false
    }
    let found = query.paths == nil ? met : evaluator.sorted(met, by: query.order)
    return Array(found.dropFirst(query.offset).prefix(query.limit ?? found.count))
  }

  /// The records that can meet the condition: those of the ids where the condition names ids.
  private func candidates(_ query: BoundQuery) -> [Record] {
    guard let ids = Self.ids(query.condition) else { return visibleRecords(of: query.object.name) }
    return ids.compactMap { visible($0) }.filter { $0.object == query.object.name }
  }

  private static func ids(_ condition: BoundQuery.Condition?) -> [RecordID]? {
    switch condition {
    case .comparison(let path, .equal, .value(let value))
    where path.field.kind == .id && path.parents.isEmpty:
      return value.recordID.map { [$0] }
    case .membership(let path, false, let values, _)
    where path.field.kind == .id && path.parents.isEmpty:
      return values.compactMap(\.recordID)
    case .all(let parts): return parts.lazy.compactMap { ids($0) }.first
    default: return nil
    }
  }

  private func page(
    _ cursor: Cursor, from start: Int, _ locator: String?, _ caller: Caller
  ) -> JSON {
    let end = min(start + cursor.batch, cursor.ids.count)
    let writer = RecordWriter(evaluator: QueryEvaluator(organization: self), base: caller.base)
    let records = cursor.ids[start..<end].compactMap { id -> JSON? in
      guard let record = visible(id), cursor.seesDeleted || !record.isDeleted else { return nil }
      return writer.json(of: record, cursor.query.paths ?? [])
    }
    var members: [(String, JSON)] = [
      ("totalSize", .number(cursor.ids.count)), ("done", .boolean(end == cursor.ids.count)),
    ]
    if end < cursor.ids.count, let locator {
      members.append(("nextRecordsUrl", .text("\(caller.base)/query/\(locator)-\(end)")))
    }
    return .members(members + [("records", .list(records))])
  }
}
