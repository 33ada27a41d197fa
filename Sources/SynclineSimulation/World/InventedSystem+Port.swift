// The invented system as a run meets it: what a connector answers, call by call, without waiting.

import SynclineModel
import SynclinePorts

/// An object as a run bound it: which place of a row each field number is.
struct BoundObject {
  var object: Int
  var binding: ObjectBinding
  /// By field of the binding.
  var places: [Int]

  func packed(_ row: [Value]) -> PackedRow {
    var builder = RowBuilder()
    for (field, place) in zip(binding.fields, places) { builder.append(field.number, row[place]) }
    return builder.row
  }

  func place(of field: FieldNumber) -> Int? {
    binding.fields.firstIndex { $0.number == field }.map { places[$0] }
  }
}

extension InventedSystem {
  func inspect(_ requests: [ObjectRequest], ourJournal: JournalID?) -> Inspection {
    self.ourJournal = ourJournal
    reading = nil
    _ = clock.tick()
    let identity = rules.cloud == nil ? state.identity : ownIdentity
    var inspection = Inspection(identity: identity, objects: [:], now: now)
    inspection.owners = state.tracking.map { [$0.owner] } ?? []
    for request in requests {
      guard let object = rules.names.firstIndex(of: request.name) else {
        inspection.refusals[request.name] = "There is no object \(request.name)"
        continue
      }
      inspection.objects[request.name] = rules.objects[object].schema(rules.names)
      inspection.tracking[request.name] = condition(of: object, ourJournal)
    }
    return inspection
  }

  private func condition(of object: Int, _ ourJournal: JournalID?) -> TrackingCondition {
    if rules.cloud != nil { return .notNeeded }
    guard let tracking = state.tracking, tracking.owner.journal == ourJournal,
      tracking.tracked.contains(object)
    else { return .missing }
    return tracking.damaged.contains(object) ? .damaged(what: "the trigger") : .intact
  }

  func bind(_ objects: [ObjectBinding]) {
    bindings = [:]
    for binding in objects {
      guard let object = rules.names.firstIndex(of: binding.name) else { continue }
      let places = binding.fields.map { rules.objects[object].index(of: $0.name) ?? 0 }
      bindings[binding.object] = BoundObject(object: object, binding: binding, places: places)
    }
  }

  func createTracking(_ request: TrackingRequest) -> SystemIdentity {
    let identity = state.identity ?? ownIdentity
    transaction(by: .run) {
      var tracking = Tracking(owner: request.owner)
      if let old = state.tracking, old.owner.journal == request.owner.journal {
        tracking.commands = old.commands
        if old.owner.generation == request.owner.generation {
          tracking = old
          tracking.owner = request.owner
        }
      }
      for binding in request.objects {
        guard let object = rules.names.firstIndex(of: binding.name) else { continue }
        tracking.tracked.insert(object)
        tracking.damaged.remove(object)
      }
      tracking.owner.identities[tracking.owner.side] = identity
      state.identity = identity
      // Until the journal knows of it for certain, it may be made anew once more.
      if let old = state.tracking, old.owner.generation != request.owner.generation {
        state.isRenewing = true
      }
      state.tracking = tracking
    }
    return identity
  }

  func readPage(_ request: PageRequest) throws(ConnectorFailure) -> RecordPage {
    if rules.cloud != nil { return try readCloudPage(request) }
    let bound = try bound(request.object)
    var keys = state.tables[bound.object].keys.sorted()
    if let after = request.after {
      guard case .integer(let last) = after.value else { throw .misuse("the key is no number") }
      keys.removeAll { $0 <= last }
    }
    let slice = keys.prefix(max(1, min(request.limit, rules.pageLimit)))
    let records = slice.compactMap { key in
      state.tables[bound.object][key].map {
        ReadRecord(key: NativeKey(integer: key), row: bound.packed($0))
      }
    }
    return RecordPage(records: records, isLast: slice.count == keys.count)
  }

