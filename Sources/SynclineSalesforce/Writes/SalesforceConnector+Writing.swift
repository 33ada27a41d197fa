import SynclineHTTP
import SynclineJSON
public import SynclineModel
import SynclinePorts

// Writes, as many records by one call as the interface takes. Each record has an outcome of its own; one
// that another transaction holds is tried again a few times.
extension SalesforceConnector {
  /// How often a record that is locked is written again.
  private static let lockedAttemptsMax = 4

  public func write(_ batch: WriteBatch) async throws -> [WriteOutcome] {
    let text = RecordText(binding: try bound(batch.object, "write").binding)
    var outcomes = batch.commands.compactMap { command in
      text.problem(command.row).map { WriteOutcome(id: command.id, result: .refused($0)) }
    }
    let flawed = Set(outcomes.map(\.id))
    let runs = runs(batch.commands.filter { !flawed.contains($0.id) })
    for (index, run) in runs.enumerated() {
      do {
        outcomes += try await writeLocked(run, batch.object)
      } catch {
        // What was written before is known, and what comes behind was not sent. Of this request it may not be
        // known, and the next run asks.
        let unsent = runs[(index + 1)...].joined()
        if outcomes.isEmpty {
          guard var failure = error as? ConnectorFailure else { throw error }
          failure.undone = unsent.map(\.id)
          throw failure
        }
        return outcomes + Self.undone(run, by: error) + Self.undone(unsent)
      }
    }
    return outcomes
  }

  /// Outcomes of commands that were not sent.
  static func undone(_ commands: some Sequence<WriteCommand>) -> [WriteOutcome] {
    commands.map { WriteOutcome(id: $0.id, result: .notDone) }
  }

  /// Outcomes of commands whose request failed: none where it may have done something.
  static func undone(
    _ commands: some Sequence<WriteCommand>, by error: any Error
  ) -> [WriteOutcome] {
    (error as? ConnectorFailure)?.didNothing == true ? undone(commands) : []
  }

  /// Commands of one kind that follow each other, as many as one request takes.
  private func runs(_ commands: [WriteCommand]) -> [[WriteCommand]] {
    var runs: [[WriteCommand]] = []
    for command in commands {
      let most =
        command.operation == .insert
        ? CompositeRequest.recordsMax
        : CompositeRequest.recordsMax * CompositeRequest.writesMax
      if let last = runs.last, last[0].operation == command.operation, last.count < most {
        runs[runs.count - 1].append(command)
      } else {
        runs.append([command])
      }
    }
    return runs
  }

  private func writeLocked(
    _ commands: [WriteCommand], _ object: ObjectNumber
  ) async throws -> [WriteOutcome] {
    var outcomes = try await send(commands, object)
    for attempt in 1..<Self.lockedAttemptsMax {
      let locked = Set(outcomes.filter(\.isLocked).map(\.id))
      if locked.isEmpty { break }
      let pause = 1000.0 * Double(1 << attempt) * pacer.roll()
      do { try await pacer.pause(Int(pause)) } catch { break }
      let rest = commands.filter { locked.contains($0.id) }
      outcomes.removeAll { locked.contains($0.id) }
      do { outcomes += try await send(rest, object) } catch {
        return outcomes + Self.undone(rest, by: error)
      }
    }
    return outcomes
  }

  private func send(
    _ commands: [WriteCommand], _ object: ObjectNumber
  ) async throws -> [WriteOutcome] {
    guard let first = commands.first else { return [] }
    if first.operation == .insert { return try await create(commands, object) }
    return account.settings.isStrict
      ? try await changeStrictly(commands, object) : try await change(commands, object)
  }

  // MARK: - Creates

  /// They are sent by themselves: what was stored is read by key right after the batch.
  private func create(
    _ commands: [WriteCommand], _ object: ObjectNumber
  ) async throws -> [WriteOutcome] {
    let bound = try bound(object, "create")
    let operation = "create \(bound.name)"
    let text = RecordText(binding: bound.binding)
    let body = JSON.object([
      "allOrNone": .boolean(false), "records": .list(commands.map { text.record($0.row) }),
    ])
    let answer = try await account.ask(operation, .post, "/composite/sobjects", body: body)
    guard answer.status == 200 else {
      return try await halved(commands, answer, bound.name, operation) {
        try await self.create($0, object)
      }
    }
    let results = try read(operation) { () throws(JSONFailure) in
      var parser = JSONParser()
      try parser.append(answer.body)
      return try parser.read { (cursor: inout JSONCursor) throws(JSONFailure) in
        try cursor.saveResults()
      }
    }
    return zip(commands, results).map { command, result in
      if result.isSuccess, let key = result.id.flatMap(BoundObject.key) {
        return WriteOutcome(id: command.id, result: .written(key: key, stored: PackedRow()))
      }
      let problem = (result.problem ?? APIProblem()).problem(of: bound.name)
      return WriteOutcome(id: command.id, result: .refused(problem))
    }
  }

