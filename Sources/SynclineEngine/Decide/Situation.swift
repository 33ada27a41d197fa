/// The rows of the decision table: what each situation of a link is and what is decided in it, under
/// rule `source`. `Tools/docs` prints them into Docs/Conflicts.md; a test keeps the two equal.
public enum Situation: UInt8, Hashable, Sendable, CaseIterable {
  case newInSource
  case newInTarget
  case partnerFound
  case noAncestor
  case sourceChanged
  case targetChanged
  case convergent
  case bothChanged
  case sourceDeleted
  case targetDeleted
  case deletedAndChanged
  case changedAndDeleted
  case bothDeleted
  case targetEmpty
  case sourceEmpty
  case missing
  case unsettled
  case quiet

  /// The source since base, the target since base, and the decision.
  public var row: (source: String, target: String, decision: String) {
    switch self {
    case .newInSource: ("new", "(no link)", "insert into target, link")
    case .newInTarget: ("(no link)", "new", "insert into source, link")
    case .partnerFound:
      (
        "new, the match rule finds the one free partner", "exists",
        "link, or move the link; no ancestor"
      )
    case .noAncestor:
      (
        "no ancestor", "no ancestor",
        "per field: equal: agreed; one side null: the other's value fills it; both set: the "
          + "source's value goes, the other is recorded as overwritten at first match"
      )
    case .sourceChanged: ("dirty", "clean", "update target: the fields that go")
    case .targetChanged: ("clean", "dirty", "update source: the fields that go")
    case .convergent: ("dirty", "dirty, same mapped result", "agreed, no command, no conflict")
    case .bothChanged:
      (
        "dirty", "dirty, different",
        "conflict: every field mapped both ways that either side changed gets the source's "
          + "value; each value taken back is recorded"
      )
    case .sourceDeleted: ("deleted", "clean", "delete in target")
    case .targetDeleted: ("clean", "deleted", "delete in source")
    case .deletedAndChanged:
      ("deleted", "dirty", "conflict: delete in target; the lost content is recorded")
    case .changedAndDeleted:
      (
        "dirty", "deleted",
        "conflict: insert again into target from the full source record; the link moves"
      )
    case .bothDeleted: ("deleted", "deleted, or empty", "unlink")
    case .targetEmpty: ("there", "vacant or empty", "insert into target, never a delete")
    case .sourceEmpty: ("vacant or empty", "there", "insert into source, never a delete")
    case .missing:
      ("missing on one side", "any", "nothing until the absence is confirmed; listed")
    case .unsettled:
      ("unsettled intent in a slot", "any", "nothing until it is settled; listed")
    case .quiet: ("clean", "clean", "nothing")
    }
  }
}
