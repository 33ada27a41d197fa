import SynclineEngine
import SynclineMapping
import SynclineModel

/// What a run is said to have done.
struct RunReport {
  let result: RunResult
  /// Nil where the package has none yet.
  let journal: JournalID?
  /// The package file, for the places of problems.
  let file: String

  func print(asJSON: Bool) {
    if asJSON { return Console.print(json) }
    for problem in result.problems {
      Console.error(
        "\(problem.file ?? file)" + (problem.location.map { ":\($0)" } ?? "") + ": "
          + problem.message)
    }
    for refusal in result.refusals { Console.error(refusal.message) }
    if let failure = result.failure { Console.error(failure.message) }
    Console.print("Run \(result.run): \(result.state.word)")
    for side in Side.allCases {
      let tally = result.tally[side]
      Console.print(
        "  \(side): saw \(tally.created) new, \(tally.changed) changed, \(tally.deleted) deleted; "
          + "wrote \(tally.inserts) inserts, \(tally.updates) updates, \(tally.deletes) deletes")
    }
    let tally = result.tally
    Console.print(
      "  \(tally.conflicts) conflicts, \(tally.failed) failed, \(tally.held) held, "
        + "\(tally.pending) pending")
    if tally.untouched > 0 {
      Console.print(
        "  \(tally.untouched) other records differ under the edited mapping; they follow it when "
          + "they change or are touched")
    }
  }

  private var json: JSON {
    .object([
      "run": .number(result.run.rawValue), "state": .text(result.state.word),
      "journal": journal.map { .text($0.description) } ?? .null, "source": result.tally.source.json,
      "target": result.tally.target.json, "conflicts": .number(result.tally.conflicts),
      "failed": .number(result.tally.failed), "held": .number(result.tally.held),
      "pending": .number(result.tally.pending), "untouched": .number(result.tally.untouched),
      "refusals": .list(
        result.refusals.map { .object(["code": .text($0.code), "message": .text($0.message)]) }),
      "problems": .list(
        result.problems.map {
          .object([
            "location": $0.location.map { .text($0.description) } ?? .null,
            "message": .text($0.message),
          ])
        }),
      "failure": result.failure.map { .text($0.message) } ?? .null,
    ])
  }
}

extension RunState {
  /// As users know it.
  var word: String {
    switch self {
    case .running: "Running"
    case .succeeded: "Succeeded"
    case .failed: "Failed"
    case .canceled: "Canceled"
    }
  }
}

extension SideTally {
  var json: JSON {
    .object([
      "created": .number(created), "changed": .number(changed), "deleted": .number(deleted),
      "inserts": .number(inserts), "updates": .number(updates), "deletes": .number(deletes),
    ])
  }
}
