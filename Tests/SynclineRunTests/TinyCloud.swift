import Synchronization
import SynclineMapping
import SynclineModel
import SynclinePorts

/// The smallest cloud: one object, stamps to the second, a feed of deletes, no transactions.
final class TinyCloud: StampedSystem, Sendable {
  struct Record {
    var row: [FieldName: Value]
    var stamp: Int64
    var created: Int64
    var isOurs = false
    var deleted: Int64?
  }

  struct Inside {
    var records: [Int64: Record] = [:]
    /// Seconds.
    var now: Int64 = 100
    var nextKey: Int64 = 1
    var bindings: [ObjectNumber: ObjectBinding] = [:]
    /// Up to when all can be seen; nil: now.
    var safeBound: Int64?
    /// From when on the feed of deletes is complete.
    var reach: Int64?
    /// What a search shows instead of a record.
    var stale: [Int64: Record] = [:]
    /// Whether deletions are forgotten altogether.
    var forgets = false
    /// Whether the next write takes effect and its answer is lost; or is lost itself.
    var losesAnswer = false
    /// How many writes are answered before that.
    var answersFirst = 0
    var losesRequest = false
    /// How many commands are carried out before all others come to nothing, as by a limit; nil: all.
    var limit: Int?
    var showsWrites = true
    /// Carried out between a read by key and the write that follows.
    var edit: (@Sendable (inout Inside) -> Void)?
    var calls: [String] = []
  }

  let inside = Mutex(Inside())
  let schema: ObjectSchema

  init(_ schema: ObjectSchema) { self.schema = schema }

  var capabilities: Capabilities {
    Capabilities(
      tracksByTriggers: false, batchLimit: 3, pageLimit: 3, reportsTime: true,
      timePrecision: 1_000_000, stamps: StampRules(overlap: 10_000_000),
      writes: WritePromises(knowsCommands: false, comparesFirst: false))
  }

  // MARK: Users

  func insert(_ row: [FieldName: Value], isOurs: Bool = false) -> Int64 {
    inside.withLock { $0.insert(row, isOurs: isOurs) }
  }

  func update(_ key: Int64, _ changes: [FieldName: Value]) {
    inside.withLock { $0.update(key, changes) }
  }

  func delete(_ key: Int64) { inside.withLock { $0.delete(key) } }

  func undelete(_ key: Int64) {
    inside.withLock { inside in
      inside.records[key]?.deleted = nil
      inside.records[key]?.stamp = inside.now
    }
  }

  /// So many seconds pass.
  func pass(_ seconds: Int64) { inside.withLock { $0.now += seconds } }

  var names: [String] {
    inside.withLock { inside in
      inside.records.values.filter { $0.deleted == nil }.map { record in
        if case .text(let text)? = record.row["name"] { text.string } else { "-" }
      }.sorted()
    }
  }

  // MARK: Connector

  func inspect(_ objects: [ObjectRequest], ourJournal: JournalID?) async throws -> Inspection {
    inside.withLock {
      Inspection(
        identity: SystemIdentity("cloud"), objects: [schema.name: schema],
        tracking: [schema.name: .notNeeded], now: Self.moment($0.now))
    }
  }

  func bind(_ objects: [ObjectBinding]) async throws {
    inside.withLock { for object in objects { $0.bindings[object.object] = object } }
  }

  func createTracking(_ request: TrackingRequest) async throws -> SystemIdentity {
    throw Self.failure("a cloud has no tracking objects")
  }

  func readPage(_ request: PageRequest) async throws -> RecordPage {
    inside.withLock { inside in
      inside.calls.append("page")
      let keys = inside.keys(after: request.after)
      return RecordPage(
        records: keys.prefix(request.limit).compactMap { inside.read($0, request.object) },
        isLast: keys.count <= request.limit)
    }
  }

