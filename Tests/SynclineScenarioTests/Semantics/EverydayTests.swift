import SynclineTesting
import Testing

/// Everyday changes (Docs/Testing.md, "Golden scenarios of the semantics").
struct EverydayTests {
  /// Two accounts on both sides, linked.
  private func synced() throws -> Scenario {
    let scenario = try Companies.scenario(
      tasks: Companies.accounts,
      source: """
        INSERT INTO Account VALUES (1, 'Ada', '1', 10, NULL), (2, 'Bea', '2', 20, NULL);
        """)
    try #require(scenario.run().status == 0)
    return scenario
  }

  @Test func `semantics 5: one edited field is one update of that field`() throws {
    let scenario = try synced()
    try scenario.source.execute("UPDATE Account SET Phone = '11' WHERE Id = 1")
    #expect(try scenario.planned() == ["target update company phone=11"])
    #expect(try scenario.account() == RunAccount(["target updates": 1]))
    #expect(try Contents(scenario) == Contents(accounts: ["Ada 11 10 -", "Bea 2 20 -"]))
    try scenario.expectQuiet()
  }

  @Test func `semantics 6: a new row becomes one account, and its echo is not sent back`() throws {
    let scenario = try synced()
    try scenario.target.execute("INSERT INTO company (name, phone) VALUES ('Cid', '3')")
    #expect(try scenario.account() == RunAccount(["source inserts": 1]))
    #expect(
      try Contents(scenario) == Contents(accounts: ["Ada 1 10 -", "Bea 2 20 -", "Cid 3 - -"]))
    #expect(try scenario.links() == ["Companies": 3])
    try scenario.expectQuiet()
  }

  @Test func `semantics 7: a delete travels both ways, and the same row again is a new record`()
    throws
  {
    let scenario = try synced()
    try scenario.target.execute("DELETE FROM company WHERE name = 'Ada'")
    #expect(try scenario.account() == RunAccount(["source deletes": 1]))
    #expect(try Contents(scenario) == Contents(accounts: ["Bea 2 20 -"]))
    try scenario.source.execute("DELETE FROM Account WHERE Name = 'Bea'")
    #expect(try scenario.account() == RunAccount(["target deletes": 1]))
    #expect(try Contents(scenario) == Contents(accounts: []))
    #expect(try scenario.links() == ["Companies": 0])
    try scenario.expectQuiet()
    try scenario.target.execute("INSERT INTO company VALUES (1, 'Ada', '1', '10', NULL)")
    #expect(try scenario.account() == RunAccount(["source inserts": 1]))
    #expect(try scenario.source.rows("SELECT Id, Name FROM Account") == [["3", "'Ada'"]])
    #expect(try scenario.links() == ["Companies": 1])
    try scenario.expectQuiet()
  }

  @Test func `semantics 8: a row that came and went between two runs sends nothing`() throws {
    let scenario = try synced()
    for side in [("Account", "Name", scenario.source), ("company", "name", scenario.target)] {
      try side.2.execute("INSERT INTO \(side.0) (\(side.1)) VALUES ('Eve')")
      try side.2.execute("DELETE FROM \(side.0) WHERE \(side.1) = 'Eve'")
    }
    try scenario.expectQuiet()
    #expect(try Contents(scenario) == Contents(accounts: ["Ada 1 10 -", "Bea 2 20 -"]))
  }

  @Test func `semantics 9: touched records are silent, but follow an edited mapping`() throws {
    let scenario = try synced()
    try scenario.target.execute("UPDATE company SET name = name")
    try scenario.source.execute("UPDATE Account SET Name = Name")
    try scenario.expectQuiet()

    try scenario.writePackage(
      tasks: Companies.accounts.replacing("      Revenue: revenue_text\n", with: "")
        + "\n    toTarget:\n      revenue_text: {constant: secret}")
    let plain = try scenario.run()
    #expect(RunAccount(plain) == .quiet)
    #expect(plain.json.last?["untouched"] as? Int == 2)
    try scenario.source.execute("UPDATE Account SET Name = Name WHERE Id = 2")
    let touched = try scenario.run()
    #expect(RunAccount(touched) == RunAccount(["target updates": 1]))
    #expect(
      try scenario.target.rows("SELECT name, revenue_text FROM company ORDER BY name")
        == [["'Ada'", "'10'"], ["'Bea'", "'secret'"]])
    #expect(
      try scenario.source.rows("SELECT Revenue FROM Account ORDER BY Id") == [["10.0"], ["20.0"]])
    try scenario.expectQuiet()
  }
}
