import SynclineHTTP
import SynclineJSON
import SynclineModel
import SynclinePorts

// Updates and deletes: one request reads the records, writes them and (updates) reads them again.
extension SalesforceConnector {
  func change(_ commands: [WriteCommand], _ object: ObjectNumber) async throws -> Sent {
    guard !commands.isEmpty else { return Sent() }
    let bound = try bound(object, "write")
    let isDelete = commands[0].operation == .delete
    let operation = "\(isDelete ? "delete" : "update") \(bound.name)"
    let request = CompositeRequest(
      root: account.root, canCollate: account.settings.canCollate, object: bound.name,
      isDelete: isDelete, commands: commands,
      retrieval: try retrieval(object, commands.compactMap(\.key)),
      text: RecordText(binding: bound.binding))
    let answer = try await account.ask(operation, .post, "/composite", body: request.body)
    guard answer.status == 200 else {
      let problem = APIProblem.first(in: answer.body) ?? APIProblem()
      return await refused(commands, problem, object, bound, operation)
    }
    let user = try await account.membership().user
    let count = request.chunks.count
    let told = try read(operation) { () throws(JSONFailure) in
      try CompositeAnswer.read(answer.body, bound, writes: count, user: user)
    }
    return await outcomes(Change(request: request, told: told, object: bound), object, operation)
  }

  private func outcomes(
    _ change: Change, _ object: ObjectNumber, _ operation: String
  ) async -> Sent {
    var sent = Sent()
    for (chunk, write) in zip(change.request.chunks, change.told.writes) {
      guard let problem = write.problem else {
        sent.outcomes += change.outcomes(chunk, write.results)
        continue
      }
      // The other parts may have been carried out.
      if problem.isHalted, sent.failure != nil {
        sent.outcomes += chunk.map(\.undone)
      } else if problem.isHalted {
        sent.take(await halted(Array(chunk), problem, change, object, operation))
      } else if problem.reach == .moment {
        sent.take(.refused(chunk, problem, operation, change.object, isMomentary: true))
      } else {
        sent.take(await refused(Array(chunk), problem, object, change.object, operation))
      }
    }
    return sent
  }

  /// A part that was not carried out, since what it takes from the first read was not there: the read failed,
  /// or the record is no more whose id it takes.
  private func halted(
    _ commands: [WriteCommand], _ problem: APIProblem, _ change: Change, _ object: ObjectNumber,
    _ operation: String
  ) async -> Sent {
    if let unread = change.told.before.problem {
      switch unread.reach {
      case .size where commands.count > 1:
        return await refused(commands, unread, object, change.object, operation)
      case .moment, .unknown:
        return .refused(commands, unread, operation, change.object, isMomentary: true)
      case .size, .limit, .record, .all: return .refused(commands, unread, operation, change.object)
      }
    }
    let gone = commands.filter { $0.key.map(change.gone.contains) ?? true }
    guard !gone.isEmpty else { return .refused(commands, problem, operation, change.object) }
    var sent = Sent(outcomes: gone.map { WriteOutcome(id: $0.id, result: .changed(current: nil)) })
    let told = Set(gone.map(\.id))
    sent.take(await send(commands.filter { !told.contains($0.id) }, object))
    return sent
  }
}

/// A request of updates or deletes, and what it answered.
private struct Change {
  let request: CompositeRequest
  let told: CompositeAnswer
  let object: BoundObject
  /// Records that the first read did not find. What it could not read is not among them.
  let gone: Set<NativeKey>
  private let before: [NativeKey: PackedRow]
  private let after: [NativeKey: ReadRecord]

  init(request: CompositeRequest, told: CompositeAnswer, object: BoundObject) {
    self.request = request
    self.told = told
    self.object = object
    let elements = told.before.elements
    gone =
      elements.count != request.commands.count
      ? []
      : Set(zip(request.commands, elements).compactMap { $1 == .nothing ? $0.key : nil })
    before = told.before.rows
    after = Dictionary(told.after.found.map { ($0.record.key, $0.record) }) { $1 }
  }

  /// The outcomes of a part that was carried out. Where it has fewer results than commands, or more, only
  /// those count that name their record.
  func outcomes(_ chunk: ArraySlice<WriteCommand>, _ results: [SaveResult]) -> [WriteOutcome] {
    if results.count == chunk.count { return zip(chunk, results).compactMap(outcome) }
    let named = Dictionary(
      results.compactMap { result in result.id.flatMap(BoundObject.key).map { ($0, result) } }
    ) { $1 }
    return chunk.compactMap { command in
      command.key.flatMap { named[$0] }.flatMap { $0.isSuccess ? outcome(command, $0) : nil }
    }
  }

  private func outcome(_ command: WriteCommand, _ result: SaveResult) -> WriteOutcome? {
    guard let key = command.key else { return nil }
    guard result.isSuccess else {
      let problem = result.problem ?? APIProblem()
      if gone.contains(key) || problem.isGone && request.isDelete {
        return WriteOutcome(id: command.id, result: .changed(current: nil))
      }
      return WriteOutcome(id: command.id, result: .refused(problem.problem(of: object)))
    }
    let now = after[key]
    return WriteOutcome(
      id: command.id,
      result: .written(key: key, stored: request.isDelete ? PackedRow() : now?.row ?? PackedRow()),
      before: before[key], stamp: now?.stamp ?? Stamp())
  }
}
