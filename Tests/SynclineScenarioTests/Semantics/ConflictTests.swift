import SynclineTesting
import Testing

/// Conflicts (Docs/Testing.md, "Golden scenarios of the semantics").
struct ConflictTests {
  /// One account on both sides, linked; then each side's edit.
  private func edited(
    settings: String = "", source: String, target: String
  ) throws -> Scenario {
    let scenario = try Companies.scenario(
      tasks: Companies.accounts, settings: settings,
      source: "INSERT INTO Account VALUES (1, 'Ada', '000', 10, NULL);")
    try #require(scenario.run().status == 0)
    try scenario.source.execute(source)
    try scenario.target.execute(target)
    return scenario
  }

  @Test func `semantics 10: the source wins, and the conflict tells base and both values`() throws {
    let scenario = try edited(
      source: "UPDATE Account SET Phone = '111'", target: "UPDATE company SET phone = '222'")
    #expect(try scenario.account() == RunAccount(["target updates": 1], conflicts: 1))
    #expect(try Contents(scenario) == Contents(accounts: ["Ada 111 10 -"]))
    #expect(
      try scenario.conflicts() == [
        "Companies bothChanged source target decided base(phone=000) lost(phone=222) won(phone=111)"
      ])
    try scenario.expectQuiet()
  }

  @Test func `semantics 11: a conflict is about the record, and lost fields are recorded`() throws {
    let scenario = try edited(
      source: "UPDATE Account SET Phone = '111'", target: "UPDATE company SET name = 'Eda'")
    #expect(try scenario.account() == RunAccount(["target updates": 1], conflicts: 1))
    #expect(try Contents(scenario) == Contents(accounts: ["Ada 111 10 -"]))
    #expect(
      try scenario.conflicts() == [
        "Companies bothChanged source target decided base(name=Ada) lost(name=Eda) won(name=Ada)"
      ])
    try scenario.expectQuiet()
  }

  @Test func `semantics 11: under merge both edits survive`() throws {
    let scenario = try edited(
      settings: "conflicts: merge", source: "UPDATE Account SET Phone = '111'",
      target: "UPDATE company SET name = 'Eda'")
    #expect(
      try scenario.account() == RunAccount(["source updates": 1, "target updates": 1]))
    #expect(try Contents(scenario) == Contents(accounts: ["Eda 111 10 -"]))
    #expect(try scenario.conflicts() == [])
    try scenario.expectQuiet()
  }

  @Test func `semantics 12: the role of source wins, whichever system plays it`() throws {
    let scenario = try Scenario(
      source: Companies.target + "INSERT INTO company VALUES (1, 'Ada', '000', '10', NULL);",
      target: Companies.source,
      tasks: """
          - name: Companies
            source: company
            target: Account
            columns: {name: Name, phone: Phone, revenue_text: Revenue}
        """)
    #expect(try scenario.account() == RunAccount(["target inserts": 1]))
    try scenario.source.execute("UPDATE company SET phone = '222'")
    try scenario.target.execute("UPDATE Account SET Phone = '111'")
    #expect(try scenario.account() == RunAccount(["target updates": 1], conflicts: 1))
    #expect(try scenario.source.rows("SELECT phone FROM company") == [["'222'"]])
    #expect(
      try scenario.target.rows("SELECT Name, Phone, Revenue FROM Account")
        == [["'Ada'", "'222'", "10.0"]])
    try scenario.expectQuiet()
  }

  @Test func `semantics 13: a delete of the source beats an update, whose image is kept`() throws {
    let scenario = try edited(
      source: "DELETE FROM Account", target: "UPDATE company SET phone = '222'")
    #expect(try scenario.account() == RunAccount(["target deletes": 1], conflicts: 1))
    #expect(try Contents(scenario) == Contents(accounts: []))
    let conflicts = try scenario.conflicts()
    #expect(conflicts.count == 1)
    #expect(conflicts[0].hasPrefix("Companies deletedAndChanged source target decided"))
    #expect(conflicts[0].contains("lost(") && conflicts[0].contains("phone=222"))
    #expect(conflicts[0].contains("name=Ada") && conflicts[0].contains("revenue_text=10"))
    #expect(try scenario.links() == ["Companies": 0])
    try scenario.expectQuiet()
  }

  @Test func `semantics 13: an update of the source beats a delete, and the record comes back`()
    throws
  {
    let scenario = try edited(
      source: "UPDATE Account SET Phone = '111'", target: "DELETE FROM company")
    #expect(try scenario.account() == RunAccount(["target inserts": 1], conflicts: 1))
    #expect(try Contents(scenario) == Contents(accounts: ["Ada 111 10 -"]))
    #expect(try scenario.target.rows("SELECT id FROM company") == [["2"]])
    #expect(try scenario.links() == ["Companies": 1])
    try scenario.expectQuiet()
    try scenario.target.execute("UPDATE company SET phone = '112' WHERE id = 2")
    #expect(try scenario.account() == RunAccount(["source updates": 1]))
    #expect(try Contents(scenario) == Contents(accounts: ["Ada 112 10 -"]))
  }

  @Test func `semantics 13: what both sides deleted is quiet`() throws {
    let scenario = try edited(source: "DELETE FROM Account", target: "DELETE FROM company")
    try scenario.expectQuiet()
    #expect(try Contents(scenario) == Contents(accounts: []))
    #expect(try scenario.conflicts() == [])
    #expect(try scenario.links() == ["Companies": 0])
  }

  @Test func `semantics 14: the same edit on both sides is no conflict and no command`() throws {
    let scenario = try edited(
      source: "UPDATE Account SET Phone = '333'", target: "UPDATE company SET phone = '333'")
    try scenario.expectQuiet()
    #expect(try Contents(scenario) == Contents(accounts: ["Ada 333 10 -"]))
    #expect(try scenario.conflicts() == [])
    // The base has moved: the next edit of one side meets no stale base.
    try scenario.target.execute("UPDATE company SET phone = '334'")
    #expect(try scenario.account() == RunAccount(["source updates": 1]))
    #expect(try Contents(scenario) == Contents(accounts: ["Ada 334 10 -"]))
  }
}
