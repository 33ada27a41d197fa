// The invented system as a cloud: what it tells of its records by stamp, its feed of deletes, and writes
// without a transaction around them.

import SynclineModel
import SynclinePorts

extension InventedSystem {
  /// Up to when a read shows everything.
  private var coverage: Coverage {
    guard let cloud = rules.cloud, cloud.namesSafeBound else { return Coverage(now: now) }
    let bound = now.microseconds - cloud.holdBack - cloud.searchLag
    return Coverage(now: now, safeBound: cut(bound))
  }

  private func cut(_ moment: Int64) -> Timestamp {
    Timestamp(microseconds: moment - moment % CloudRules.precision)
  }

  /// Whether a search does not show the newest transaction yet.
  var isLagging: Bool {
    guard let cloud = rules.cloud, cloud.searchLag > 0, let past else { return false }
    return now.microseconds - past.time.microseconds < cloud.searchLag
  }

  /// When the first thing happened that a search does not show yet; nil where it shows all.
  var unseenSince: Int? {
    guard isLagging, let past else { return nil }
    return state.changes.dropFirst(past.state.changes.count).first?.time ?? .max
  }

  /// What a search shows: now and then what was there before the newest transaction.
  private var shown: SystemState {
    if isLagging, let past { return past.state }
    return state
  }

  // MARK: Marks

  /// Stamps a row that was written now. A transaction that commits late stamped it a while ago.
  func mark(_ object: Int, _ key: Int64, isNew: Bool) {
    guard rules.cloud != nil else { return }
    let old = state.marks[object][key]
    let stamp = max(cut(now.microseconds - state.lateBy), old?.stamp ?? cut(.zero))
    state.marks[object][key] = RecordMark(
      stamp: stamp, created: old?.created ?? stamp,
      isOurs: old?.isOurs ?? (isNew && isWrittenByRun), isLastOurs: isWrittenByOurUser)
  }

  /// Keeps a deleted row for the feed.
  func bury(_ object: Int, _ key: Int64, _ row: [Value]) {
    guard rules.cloud != nil, let mark = state.marks[object].removeValue(forKey: key) else {
      return
    }
    state.buried.append(
      DeletedRecord(
        object: object, key: key, row: row, mark: mark,
        time: max(cut(now.microseconds - state.lateBy), mark.stamp)))
  }

  /// A deleted record comes back as it was, under its key.
  func undelete(tagged tag: String, of object: Int) throws(RowRefused) {
    let wanted = Value.text(tag)
    guard keys(tagged: tag, of: object).isEmpty,
      let index = state.buried.lastIndex(where: {
        $0.object == object && $0.row[ObjectRules.tag] == wanted
      })
    else { return }
    let old = state.buried[index]
    try restore(old.row, under: old.key, of: object)
    state.buried.remove(at: index)
    let stamp = max(old.time, state.marks[object][old.key]?.stamp ?? old.time)
    state.marks[object][old.key] = RecordMark(
      stamp: stamp, created: old.mark.created, isOurs: old.mark.isOurs,
      isLastOurs: isWrittenByOurUser)
  }

  // MARK: Reads

  private func read(_ key: Int64, _ bound: BoundObject, in state: SystemState) -> ReadRecord? {
    guard let row = state.tables[bound.object][key], let mark = state.marks[bound.object][key]
    else { return nil }
    return ReadRecord(
      key: NativeKey(integer: key), row: bound.packed(row),
      stamp: Stamp(time: mark.stamp, version: mark.stamp.microseconds), isOurs: mark.isOurs,
      isLastOurs: mark.isLastOurs)
  }

  func readCloudPage(_ request: PageRequest) throws(ConnectorFailure) -> RecordPage {
    let bound = try bound(request.object)
    let shown = shown
    let slice = keySlice(shown, bound, request)
    return RecordPage(
      records: slice.keys.compactMap { read($0, bound, in: shown) }, isLast: slice.isLast)
  }

  func readKeys(_ request: PageRequest) throws(ConnectorFailure) -> KeyPage {
    let slice = keySlice(shown, try bound(request.object), request)
    return KeyPage(keys: slice.keys.map { NativeKey(integer: $0) }, isLast: slice.isLast)
  }

  private func keySlice(
    _ shown: SystemState, _ bound: BoundObject, _ request: PageRequest
  ) -> (keys: [Int64], isLast: Bool) {
    var keys = shown.tables[bound.object].keys.sorted()
    if case .integer(let last)? = request.after?.value { keys.removeAll { $0 <= last } }
    let slice = keys.prefix(max(1, min(request.limit, rules.pageLimit)))
    return (Array(slice), slice.count == keys.count)
  }

  func fetchByKey(_ request: FetchRequest) throws(ConnectorFailure) -> FetchedRecords {
    let bound = try bound(request.object)
    var answer = FetchedRecords()
    for key in request.keys {
      if case .integer(let number) = key.value, let record = read(number, bound, in: state) {
        answer.records.append(record)
      } else if case .integer(let number) = key.value,
        state.buried.contains(where: { $0.object == bound.object && $0.key == number })
      {
        answer.deleted.append(key)
      } else {
        answer.absent.append(key)
      }
    }
    return answer
  }

  func readStamped(_ request: StampedRequest) throws(ConnectorFailure) -> StampedPage {
    let bound = try bound(request.object)
    let shown = shown
    var found: [(mark: PageMark, key: Int64)] = []
    for (key, mark) in shown.marks[bound.object] where mark.stamp >= request.since {
      found.append((PageMark(time: mark.stamp, key: NativeKey(integer: key)), key))
    }
    found.sort { ($0.mark.time, $0.mark.key) < ($1.mark.time, $1.mark.key) }
    if let after = request.after {
      found.removeAll { ($0.mark.time, $0.mark.key) <= (after.time, after.key) }
    }
    let slice = found.prefix(max(1, min(request.limit, rules.pageLimit)))
    return StampedPage(
      records: slice.compactMap { read($0.key, bound, in: shown) }, coverage: coverage,
      next: slice.count == found.count ? nil : slice.last?.mark)
  }

