import SynclineModel

// Indexes by content: who points to a record (relations), and what a match rule may find.

extension Projection {
  /// Keeps the indexes in step with a record's content.
  mutating func index(
    _ number: RecordNumber, from before: PackedRow, to now: PackedRow, of object: ObjectNumber,
    _ store: inout some StateStore & ~Copyable
  ) throws(StateFailure) {
    for task in try tasks(of: object, store) {
      try index(number, from: before, to: now, of: object, in: task, &store)
    }
  }

  private mutating func index(
    _ number: RecordNumber, from before: PackedRow, to now: PackedRow, of object: ObjectNumber,
    in task: TaskNumber, _ store: inout some StateStore & ~Copyable
  ) throws(StateFailure) {
    guard let table = try table(task, store) else { return }
    let side: Side = table.source == object ? .source : .target
    for written in table.written(on: side.other) where written.parent != .none {
      guard let parent = try self.table(written.parent, store)?.object(side) else { continue }
      let old = before[written.input].flatMap { NativeKey($0) }
      let new = now[written.input].flatMap { NativeKey($0) }
      if old == new { continue }
      if let old {
        try store.remove(
          .references,
          StateKey.reference(
            to: parent, old, task: task, field: written.input, child: number))
      }
      if let new {
        try store.set(
          .references,
          StateKey.reference(
            to: parent, new, task: task, field: written.input, child: number), [])
      }
    }
    let fields = table.match(side)
    if fields.isEmpty { return }
    let old = LooseKey(fields.map { before[$0] })
    let new = LooseKey(fields.map { now[$0] })
    if old == new { return }
    if let old {
      try store.remove(.candidates, StateKey.candidate(task, side, old, number))
    }
    if let new {
      try store.set(.candidates, StateKey.candidate(task, side, new, number), [])
    }
  }

  /// Builds the indexes of a task whose relations or match rule are new.
  mutating func reindex(
    _ task: TaskTable, _ store: inout some StateStore & ~Copyable
  ) throws(StateFailure) {
    try clearIndexes(of: task.number, &store)
    for object in [task.source, task.target] {
      var after: [UInt8]?
      while true {
        let found = try store.entries(
          .keys, prefix: StateKey.object(object), after: after, limit: 512)
        for entry in found {
          let number = RecordNumber(StateKey.trailing(entry.value, as: UInt64.self))
          guard let state = try peek(number, store) else { continue }
          try index(
            number, from: PackedRow(), to: state.row, of: object, in: task.number, &store)
        }
        guard let last = found.last else { break }
        after = last.key
      }
    }
  }

  /// Removes what an earlier version of the task left in the indexes.
  private func clearIndexes(
    of task: TaskNumber, _ store: inout some StateStore & ~Copyable
  ) throws(StateFailure) {
    for entry in try store.entries(.references, prefix: [], limit: .max)
    where StateKey.task(ofReference: entry.key) == task {
      try store.remove(.references, entry.key)
    }
    let prefix = StateKey.bytes(task.rawValue)
    for entry in try store.entries(.candidates, prefix: prefix, limit: .max) {
      try store.remove(.candidates, entry.key)
    }
  }

  /// A link's slot on `side` has another record now: the foreign keys of children on that side, which
  /// follow those of the other side, are due.
  mutating func callChildren(
    of link: LinkState, movedOn side: Side, _ store: borrowing some StateStore & ~Copyable
  ) throws(StateFailure) {
    guard let table = try table(link.task, store),
      let parent = try peek(link[side.other].record, store)
    else { return }
    let prefix = StateKey.references(to: table.object(side.other), parent.key)
    for entry in try store.entries(.references, prefix: prefix, limit: Int.max) {
      let child = RecordNumber(StateKey.trailing(entry.key, as: UInt64.self))
      let task = StateKey.task(ofReference: entry.key)
      guard let number = try peek(child, store)?.link(in: task), number != .none,
        var held = try self.link(number, store)
      else { continue }
      held[side.other].isReported = true
      if held.hasIntent { held[side.other].isReportedSince = true }
      hold(held, number)
    }
  }
}
