import SynclineModel
import SynclineSQL

/// Carries out a batch in one transaction: compare, write, read back, note the command ids, remove
/// the tracking entries of our own writes (Docs/Connectors/SQLite.md, "Writing").
struct BatchWriter {
  let database: Database
  let tracking: Tracking
  let object: BoundObject
  /// All objects that are bound: those that the object's keys point to are among them.
  let objects: [ObjectNumber: BoundObject]
  private let ledger: CommandLedger
  private let queue: Queue

  init(_ object: BoundObject, among objects: [ObjectNumber: BoundObject], tracking: Tracking) {
    self.object = object
    self.objects = objects
    self.tracking = tracking
    database = tracking.database
    ledger = CommandLedger(tracking.names, in: tracking.database)
    queue = Queue(tracking.names, in: tracking.database)
  }

  /// What became of one attempt at a transaction.
  private enum Attempt {
    case committed([WriteOutcome])
    /// A trigger of the owner rolled the whole transaction back while this command was written.
    case undone(place: Int, RecordProblem)
    /// A deferred constraint failed at the end; which command broke it, SQLite does not tell.
    case refusedAtCommit(RecordProblem)
  }

  /// A record that was written and is still to be read back.
  private struct Written {
    let place: Int
    let key: NativeKey
    let storedKey: StoredValue
    let isDelete: Bool
  }

  func write(_ batch: WriteBatch) throws -> [WriteOutcome] {
    var outcomes: [WriteOutcome] = []
    var parts = batch.commands.isEmpty ? [] : [batch.commands]
    while let part = parts.popLast() {
      switch try attempt(part, head: batch.head) {
      case .committed(let committed): outcomes += committed
      case .undone(let place, let problem):
        outcomes.append(WriteOutcome(id: part[place].id, result: .refused(problem)))
        let rest = Array(part[..<place] + part[(place + 1)...])
        if !rest.isEmpty { parts.append(rest) }
      case .refusedAtCommit(let problem) where part.count == 1:
        outcomes.append(WriteOutcome(id: part[0].id, result: .refused(problem)))
      case .refusedAtCommit:
        let middle = part.count / 2
        parts.append(Array(part[middle...]))
        parts.append(Array(part[..<middle]))
      }
    }
    return outcomes
  }

  private func attempt(_ commands: [WriteCommand], head: JournalHead) throws -> Attempt {
    try database.execute("BEGIN IMMEDIATE")
    defer { database.rollBack() }
    let mark = try queue.highest()
    var outcomes: [WriteOutcome] = []
    var written: [Written] = []
    for (place, command) in commands.enumerated() {
      try Task.checkCancellation()
      if try isOutdated(command, mark) {
        outcomes.append(WriteOutcome(id: command.id, result: .outdated))
        continue
      }
      do {
        switch try CommandWriter(object, ledger: ledger).carryOut(command) {
        case .settled(.changed(_?)) where try hasEnded(command.key, in: object, mark):
          // What stands under the key is another record.
          outcomes.append(WriteOutcome(id: command.id, result: .outdated))
        case .settled(let result): outcomes.append(WriteOutcome(id: command.id, result: result))
        case .known(let result, let mark):
          outcomes.append(WriteOutcome(id: command.id, result: result, mark: mark))
        case .written(let key, let stored):
          written.append(
            Written(
              place: place, key: key, storedKey: stored, isDelete: command.operation == .delete))
        }
      } catch let undone as CommandWriter.Undone {
        return .undone(place: place, undone.problem)
      }
    }
    outcomes += try readBack(written, of: commands, mark: mark)
    try tracking.renew(head)
    do {
      try database.commit()
    } catch {
      guard let problem = error.problem(table: object.binding.name.rawValue) else { throw error }
      return .refusedAtCommit(problem)
    }
    return .committed(outcomes)
  }

  /// Whether the queue tells that one of the command's parents ended, which the run has not read. SQLite
  /// gives the key of a deleted row again.
  private func isOutdated(_ command: WriteCommand, _ mark: Int64) throws -> Bool {
    if mark == 0 || command.parents.isEmpty { return false }
    if try ledger.entry(command.id, of: object) != nil { return false }
    return try command.parents.contains { parent in
      guard let bound = objects[parent.object] else { return false }
      return try hasEnded(parent.key, in: bound, mark)
    }
  }

  private func hasEnded(_ key: NativeKey?, in object: BoundObject, _ mark: Int64) throws -> Bool {
    guard mark > 0, let key else { return false }
    return try queue.tellsOfEnd(of: key, in: object, upTo: mark)
  }

  /// After the last write of the batch, since a later write's trigger can touch an earlier record.
  /// Entries about a record that is not there as we left it are kept: somebody's trigger moved it.
  private func readBack(
    _ written: [Written], of commands: [WriteCommand], mark: Int64
  ) throws -> [WriteOutcome] {
    var ours: Set<NativeKey> = []
    var outcomes: [WriteOutcome] = []
    for record in written {
      let command = commands[record.place]
      let found = try object.find(record.key, storedAs: record.storedKey, in: database)
      if (found == nil) == record.isDelete { ours.insert(record.key) }
      let stored = record.isDelete ? PackedRow() : (try? found?.row.get()) ?? PackedRow()
      outcomes.append(
        WriteOutcome(
          id: command.id, result: .written(key: record.key, stored: stored), mark: mark))
      try ledger.note(command.id, key: record.storedKey, mark: mark)
    }
    try queue.deleteEntries(above: mark, about: ours, of: object)
    return outcomes
  }
}
