import Synchronization
import SynclineModel
import SynclinePorts

/// The smallest system that tracks changes: one dictionary of rows by object, and a queue.
final class TinySystem: Connector, Sendable {
  struct Inside {
    var rows: [ObjectName: [Int64: [FieldName: Value]]] = [:]
    var nextKey: Int64 = 1
    var queue: [TrackingEntry] = []
    var nextEntry: Int64 = 1
    var isTracked = false
    var bindings: [ObjectNumber: ObjectBinding] = [:]
    var commands: [CommandID: NativeKey] = [:]
    var owner: OwnerRow?
    var writes = 0
    /// Records that are there and cannot be taken.
    var unreadable: Set<Int64> = []
    /// The keys of each fetch.
    var fetches: [[NativeKey]] = []
  }

  let inside = Mutex(Inside())
  let schemas: [ObjectSchema]
  let name: String

  init(_ name: String, _ schemas: [ObjectSchema]) {
    self.name = name
    self.schemas = schemas
    inside.withLock { for schema in schemas { $0.rows[schema.name] = [:] } }
  }

  var capabilities: Capabilities {
    Capabilities(tracksByTriggers: true, batchLimit: 3, pageLimit: 3, reportsTime: true)
  }

  // MARK: Users

  func insert(_ object: ObjectName, _ row: [FieldName: Value]) -> Int64 {
    inside.withLock { inside in
      let key = inside.nextKey
      inside.nextKey += 1
      Self.put(key, object, row, .insert, &inside, schemas)
      return key
    }
  }

  func update(_ object: ObjectName, _ key: Int64, _ changes: [FieldName: Value]) {
    inside.withLock { inside in
      let row = (inside.rows[object]?[key] ?? [:]).merging(changes) { $1 }
      Self.put(key, object, row, .update, &inside, schemas)
    }
  }

  func delete(_ object: ObjectName, _ key: Int64) {
    inside.withLock { Self.put(key, object, nil, .delete, &$0, schemas) }
  }

  func rows(_ object: ObjectName) -> [[FieldName: Value]] {
    inside.withLock { inside in
      (inside.rows[object] ?? [:]).sorted { $0.key < $1.key }.map(\.value)
    }
  }

  private static func put(
    _ key: Int64, _ object: ObjectName, _ row: [FieldName: Value]?,
    _ operation: TrackingEntry.Operation, _ inside: inout Inside, _ schemas: [ObjectSchema]
  ) {
    if let row, let schema = schemas.first(where: { $0.name == object }) {
      var full: [FieldName: Value] = [:]
      for field in schema.fields { full[field.name] = row[field.name] ?? .null }
      full[schema.key] = .integer(key)
      inside.rows[object]?[key] = full
    } else {
      inside.rows[object]?[key] = nil
    }
    guard inside.isTracked,
      let number = inside.bindings.first(where: { $0.value.name == object })?.key
    else { return }
    let native = NativeKey(integer: key)
    inside.queue.append(
      TrackingEntry(
        number: inside.nextEntry, object: number, operation: operation,
        keyBefore: operation == .insert ? nil : native,
        keyAfter: operation == .delete ? nil : native))
    inside.nextEntry += 1
  }

  // MARK: Connector

  func inspect(_ objects: [ObjectRequest], ourJournal: JournalID?) async throws -> Inspection {
    inside.withLock { inside in
      Inspection(
        identity: inside.isTracked ? SystemIdentity(name) : nil,
        objects: Dictionary(uniqueKeysWithValues: schemas.map { ($0.name, $0) }),
        owners: inside.owner.map { [$0] } ?? [],
        tracking: Dictionary(
          uniqueKeysWithValues: schemas.map { ($0.name, inside.isTracked ? .intact : .missing) }))
    }
  }

  func bind(_ objects: [ObjectBinding]) async throws {
    inside.withLock { for object in objects { $0.bindings[object.object] = object } }
  }

  func createTracking(_ request: TrackingRequest) async throws -> SystemIdentity {
    inside.withLock {
      $0.isTracked = true
      $0.owner = request.owner
    }
    return SystemIdentity(name)
  }

  private static func packed(_ row: [FieldName: Value], _ binding: ObjectBinding) -> PackedRow {
    PackedRow(binding.fields.map { ($0.number, row[$0.name] ?? .null) })
  }

  private static func failure(_ key: NativeKey, _ inside: Inside) -> ReadFailure? {
    guard case .integer(let number) = key.value, inside.unreadable.contains(number) else {
      return nil
    }
    return ReadFailure(key: key, code: "tooLarge", message: "Customer.name holds too much")
  }

