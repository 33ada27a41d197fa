import SynclineTesting
import Testing

/// Tables that change under a package that has run before.
@Suite struct `Schemas that drift` {
  private func prepared() throws -> Scenario {
    let scenario = try Scenario(
      source: """
        CREATE TABLE A (Id INTEGER PRIMARY KEY, Name TEXT, Note TEXT);
        CREATE TABLE B (Id INTEGER PRIMARY KEY, Name TEXT);
        INSERT INTO A VALUES (1, 'a', 'n');
        INSERT INTO B VALUES (1, 'b');
        """,
      target: """
        CREATE TABLE P (nr INTEGER PRIMARY KEY, title TEXT, remark TEXT);
        CREATE TABLE Q (nr INTEGER PRIMARY KEY, title TEXT);
        """,
      tasks: """
          - name: First
            source: A
            target: P
            columns: {Name: title, Note: remark}
          - name: Second
            source: B
            target: Q
            columns: {Name: title}
        """)
    #expect(try scenario.run().status == 0)
    return scenario
  }

  @Test func `a column that is gone stops its task by name, and the others go on`() throws {
    let scenario = try prepared()
    try scenario.source.execute(
      """
      ALTER TABLE A DROP COLUMN Note;
      UPDATE A SET Name = 'a2';
      UPDATE B SET Name = 'b2';
      """)
    let broken = try scenario.run()
    #expect(broken.status == 2)
    #expect(broken.output.contains("Task “First” is stopped, the others go on"))
    #expect(broken.output.contains("Note"))
    #expect(try scenario.target.rows("SELECT title FROM Q") == [["'b2'"]])
    #expect(try scenario.target.rows("SELECT title, remark FROM P") == [["'a'", "'n'"]])

    try scenario.source.execute("ALTER TABLE A ADD COLUMN Note TEXT")
    let mended = try scenario.run()
    #expect(mended.status == 0, "\(mended.output) \(mended.errors)")
    #expect(try scenario.target.rows("SELECT title FROM P") == [["'a2'"]])
  }

  @Test func `a new column is captured and changes nothing`() throws {
    let scenario = try prepared()
    try scenario.source.execute("ALTER TABLE A ADD COLUMN Extra TEXT DEFAULT 'x'")
    let run = try scenario.run()
    #expect(run.status == 0, "\(run.output) \(run.errors)")
    for side in ["source", "target"] {
      let tally = try #require(run.json.first?[side] as? [String: Int])
      #expect(["inserts", "updates", "deletes"].map { tally[$0] } == [0, 0, 0])
    }
  }
}

extension `Schemas that drift` {
  @Test func `a task that turns to another table is another task and comes back as it was`() throws
  {
    let scenario = try prepared()
    let first = """
        - name: First
          source: A
          target: P
          columns: {Name: title, Note: remark}
        - name: Second
          source: B
          target: Q
          columns: {Name: title}
      """
    try scenario.source.execute(
      "CREATE TABLE Z (Id INTEGER PRIMARY KEY, Name TEXT); INSERT INTO Z VALUES (1, 'z')")
    try scenario.target.execute("CREATE TABLE Y (nr INTEGER PRIMARY KEY, title TEXT)")
    try scenario.writePackage(
      tasks: first.replacing("source: B", with: "source: Z").replacing(
        "target: Q", with: "target: Y"))
    let turned = try scenario.run()
    #expect(turned.status == 0, "\(turned.output) \(turned.errors)")
    #expect(try scenario.target.rows("SELECT title FROM Y") == [["'z'"]])
    #expect(try scenario.target.rows("SELECT title FROM Q") == [["'b'"]])

    try scenario.source.execute("UPDATE B SET Name = 'b2'")
    try scenario.writePackage(tasks: first)
    let back = try scenario.run()
    #expect(back.status == 0, "\(back.output) \(back.errors)")
    #expect(try scenario.target.rows("SELECT title FROM Q") == [["'b2'"]])
    #expect(try scenario.source.rows("SELECT Name FROM B") == [["'b2'"]])
    #expect(try scenario.syncline("journal", "verify").status == 0)
  }
}
