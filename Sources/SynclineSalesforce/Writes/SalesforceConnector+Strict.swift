import SynclineHTTP
import SynclineModel
import SynclinePorts

// `writes: strict`: each record is read and compared first, and an update is sent by itself on the
// condition that nobody changed the record since (If-Unmodified-Since, to the second). Deletes know no
// condition: between their comparison and their request an edit can still be lost, which the request's
// own read shows.
extension SalesforceConnector {
  func changeStrictly(_ commands: [WriteCommand], _ object: ObjectNumber) async throws -> Sent {
    let bound = try bound(object, "write")
    let seen: RecordAnswer
    do {
      seen = try await retrieve("compare \(bound.name)", object, commands.compactMap(\.key))
    } catch {
      throw Account.undone(error)
    }
    let known = Dictionary(seen.found.map { ($0.record.key, $0.record) }) { $1 }
    let failures = Dictionary(seen.failures.map { ($0.key, $0) }) { $1 }
    var sent = Sent()
    var asExpected: [WriteCommand] = []
    for command in commands {
      let current = command.key.flatMap { known[$0] }
      if let current, command.expected.difference(from: current.row).isEmpty {
        asExpected.append(command)
      } else if let failure = command.key.flatMap({ failures[$0] }) {
        // It stands there, and cannot be compared.
        let problem = RecordProblem(code: failure.code, message: failure.message, mayPass: false)
        sent.take(.each([command], refused: problem))
      } else {
        sent.outcomes.append(command.changed(to: current))
      }
    }
    if commands.first?.operation == .update {
      sent.take(await update(asExpected, known, bound, object))
    } else {
      do { sent.take(try await change(asExpected, object)) } catch {
        sent.take(.failed(asExpected, by: error))
      }
    }
    return sent
  }

  private enum Fate {
    case written
    /// Somebody changed the record since it was compared.
    case changed
    /// Either the record is no more, or one to which it points.
    case gone(RecordProblem)
    case refused(RecordProblem)
  }

  /// Sends updates one by one. What is known where one fails is told: those behind it are not sent.
  private func update(
    _ commands: [WriteCommand], _ known: [NativeKey: ReadRecord], _ bound: BoundObject,
    _ object: ObjectNumber
  ) async -> Sent {
    var sent = Sent()
    var fates: [(command: WriteCommand, key: NativeKey, fate: Fate)] = []
    for (index, command) in commands.enumerated() {
      guard let key = command.key, let record = known[key] else { continue }
      do {
        fates.append((command, key, try await update(command, record, bound)))
      } catch {
        sent = .failed([command], by: error)
        sent.outcomes += commands[(index + 1)...].map(\.undone)
        break
      }
    }
    let asked = fates.filter { if case .refused = $0.fate { false } else { true } }.map(\.key)
    // Where they cannot be read, it is told what was written, and what was not.
    let found = asked.isEmpty ? [] : try? await retrieve("read \(bound.name)", object, asked).found
    let now = found.map { Dictionary($0.map { ($0.record.key, $0.record) }) { $1 } }
    sent.outcomes += fates.map { Self.outcome($0, $1, $2, now) }
    return sent
  }

  /// `now`: the records as they were read after the updates; nil where that failed.
  private static func outcome(
    _ command: WriteCommand, _ key: NativeKey, _ fate: Fate, _ now: [NativeKey: ReadRecord]?
  ) -> WriteOutcome {
    switch fate {
    case .written:
      WriteOutcome(
        id: command.id, result: .written(key: key, stored: now?[key]?.row ?? PackedRow()),
        stamp: now?[key]?.stamp ?? Stamp())
    case .changed: now.map { command.changed(to: $0[key]) } ?? command.undone
    case .gone(let problem):
      now.map {
        $0[key] == nil
          ? command.changed(to: nil) : WriteOutcome(id: command.id, result: .refused(problem))
      } ?? command.undone
    case .refused(let problem): WriteOutcome(id: command.id, result: .refused(problem))
    }
  }

  private func update(
    _ command: WriteCommand, _ record: ReadRecord, _ bound: BoundObject
  ) async throws -> Fate {
    let path =
      "/sobjects/\(HTTPAddress.encode(bound.name.rawValue))/\(HTTPAddress.encode("\(record.key)"))"
    var headers = HTTPHeaders()
    if let time = record.stamp.time {
      headers.append("If-Unmodified-Since", HTTPDate.format(time))
    }
    let operation = "update \(bound.name)"
    let answer = try await account.ask(
      operation, .patch, path, body: RecordText(binding: bound.binding).body(command.row),
      headers: headers)
    if answer.status < 300 { return .written }
    if answer.status == 412 { return .changed }
    let problem = APIProblem.first(in: answer.body) ?? APIProblem()
    switch problem.reach {
    case .moment, .limit, .size: throw Account.undone(problem.failure(operation, bound))
    case .unknown: throw problem.failure(operation, bound)
    case .record, .all:
      let told = problem.problem(of: bound)
      return problem.isGone ? .gone(told) : .refused(told)
    }
  }
}

extension WriteCommand {
  /// The outcome where the record is not as expected; nil where none stands there.
  fileprivate func changed(to record: ReadRecord?) -> WriteOutcome {
    WriteOutcome(
      id: id, result: .changed(current: record?.row), stamp: record?.stamp ?? Stamp())
  }
}
