import SynclineHTTP
import SynclineJSON
public import SynclineModel
import SynclinePorts

// Writes, as many records by one call as the interface takes. Each record has an outcome of its own; one
// that another transaction holds is tried again a few times. Creates stand here, updates and deletes in
// SalesforceConnector+Changing.swift.
extension SalesforceConnector {
  /// How often a record that is locked is written again.
  private static let attemptsMax = 4

  public func write(_ batch: WriteBatch) async throws -> [WriteOutcome] {
    let text = RecordText(binding: try bound(batch.object, "write").binding)
    var outcomes = batch.commands.compactMap { command in
      text.problem(command.row).map { WriteOutcome(id: command.id, result: .refused($0)) }
    }
    let flawed = Set(outcomes.map(\.id))
    let runs = runs(batch.commands.filter { !flawed.contains($0.id) })
    for (index, run) in runs.enumerated() {
      let sent = await writePatiently(run, batch.object)
      outcomes += sent.outcomes
      guard let failure = sent.failure else { continue }
      // What was written before is known, and what comes behind was not sent. What of this request is not
      // known, the next run asks about.
      outcomes += runs[(index + 1)...].joined().map(\.undone)
      guard outcomes.allSatisfy(\.isUndone) else { return outcomes }
      guard var failure = failure as? ConnectorFailure else { throw failure }
      failure.didNothing = outcomes.count == batch.commands.count
      failure.undone = outcomes.map(\.id)
      throw failure
    }
    return outcomes
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

  /// Writes again what another transaction held, or what was not carried out for something of the moment.
  private func writePatiently(_ commands: [WriteCommand], _ object: ObjectNumber) async -> Sent {
    var sent = await send(commands, object)
    for attempt in 1..<Self.attemptsMax {
      if sent.failure != nil, !sent.isMomentary { break }
      let again = Set(sent.outcomes.filter { $0.isBusy || $0.isUndone }.map(\.id))
      if again.isEmpty { break }
      let pause = 1000.0 * Double(1 << attempt) * pacer.roll()
      do { try await pacer.pause(Int(pause)) } catch { break }
      sent.outcomes.removeAll { again.contains($0.id) }
      sent.failure = nil
      sent.take(await send(commands.filter { again.contains($0.id) }, object))
    }
    return sent
  }

  /// Sends commands of one kind; what fails is part of the answer.
  func send(_ commands: [WriteCommand], _ object: ObjectNumber) async -> Sent {
    guard let first = commands.first else { return Sent() }
    do {
      if first.operation == .insert { return try await create(commands, object) }
      return account.settings.isStrict
        ? try await changeStrictly(commands, object) : try await change(commands, object)
    } catch {
      return .failed(commands, by: error)
    }
  }

  // MARK: - Creates

  /// They are sent by themselves: what was stored is read by key right after the batch.
  private func create(_ commands: [WriteCommand], _ object: ObjectNumber) async throws -> Sent {
    let bound = try bound(object, "create")
    let operation = "create \(bound.name)"
    let text = RecordText(binding: bound.binding)
    let body = JSON.object([
      "allOrNone": .boolean(false), "records": .list(commands.map { text.record($0.row) }),
    ])
    let answer = try await account.ask(operation, .post, "/composite/sobjects", body: body)
    guard answer.status == 200 else {
      let problem = APIProblem.first(in: answer.body) ?? APIProblem()
      return await refused(commands, problem, object, bound, operation)
    }
    let results = try read(operation) { () throws(JSONFailure) in
      var parser = JSONParser()
      try parser.append(answer.body)
      return try parser.read { (cursor: inout JSONCursor) throws(JSONFailure) in
        try cursor.saveResults()
      }
    }
    // Where there are fewer results, or more, nothing tells which is whose: what was made is found by evidence.
    guard results.count == commands.count else { return Sent() }
    let outcomes = zip(commands, results).map { command, result in
      if result.isSuccess, let key = result.id.flatMap(BoundObject.key) {
        return WriteOutcome(id: command.id, result: .written(key: key, stored: PackedRow()))
      }
      let problem = (result.problem ?? APIProblem()).problem(of: bound)
      return WriteOutcome(id: command.id, result: .refused(problem))
    }
    return Sent(outcomes: outcomes)
  }

  // MARK: - Refusals of whole requests

  /// What follows where commands were refused together, and nothing was done. Only where one of them can be
  /// the cause, its halves are sent by themselves.
  func refused(
    _ commands: [WriteCommand], _ problem: APIProblem, _ object: ObjectNumber,
    _ bound: BoundObject, _ operation: String
  ) async -> Sent {
    switch problem.reach {
    case .unknown: return Sent()
    case .moment, .limit: return .refused(commands, problem, operation, bound)
    case .size:
      guard commands.count > 1 else { return .refused(commands, problem, operation, bound) }
      return await halved(commands, object)
    case .record:
      guard commands.count > 1 else { return .each(commands, refused: problem.problem(of: bound)) }
      return await halved(commands, object)
    case .all:
      // Those with other fields may be taken.
      let shapes = Dictionary(grouping: commands) { $0.row.fields }
      guard shapes.count > 1 else { return .each(commands, refused: problem.problem(of: bound)) }
      let ordered = shapes.values.sorted { $0[0].id < $1[0].id }
      let middle = ordered.count / 2
      return await sent(
        ordered[..<middle].flatMap(\.self), then: ordered[middle...].flatMap(\.self), object)
    }
  }

  private func halved(_ commands: [WriteCommand], _ object: ObjectNumber) async -> Sent {
    let middle = commands.count / 2
    return await sent(Array(commands[..<middle]), then: Array(commands[middle...]), object)
  }

  private func sent(
    _ first: [WriteCommand], then second: [WriteCommand], _ object: ObjectNumber
  ) async -> Sent {
    var sent = await send(first, object)
    if sent.failure == nil {
      sent.take(await send(second, object))
    } else {
      sent.outcomes += second.map(\.undone)
    }
    return sent
  }
}