  /// A request that is refused as a whole did nothing: its halves are sent by themselves, so that one
  /// record that cannot be read does not hold the others back.
  private func halved(
    _ commands: [WriteCommand], _ answer: HTTPAnswer, _ name: ObjectName, _ operation: String,
    _ send: ([WriteCommand]) async throws -> [WriteOutcome]
  ) async throws -> [WriteOutcome] {
    guard answer.status == 400 else { throw problem(answer, operation, name) }
    let problem = APIProblem.first(in: answer.body) ?? APIProblem()
    return try await halved(commands, problem, name, send)
  }

  private func halved(
    _ commands: [WriteCommand], _ problem: APIProblem, _ name: ObjectName,
    _ send: ([WriteCommand]) async throws -> [WriteOutcome]
  ) async throws -> [WriteOutcome] {
    guard commands.count > 1 else {
      return commands.map {
        WriteOutcome(id: $0.id, result: .refused(problem.problem(of: name)))
      }
    }
    let middle = commands.count / 2
    let first = try await send(Array(commands[..<middle]))
    let rest = Array(commands[middle...])
    do { return first + (try await send(rest)) } catch {
      return first + Self.undone(rest, by: error)
    }
  }

  // MARK: - Updates and deletes

  func change(
    _ commands: [WriteCommand], _ object: ObjectNumber
  ) async throws -> [WriteOutcome] {
    guard !commands.isEmpty else { return [] }
    let bound = try bound(object, "write")
    let isDelete = commands[0].operation == .delete
    let operation = "\(isDelete ? "delete" : "update") \(bound.name)"
    let request = CompositeRequest(
      root: account.root, object: bound.name, isDelete: isDelete, commands: commands,
      retrieval: try retrieval(object, commands.compactMap(\.key)),
      text: RecordText(binding: bound.binding))
    let answer = try await account.ask(operation, .post, "/composite", body: request.body)
    guard answer.status == 200 else {
      return try await halved(commands, answer, bound.name, operation) {
        try await self.change($0, object)
      }
    }
    let user = try await account.membership().user
    let count = request.chunks.count
    let told = try read(operation) { () throws(JSONFailure) in
      try CompositeAnswer.read(answer.body, bound, writes: count, user: user)
    }
    return try await outcomes(request, told, bound.name) {
      try await self.change($0, object)
    }
  }

  private func outcomes(
    _ request: CompositeRequest, _ told: CompositeAnswer, _ name: ObjectName,
    _ send: ([WriteCommand]) async throws -> [WriteOutcome]
  ) async throws -> [WriteOutcome] {
    let before = Dictionary(told.before.found.map { ($0.record.key, $0.record) }) { $1 }
    let after = Dictionary(told.after.found.map { ($0.record.key, $0.record) }) { $1 }
    var outcomes: [WriteOutcome] = []
    for (chunk, results) in zip(request.chunks, told.writes) {
      guard results.count == chunk.count, !results.contains(where: \.isRefusalOfAll) else {
        // The part was refused as a whole, and did nothing.
        let problem = results.first?.problem ?? APIProblem()
        do { outcomes += try await halved(Array(chunk), problem, name, send) } catch {
          // The other parts were carried out.
          outcomes += Self.undone(chunk, by: error)
        }
        continue
      }
      for (command, result) in zip(chunk, results) {
        guard let key = command.key else { continue }
        outcomes.append(
          Self.outcome(command, result, before[key], after[key], isDelete: request.isDelete, name))
      }
    }
    return outcomes
  }

  private static func outcome(
    _ command: WriteCommand, _ result: SaveResult, _ before: ReadRecord?, _ after: ReadRecord?,
    isDelete: Bool, _ name: ObjectName
  ) -> WriteOutcome {
    guard result.isSuccess, let key = command.key else {
      let problem = result.problem ?? APIProblem()
      if before == nil || problem.isGone && isDelete {
        return WriteOutcome(id: command.id, result: .changed(current: nil))
      }
      return WriteOutcome(id: command.id, result: .refused(problem.problem(of: name)))
    }
    return WriteOutcome(
      id: command.id,
      result: .written(key: key, stored: isDelete ? PackedRow() : after?.row ?? PackedRow()),
      before: before?.row, stamp: after?.stamp ?? Stamp())
  }
}

extension WriteOutcome {
  fileprivate var isLocked: Bool {
    if case .refused(let problem) = result { return problem.code == "locked" && problem.mayPass }
    return false
  }
}
