import SynclineTesting
import Testing

/// Relations (Docs/Testing.md, "Golden scenarios of the semantics").
struct RelationTests {
  @Test func `semantics 23: parent and child inserted together arrive with their relation`() throws {
    let scenario = try Companies.scenario()
    try #require(scenario.run().status == 0)
    try scenario.target.execute(
      """
      INSERT INTO company (id, name) VALUES (10, 'Ada');
      INSERT INTO person (company_id, last) VALUES (10, 'Ann');
      """)
    try scenario.source.execute(
      """
      INSERT INTO Account (Id, Name) VALUES (20, 'Bea');
      INSERT INTO Contact (AccountId, LastName) VALUES (20, 'Bob');
      """)
    #expect(
      try scenario.account() == RunAccount(["source inserts": 2, "target inserts": 2]))
    #expect(
      try Contents(scenario)
        == Contents(
          accounts: ["Ada - - -", "Bea - - -"], contacts: ["- Ann - Ada", "- Bob - Bea"]))
    try scenario.expectQuiet()
  }

  @Test func `semantics 24: a tree and a circle inserted at once get their parents`() throws {
    let scenario = try Companies.scenario(tasks: Companies.accounts)
    try #require(scenario.run().status == 0)
    // The children have lower keys than their parents; Cy and Di are each other's parent.
    try scenario.target.execute(
      """
      INSERT INTO company (id, name, parent_id) VALUES (1, 'Leaf', 2), (2, 'Branch', 3),
        (3, 'Root', NULL), (4, 'Cy', 5), (5, 'Di', 4);
      """)
    let account = try scenario.account()
    #expect(account.status == 0)
    #expect(account.wrote["source inserts"] == 5)
    #expect(account.wrote["target updates"] == nil)
    #expect(
      try Contents(scenario)
        == Contents(
          accounts: [
            "Branch - - Root", "Cy - - Di", "Di - - Cy", "Leaf - - Branch", "Root - - -",
          ]))
    try scenario.expectQuiet()
  }

  @Test func `semantics 26: a parent deleted with its children by a cascade is deleted in order`()
    throws
  {
    let cascading = Companies.target.replacing(
      "INTEGER REFERENCES company (id),\n",
      with: "INTEGER REFERENCES company (id) ON DELETE CASCADE,\n")
    try #require(cascading != Companies.target)
    let scenario = try Scenario(
      source: Companies.source + """
        INSERT INTO Account (Id, Name) VALUES (1, 'Ada'), (2, 'Bea');
        INSERT INTO Contact (AccountId, LastName) VALUES (1, 'Ann'), (1, 'Abe'), (2, 'Bob');
        """,
      target: cascading, tasks: Companies.accounts + "\n" + Companies.contacts)
    try #require(scenario.run().status == 0)
    try scenario.target.execute("PRAGMA foreign_keys = ON; DELETE FROM company WHERE name = 'Ada'")
    #expect(try scenario.account() == RunAccount(["source deletes": 3]))
    #expect(
      try scenario.source.rows("SELECT what FROM writes ORDER BY rowid")
        == [["'delete Contact'"], ["'delete Contact'"], ["'delete Account'"]])
    #expect(
      try Contents(scenario) == Contents(accounts: ["Bea - - -"], contacts: ["- Bob - Bea"]))
    try scenario.expectQuiet()
  }
}
