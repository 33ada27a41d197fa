import SynclineHTTP
import SynclineModel
import SynclinePorts

// `writes: strict`: each record is read and compared first, and an update is sent by itself on the
// condition that nobody changed the record since (If-Unmodified-Since, to the second). Deletes know no
// condition: between their comparison and their request an edit can still be lost, which the request's
// own read shows.
extension SalesforceConnector {
  func changeStrictly(
    _ commands: [WriteCommand], _ object: ObjectNumber
  ) async throws -> [WriteOutcome] {
    let bound = try bound(object, "write")
    let keys = commands.compactMap(\.key)
    let found: [FoundRecord]
    do { found = try await retrieve("compare \(bound.name)", object, keys).found } catch {
      throw Account.undone(error)
    }
    let known = Dictionary(found.map { ($0.record.key, $0.record) }) { $1 }
    var outcomes: [WriteOutcome] = []
    var asExpected: [WriteCommand] = []
    for command in commands {
      let current = command.key.flatMap { known[$0] }
      if let current, command.expected.difference(from: current.row).isEmpty {
        asExpected.append(command)
      } else {
        outcomes.append(
          WriteOutcome(
            id: command.id, result: .changed(current: current?.row),
            stamp: current?.stamp ?? Stamp()))
      }
    }
    guard commands.first?.operation == .update else {
      return outcomes + (try await change(asExpected, object))
    }
    return outcomes + (try await update(asExpected, known, bound, object))
  }

  private enum Fate {
    case written
    case changed
    case refused(RecordProblem)
  }

  private func update(
    _ commands: [WriteCommand], _ known: [NativeKey: ReadRecord], _ bound: BoundObject,
    _ object: ObjectNumber
  ) async throws -> [WriteOutcome] {
    var fates: [(command: WriteCommand, key: NativeKey, fate: Fate)] = []
    var undone: [WriteOutcome] = []
    for (index, command) in commands.enumerated() {
      guard let key = command.key, let record = known[key] else { continue }
      do {
        fates.append((command, key, try await update(command, record, bound)))
      } catch {
        // Of this one it may not be known; those before are, and those behind it were not sent.
        if fates.isEmpty { throw error }
        undone = Self.undone([command], by: error) + Self.undone(commands[(index + 1)...])
        break
      }
    }
    let seen = fates.filter { if case .refused = $0.fate { false } else { true } }.map(\.key)
    let found = seen.isEmpty ? [] : try? await retrieve("read \(bound.name)", object, seen).found
    let now = Dictionary((found ?? []).map { ($0.record.key, $0.record) }) { $1 }
    return undone
      + fates.compactMap { command, key, fate in
        switch fate {
        case .written:
          return WriteOutcome(
            id: command.id, result: .written(key: key, stored: now[key]?.row ?? PackedRow()),
            stamp: now[key]?.stamp ?? Stamp())
        case .changed:
          // Where it could not be read, nothing is told, and the next run asks.
          guard found != nil else { return nil }
          return WriteOutcome(
            id: command.id, result: .changed(current: now[key]?.row),
            stamp: now[key]?.stamp ?? Stamp())
        case .refused(let problem): return WriteOutcome(id: command.id, result: .refused(problem))
        }
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
    let answer = try await account.ask(
      "update \(bound.name)", .patch, path,
      body: RecordText(binding: bound.binding).body(command.row),
      headers: headers)
    if answer.status < 300 { return .written }
    if answer.status == 412 { return .changed }
    let problem = APIProblem.first(in: answer.body) ?? APIProblem()
    return problem.isGone ? .changed : .refused(problem.problem(of: bound.name))
  }
}
