import SynclineTesting
import Testing

/// The two parameters (Docs/Testing.md, "Golden scenarios of the semantics").
struct ParameterTests {
  private static let names = (1...12).map { "N\($0)" }
  private static let full = Contents(accounts: names.map { "\($0) \($0) - -" })

  /// Twelve accounts on both sides, linked.
  private func synced() throws -> Scenario {
    let rows = Self.names.map { "('\($0)', '\($0)')" }.joined(separator: ", ")
    let scenario = try Companies.scenario(
      tasks: Companies.accounts, source: "INSERT INTO Account (Name, Phone) VALUES \(rows);")
    try #require(scenario.run().status == 0)
    return scenario
  }

  private func reset(_ parameter: String, of scenario: Scenario) throws {
    let answer = try scenario.syncline("params", "reset", with: [parameter])
    try #require(answer.status == 0, "\(answer)")
  }

  @Test func `semantics 36: a reset of LastSyncTime leaves a quiet pair quiet`() throws {
    let scenario = try synced()
    try reset("LastSyncTime", of: scenario)
    #expect(try !scenario.parameters().hasLastSyncTime)
    try scenario.expectQuiet()
    #expect(try scenario.parameters().hasLastSyncTime)
    #expect(try Contents(scenario) == Self.full)
    #expect(try scenario.links() == ["Companies": 12])
    try scenario.expectQuiet()
  }

  @Test func `semantics 36: edits made before a reset travel in it as always`() throws {
    let scenario = try synced()
    try scenario.target.execute("UPDATE company SET phone = 'x' WHERE name = 'N1'")
    try reset("LastSyncTime", of: scenario)
    #expect(try scenario.account() == RunAccount(["source updates": 1]))
    try scenario.expectQuiet()
  }

  @Test func `semantics 36: a side that was emptied before the reset is filled again`() throws {
    let scenario = try synced()
    try scenario.target.execute("DELETE FROM company")
    try reset("LastSyncTime", of: scenario)
    #expect(try scenario.account() == RunAccount(["target inserts": 12]))
    #expect(try Contents(scenario) == Self.full)
    #expect(try scenario.links() == ["Companies": 12])
    try scenario.expectQuiet()
    // The links point to the new records.
    try scenario.target.execute("UPDATE company SET phone = 'x' WHERE name = 'N1'")
    #expect(try scenario.account() == RunAccount(["source updates": 1]))
    try scenario.expectQuiet()
  }

  @Test func `semantics 36: the source too is filled again from the target`() throws {
    let scenario = try synced()
    try scenario.source.execute("DELETE FROM Account")
    try reset("LastSyncTime", of: scenario)
    #expect(try scenario.account() == RunAccount(["source inserts": 12]))
    #expect(try Contents(scenario) == Self.full)
    try scenario.expectQuiet()
  }

  @Test func `semantics 37: a side emptied without a reset is held by the brake`() throws {
    let scenario = try synced()
    try scenario.target.execute("DELETE FROM company")
    let held = RunAccount(status: 2, held: 12, refusals: ["emptied"])
    let answer = try scenario.run()
    #expect(RunAccount(answer) == held)
    let messages = answer.json.last?["refusals"] as? [[String: Any]] ?? []
    #expect("\(messages)".contains("company") && "\(messages)".contains("12"))
    #expect(try scenario.account() == held)
    #expect(try scenario.source.rows("SELECT count(*) FROM Account") == [["12"]])
    #expect(
      try scenario.account("--allow", "emptied=company") == RunAccount(["source deletes": 12]))
    #expect(try Contents(scenario) == Contents(accounts: []))
    try scenario.expectQuiet()
  }

  @Test func `semantics 37: a reset after the brake held fills the side again`() throws {
    let scenario = try synced()
    try scenario.target.execute("DELETE FROM company")
    #expect(try scenario.run().status == 2)
    try reset("LastSyncTime", of: scenario)
    #expect(try scenario.account() == RunAccount(["target inserts": 12]))
    #expect(try Contents(scenario) == Self.full)
    try scenario.expectQuiet()
  }

  @Test func `semantics 38: a reset of InitTrackingObjects makes tracking anew and loses nothing`()
    throws
  {
    let scenario = try synced()
    try scenario.source.execute(
      """
      UPDATE Account SET Phone = 'queued' WHERE Name = 'N1';
      DELETE FROM Account WHERE Name = 'N2';
      INSERT INTO Account (Name, Phone) VALUES ('N13', 'queued');
      """)
    let triggers = try scenario.source.rows(
      "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'syncline%'")
    try #require(triggers.count == 3)
    for trigger in triggers {
      try scenario.source.execute("DROP TRIGGER \"\(trigger[0].dropFirst().dropLast())\"")
    }
    try scenario.source.execute(
      """
      UPDATE Account SET Phone = 'unseen' WHERE Name = 'N3';
      DELETE FROM Account WHERE Name = 'N4';
      INSERT INTO Account (Name, Phone) VALUES ('N14', 'unseen');
      """)
    try reset("InitTrackingObjects", of: scenario)
    #expect(try scenario.parameters().initTrackingObjects)
    #expect(
      try scenario.account()
        == RunAccount(["target inserts": 2, "target updates": 2, "target deletes": 2]))
    let rest = (5...12).map { "N\($0) N\($0) - -" }
    #expect(
      try Contents(scenario)
        == Contents(
          accounts: ["N1 queued - -", "N3 unseen - -", "N13 queued - -", "N14 unseen - -"] + rest))
    #expect(try !scenario.parameters().initTrackingObjects)
    #expect(
      try scenario.source.rows(
        "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'syncline%'")
        == [["3"]])
    try scenario.expectQuiet()
    try scenario.source.execute("UPDATE Account SET Phone = 'seen' WHERE Name = 'N5'")
    #expect(try scenario.account() == RunAccount(["target updates": 1]))
  }

  @Test func `semantics 38: a trigger dropped by hand is found without a reset`() throws {
    let scenario = try synced()
    let name = try scenario.target.rows(
      "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'syncline%_update'")
    try scenario.target.execute("DROP TRIGGER \"\(name[0][0].dropFirst().dropLast())\"")
    try scenario.target.execute("UPDATE company SET phone = 'unseen' WHERE name = 'N3'")
    #expect(try scenario.account() == RunAccount(["source updates": 1]))
    #expect(
      try scenario.source.rows("SELECT Phone FROM Account WHERE Name = 'N3'") == [["'unseen'"]])
    try scenario.expectQuiet()
  }
}
