import SynclineConfiguration
import Testing

/// Lines of a package file and what is said about them.
struct Refusal: Sendable {
  var text: String
  var problems: [String]

  init(_ text: String, _ problems: String...) {
    self.text = text
    self.problems = problems.map { "p.sync.yaml:\($0)" }
  }
}

@Suite struct `Refusals of a package` {
  private static let topLevel = [
    Refusal(
      Minimal.with("packge: x\n"),
      "11:1: `packge` is no key of a package; the nearest is `package`"),
    Refusal(
      Minimal.with("frobnicate: x\n"),
      "11:1: `frobnicate` is no key of a package; its keys are `package`, `source`,"
        + " `target`, `connections`, `locale`, `conflicts`, `capture`, `duringRun`,"
        + " `deletes`, `inferredDeletes`, `drift`, `tasks`, `journal`"),
    Refusal(
      Minimal.with("schedule: {every: 15 minutes}\n"),
      "11:1: `schedule` is not in this version"),
    Refusal(
      Minimal.with("locale: de-DE\n"),
      "11:9: `locale` must be `invariant`; other locales are not in this version"),
    Refusal(
      Minimal.with("duringRun: ignore\n"),
      "11:12: `duringRun: ignore` is offered where a side is Salesforce, Dynamics 365, SugarCRM or"
        + " Zoho CRM; edits of two databases are never ignored. Remove the line"),
    Refusal(
      Minimal.with("duringRun: sometimes\n"),
      "11:12: `duringRun` must be `sync` or `ignore`"),
    Refusal(
      Minimal.with("duringRun: [sync]\n"),
      "11:12: `duringRun` must be a single value, not a list"),
    Refusal(
      Minimal.with("package: [a]\n"),
      "11:10: `package` must be a single value, not a list"),
    Refusal(
      Minimal.with("package: ''\n"),
      "11:10: `package` is empty; give a value or remove the line"),
    Refusal(
      Minimal.with("package:\n"),
      "11:1: `package` has no value; give one or remove the line"),
    Refusal(
      Minimal.with("conflicts: sorce\n"),
      "11:12: `conflicts` must be `source`, `target`, `newest`, `merge` or `hold`"),
    Refusal(
      Minimal.with("capture: some\n"),
      "11:10: `capture` must be `all`, `mapped` or a list of `Object.Field`"),
    Refusal(
      Minimal.with("capture: [S.x, y, {a: b}, '.z']\n"),
      "11:16: `capture` must list fields as `Object.Field`",
      "11:19: `capture` must list fields as `Object.Field`",
      "11:27: `capture` must list fields as `Object.Field`"),
    Refusal(
      Minimal.with("capture: [S.x, Z.x, Sx.y]\n"),
      "11:16: no task syncs the object of `Z.x`; `capture` lists `Object.Field` of `D` or `S`",
      "11:21: no task syncs the object of `Sx.y`; `capture` lists `Object.Field` of `D` or `S`"),
    Refusal(
      Minimal.with("deletes: 10%\n"),
      "11:10: `deletes` must be a mapping, not a single value"),
    Refusal(
      Minimal.with("deletes: {limit: 10, atLeast: -1, atMost: 3}\n"),
      "11:18: `limit` must be a percentage from 0% to 100%, such as `10%`",
      "11:31: `atLeast` must be a whole number, such as `50`",
      "11:35: `atMost` is no key of `deletes`; the nearest is `atLeast`"),
    Refusal(
      Minimal.with("deletes: {limit: 101%}\n"),
      "11:18: `limit` must be a percentage from 0% to 100%, such as `10%`"),
    Refusal(
      Minimal.with("inferredDeletes: maybe\n"),
      "11:18: `inferredDeletes` must be `hold` or `apply`"),
    Refusal(
      Minimal.with("drift: [leave]\n"),
      "11:8: `drift` must be a single value, not a list"),
    Refusal(
      Minimal.with("journal: 0f0c\n"),
      "11:10: `journal` must be a UUID, as the first run wrote it"),
    Refusal(
      Minimal.with("<<: {package: x}\n"),
      "11:1: `<<` is not in this version; write the entries out"),
    Refusal(
      Minimal.with("? [a]\n: b\n"),
      "11:3: a key must be a name, not a list"),
    Refusal(
      Minimal.with("'': b\n"),
      "11:1: a key must be a name, not empty"),
    Refusal(
      "package: x\n",
      "1:1: the package has no `source`",
      "1:1: the package has no `target`",
      "1:1: the package has no `tasks`"),
    Refusal(
      Minimal.head + "tasks: []\n",
      "6:8: `tasks` must be a list of at least one task, not an empty one"),
    Refusal(
      Minimal.head + "tasks: {name: T}\n",
      "6:8: `tasks` must be a list of at least one task, not a mapping"),
    Refusal(
      Minimal.head + "tasks:\n",
      "6:1: `tasks` has no value; give one or remove the line"),
  ]

  @Test(arguments: topLevel.indices)
  func `each mistake at the top level is told`(row: Int) {
    #expect(Reading(Self.topLevel[row].text) == .problems(Self.topLevel[row].problems))
  }

