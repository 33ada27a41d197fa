import SynclineConfiguration
import Testing

@Suite struct `Refusals of a task` {
  private static let tasks = [
    Refusal(
      Minimal.head + "tasks: [T]\n",
      "6:9: a task must be a mapping, not a single value"),
    Refusal(
      Minimal.head + "tasks: [{}]\n",
      "6:9: the task has no `name`",
      "6:9: the task has no `source`",
      "6:9: the task has no `target`",
      "6:9: the task maps no field; give it `columns`"),
    Refusal(
      Minimal.head + "tasks: [{name: , source: S, target: D, columns: {x: y}}]\n",
      "6:10: `name` has no value; give one or remove the line"),
    Refusal(
      Minimal.task(""),
      "7:11: the task `T` maps no field; give it `columns`"),
    Refusal(
      Minimal.task("    colums: {x: y}\n"),
      "7:11: the task `T` maps no field; give it `columns`",
      "10:5: `colums` is no key of a task; the nearest is `columns`"),
    Refusal(
      Minimal.task("    columns: {}\n"),
      "10:14: `columns` must be a mapping of fields, not an empty one"),
    Refusal(
      Minimal.task("    columns: [x]\n"),
      "10:14: `columns` must be a mapping of fields, not a list"),
    Refusal(
      Minimal.task("    columns: {x: [y], z: , v: ''}\n"),
      "10:18: `x` must name a column, not a list",
      "10:26: `z` must name a column, not nothing",
      "10:31: `v` must name a column, not empty text"),
    Refusal(
      Minimal.task("    columns: {x: {}}\n"),
      "10:18: the field `x` has no `column`"),
    Refusal(
      Minimal.task("    columns: {x: {column: y, conflicts: newest}}\n"),
      "10:41: `conflicts` must be `source`, `target` or `merge`"),
    Refusal(
      Minimal.task("    columns: {x: {column: y, values: {a: b}}}\n"),
      "10:30: `values` is not in this version"),
    Refusal(
      Minimal.task("    columns: {x: y, z: y}\n"),
      "10:21: the field `y` of the target is written at 10:15 already; keep one of"
        + " the two"),
    Refusal(
      Minimal.task("    columns: {x: y}\n    toTarget: {y: z}\n    toSource: {x: z}\n"),
      "11:16: the field `y` of the target is written at 10:15 already; keep one of"
        + " the two",
      "12:16: the field `x` of the source is written at 10:15 already; keep one of"
        + " the two"),
    Refusal(
      Minimal.task("    columns: {x: y}\n    relations: {x: {column: y, task: T}}\n"),
      "11:17: the field `y` of the target is written at 10:15 already; keep one of"
        + " the two",
      "11:17: the field `x` of the source is written at 10:15 already; keep one of"
        + " the two"),
    Refusal(
      Minimal.task("    relations: {x: {column: y, task: TT}}\n"),
      "10:17: no task is named `TT`; the nearest is `T`"),
    Refusal(
      Minimal.task("    relations: {x: {column: y, task: Others}}\n"),
      "10:17: no task is named `Others`; add one"),
    Refusal(
      Minimal.task("    relations: {x: y}\n"),
      "10:20: the relation `x` must be a mapping, not a single value"),
    Refusal(
      Minimal.task("    relations: {x: {conflicts: hold}}\n"),
      "10:20: the relation `x` has no `column`",
      "10:20: the relation `x` has no `task`",
      "10:32: `conflicts` must be `source`, `target` or `merge`"),
    Refusal(
      Minimal.task("    toTarget: {x: {expression: '[a] + \" \"'}}\n"),
      "10:20: `expression` is not in this version"),
    Refusal(
      Minimal.task("    toTarget: {x: {lookup: {object: O}}}\n"),
      "10:20: `lookup` is not in this version"),
    Refusal(
      Minimal.task("    toTarget: {x: {column: a, values: {a: b}}}\n"),
      "10:31: `values` is not in this version"),
    Refusal(
      Minimal.task("    toSource: {x: {column: a, constant: hunter2}}\n"),
      "10:16: the field `x` needs either `column` or `constant`"),
    Refusal(
      Minimal.task("    toSource: {x: {}}\n"),
      "10:16: the field `x` needs either `column` or `constant`"),
    Refusal(
      Minimal.task("    toSource: {x: {constnt: hunter2}}\n"),
      "10:20: `constnt` is no key of the field `x`; the nearest is `constant`"),
    Refusal(
      Minimal.task("    toSource: {x: {constant: [hunter2]}}\n"),
      "10:30: `constant` must be a single value, not a list"),
    Refusal(
      Minimal.task("    toSource: {x: {constant: 1e999999}}\n"),
      "10:30: `constant` is a number out of range; put text in quotes"),
    Refusal(
      Minimal.task("    toSource: {x: {constant: 0xFFFFFFFFFFFFFFFFF}}\n"),
      "10:30: `constant` is a number out of range; put text in quotes"),
    Refusal(
      Minimal.task("    toSource: {x: {constant: !!str 5}}\n"),
      "10:30: a tag (`!…`) is not in this version; remove it"),
    Refusal(
      Minimal.with("    match: maybe\n"),
      "11:12: `match` must be `none` or a mapping of fields to columns, not a single"
        + " value"),
    Refusal(
      Minimal.with("    match: {}\n"),
      "11:12: `match` must be `none` or a mapping of fields to columns, not an empty"
        + " one"),
    Refusal(
      Minimal.with("    match: {x: [y]}\n"),
      "11:16: `x` must name a column, not a list"),
    Refusal(
      Minimal.with("    conflicts: both\n"),
      "11:16: `conflicts` must be `source`, `target`, `newest`, `merge` or `hold`"),
    Refusal(
      Minimal.with("    drift: maybe\n"),
      "11:12: `drift` must be `leave` or `restore`"),
    Refusal(
      Minimal.with("    deletes: many\n"),
      "11:14: `deletes` must be a mapping, not a single value"),
    Refusal(
      Minimal.text.replacing("source: S", with: "source: {object: S, key: auto}"),
      "8:30: `key` must be `assigned`"),
    Refusal(
      Minimal.text.replacing("source: S", with: "source: {key: assigned}"),
      "8:13: `source` has no `object`"),
    Refusal(
      Minimal.text.replacing("source: S", with: "source: [S]"),
      "8:13: `source` must be a single value, not a list"),
    Refusal(
      Minimal.text.replacing(
        "source: S", with: "source: {a: {object: A, root: true}, c: {object: C}}"),
      "8:13: a `source` of several objects is not in this version"),
    Refusal(
      Minimal.with("  - {name: T, source: S, target: D, columns: {x: y}}\n"),
      "11:12: a task is named `T` already at 7:11; give each its own name"),
  ]

  @Test(arguments: tasks.indices)
  func `each mistake in a task is told`(row: Int) {
    #expect(Reading(Self.tasks[row].text) == .problems(Self.tasks[row].problems))
  }
}