  func fetch(_ request: FetchRequest) async throws -> FetchedRecords {
    inside.withLock { inside in
      inside.calls.append("fetch")
      var answer = FetchedRecords()
      for key in request.keys {
        guard case .integer(let number) = key.value, let record = inside.records[number] else {
          answer.absent.append(key)
          continue
        }
        if record.deleted == nil, let read = inside.read(number, request.object, isByKey: true) {
          answer.records.append(read)
        } else if inside.forgets {
          answer.absent.append(key)
        } else {
          answer.deleted.append(key)
        }
      }
      return answer
    }
  }

  func readChanges(limit: Int) async throws -> ChangePage {
    throw Self.failure("a cloud has no queue")
  }

  func acknowledge(_ acknowledgement: Acknowledgement) async throws {
    throw Self.failure("a cloud has no queue")
  }

  func readDeletions(_ request: StampedRequest) async throws -> DeletionPage {
    inside.withLock { inside in
      inside.calls.append("deletions")
      let since = request.since.microseconds / 1_000_000
      let found = inside.records.filter { record in
        guard let time = record.value.deleted, !inside.forgets else { return false }
        return time >= since && time >= inside.reach ?? 0
      }
      return DeletionPage(
        deletions: found.keys.sorted().map { DeletionPage.Deletion(key: NativeKey(integer: $0)) },
        reachesBackTo: inside.reach.map(Self.moment), coverage: inside.coverage, isLast: true)
    }
  }

  func readStamped(_ request: StampedRequest) async throws -> StampedPage {
    inside.withLock { inside in
      inside.calls.append("stamped")
      var found: [(mark: PageMark, key: Int64)] = []
      for key in inside.keys(after: nil) {
        guard let record = inside.stale[key] ?? inside.records[key] else { continue }
        let mark = PageMark(time: Self.moment(record.stamp), key: NativeKey(integer: key))
        if mark.time >= request.since { found.append((mark, key)) }
      }
      found.sort { ($0.mark.time, $0.mark.key) < ($1.mark.time, $1.mark.key) }
      if let after = request.after {
        found.removeAll { ($0.mark.time, $0.mark.key) <= (after.time, after.key) }
      }
      let page = found.prefix(request.limit)
      return StampedPage(
        records: page.compactMap { inside.read($0.key, request.object) },
        coverage: inside.coverage, next: page.count == found.count ? nil : page.last?.mark)
    }
  }

  func readKeys(_ request: PageRequest) async throws -> KeyPage {
    inside.withLock { inside in
      inside.calls.append("keys")
      let keys = inside.keys(after: request.after)
      return KeyPage(
        keys: keys.prefix(request.limit).map { NativeKey(integer: $0) },
        isLast: keys.count <= request.limit)
    }
  }

  func gatherEvidence(_ request: EvidenceRequest) async throws -> Evidence {
    let found = try await fetch(FetchRequest(object: request.object, keys: request.keys))
    return inside.withLock { inside in
      inside.calls.append("evidence")
      var evidence = Evidence(object: request.object, found: found, coverage: inside.coverage)
      for (key, record) in inside.records.sorted(by: { $0.key < $1.key }) where record.isOurs {
        guard let since = request.createdSince, Self.moment(record.created) >= since,
          request.after.map({ $0 < NativeKey(integer: key) }) != false,
          let read = inside.read(key, request.object, isByKey: true)
        else { continue }
        if evidence.created.count == request.limit {
          evidence.next = evidence.created.last?.key
          break
        }
        evidence.created.append(read)
        if record.deleted != nil { evidence.deleted.insert(read.key) }
      }
      return evidence
    }
  }

