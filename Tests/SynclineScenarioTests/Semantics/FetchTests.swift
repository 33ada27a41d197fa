import SynclineTesting
import Testing

/// What no change tells of is read all the same: records that were mended behind the triggers, and fields
/// that were not captured until they were mapped.
@Suite struct `What is read again` {
  private func scenario(_ settings: String = "") throws -> Scenario {
    try Scenario(
      source: """
        CREATE TABLE Item (Id INTEGER PRIMARY KEY, Name TEXT, Note TEXT);
        INSERT INTO Item VALUES (1, 'a', 'x'), (2, 'b', 'y');
        """,
      target: "CREATE TABLE thing (nr INTEGER PRIMARY KEY, title TEXT, memo TEXT);",
      tasks: Self.tasks("Name: title"), settings: settings)
  }

  private static func tasks(_ columns: String) -> String {
    """
      - name: Items
        source: Item
        target: thing
        columns: {\(columns)}
    """
  }

  private func things(_ scenario: Scenario) throws -> [[String]] {
    try scenario.target.rows("SELECT title, memo FROM thing ORDER BY title")
  }

  @Test func `a record that was mended behind the triggers travels by the next run`() throws {
    let scenario = try scenario()
    try scenario.source.execute("UPDATE Item SET Name = hex(zeroblob(2200000)) WHERE Id = 2")
    #expect(try scenario.run().status == 1)
    #expect(try things(scenario) == [["'a'", "NULL"]])
    let triggers = try scenario.source.rows(
      "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    for trigger in triggers {
      try scenario.source.execute("DROP TRIGGER \"\(trigger[0].dropFirst().dropLast())\"")
    }
    try scenario.source.execute("UPDATE Item SET Name = 'b' WHERE Id = 2")
    for trigger in triggers {
      let text = trigger[1].dropFirst().dropLast()
      try scenario.source.execute(text.split(separator: "''").joined(separator: "'"))
    }
    #expect(try scenario.run().status == 0)
    #expect(try things(scenario) == [["'a'", "NULL"], ["'b'", "NULL"]])
  }

  @Test func `a field that was not captured is read in full once it is mapped`() throws {
    let scenario = try scenario("capture: mapped")
    #expect(try scenario.run().status == 0)
    try scenario.writePackage(
      tasks: Self.tasks("Name: title, Note: memo"), settings: "capture: mapped")
    #expect(try scenario.run().status == 0)
    #expect(try things(scenario) == [["'a'", "'x'"], ["'b'", "'y'"]])
  }
}