  func fetch(_ request: FetchRequest) throws(ConnectorFailure) -> FetchedRecords {
    if rules.cloud != nil { return try fetchByKey(request) }
    try refuseWhileReading()
    let bound = try bound(request.object)
    var answer = FetchedRecords()
    for key in request.keys {
      if case .integer(let number) = key.value, let row = state.tables[bound.object][number] {
        answer.records.append(ReadRecord(key: key, row: bound.packed(row)))
      } else {
        answer.absent.append(key)
      }
    }
    return answer
  }

  func readChanges(limit: Int) throws(ConnectorFailure) -> ChangePage {
    guard let tracking = state.tracking else { throw .misuse("there are no tracking objects") }
    var current = reading ?? (state, tracking.entries[...])
    let entries = current.rest.prefix(max(1, min(limit, rules.pageLimit)))
    current.rest = current.rest.dropFirst(entries.count)
    let isLast = current.rest.isEmpty
    reading = isLast ? nil : current
    var page = ChangePage(
      entries: [], rows: [:], ranges: Self.ranges(entries.map(\.number)), isLast: isLast)
    for entry in entries {
      guard let (number, bound) = bindings.first(where: { $0.value.object == entry.object }) else {
        continue
      }
      page.entries.append(
        TrackingEntry(
          number: entry.number, object: number, operation: entry.operation,
          keyBefore: entry.before.map { NativeKey(integer: $0) },
          keyAfter: entry.after.map { NativeKey(integer: $0) }, time: entry.time))
      for key in [entry.before, entry.after].compactMap({ $0 }) {
        guard let row = current.snapshot.tables[entry.object][key] else { continue }
        page.rows[ObjectKey(object: number, key: NativeKey(integer: key))] = bound.packed(row)
      }
    }
    return page
  }

  func acknowledge(_ acknowledgement: Acknowledgement) throws(ConnectorFailure) {
    try refuseWhileReading()
    transaction(by: .run) {
      state.tracking?.entries.removeAll { entry in
        acknowledgement.entries.contains { $0.first <= entry.number && entry.number <= $0.last }
      }
      if planted(.queueNumbersReused) {
        let last = state.tracking?.entries.last?.number
        state.tracking?.lastNumber = last ?? 0
      }
      if let commands = state.tracking?.commands {
        state.tracking?.commands = commands.filter { $0.key >= acknowledgement.commandsBelow }
      }
      state.tracking?.renew(acknowledgement.head)
    }
  }

  /// - Parameter refused: places of commands that the system refuses, whatever they hold.
  func write(_ batch: WriteBatch, refused: Int?) throws(ConnectorFailure) -> [WriteOutcome] {
    if rules.cloud != nil { return try writeEach(batch, refused: refused) }
    try refuseWhileReading()
    let bound = try bound(batch.object)
    guard state.tracking != nil else { throw .misuse("there are no tracking objects") }
    return transaction(by: .run) { carryOut(batch, bound, refused: refused) }
  }

  private func carryOut(
    _ batch: WriteBatch, _ bound: BoundObject, refused: Int?
  ) -> [WriteOutcome] {
    let mark = state.tracking?.lastNumber ?? 0
    var outcomes: [WriteOutcome] = []
    var written: Set<Int64> = []
    for (index, command) in batch.commands.enumerated() {
      let before = state.tracking?.commands[command.id]?.mark
      var result = outcome(of: command, bound, isRefused: index == refused)
      if case .written(let key, _) = result, case .integer(let number) = key.value {
        written.insert(number)
        state.tracking?.commands[command.id] = (number, mark)
      }
      if case .written = result, command.operation == .delete { result = result.withoutRow }
      outcomes.append(WriteOutcome(id: command.id, result: result, mark: before ?? mark))
    }
    state.tracking?.entries.removeAll { entry in
      if planted(.ownersTriggerMuted), entry.number > mark { return true }
      let isOurs = entry.number > mark && entry.object == bound.object
      return (isOurs || planted(.usersEntryRemoved))
        && [entry.before, entry.after].contains { $0.map(written.contains) == true }
    }
    state.tracking?.renew(batch.head)
    // Read back after the last write of the batch.
    for index in outcomes.indices where batch.commands[index].operation != .delete {
      guard case .written(let key, _) = outcomes[index].result,
        case .integer(let number) = key.value
      else { continue }
      let row = state.tables[bound.object][number].map(bound.packed) ?? PackedRow()
      outcomes[index].result = .written(key: key, stored: row)
    }
    return outcomes
  }