  func write(_ batch: WriteBatch) async throws -> [WriteOutcome] {
    try inside.withLock { inside throws(ConnectorFailure) in
      inside.calls.append("write")
      let edit = inside.edit
      inside.edit = nil
      edit?(&inside)
      if inside.losesRequest {
        inside.losesRequest = false
        var failure = Self.failure("the connection broke")
        failure.undone = batch.commands.dropFirst().map(\.id)
        throw failure
      }
      if inside.limit == 0 { throw Self.failure("no calls are left", didNothing: true) }
      let outcomes = batch.commands.map { command in
        if inside.limit == 0 { return WriteOutcome(id: command.id, result: .notDone) }
        inside.limit = inside.limit.map { $0 - 1 }
        return inside.carryOut(command, batch.object)
      }
      if inside.losesAnswer, inside.answersFirst == 0 {
        inside.losesAnswer = false
        throw Self.failure("the connection broke")
      }
      inside.answersFirst = max(0, inside.answersFirst - 1)
      return outcomes
    }
  }

  func probe(_ commands: [ProbeRequest]) async throws -> [ProbeOutcome] {
    throw Self.failure("a cloud keeps no ids of ours")
  }

  func close() async {}

  fileprivate static func moment(_ seconds: Int64) -> Timestamp {
    Timestamp(microseconds: seconds * 1_000_000)
  }

  private static func failure(
    _ message: String, didNothing: Bool = false
  ) -> ConnectorFailure {
    ConnectorFailure(
      code: "test", operation: "call", message: message, hint: "", disposition: .retry,
      didNothing: didNothing)
  }
}

extension TinyCloud.Inside {
  var coverage: Coverage {
    Coverage(now: TinyCloud.moment(now), safeBound: TinyCloud.moment(safeBound ?? now))
  }

  func keys(after: NativeKey?) -> [Int64] {
    var last: Int64 = 0
    if case .integer(let number)? = after?.value { last = number }
    return records.filter { $0.key > last && $0.value.deleted == nil }.keys.sorted()
  }

  func read(_ key: Int64, _ object: ObjectNumber, isByKey: Bool = false) -> ReadRecord? {
    guard let record = (isByKey ? nil : stale[key]) ?? records[key], let binding = bindings[object]
    else { return nil }
    return ReadRecord(
      key: NativeKey(integer: key),
      row: PackedRow(binding.fields.map { ($0.number, record.row[$0.name] ?? .null) }),
      stamp: Stamp(time: TinyCloud.moment(record.stamp), version: record.stamp),
      isOurs: record.isOurs)
  }

  mutating func insert(_ row: [FieldName: Value], isOurs: Bool) -> Int64 {
    let key = nextKey
    nextKey += 1
    records[key] = TinyCloud.Record(
      row: row.merging(["id": .integer(key)]) { $1 }, stamp: now, created: now, isOurs: isOurs)
    return key
  }

  mutating func update(_ key: Int64, _ changes: [FieldName: Value]) {
    records[key]?.row.merge(changes) { $1 }
    records[key]?.stamp = now
  }

  mutating func delete(_ key: Int64) {
    records[key]?.deleted = now
    records[key]?.stamp = now
  }

  mutating func carryOut(_ command: WriteCommand, _ object: ObjectNumber) -> WriteOutcome {
    var key = nextKey
    var before: PackedRow?
    if let known = command.key {
      guard case .integer(let number) = known.value, records[number]?.deleted == nil,
        let record = read(number, object, isByKey: true)
      else { return WriteOutcome(id: command.id, result: .changed(current: nil)) }
      key = number
      before = showsWrites ? record.row : nil
    }
    var changes: [FieldName: Value] = [:]
    for field in bindings[object]?.fields ?? [] {
      if let value = command.row[field.number] { changes[field.name] = field.type.norm(value) }
    }
    switch command.operation {
    case .insert: _ = insert(changes, isOurs: true)
    case .update: update(key, changes)
    case .delete: delete(key)
    }
    let after = showsWrites ? read(key, object, isByKey: true) : nil
    return WriteOutcome(
      id: command.id,
      result: .written(
        key: NativeKey(integer: key),
        stored: command.operation == .delete ? PackedRow() : after?.row ?? PackedRow()),
      before: before, stamp: after?.stamp ?? Stamp())
  }
}
