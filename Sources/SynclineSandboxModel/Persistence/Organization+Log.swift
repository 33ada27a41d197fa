import SynclineModel

// The log: one line of JSON for each request that changed something, written before the answer is sent.
// A last line without its end is none: the request it is of was never answered.
extension Organization {
  /// What changed since this was called last, as one line; empty where nothing did.
  mutating func takeLog() -> [UInt8] {
    let changes = store.pendingChanges
    defer {
      store.forgetChanges()
      fresh = Fresh()
    }
    var members: [(String, JSON)] = []
    if !changes.isEmpty { members.append(("records", .list(changes.compactMap(line)))) }
    if !fresh.deletions.isEmpty {
      members.append(("deletions", .list(fresh.deletions.map(Self.json))))
    }
    if !fresh.counters.isEmpty {
      let counters = fresh.counters.sorted().map { ($0, JSON.number(self.counters[$0] ?? 0)) }
      members.append(("counters", .members(counters)))
    }
    members += logOfTime()
    if let pruning = fresh.pruning {
      members.append(("deletesKnownFrom", .text(StampText.format(pruning.knownFrom))))
      members.append(("refusesEarlier", .boolean(pruning.refusesEarlier)))
    }
    if let identifier = fresh.identifier {
      members.append(("organization", .text(identifier)))
    }
    return members.isEmpty ? [] : Array(JSON.members(members).line.utf8) + [0x0A]
  }

  /// The calls of a minute, where one more was counted, as a line of a log of their own: requests that
  /// change nothing are counted, too, and the log of changes is left alone by them.
  mutating func takeCalls() -> [UInt8] {
    guard let minute = fresh.calls else { return [] }
    fresh.calls = nil
    let calls = JSON.members([("\(minute)", .number(usage.minutes[minute] ?? 0))])
    return Array(JSON.members([("calls", calls)]).line.utf8) + [0x0A]
  }

  /// What was going to happen and happened.
  private mutating func logOfTime() -> [(String, JSON)] {
    var members: [(String, JSON)] = []
    if let moment = fresh.carriedOut {
      members.append(("carriedOut", .number(moment.microseconds)))
    }
    let added = scheduled.dropFirst(scheduledLogged)
    if !added.isEmpty { members.append(("scheduled", .list(added.map(\.json)))) }
    scheduledLogged = scheduled.count
    return members
  }

  private func line(_ change: (id: RecordID, object: String, before: Record?)) -> JSON {
    guard let record = store.record(change.id, of: change.object) else {
      return .object(["object": .text(change.object), "removed": .text(change.id.text)])
    }
    let object = schema[record.object]
    let values = record.values.keys.sorted().compactMap { name -> (String, JSON)? in
      guard let field = object?[name], let value = record.values[name] else { return nil }
      return (name, value.json(as: field.kind))
    }
    var members: [(String, JSON)] = [
      ("object", .text(record.object)), ("values", .members(values)),
    ]
    if let bin = record.bin {
      var act: [(String, JSON)] = [
        ("deleted", .text(StampText.format(bin.deleted))), ("act", .number(bin.act)),
      ]
      if let emptied = bin.emptied { act.append(("emptied", .text(StampText.format(emptied)))) }
      members.append(("bin", .members(act)))
    }
    return .members(members)
  }

  private static func json(_ deletion: Deletion) -> JSON {
    .object([
      "id": .text(deletion.id.text), "object": .text(deletion.object),
      "date": .text(StampText.format(deletion.date)),
    ])
  }

  /// The first line of a new log: the people.
  public mutating func logOfTheBeginning() -> [UInt8] { takeLog() }

  /// Reads a log, of changes or of calls, into the organisation, which then is as it was when the log was written. Returns how
  /// many bytes are good: what follows is the start of a line that was never finished.
  public mutating func read(log: [UInt8]) throws(SchemaProblem) -> Int {
    var start = 0
    var number = 1
    while let end = log[start...].firstIndex(of: 0x0A) {
      do {
        try apply(try JSONReader.read(Array(log[start..<end])), line: number)
      } catch let problem as JSONProblem {
        throw SchemaProblem("Line \(number) of the data file is damaged: \(problem.message).")
      } catch let problem as SchemaProblem {
        throw problem
      } catch {
        throw SchemaProblem("Line \(number) of the data file is damaged.")
      }
      start = end + 1
      number += 1
    }
    // Where nothing was read the people are still new.
    guard start > 0 else { return start }
    store.forgetChanges()
    fresh = Fresh()
    return start
  }

