import SynclineTesting
import Testing

/// `run --only OBJECT/ID`: one record alone; the rest waits for the next run.
@Suite struct `A run for one record` {
  /// Both sides hold Ada and Ann, a contact of hers.
  private func synced() throws -> Scenario {
    let scenario = try Companies.scenario(
      source: """
        INSERT INTO Account (Id, Name) VALUES (1, 'Ada'), (2, 'Eve');
        INSERT INTO Contact (Id, AccountId, LastName) VALUES (1, 1, 'Ann');
        """)
    try #require(scenario.run().status == 0)
    return scenario
  }

  @Test func `sends nothing else, and loses nothing of the rest`() throws {
    let scenario = try synced()
    try scenario.source.execute(
      """
      INSERT INTO Account (Id, Name) VALUES (20, 'Bea');
      INSERT INTO Contact (Id, AccountId, LastName) VALUES (5, 1, 'Bob'), (6, 20, 'Dan');
      UPDATE Account SET Phone = '1' WHERE Id = 1;
      DELETE FROM Account WHERE Id = 2;
      """)
    try scenario.target.execute("UPDATE person SET email = 'a@b'")
    let planned = try scenario.syncline("plan", with: ["--json", "--only", "Contact/5"])
    #expect(planned.json.compactMap { $0["operation"] as? String } == ["insert"])
    let one = try scenario.account("--only", "Contact/5")
    #expect(one == RunAccount(status: 1, ["target inserts": 1], pending: 5))
    let held = try Contents(scenario)
    #expect(held.companies == ["Ada - - -", "Eve - - -"])
    #expect(held.persons == ["- Ann a@b Ada", "- Bob - Ada"])
    #expect(
      try scenario.account()
        == RunAccount([
          "source updates": 1, "target inserts": 2, "target updates": 1, "target deletes": 1,
        ]))
    try scenario.expectQuiet()
  }

  @Test func `does not send the parents that it needs, and names them`() throws {
    let scenario = try synced()
    try scenario.source.execute(
      """
      INSERT INTO Account (Id, Name, ParentId) VALUES (20, 'Root', NULL), (21, 'Bea', 20);
      INSERT INTO Contact (Id, AccountId, LastName) VALUES (5, 21, 'Bob');
      """)
    let waiting = try scenario.run("--only", "Contact/5")
    #expect(waiting.status == 2)
    let refusals = waiting.json.last?["refusals"] as? [[String: Any]]
    #expect(
      refusals?.map { $0["message"] as? String } == [
        "Contact/5 waits for Account/21, which the other side does not have yet, and was not sent. "
          + "Run with --only for that record first, or for all."
      ])
    let held = try Contents(scenario)
    #expect(held.persons == ["- Ann - Ada"])
    for record in ["Account/20", "Account/21", "Contact/5"] {
      #expect(try scenario.account("--only", record).wrote == ["target inserts": 1])
    }
    try scenario.expectQuiet()
  }

  @Test func `may be the first one`() throws {
    let scenario = try Companies.scenario(
      source: "INSERT INTO Account (Id, Name) VALUES (1, 'Ada'), (2, 'Eve');")
    #expect(
      try scenario.account("--only", "Account/2")
        == RunAccount(status: 1, ["target inserts": 1], pending: 1))
    #expect(try scenario.account() == RunAccount(["target inserts": 1]))
    try scenario.expectQuiet()
  }

  @Test func `finds it by either side's key, and a deleted one too`() throws {
    let scenario = try synced()
    try scenario.source.execute(
      "UPDATE Contact SET Email = 'a@b'; DELETE FROM Account WHERE Id = 2")
    #expect(
      try scenario.account("--only", "target.person/1")
        == RunAccount(status: 1, ["target updates": 1], pending: 1))
    #expect(
      try scenario.account("--only", "Account/2") == RunAccount(["target deletes": 1]))
    try scenario.expectQuiet()
  }

  @Test func `is not held by a brake for what others wait for`() throws {
    let scenario = try Companies.scenario(
      source: (1...120).map { "INSERT INTO Account (Id, Name) VALUES (\($0), 'c\($0)');" }.joined())
    try #require(scenario.run().status == 0)
    try scenario.source.execute("DELETE FROM Account WHERE Id <= 100")
    let all = try scenario.account()
    #expect(all == RunAccount(status: 2, held: 100, refusals: ["deletes"]))
    #expect(
      try scenario.account("--only", "Account/7")
        == RunAccount(status: 1, ["target deletes": 1], pending: 99))
  }

  @Test func `leaves the run after a reset as it was`() throws {
    let scenario = try synced()
    try scenario.target.execute("DELETE FROM company WHERE id = 2")
    try #require(scenario.syncline("params", "reset", with: ["LastSyncTime"]).status == 0)
    // Had this been the whole run after the reset, the next one would delete in the source.
    #expect(try scenario.run("--only", "Contact/1").status == 1)
    #expect(try scenario.account() == RunAccount(["target inserts": 1]))
    try scenario.expectQuiet()
  }

  @Test func `tries again at once what failed`() throws {
    let scenario = try synced()
    try scenario.source.execute("INSERT INTO Contact (Id, FirstName) VALUES (7, 'Joe')")
    for _ in 1...2 { #expect(try scenario.account().status == 1) }
    #expect(try scenario.account().failed == 0)
    #expect(try scenario.account("--only", "Contact/7").failed == 1)
  }

  @Test func `that nobody knows writes nothing and says so`() throws {
    let scenario = try synced()
    try scenario.source.execute("UPDATE Account SET Phone = '1' WHERE Id = 1")
    let unknown = try scenario.account("--only", "Contact/99")
    #expect(unknown == RunAccount(status: 2, pending: 1, refusals: ["only"]))
    let other = try scenario.run("--only", "Kontakt/1")
    #expect(other.status == 2)
    #expect(
      other.errors.contains(
        "--only Kontakt/1: write OBJECT/ID with an object that a task syncs: Account, Contact, company, "
          + "person."))
  }
}
