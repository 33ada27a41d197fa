import SynclineTesting
import Testing

/// What one run did: by the program's own word, and by the count of the databases.
struct RunAccount: Equatable, CustomStringConvertible {
  var status: Int32 = 0
  /// Inserts, updates and deletes that the program tells, `source` and `target` before each.
  var wrote: [String: Int] = [:]
  var conflicts = 0
  var failed = 0
  var held = 0
  var pending = 0
  var refusals: [String] = []

  /// Nothing was left to do and nothing was written.
  static let quiet = RunAccount()

  init(
    status: Int32 = 0, _ wrote: [String: Int] = [:], conflicts: Int = 0, failed: Int = 0,
    held: Int = 0, pending: Int = 0, refusals: [String] = []
  ) {
    self.status = status
    self.wrote = wrote
    self.conflicts = conflicts
    self.failed = failed
    self.held = held
    self.pending = pending
    self.refusals = refusals
  }

  init(_ answer: Scenario.Answer) {
    status = answer.status
    guard let report = answer.json.last else { return }
    for side in ["source", "target"] {
      let tally = report[side] as? [String: Any] ?? [:]
      for verb in ["inserts", "updates", "deletes"] {
        if let count = tally[verb] as? Int, count > 0 { wrote["\(side) \(verb)"] = count }
      }
    }
    conflicts = report["conflicts"] as? Int ?? -1
    failed = report["failed"] as? Int ?? -1
    held = report["held"] as? Int ?? -1
    pending = report["pending"] as? Int ?? -1
    refusals = (report["refusals"] as? [[String: Any]] ?? []).compactMap { $0["code"] as? String }
  }

  var description: String {
    "status \(status), wrote \(wrote.sorted { $0.key < $1.key }), conflicts \(conflicts), failed "
      + "\(failed), held \(held), pending \(pending), refusals \(refusals)"
  }
}

extension Scenario {
  /// A run, told as an account. The databases' own counts must say the same.
  func account(
    _ options: String..., at location: SourceLocation = #_sourceLocation
  ) throws -> RunAccount {
    for side in [source, target] { try side.execute("DELETE FROM writes") }
    let answer = try Self.run(
      Self.program, ["run", package, "--json"] + options, environment: [:], in: folder)
    let account = RunAccount(answer)
    #expect(
      try counted() == account.wrote, "the databases count otherwise: \(answer)",
      sourceLocation: location)
    return account
  }

  /// The data writes that the databases counted since they were last asked.
  private func counted() throws -> [String: Int] {
    var counts: [String: Int] = [:]
    for (name, side) in [("source", source), ("target", target)] {
      for row in try side.rows("SELECT what FROM writes") {
        let verb = row[0].dropFirst().prefix { $0 != " " }
        counts["\(name) \(verb)s", default: 0] += 1
      }
    }
    return counts
  }

  /// The next run sends nothing, and nothing waits in the queues.
  func expectQuiet(
    status: Int32 = 0, at location: SourceLocation = #_sourceLocation
  ) throws {
    let account = try account(at: location)
    #expect(account == RunAccount(status: status), sourceLocation: location)
    #expect(try queued() == 0, "the queues are not empty", sourceLocation: location)
  }

  /// The conflicts of the journal, oldest first, each as one line without numbers and times.
  func conflicts() throws -> [String] {
    try syncline("conflicts", "list", with: ["--json"]).json.map { conflict in
      let rows = ["base", "lost", "won"].map { part in
        let row = conflict[part] as? [String: Any] ?? [:]
        let values = row.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return "\(part)(\(values.joined(separator: " ")))"
      }
      let words = ["task", "kind", "rule", "loser", "status"].map { "\(conflict[$0] ?? "?")" }
      return (words + rows).joined(separator: " ")
    }
  }
}