  private mutating func apply(_ entry: JSON, line: Int) throws(SchemaProblem) {
    for item in entry["records"]?.items ?? [] { try put(item, line: line) }
    for item in entry["deletions"]?.items ?? [] {
      guard let id = item["id"]?.textValue.flatMap({ RecordID(parsing: $0) }),
        let object = item["object"]?.textValue,
        let date = item["date"]?.textValue.flatMap(StampText.moment)
      else { throw SchemaProblem("Line \(line) of the data file holds a delete without an id.") }
      store.log(Deletion(id: id, object: object, date: date))
    }
    for (name, value) in entry["counters"]?.members ?? [] {
      if case .number(let digits) = value { counters[name] = UInt64(digits) }
    }
    try applyTime(entry, line: line)
    if let identifier = entry["organization"]?.textValue { take(identifier: identifier) }
    if let moment = entry["deletesKnownFrom"]?.textValue.flatMap(StampText.moment) {
      store.pruneDeletions { $0.date < moment }
      pruning = Pruning(
        knownFrom: moment, refusesEarlier: entry["refusesEarlier"]?.booleanValue ?? false)
    }
  }

  private mutating func applyTime(_ entry: JSON, line: Int) throws(SchemaProblem) {
    if let moment = entry["carriedOut"]?.integerValue {
      forgetScheduled(by: Timestamp(microseconds: Int64(moment)))
    }
    for item in entry["scheduled"]?.items ?? [] {
      guard let rule = Scheduled(item) else {
        throw SchemaProblem("Line \(line) of the data file holds an automation without its rule.")
      }
      scheduled.append(rule)
    }
    scheduledLogged = scheduled.count
    for (minute, calls) in entry["calls"]?.members ?? [] {
      if let minute = Int64(minute), let calls = calls.integerValue {
        usage.take(calls, in: minute)
      }
    }
  }

  private mutating func put(_ item: JSON, line: Int) throws(SchemaProblem) {
    guard let name = item["object"]?.textValue, let object = catalog[name] else {
      throw SchemaProblem(
        "Line \(line) of the data file has records of \(item["object"]?.textValue ?? "no object"), "
          + "which the schema does not have. Start with the schema file that the data was made with."
      )
    }
    if let id = item["removed"]?.textValue.flatMap({ RecordID(parsing: $0) }) {
      store.remove(id, of: object)
      return
    }
    guard let id = item["values"]?["Id"]?.textValue.flatMap({ RecordID(parsing: $0) }) else {
      throw SchemaProblem("Line \(line) of the data file has a record without an id.")
    }
    var record = Record(id: id, object: object.name)
    for (name, json) in item["values"]?.members ?? [] {
      // A field that the schema has no more is left out.
      guard let field = object[name] else { continue }
      record.values[name] = Self.value(json, field.kind)
    }
    if let bin = item["bin"], let deleted = bin["deleted"]?.textValue.flatMap(StampText.moment) {
      let bin = Record.Bin(
        deleted: deleted, act: UInt64(bin["act"]?.integerValue ?? 0),
        emptied: bin["emptied"]?.textValue.flatMap(StampText.moment))
      record.bin = bin
      expectAging(at: bin.purged ?? bin.leaves)
    }
    store.put(record, of: object)
    store.forgetChanges()
  }

  /// A value as the log holds it; nothing of it is checked or trimmed again.
  private static func value(_ json: JSON, _ kind: FieldKind) -> FieldValue? {
    switch (json, kind) {
    case (.boolean(let value), _): .boolean(value)
    case (.number(let digits), _): ExactDecimal(parsing: digits.utf8).map { .number($0) }
    case (.text(let text), .date): ISOText.date(Array(text.utf8)).map { .date($0) }
    case (.text(let text), .datetime): StampText.moment(text).map { .moment($0) }
    case (.text(let text), .time): StampText.time(text).map { .time($0) }
    case (.text(let text), _): .text(text)
    default: nil
    }
  }
}