  func readDeletions(_ request: StampedRequest) throws(ConnectorFailure) -> DeletionPage {
    let bound = try bound(request.object)
    let reach = rules.cloud?.feedKeeps.map { cut(now.microseconds - $0) }
    var found = shown.buried.filter { record in
      record.object == bound.object && record.time >= request.since
        && reach.map { record.time >= $0 } != false
    }
    found.sort { ($0.time, $0.key) < ($1.time, $1.key) }
    if let after = request.after, case .integer(let last) = after.key.value {
      found.removeAll { ($0.time, $0.key) <= (after.time, last) }
    }
    let slice = found.prefix(max(1, min(request.limit, rules.pageLimit)))
    let last = slice.last.map { PageMark(time: $0.time, key: NativeKey(integer: $0.key)) }
    return DeletionPage(
      deletions: slice.map {
        DeletionPage.Deletion(key: NativeKey(integer: $0.key), stamp: Stamp(time: $0.time))
      }, reachesBackTo: reach, coverage: coverage, next: last,
      isLast: slice.count == found.count)
  }

  func gatherEvidence(_ request: EvidenceRequest) throws(ConnectorFailure) -> Evidence {
    let bound = try bound(request.object)
    let shown = shown
    var evidence = Evidence(object: request.object, coverage: coverage)
    if let since = request.createdSince {
      for (key, mark) in shown.marks[bound.object] where mark.isOurs && mark.created >= since {
        if let record = read(key, bound, in: shown) { evidence.created.append(record) }
      }
      for record in shown.buried
      where record.object == bound.object && record.mark.isOurs && record.mark.created >= since {
        let key = NativeKey(integer: record.key)
        evidence.created.append(ReadRecord(key: key, row: bound.packed(record.row), isOurs: true))
        evidence.deleted.insert(key)
      }
      evidence.cut(after: request.after, limit: min(request.limit, rules.pageLimit))
    }
    evidence.found = try fetchByKey(FetchRequest(object: request.object, keys: request.keys))
    return evidence
  }

  // MARK: Writes

  /// Each record by itself: what is refused leaves the others as they are.
  func writeEach(
    _ batch: WriteBatch, refused: Int?
  ) throws(ConnectorFailure) -> [WriteOutcome] {
    let bound = try bound(batch.object)
    return batch.commands.enumerated().map { index, command in
      transaction(by: .run) { writeOne(command, bound, isRefused: index == refused) }
    }
  }

  private func writeOne(
    _ command: WriteCommand, _ bound: BoundObject, isRefused: Bool
  ) -> WriteOutcome {
    guard let cloud = rules.cloud else { preconditionFailure("a database writes in batches") }
    func outcome(_ result: WriteOutcome.Result) -> WriteOutcome {
      WriteOutcome(id: command.id, result: result)
    }
    if cloud.knowsCommands, let key = state.noted[command.id] {
      let row = state.tables[bound.object][key].map(bound.packed)
      return outcome(.alreadyWritten(key: NativeKey(integer: key), current: row))
    }
    var number: Int64 = 0
    var before: PackedRow?
    if let key = command.key {
      guard case .integer(let integer) = key.value,
        let row = state.tables[bound.object][integer].map(bound.packed)
      else { return outcome(.changed(current: nil)) }
      number = integer
      if cloud.comparesFirst, !command.expected.difference(from: row).isEmpty {
        return outcome(.changed(current: row))
      }
      if cloud.showsWrites { before = row }
    }
    if isRefused {
      // Half of what is refused today waits for somebody else's transaction, and may pass at once.
      let isLocked = command.id.rawValue.isMultiple(of: 2)
      return outcome(
        .refused(
          RecordProblem(
            code: isLocked ? "locked" : "trigger", message: "refused today", mayPass: isLocked)))
    }
    do throws(RowRefused) {
      let key = try attempt { () throws(RowRefused) in try write(command, number, bound) }
      if cloud.knowsCommands { state.noted[command.id] = key }
      let record = cloud.showsWrites ? read(key, bound, in: state) : nil
      return WriteOutcome(
        id: command.id,
        result: .written(key: NativeKey(integer: key), stored: record?.row ?? PackedRow()),
        before: before, stamp: record?.stamp ?? Stamp())
    } catch {
      return outcome(.refused(error.problem))
    }
  }

  func probeNoted(_ requests: [ProbeRequest]) throws(ConnectorFailure) -> [ProbeOutcome] {
    var outcomes: [ProbeOutcome] = []
    for request in requests {
      let bound = try bound(request.object)
      guard let key = state.noted[request.command.id] else {
        outcomes.append(ProbeOutcome(id: request.command.id, result: .notApplied))
        continue
      }
      let current = state.tables[bound.object][key].map(bound.packed)
      outcomes.append(
        ProbeOutcome(
          id: request.command.id,
          result: .applied(key: NativeKey(integer: key), current: current)))
    }
    return outcomes
  }
}

extension Evidence {
  /// Leaves the page after a key, of so many records at most.
  fileprivate mutating func cut(after: NativeKey?, limit: Int) {
    created.sort { $0.key < $1.key }
    if let after { created.removeAll { $0.key <= after } }
    if created.count > limit {
      created.removeLast(created.count - limit)
      next = created.last?.key
    }
    deleted.formIntersection(created.map(\.key))
  }
}