  private static func side(_ line: String) -> String {
    Minimal.text.replacing("source: {connection: a}", with: "source: \(line)")
  }

  private static func connection(_ line: String) -> String {
    Minimal.text.replacing("a: {type: sqlite, file: a.db}", with: "a: \(line)")
  }

  private static let connections = [
    Refusal(
      side("a"),
      "1:9: `source` must be a mapping, not a single value"),
    Refusal(
      side("{connection: aa}"),
      "1:22: no connection is named `aa`; the nearest is `a`"),
    Refusal(
      side("{connection: nowhere}"),
      "1:22: no connection is named `nowhere`; describe it under `connections`"),
    Refusal(
      side("{connection: }"),
      "1:10: `connection` has no value; give one or remove the line"),
    Refusal(
      side("{}"),
      "1:9: `source` has no `connection`"),
    Refusal(
      side("{connection: a, dedicatedAccount: true}"),
      "1:43: `dedicatedAccount` is offered for Salesforce, Dynamics 365, SugarCRM or Zoho CRM only: a"
        + " database does not tell who wrote a record. Remove it"),
    Refusal(
      side("{connection: a, dedicatedAccount: perhaps}"),
      "1:43: `dedicatedAccount` must be `true` or `false`"),
    Refusal(
      side("{connexion: a}"),
      "1:9: `source` has no `connection`",
      "1:10: `connexion` is no key of `source`; the nearest is `connection`"),
    Refusal(
      connection("a.db"),
      "4:6: the connection `a` must be a mapping, not a single value"),
    Refusal(
      connection("{file: a.db}"),
      "4:6: the connection `a` has no `type`"),
    Refusal(
      connection("{type: sqlite}"),
      "4:6: the connection `a` has no `file`"),
    Refusal(
      connection("{type: sqlite, file: ':memory:'}"),
      "4:27: `file` must be the path of a database file, not a database in memory"),
    Refusal(
      connection("{type: sqlite, file: [a]}"),
      "4:27: `file` must be a single value, not a list"),
    Refusal(
      connection("{type: oracle, file: a.db}"),
      "4:13: `type` must be `sqlite` or `salesforce`; `oracle` cannot be synced"),
    Refusal(
      connection("{type: [sqlite], file: a.db}"),
      "4:13: `type` must be `sqlite` or `salesforce`"),
    Refusal(
      connection("{type: dynamics365}"),
      "4:13: the connection type `dynamics365` is not in this version"),
    Refusal(
      connection("{type: sugarcrm}"),
      "4:13: the connection type `sugarcrm` is not in this version"),
    Refusal(
      connection("{type: zohocrm}"),
      "4:13: the connection type `zohocrm` is not in this version"),
    Refusal(
      connection("{type: postgresql, password: hunter2}"),
      "4:13: the connection type `postgresql` is not in this version"),
    Refusal(
      connection("{type: mysql}"),
      "4:13: the connection type `mysql` is not in this version"),
    Refusal(
      connection("{type: mariadb}"),
      "4:13: the connection type `mariadb` is not in this version"),
    Refusal(
      connection("{type: sqlite, file: a, timeZone: Europe/Berlin}"),
      "4:40: `timeZone` must be `UTC` or an offset such as `+01:00`; names of zones"
        + " are not in this version"),
    Refusal(
      connection("{type: sqlite, file: a, timeZone: '+15:00'}"),
      "4:40: `timeZone` must be `UTC` or an offset up to 14 hours, such as `+01:00`"),
    Refusal(
      connection("{type: sqlite, file: a, busyTimeout: 30}"),
      "4:43: `busyTimeout` must be a time of at most 60 minutes: `30 seconds`, `500"
        + " milliseconds`, `2 minutes`"),
    Refusal(
      connection("{type: sqlite, file: a, busyTimeout: 61 minutes}"),
      "4:43: `busyTimeout` must be a time of at most 60 minutes: `30 seconds`, `500"
        + " milliseconds`, `2 minutes`"),
    Refusal(
      connection("{type: sqlite, file: a, password: hunter2}"),
      "4:30: `password` is no key of an SQLite connection; its keys are `type`,"
        + " `file`, `timeZone`, `busyTimeout`"),
    Refusal(
      Minimal.text.replacing("connections:\n", with: "connections: a\nold:\n"),
      "1:22: no connection is named `a`; describe it under `connections`",
      "2:22: no connection is named `b`; describe it under `connections`",
      "3:14: `connections` must be a mapping, not a single value",
      "4:1: `old` is no key of a package; its keys are `package`, `source`,"
        + " `target`, `connections`, `locale`, `conflicts`, `capture`, `duringRun`,"
        + " `deletes`, `inferredDeletes`, `drift`, `tasks`, `journal`"),
  ]

  @Test(arguments: connections.indices)
  func `each mistake in a side or a connection is told`(row: Int) {
    #expect(Reading(Self.connections[row].text) == .problems(Self.connections[row].problems))
  }
}
