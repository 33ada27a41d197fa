import SynclineModel

extension WriteOutcome {
  /// What became of a command, in a line of the log.
  var line: String {
    switch result {
    case .written(let key, let stored):
      "→ \(key) " + stored.values.map { "\($0)=\($1.plain ?? "null")" }.joined(separator: " ")
    case .alreadyWritten(let key, _): "→ already \(key)"
    case .changed: "→ changed"
    case .outdated: "→ a parent ended"
    case .notDone: "→ nothing"
    case .refused(let problem): "→ refused: \(problem.message)"
    }
  }
}
