import SynclineModel
import SynclineSQL

/// Carries out one command inside an open transaction: what fails of it leaves no trace.
struct CommandWriter {
  let object: BoundObject
  let ledger: CommandLedger
  private var database: Database { ledger.database }
  private var table: String { object.binding.name.rawValue }

  init(_ object: BoundObject, ledger: CommandLedger) {
    self.object = object
    self.ledger = ledger
  }

  enum Step {
    /// Nothing was written.
    case settled(WriteOutcome.Result)
    /// An earlier request wrote it; `mark` as that request noted it.
    case known(WriteOutcome.Result, mark: Int64)
    case written(key: NativeKey, stored: StoredValue)
  }

  /// A trigger ended the whole transaction; this command's record is to blame.
  struct Undone: Error {
    let problem: RecordProblem
  }

  /// Thrown inside the command's savepoint, which is then rolled back.
  private struct Refusal: Error {
    let problem: RecordProblem
  }

  func carryOut(_ command: WriteCommand) throws -> Step {
    if let noted = try ledger.entry(command.id, of: object) {
      let current = try object.find(noted.key, in: database)
      return .known(
        .alreadyWritten(
          key: noted.key, current: current.map { (try? $0.row.get()) ?? PackedRow() }),
        mark: noted.mark)
    }
    if command.operation == .insert { return try guarded { try insert(command) } }
    guard let key = command.key, let found = try object.find(key, in: database) else {
      return .settled(.changed(current: nil))
    }
    switch found.row {
    case .failure(let fault):
      return refused(code: fault.code, fault.message)
    case .success(let current):
      guard isAsExpected(current, command) else { return .settled(.changed(current: current)) }
      return try guarded {
        command.operation == .delete
          ? try delete(key, found.storedKey) : try update(key, found.storedKey, command)
      }
    }
  }

  /// Compares by packed bytes. A field that is not captured any more cannot be compared.
  private func isAsExpected(_ current: PackedRow, _ command: WriteCommand) -> Bool {
    let differing = command.expected.difference(from: current)
    return differing.fields.allSatisfy { field in
      !object.binding.fields.contains { $0.number == field }
    }
  }

  private func refused(code: String, _ message: String) -> Step {
    .settled(.refused(RecordProblem(code: code, message: message, mayPass: false)))
  }

  /// Runs a write in a savepoint of its own. RAISE(FAIL) keeps what a statement did so far, and
  /// RAISE(IGNORE) what its triggers did: neither may stay.
  private func guarded(_ write: () throws -> Step) throws -> Step {
    try database.execute("SAVEPOINT syncline_command")
    do {
      let step = try write()
      try database.execute("RELEASE syncline_command")
      return step
    } catch let refusal as Refusal {
      try undo()
      return .settled(.refused(refusal.problem))
    } catch let error as DatabaseError {
      guard let problem = error.problem(table: table) else { throw error }
      guard database.isInTransaction else { throw Undone(problem: problem) }
      try undo()
      return .settled(.refused(problem))
    }
  }

  private func undo() throws(DatabaseError) {
    try database.execute("ROLLBACK TO syncline_command")
    try database.execute("RELEASE syncline_command")
  }

  private func insert(_ command: WriteCommand) throws -> Step {
    let (columns, values) = try assignments(command.row.removing(object.binding.key.number))
    try database.execute(object.statements.insert(columns), values)
    try requireEffect("insert")
    let rowid = database.lastInsertRowid
    let stored = try object.storedKey(rowid: rowid, in: database)
    guard let key = object.binding.nativeKey(stored) else {
      throw Refusal(
        problem: RecordProblem(
          code: "key", message: "\(table).\(object.binding.key.name) was not assigned",
          mayPass: false))
    }
    return .written(key: key, stored: stored)
  }

  private func update(
    _ key: NativeKey, _ stored: StoredValue, _ command: WriteCommand
  ) throws -> Step {
    let (columns, values) = try assignments(command.row.removing(object.binding.key.number))
    if !columns.isEmpty {
      try database.execute(object.statements.update(columns), values + [stored])
      try requireEffect("update")
    }
    return .written(key: key, stored: stored)
  }

  private func delete(_ key: NativeKey, _ stored: StoredValue) throws -> Step {
    try database.execute(object.statements.delete, [stored])
    try requireEffect("delete")
    return .written(key: key, stored: stored)
  }

  /// RAISE(IGNORE) makes a write come to nothing without an error.
  private func requireEffect(_ verb: String) throws {
    guard database.changes == 0 else { return }
    throw Refusal(
      problem: RecordProblem(
        code: "trigger", message: "\(table): a trigger ignored the \(verb)", mayPass: false))
  }

  private func assignments(_ row: PackedRow) throws -> ([String], [StoredValue]) {
    var columns: [String] = []
    var values: [StoredValue] = []
    for (number, value) in row.values {
      guard let field = object.binding.fields.first(where: { $0.number == number }) else {
        throw Refusal(
          problem: RecordProblem(
            code: "schema", message: "\(table) has no field \(number) here", mayPass: false))
      }
      do {
        values.append(try field.type.stored(value))
      } catch {
        throw Refusal(
          problem: RecordProblem(
            code: "value", message: "\(table).\(field.name): \(error.reason)", mayPass: false))
      }
      columns.append(field.name.rawValue)
    }
    return (columns, values)
  }
}
