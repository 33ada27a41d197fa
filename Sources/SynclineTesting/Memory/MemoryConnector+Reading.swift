public import SynclineModel
import SynclinePorts

/// An open read of changes: the snapshot that all its pages share, and what is left of the queue.
struct ChangeReading: Sendable {
  let state: MemoryState
  var rest: ArraySlice<MemoryTracking.Entry>
}

extension MemoryConnector {
  public func readPage(_ request: PageRequest) async throws -> RecordPage {
    try await call(.readPage) {
      let binding = try binding(request.object, "read")
      let state = system.snapshot
      guard state.objects[binding.name] != nil else {
        throw ConnectorFailure(
          code: "schema", operation: "read \(binding.name)",
          message: "There is no object \(binding.name)",
          hint: "Create it or remove its task", disposition: .user)
      }
      let keys = state.keys(of: binding.name)
      let start = request.after.map { after in keys.firstIndex { $0 > after } ?? keys.count } ?? 0
      let slice = keys[start...].prefix(max(1, min(request.limit, capabilities.pageLimit)))
      var page = RecordPage(records: [], isLast: slice.endIndex == keys.count)
      for key in slice {
        switch state.taken(key, as: binding) {
        case .success(let row)?: page.records.append(ReadRecord(key: key, row: row))
        case .failure(let failure)?: page.failures.append(failure.failure)
        case nil: break
        }
      }
      return page
    }
  }

  public func fetch(_ request: FetchRequest) async throws -> FetchedRecords {
    try await call(.fetch) {
      guard reading == nil else {
        throw ConnectorFailure.misuse("fetch", "A read of changes is still open")
      }
      guard request.keys.count <= capabilities.pageLimit else {
        throw ConnectorFailure.misuse("fetch", "The request names more keys than the limit")
      }
      let binding = try binding(request.object, "fetch")
      let state = system.snapshot
      var answer = FetchedRecords()
      for key in request.keys {
        switch state.taken(key, as: binding) {
        case .success(let row)?: answer.records.append(ReadRecord(key: key, row: row))
        case .failure(let failure)?: answer.failures.append(failure.failure)
        case nil: answer.absent.append(key)
        }
      }
      return answer
    }
  }

  public func readChanges(limit: Int) async throws -> ChangePage {
    try await call(.readChanges) {
      var current = try reading ?? beginReading()
      let entries = current.rest.prefix(max(1, min(limit, capabilities.pageLimit)))
      current.rest = current.rest.dropFirst(entries.count)
      let isLast = current.rest.isEmpty
      reading = isLast ? nil : current
      return page(of: entries, in: current.state, isLast: isLast)
    }
  }

  private func beginReading() throws(ConnectorFailure) -> ChangeReading {
    let state = system.snapshot
    guard let tracking = state.trackings[try servedJournal("read changes")] else {
      throw ConnectorFailure.missingTracking("read changes")
    }
    return ChangeReading(state: state, rest: tracking.entries[...])
  }

  private func page(
    of entries: ArraySlice<MemoryTracking.Entry>, in state: MemoryState, isLast: Bool
  ) -> ChangePage {
    let numbers = Dictionary(
      bindings.values.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    var page = ChangePage(
      entries: [], rows: [:], ranges: EntryRange.covering(entries.map(\.number)), isLast: isLast)
    for entry in entries {
      guard let binding = numbers[entry.object] else { continue }
      page.entries.append(
        TrackingEntry(
          number: entry.number, object: binding.object, operation: entry.operation,
          keyBefore: entry.keyBefore, keyAfter: entry.keyAfter, time: entry.time))
      for key in [entry.keyBefore, entry.keyAfter].compactMap({ $0 }) {
        let place = ObjectKey(object: binding.object, key: key)
        switch state.taken(key, as: binding) {
        case .success(let row)?: page.rows[place] = row
        case .failure(let failure)?: page.failures[place] = failure.failure
        case nil: break
        }
      }
    }
    return page
  }
}

extension EntryRange {
  /// The ranges of ascending numbers.
  static func covering(_ numbers: [Int64]) -> [EntryRange] {
    numbers.reduce(into: []) { ranges, number in
      if let last = ranges.last, last.last + 1 == number {
        ranges[ranges.count - 1] = EntryRange(first: last.first, last: number)
      } else {
        ranges.append(EntryRange(first: number, last: number))
      }
    }
  }
}

/// Why a row cannot be taken, as an error.
struct RowNotTaken: Error {
  let failure: ReadFailure
}

extension MemoryState {
  /// The largest value that is taken, in bytes.
  static let valueSizeBytesMax = 4 << 20

  /// The captured fields of a record, or nil where there is no row.
  func packed(_ key: NativeKey, as binding: ObjectBinding) -> PackedRow? {
    guard let object = objects[binding.name], let row = visible(key, of: object) else { return nil }
    var builder = RowBuilder()
    for field in binding.fields { builder.append(field.number, row[field.name] ?? .null) }
    return builder.row
  }

  /// The same for a read, which leaves values above the limit where they are.
  func taken(_ key: NativeKey, as binding: ObjectBinding) -> Result<PackedRow, RowNotTaken>? {
    guard let object = objects[binding.name], let row = visible(key, of: object) else { return nil }
    for field in binding.fields where row[field.name]?.isTooLarge == true {
      let failure = ReadFailure(
        key: key, code: "tooLarge",
        message: "\(binding.name).\(field.name) holds more than \(Self.valueSizeBytesMax) bytes")
      return .failure(RowNotTaken(failure: failure))
    }
    return packed(key, as: binding).map { .success($0) }
  }
}

extension Value {
  fileprivate var isTooLarge: Bool {
    switch self {
    case .text(let text): text.utf8.count > MemoryState.valueSizeBytesMax
    case .bytes(let bytes): bytes.count > MemoryState.valueSizeBytesMax
    default: false
    }
  }
}