  func readPage(_ request: PageRequest) async throws -> RecordPage {
    inside.withLock { inside in
      guard let binding = inside.bindings[request.object] else {
        return RecordPage(records: [], isLast: true)
      }
      let all = (inside.rows[binding.name] ?? [:]).sorted { $0.key < $1.key }
        .map { (NativeKey(integer: $0.key), $0.value) }
        .filter { pair in request.after.map { pair.0 > $0 } ?? true }
      let page = all.prefix(request.limit)
      let failures = page.compactMap { Self.failure($0.0, inside) }
      let failed = failures.map(\.key)
      return RecordPage(
        records: page.filter { !failed.contains($0.0) }
          .map { ReadRecord(key: $0.0, row: Self.packed($0.1, binding)) },
        failures: failures,
        isLast: all.count <= request.limit)
    }
  }

  func fetch(_ request: FetchRequest) async throws -> FetchedRecords {
    inside.withLock { inside in
      inside.fetches.append(request.keys)
      var answer = FetchedRecords()
      guard let binding = inside.bindings[request.object] else { return answer }
      for key in request.keys {
        if let failure = Self.failure(key, inside) {
          answer.failures.append(failure)
        } else if case .integer(let number) = key.value,
          let row = inside.rows[binding.name]?[number]
        {
          answer.records.append(ReadRecord(key: key, row: Self.packed(row, binding)))
        } else {
          answer.absent.append(key)
        }
      }
      return answer
    }
  }

  func readChanges(limit: Int) async throws -> ChangePage {
    inside.withLock { inside in
      let entries = inside.queue
      var rows: [ObjectKey: PackedRow] = [:]
      for entry in entries {
        guard let binding = inside.bindings[entry.object] else { continue }
        for key in [entry.keyBefore, entry.keyAfter] {
          guard let key, case .integer(let number) = key.value,
            let row = inside.rows[binding.name]?[number]
          else { continue }
          rows[ObjectKey(object: entry.object, key: key)] = Self.packed(row, binding)
        }
      }
      let ranges =
        entries.isEmpty
        ? [] : [EntryRange(first: entries[0].number, last: entries[entries.count - 1].number)]
      return ChangePage(entries: entries, rows: rows, ranges: ranges, isLast: true)
    }
  }

  func acknowledge(_ acknowledgement: Acknowledgement) async throws {
    inside.withLock { inside in
      inside.queue.removeAll { entry in
        acknowledgement.entries.contains { $0.first <= entry.number && entry.number <= $0.last }
      }
      inside.owner?.sequence = acknowledgement.head.sequence
    }
  }

  func write(_ batch: WriteBatch) async throws -> [WriteOutcome] {
    inside.withLock { inside in
      guard let binding = inside.bindings[batch.object] else { return [] }
      inside.owner?.sequence = batch.head.sequence
      return batch.commands.map { command in
        WriteOutcome(
          id: command.id, result: Self.carryOut(command, binding, &inside, schemas))
      }
    }
  }

  private static func carryOut(
    _ command: WriteCommand, _ binding: ObjectBinding, _ inside: inout Inside,
    _ schemas: [ObjectSchema]
  ) -> WriteOutcome.Result {
    let mark = inside.nextEntry
    defer { inside.queue.removeAll { $0.number >= mark } }
    var key = inside.nextKey
    if case .integer(let known)? = command.key?.value { key = known }
    let current = inside.rows[binding.name]?[key]
    if command.operation != .insert {
      guard let current, packed(current, binding) == command.expected else {
        return .changed(current: current.map { packed($0, binding) })
      }
    } else {
      inside.nextKey += 1
    }
    inside.writes += 1
    if command.operation == .delete {
      put(key, binding.name, nil, .delete, &inside, schemas)
      return .written(key: NativeKey(integer: key), stored: PackedRow())
    }
    var row = current ?? [:]
    for field in binding.fields {
      if let value = command.row[field.number] { row[field.name] = value }
    }
    put(key, binding.name, row, command.operation == .insert ? .insert : .update, &inside, schemas)
    inside.commands[command.id] = NativeKey(integer: key)
    let stored = inside.rows[binding.name]?[key] ?? [:]
    return .written(key: NativeKey(integer: key), stored: packed(stored, binding))
  }

  func probe(_ commands: [ProbeRequest]) async throws -> [ProbeOutcome] {
    inside.withLock { inside in
      commands.map { request in
        guard let key = inside.commands[request.command.id] else {
          return ProbeOutcome(id: request.command.id, result: .notApplied)
        }
        return ProbeOutcome(id: request.command.id, result: .applied(key: key, current: nil))
      }
    }
  }

  func close() async {}
}
