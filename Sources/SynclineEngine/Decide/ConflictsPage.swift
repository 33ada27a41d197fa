/// The page Docs/Conflicts.md, made from the decision table, so that it says what the code does.
public enum ConflictsPage {
  public static var text: String {
    var lines = [
      "# Conflicts", "",
      "What is decided about a link, by what each side did since *base*, what both sides last",
      "agreed on. The table is that of rule `source`; it is made from `Situation` by `Tools/docs`.",
      "",
      "| source since base | target since base | decision |", "|---|---|---|",
    ]
    for situation in Situation.allCases {
      let row = situation.row
      lines.append("| \(row.source) | \(row.target) | \(row.decision) |")
    }
    return (lines + rest).joined(separator: "\n") + "\n"
  }

  private static let rest = [
    "",
    "*Dirty* is a field that the mapping reads both ways and whose content is not its base.",
    "*Clean* is everything else; what a clean side was merely reported to hold goes beside the",
    "row's command under an edited mapping, and yields where the other side edited the same field.",
    "", "## Rules", "",
    "Rules differ only in the conflict rows. `conflicts:` stands in the package or a task (any",
    "rule), or at a field (`source`, `target`, `merge`), where it decides that field alone.", "",
    "| rule | both changed | deleted in the source, changed in the target |"
      + " changed in the source, deleted in the target |", "|---|---|---|---|",
    "| `source` | the source's values | delete in target | insert again into target |",
    "| `target` | the target's values | insert again into source | delete in source |",
    "| `newest` | the later side by the systems' own stamps; source where one tells none |"
      + " the later act | the later act |",
    "| `merge` | each side's own changes travel; fields that both changed get the source's value |"
      + " delete in target | insert again into target |",
    "| `hold` | nothing, until both sides agree by value | nothing | nothing |", "",
    "## What is on record", "",
    "A conflict is known by its link and the two observations that it stands between, so a retry",
    "does not count twice. It holds what was lost, what stood there at base, and what came in its",
    "place. `syncline conflicts list` and `show` print it. Two more kinds of overwriting are",
    "recorded beside conflicts and are none: a value that was replaced when two records were first",
    "matched, and a value that a user had put into a field mapped one way.", "", "## Relations", "",
    "A foreign key is judged as the link that it points to. A child's delete, or its key set to",
    "null, that the parent's delete on the same side explains shares its fate: where the parent",
    "comes back, so does the child. A record that is to be deleted and that a new or newly pointed",
    "child of its side still claims is a conflict of the child, by the rule of the child's task:",
    "where the deleting side wins, a new child is deleted on record and an edited key is taken back",
    "on record; where the other side wins, the parent is inserted again. Records that one side",
    "deleted and that relations connect have one fate: where one of them is edited or claimed and",
    "the other side wins, all are inserted again; under `hold` all stay until a person decides.",
    "So it is, whatever the rule, where a record of both sides was given to a new child: the child",
    "cannot go without taking that edit back, and the edit is in conflict with nothing.",
  ]
}
