import SynclineTesting
import Testing

/// The first run (Docs/Testing.md, "Golden scenarios of the semantics").
struct FirstRunTests {
  @Test func `semantics 1, 2: a first run copies both ways without matching, the next is quiet`()
    throws
  {
    let scenario = try Companies.scenario(
      source: "INSERT INTO Account VALUES (1, 'Ada', '1', 10, NULL), (2, 'Bea', '2', NULL, NULL);",
      target: "INSERT INTO company VALUES (1, 'Ada', '1', '10', NULL), (2, 'Cid', '3', NULL, NULL);")
    #expect(
      try scenario.account() == RunAccount(["source inserts": 2, "target inserts": 2]))
    #expect(
      try Contents(scenario)
        == Contents(accounts: ["Ada 1 10 -", "Ada 1 10 -", "Bea 2 - -", "Cid 3 - -"]))
    #expect(try scenario.links() == ["Companies": 4, "Persons": 0])
    let first = try scenario.parameters()
    #expect(first.hasLastSyncTime)
    try scenario.expectQuiet()
    let second = try scenario.parameters()
    #expect(second.lastSyncTime > first.lastSyncTime)
  }

  @Test func `semantics 3: a first run makes tracking for the mapped tables and nothing else`()
    throws
  {
    let scenario = try Companies.scenario(
      tasks: Companies.accounts, source: "CREATE TABLE Extra (Id INTEGER PRIMARY KEY);",
      target: "CREATE TABLE extra (id INTEGER PRIMARY KEY);")
    #expect(try scenario.parameters() == Parameters(initTrackingObjects: true, lastSyncTime: ""))
    #expect(try scenario.account() == .quiet)
    let query = """
      SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'syncline%'
      """
    #expect(
      try scenario.source.rows(query) == [["'Account'"], ["'Account'"], ["'Account'"]])
    #expect(
      try scenario.target.rows(query) == [["'company'"], ["'company'"], ["'company'"]])
    let parameters = try scenario.parameters()
    #expect(!parameters.initTrackingObjects)
    #expect(parameters.hasLastSyncTime)
  }

  private static let matching = Companies.accounts.replacing(
    "    columns:", with: "    match: {Name: name}\n    columns:")

  @Test func `semantics 4: a first run with a match rule links what is the same`() throws {
    let scenario = try Companies.scenario(
      tasks: Self.matching,
      source: "INSERT INTO Account VALUES (1, 'Ada', '1', NULL, NULL), (2, 'Bea', '2', NULL, NULL);",
      target: "INSERT INTO company VALUES (5, 'Ada', '1', NULL, NULL), (6, 'Cid', '3', NULL, NULL);")
    #expect(
      try scenario.planned() == [
        "source insert Account Name=Cid Phone=3", "target insert company name=Bea phone=2",
      ])
    #expect(
      try scenario.account() == RunAccount(["source inserts": 1, "target inserts": 1]))
    #expect(
      try Contents(scenario) == Contents(accounts: ["Ada 1 - -", "Bea 2 - -", "Cid 3 - -"]))
    #expect(try scenario.links() == ["Companies": 3])
    try scenario.expectQuiet()
  }

  @Test func `semantics 4: a match value that is not unique is reported and not matched`() throws {
    let scenario = try Companies.scenario(
      tasks: Self.matching,
      source: """
        INSERT INTO Account (Id, Name) VALUES (1, 'Ada'), (2, 'Dot'), (3, 'Dot'), (4, 'Eve');
        """,
      target: "INSERT INTO company (id, name) VALUES (5, 'Ada'), (6, 'Dot');")
    let account = try scenario.account()
    #expect(account == RunAccount(status: 1, ["target inserts": 1], failed: 3))
    #expect(
      try scenario.errors() == [
        "Account 2 match Companies", "Account 3 match Companies", "company 6 match Companies",
      ])
    #expect(try scenario.links() == ["Companies": 2])
    #expect(
      try scenario.target.rows("SELECT name FROM company ORDER BY id")
        == [["'Ada'"], ["'Dot'"], ["'Eve'"]])
    #expect(
      try scenario.source.rows("SELECT Name FROM Account ORDER BY Id")
        == [["'Ada'"], ["'Dot'"], ["'Dot'"], ["'Eve'"]])
  }
}
