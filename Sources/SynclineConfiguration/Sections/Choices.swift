import SynclineMapping
import Yams

/// What stands in a package and in a task alike.
extension Section {
  /// `conflicts` of a package or a task.
  func conflicts() -> ConflictRule? {
    choice("conflicts", ConflictRule.allCases.map { ($0.word, $0) })
  }

  /// `conflicts` of a field: a rule that judges fields one by one.
  func fieldConflicts() -> ConflictRule? {
    let rules: [ConflictRule] = [.source, .target, .merge]
    return choice("conflicts", rules.map { ($0.word, $0) })
  }

  func drift() -> DriftRule? {
    choice("drift", [("leave", .leave), ("restore", .restore)])
  }

  /// `deletes`, with what it leaves out taken from `base`.
  func deletes(base: DeleteLimit, _ problems: ProblemList) -> DeleteLimit? {
    guard let node = node("deletes"),
      let section = Section(node, noun: "`deletes`", keys: ["limit", "atLeast"], problems)
    else { return nil }
    let percent = section.quantity(
      "limit", expected: "a percentage from 0% to 100%, such as `10%`", Quantities.percent)
    let atLeast = section.quantity(
      "atLeast", expected: "a whole number, such as `50`", Quantities.count)
    return DeleteLimit(percent: percent ?? base.percent, atLeast: atLeast ?? base.atLeast)
  }
}
