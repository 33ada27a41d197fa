import Foundation
import SynclineTesting
import Testing

/// A database or a journal that was put back from a backup is refused, and each refusal has a way out.
@Suite struct `Backups that were put back` {
  /// Three records on both sides, synced; then a backup of everything; then edits, an insert and a delete
  /// that are synced too.
  private func prepared() throws -> Scenario {
    let scenario = try Scenario(
      source: """
        CREATE TABLE Item (Id INTEGER PRIMARY KEY, Name TEXT UNIQUE, Price INTEGER);
        INSERT INTO Item VALUES (1, 'a', 1), (2, 'b', 2), (3, 'c', 3);
        """,
      target: "CREATE TABLE thing (nr INTEGER PRIMARY KEY, title TEXT UNIQUE, cost INTEGER);",
      tasks: """
          - name: Items
            source: Item
            target: thing
            match: {Name: title}
            columns: {Name: title, Price: cost}
        """)
    #expect(try scenario.run().status == 0)
    try copy(scenario, from: "", to: "backup-")
    try scenario.source.execute("UPDATE Item SET Price = 10 WHERE Name = 'a'")
    try scenario.target.execute(
      """
      UPDATE thing SET cost = 20 WHERE title = 'b';
      DELETE FROM thing WHERE title = 'c';
      INSERT INTO thing (title, cost) VALUES ('d', 4);
      """)
    #expect(try scenario.run().status == 0)
    #expect(try contents(scenario) == Self.newest)
    return scenario
  }

  private static let newest = [
    [["'a'", "10"], ["'b'", "20"], ["'d'", "4"]], [["'a'", "10"], ["'b'", "20"], ["'d'", "4"]],
  ]

  private func contents(_ scenario: Scenario) throws -> [[[String]]] {
    [
      try scenario.source.rows("SELECT Name, Price FROM Item ORDER BY Name"),
      try scenario.target.rows("SELECT title, cost FROM thing ORDER BY title"),
    ]
  }

  private func copy(_ scenario: Scenario, from: String, to: String) throws {
    for name in ["source.db", "target.db", ".syncline"] {
      try put(scenario, "\(from)\(name)", as: "\(to)\(name)")
    }
  }

  private func put(_ scenario: Scenario, _ old: String, as new: String) throws {
    let files = FileManager.default
    try? files.removeItem(atPath: "\(scenario.folder)/\(new)")
    try files.copyItem(
      atPath: "\(scenario.folder)/\(old)", toPath: "\(scenario.folder)/\(new)")
  }

  private func expectQuiet(_ scenario: Scenario) throws {
    let quiet = try scenario.run()
    #expect(quiet.status == 0)
    for side in ["source", "target"] {
      let tally = try #require(quiet.json.first?[side] as? [String: Int])
      #expect(["inserts", "updates", "deletes"].map { tally[$0] } == [0, 0, 0])
    }
    let verify = try scenario.syncline("journal", "verify")
    #expect(verify.status == 0, "\(verify.output)")
  }

  @Test(arguments: ["source", "target"])
  func `a database is refused, and then holds again what the journal knows`(
    _ side: String
  ) throws {
    let scenario = try prepared()
    try put(scenario, "backup-\(side).db", as: "\(side).db")
    let refused = try scenario.run()
    #expect(refused.status == 2)
    #expect(refused.output.contains("--allow restored=\(side)"))
    let allowed = try scenario.run("--allow", "restored=\(side)")
    #expect(allowed.status == 0, "\(allowed.output) \(allowed.errors)")
    #expect(try contents(scenario) == Self.newest)
    try expectQuiet(scenario)
  }

  @Test func `a journal is refused, and then finds by its match rule what was linked since`() throws
  {
    let scenario = try prepared()
    try put(scenario, "backup-.syncline", as: ".syncline")
    let refused = try scenario.run()
    #expect(refused.status == 2)
    #expect(refused.output.contains("--allow restored=journal"))
    let allowed = try scenario.run("--allow", "restored=journal")
    #expect(allowed.status == 0, "\(allowed.output) \(allowed.errors)")
    #expect(try contents(scenario) == Self.newest)
    try expectQuiet(scenario)
  }

  @Test func `a journal that has gone on since is refused all the same`() throws {
    let scenario = try prepared()
    let newest = try ends(scenario)
    try put(scenario, "backup-.syncline", as: ".syncline")
    // Refused runs are journaled too: the journal grows past what it lost.
    while try ends(scenario) <= newest { #expect(try scenario.run().status == 2) }
    let refused = try scenario.run()
    #expect(refused.status == 2)
    #expect(refused.output.contains("by another course of this journal"))
    #expect(refused.output.contains("--allow restored=journal"))
    #expect(try contents(scenario) == Self.newest)
    let allowed = try scenario.run("--allow", "restored=journal")
    #expect(allowed.status == 0, "\(allowed.output) \(allowed.errors)")
    #expect(try contents(scenario) == Self.newest)
    try expectQuiet(scenario)
  }

  /// The number of the journal's newest event.
  private func ends(_ scenario: Scenario) throws -> Int {
    try scenario.syncline("journal", "export").json.count
  }

  @Test func `a journal without a match rule would double records and is refused for good`() throws
  {
    let scenario = try prepared()
    try scenario.writePackage(
      tasks: """
          - name: Items
            source: Item
            target: thing
            columns: {Name: title, Price: cost}
        """)
    try put(scenario, "backup-.syncline", as: ".syncline")
    let refused = try scenario.run("--allow", "restored=journal")
    #expect(refused.status == 2)
    #expect(refused.output.contains("has no `match` rule"))
    #expect(try contents(scenario) == Self.newest)
  }
}
