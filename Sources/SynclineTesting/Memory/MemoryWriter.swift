// One batch as one transaction, with the rules of Docs/Guarantees.md: compare by packed bytes,
// write what is as expected, read back after the last write, note the ids, remove our own entries
// only.

import SynclineModel
import SynclinePorts

/// Carries out one batch of commands in a memory system.
struct MemoryWriter: Sendable {
  let batch: WriteBatch
  let binding: ObjectBinding
  /// The names of the objects that are bound.
  let names: [ObjectNumber: ObjectName]
  let journal: JournalID
  /// Commands, by place, that the system refuses whatever they hold.
  let refused: [Int: RecordProblem]

  func carryOut(in state: inout MemoryState) throws(ConnectorFailure) -> [WriteOutcome] {
    guard let mark = state.trackings[journal]?.lastNumber else {
      throw ConnectorFailure.missingTracking("write \(binding.name)")
    }
    var results: [WriteOutcome.Result] = []
    var written: [CommandID: NativeKey] = [:]
    for (index, command) in batch.commands.enumerated() {
      let result = outcome(of: command, at: index, in: &state)
      if case .written(let key, _) = result {
        written[command.id] = key
        state.trackings[journal]?.commands[command.id] = key
      }
      results.append(result)
    }
    let keys = Set(written.values)
    state.trackings[journal]?.entries.removeAll { entry in
      entry.number > mark && entry.object == binding.name
        && [entry.keyBefore, entry.keyAfter].contains { $0.map(keys.contains) == true }
    }
    state.trackings[journal]?.renew(batch.head)
    return zip(batch.commands, results).map { command, result in
      WriteOutcome(
        id: command.id, result: readBack(result, of: command, in: state), mark: mark)
    }
  }

  /// Writes one record, or nothing of it.
  private func outcome(
    of command: WriteCommand, at index: Int, in state: inout MemoryState
  ) -> WriteOutcome.Result {
    if let key = state.trackings[journal]?.commands[command.id] {
      return .alreadyWritten(key: key, current: state.packed(key, as: binding))
    }
    if command.parents.contains(where: { hasEnded($0, in: state) }) { return .outdated }
    if let key = command.key {
      let current = state.packed(key, as: binding)
      guard let current, command.expected.difference(from: current).isEmpty else {
        let own = ObjectKey(object: binding.object, key: key)
        return current != nil && hasEnded(own, in: state) ? .outdated : .changed(current: current)
      }
    }
    if let problem = refused[index] { return .refused(problem) }
    var draft = state
    do {
      let key = try write(command, in: &draft)
      state = draft
      return .written(key: key, stored: PackedRow())
    } catch {
      return .refused(error.problem)
    }
  }

  /// Whether an entry that waits in the queue tells of the record's end.
  private func hasEnded(_ parent: ObjectKey, in state: MemoryState) -> Bool {
    state.trackings[journal]?.entries.contains {
      $0.object == names[parent.object] && $0.keyBefore == parent.key && $0.keyAfter != parent.key
    } == true
  }

  private func write(
    _ command: WriteCommand, in state: inout MemoryState
  ) throws(EditRefused) -> NativeKey {
    let fields = try named(command.row)
    switch (command.operation, command.key) {
    case (.insert, nil): return try state.insert(fields, into: binding.name)
    case (.update, let key?):
      try state.update(key, of: binding.name, with: fields)
      return key
    case (.delete, let key?):
      try state.delete(key, of: binding.name)
      return key
    case (.insert, _?), (.update, nil), (.delete, nil):
      preconditionFailure("an insert has no key yet; an update or delete names one")
    }
  }

  private func named(_ row: PackedRow) throws(EditRefused) -> MemoryState.Row {
    var fields: MemoryState.Row = [:]
    for (number, value) in row.values {
      guard let field = binding.fields.first(where: { $0.number == number }) else {
        throw EditRefused("schema", "\(binding.name) has no field \(number) that is bound")
      }
      guard field.number != binding.key.number else {
        throw EditRefused(
          "value", "\(binding.name).\(field.name) is the key; the system assigns it")
      }
      fields[field.name] = value
    }
    return fields
  }

  /// The outcome with the row as it is when the whole batch is written.
  private func readBack(
    _ result: WriteOutcome.Result, of command: WriteCommand, in state: MemoryState
  ) -> WriteOutcome.Result {
    guard case .written(let key, _) = result, command.operation != .delete else { return result }
    return .written(key: key, stored: state.packed(key, as: binding) ?? PackedRow())
  }
}