  private func outcome(
    of command: WriteCommand, _ bound: BoundObject, isRefused: Bool
  ) -> WriteOutcome.Result {
    func current(_ key: Int64) -> PackedRow? { state.tables[bound.object][key].map(bound.packed) }
    if let key = state.tracking?.commands[command.id]?.key {
      return .alreadyWritten(key: NativeKey(integer: key), current: current(key))
    }
    if command.parents.contains(where: hasEnded) { return .outdated }
    var number: Int64 = 0
    if let key = command.key {
      guard case .integer(let integer) = key.value else { return .changed(current: nil) }
      number = integer
      let row = current(number)
      guard let row, command.expected.difference(from: row).isEmpty else {
        let own = ObjectKey(object: bound.binding.object, key: key)
        return row != nil && hasEnded(own) ? .outdated : .changed(current: row)
      }
    }
    if isRefused {
      return .refused(RecordProblem(code: "trigger", message: "refused today", mayPass: false))
    }
    do throws(RowRefused) {
      let key = try attempt { () throws(RowRefused) in
        try write(command, number, bound)
      }
      return .written(key: NativeKey(integer: key), stored: PackedRow())
    } catch {
      return .refused(error.problem)
    }
  }

  /// Whether an entry that waits in the queue tells that no such record stands under the key any more.
  private func hasEnded(_ parent: ObjectKey) -> Bool {
    guard let object = bindings[parent.object]?.object, case .integer(let key) = parent.key.value
    else { return false }
    return state.tracking?.entries.contains {
      $0.object == object && $0.before == key && $0.after != key
    } == true
  }

  func write(
    _ command: WriteCommand, _ key: Int64, _ bound: BoundObject
  ) throws(RowRefused) -> Int64 {
    var fields: [Int: Value] = [:]
    for (number, value) in command.row.values {
      guard let place = bound.place(of: number), place != 0 else {
        throw RowRefused(code: "schema", message: "there is no such field to write")
      }
      fields[place] = value
    }
    switch command.operation {
    case .insert: return try insert(fields, into: bound.object)
    case .update: try update(key, of: bound.object, fields)
    case .delete: try delete(key, of: bound.object)
    }
    return key
  }

  func probe(_ requests: [ProbeRequest]) throws(ConnectorFailure) -> [ProbeOutcome] {
    if rules.cloud != nil { return try probeNoted(requests) }
    var outcomes: [ProbeOutcome] = []
    for request in requests {
      let bound = try bound(request.object)
      guard let (key, mark) = state.tracking?.commands[request.command.id] else {
        outcomes.append(ProbeOutcome(id: request.command.id, result: .notApplied))
        continue
      }
      let current = state.tables[bound.object][key].map(bound.packed)
      outcomes.append(
        ProbeOutcome(
          id: request.command.id,
          result: .applied(key: NativeKey(integer: key), current: current), mark: mark))
    }
    return outcomes
  }

  func bound(_ object: ObjectNumber) throws(ConnectorFailure) -> BoundObject {
    guard let bound = bindings[object] else { throw .misuse("object \(object) was not bound") }
    return bound
  }

  private func refuseWhileReading() throws(ConnectorFailure) {
    if reading != nil { throw .misuse("a read of changes is still open") }
  }

  private static func ranges(_ numbers: [Int64]) -> [EntryRange] {
    numbers.reduce(into: []) { ranges, number in
      if let last = ranges.last, last.last + 1 == number {
        ranges[ranges.count - 1] = EntryRange(first: last.first, last: number)
      } else {
        ranges.append(EntryRange(first: number, last: number))
      }
    }
  }
}

extension WriteOutcome.Result {
  fileprivate var withoutRow: Self {
    if case .written(let key, _) = self { return .written(key: key, stored: PackedRow()) }
    return self
  }
}

extension ConnectorFailure {
  /// A call that no run may make.
  static func misuse(_ message: String) -> ConnectorFailure {
    ConnectorFailure(
      code: "misuse", operation: "call", message: message, hint: "This is a defect of the run",
      disposition: .stop)
  }
}
