import SynclineTesting
import Testing

/// Refusals and bad records (Docs/Testing.md, "Golden scenarios of the semantics").
struct RejectionTests {
  @Test(arguments: [
    ("CREATE TABLE T (code TEXT PRIMARY KEY, name TEXT)", ["“T”", "code"]),
    ("CREATE TABLE T (name TEXT)", ["“T”", "key"]),
    ("CREATE TABLE T (id INTEGER PRIMARY KEY, name TEXT) WITHOUT ROWID", ["“T”", "WITHOUT ROWID"]),
    ("CREATE TABLE T (a INTEGER, b INTEGER, name TEXT, PRIMARY KEY (a, b))", ["“T”", "key"]),
    ("CREATE VIEW T AS SELECT 1 AS id, 'x' AS name", ["“T”", "view"]),
  ])
  func `semantics 44: an object that cannot be tracked is refused by name and reason`(
    table: String, words: [String]
  ) throws {
    let scenario = try Scenario(
      source: table, target: "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT)",
      tasks: "  - {name: Things, source: T, target: t, columns: {name: name}}")
    for command in ["check", "run"] {
      let answer = try scenario.syncline(command)
      #expect(answer.status == 2)
      for word in words { #expect((answer.output + answer.errors).contains(word), "\(answer)") }
    }
    #expect(
      try scenario.target.rows("SELECT name FROM sqlite_master WHERE name LIKE 'syncline%'") == [])
  }

  @Test func `semantics 44: a kind of system that cannot be synced is refused by name`() throws {
    let scenario = try Companies.scenario()
    try scenario.writePackage(tasks: Companies.accounts, settings: "")
    let text = try scenario.packageText().replacing(
      "left: {type: sqlite, file: source.db, busyTimeout: 2 seconds}", with: "left: {type: redshift}")
    try scenario.write(text)
    let answer = try scenario.syncline("check")
    #expect(answer.status == 2)
    #expect(answer.errors.contains("redshift"), "\(answer)")
  }

  @Test func `semantics 45: one bad record does not stop its neighbours and is tried again`() throws {
    let rows = (1...99).map { "('L\($0)')" }.joined(separator: ", ")
    let scenario = try Companies.scenario(
      source: "INSERT INTO Contact (LastName) VALUES \(rows), (NULL);")
    #expect(
      try scenario.account() == RunAccount(status: 1, ["target inserts": 99], failed: 1))
    let first = try scenario.parameters()
    #expect(first.hasLastSyncTime)
    #expect(try scenario.errors().count == 1)
    #expect(try scenario.errors()[0].hasPrefix("Contact 100 "))
    #expect(try scenario.tries() == [1])

    #expect(try scenario.account() == RunAccount(status: 1, failed: 1))
    #expect(try scenario.tries() == [2])
    #expect(try scenario.parameters().lastSyncTime > first.lastSyncTime)
    try scenario.source.execute("UPDATE Contact SET LastName = 'L100' WHERE Id = 100")
    #expect(try scenario.account() == RunAccount(["target inserts": 1]))
    #expect(try scenario.errors() == [])
    #expect(
      try Contents(scenario)
        == Contents(accounts: [], contacts: (1...100).map { "- L\($0) - -" }))
    try scenario.expectQuiet()
  }

  @Test func `semantics 45: once its obstacle is gone, a record follows without another edit`() throws
  {
    let scenario = try Companies.scenario(
      source: "INSERT INTO Contact (LastName) VALUES ('Ann'), ('Bob'), ('Cat');",
      target: """
        CREATE TRIGGER no_bob BEFORE INSERT ON person WHEN NEW.last = 'Bob' BEGIN
          SELECT RAISE(ABORT, 'Bob is not welcome'); END;
        """)
    #expect(
      try scenario.account() == RunAccount(status: 1, ["target inserts": 2], failed: 1))
    try scenario.target.execute("DROP TRIGGER no_bob")
    #expect(try scenario.account() == RunAccount(["target inserts": 1]))
    #expect(try scenario.errors() == [])
    #expect(
      try Contents(scenario)
        == Contents(accounts: [], contacts: ["- Ann - -", "- Bob - -", "- Cat - -"]))
    try scenario.expectQuiet()
  }

  @Test func `semantics 54: a plan writes nothing, and the run does what it said`() throws {
    let scenario = try CrashWorkload.edited()
    let before = try scenario.bytes()
    let events = try scenario.events()
    let planned = try scenario.planned()
    #expect(try scenario.planned() == planned)
    #expect(try scenario.bytes() == before)
    #expect(try scenario.events() == events)

    let account = try scenario.account()
    #expect(account.status == 0)
    var counts: [String: Int] = [:]
    for line in planned {
      let words = line.split(separator: " ")
      counts["\(words[0]) \(words[1])s", default: 0] += 1
    }
    #expect(counts == account.wrote)
    #expect(try Contents(scenario) == CrashWorkload.settled)
    try scenario.expectQuiet()
  }

  @Test func `semantics 54: a plan before the first run leaves both sides untouched`() throws {
    let scenario = try CrashWorkload.unsynced()
    let before = try scenario.bytes()
    let plan = try scenario.syncline("plan", with: ["--json"])
    #expect(plan.status == 0, "\(plan.output) \(plan.errors)")
    #expect(try scenario.bytes() == before)
  }
}
