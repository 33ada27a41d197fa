import SynclineTesting
import Testing

/// Edits of the mapping and of the list of tasks (Docs/Testing.md, "Golden scenarios of the semantics").
struct MappingEditTests {
  /// Three accounts with contacts on both sides, linked.
  private func synced(tasks: String = Companies.accounts) throws -> Scenario {
    let scenario = try Companies.scenario(
      tasks: tasks,
      source: """
        INSERT INTO Account VALUES (1, 'Ada', '1', 10, NULL), (2, 'Bea', '2', 20, NULL),
          (3, 'Cid', '3', 30, NULL);
        """)
    try #require(scenario.run().status == 0)
    return scenario
  }

  @Test func `semantics 31: after a mapping edit a plain run changes only what was modified`() throws
  {
    let scenario = try synced()
    // The text of the revenue comes from the phone now.
    try scenario.writePackage(
      tasks: Companies.accounts.replacing("      Revenue: revenue_text\n", with: "")
        + "\n    toTarget:\n      revenue_text: {column: Phone}")
    try scenario.source.execute("UPDATE Account SET Phone = '11' WHERE Id = 1")
    let answer = try scenario.run()
    #expect(RunAccount(answer) == RunAccount(["target updates": 1]))
    #expect(answer.json.last?["untouched"] as? Int == 2)
    let query = "SELECT name, phone, revenue_text FROM company ORDER BY name"
    #expect(
      try scenario.target.rows(query) == [
        ["'Ada'", "'11'", "'11'"], ["'Bea'", "'2'", "'20'"], ["'Cid'", "'3'", "'30'"],
      ])
    try scenario.expectQuiet()
    try scenario.source.execute("UPDATE Account SET Revenue = 31 WHERE Id = 3")
    #expect(try scenario.account() == RunAccount(["target updates": 1]))
    #expect(
      try scenario.target.rows(query) == [
        ["'Ada'", "'11'", "'11'"], ["'Bea'", "'2'", "'20'"], ["'Cid'", "'3'", "'3'"],
      ])
    try scenario.expectQuiet()
  }

  @Test func `semantics 34: an unmapped field stays as it is, and its edits stay at home`() throws {
    let scenario = try synced()
    try scenario.writePackage(
      tasks: Companies.accounts.replacing("      Phone: phone\n", with: ""))
    try scenario.source.execute("UPDATE Account SET Phone = '11' WHERE Id = 1")
    try scenario.target.execute("UPDATE company SET phone = '22' WHERE name = 'Bea'")
    try scenario.expectQuiet()
    #expect(
      try scenario.source.rows("SELECT Name, Phone FROM Account ORDER BY Id")
        == [["'Ada'", "'11'"], ["'Bea'", "'2'"], ["'Cid'", "'3'"]])
    #expect(
      try scenario.target.rows("SELECT name, phone FROM company ORDER BY name")
        == [["'Ada'", "'1'"], ["'Bea'", "'22'"], ["'Cid'", "'3'"]])
  }

  @Test func `semantics 34: a deleted task removes nothing and comes back with its links`() throws {
    let scenario = try synced(tasks: Companies.accounts + "\n" + Companies.contacts)
    try scenario.source.execute(
      """
      INSERT INTO Contact (AccountId, LastName)
      VALUES (1, 'Ann'), (1, 'Bob'), (2, 'Cat'), (2, 'Dan')
      """)
    #expect(try scenario.account() == RunAccount(["target inserts": 4]))

    try scenario.writePackage(tasks: Companies.accounts)
    try scenario.source.execute(
      """
      UPDATE Contact SET LastName = 'Anne' WHERE LastName = 'Ann';
      DELETE FROM Contact WHERE LastName = 'Cat';
      INSERT INTO Contact (AccountId, LastName) VALUES (3, 'Eve');
      """)
    try scenario.target.execute("UPDATE person SET email = 'b@b' WHERE last = 'Bob'")
    try scenario.expectQuiet()
    let persons = "SELECT last, email FROM person ORDER BY id"
    #expect(
      try scenario.target.rows(persons)
        == [["'Ann'", "NULL"], ["'Bob'", "'b@b'"], ["'Cat'", "NULL"], ["'Dan'", "NULL"]])

    // What was edited while nobody looked is found when the task is back.
    try scenario.writePackage(tasks: Companies.accounts + "\n" + Companies.contacts)
    #expect(
      try scenario.account()
        == RunAccount([
          "source updates": 1, "target inserts": 1, "target updates": 1, "target deletes": 1,
        ]))
    #expect(try scenario.links() == ["Companies": 3, "Persons": 4])
    #expect(
      try Contents(scenario)
        == Contents(
          accounts: ["Ada 1 10 -", "Bea 2 20 -", "Cid 3 30 -"],
          contacts: ["- Anne - Ada", "- Bob b@b Ada", "- Dan - Bea", "- Eve - Cid"]))
    try scenario.expectQuiet()
  }

  @Test func `semantics 35: a task added later initialises only itself`() throws {
    let scenario = try synced()
    try scenario.source.execute(
      "INSERT INTO Contact (AccountId, LastName) VALUES (1, 'Ann'), (2, 'Bob')")
    try scenario.target.execute(
      """
      INSERT INTO person (company_id, last)
      VALUES ((SELECT id FROM company WHERE name = 'Cid'), 'Cat')
      """)
    try scenario.expectQuiet()
    // The queue and the triggers of what is tracked already.
    let queues = """
      SELECT name, rootpage, sql FROM sqlite_master
      WHERE name LIKE 'syncline_%_queue'
        OR (type = 'trigger' AND tbl_name IN ('Account', 'company'))
      """
    let before = try (scenario.source.rows(queues), scenario.target.rows(queues))

    try scenario.writePackage(tasks: Companies.accounts + "\n" + Companies.contacts)
    #expect(
      try scenario.account() == RunAccount(["source inserts": 1, "target inserts": 2]))
    #expect(
      try Contents(scenario)
        == Contents(
          accounts: ["Ada 1 10 -", "Bea 2 20 -", "Cid 3 30 -"],
          contacts: ["- Ann - Ada", "- Bob - Bea", "- Cat - Cid"]))
    #expect(try scenario.links() == ["Companies": 3, "Persons": 3])
    #expect(try scenario.source.rows(queues) == before.0)
    #expect(try scenario.target.rows(queues) == before.1)
    try scenario.expectQuiet()
  }
}
