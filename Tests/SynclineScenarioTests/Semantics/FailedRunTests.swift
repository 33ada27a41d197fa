import Foundation
import SynclineTesting
import Testing

/// A run that fails or is refused before it began is a run all the same: `runs` lists it with its reason,
/// and neither system was touched.
@Suite struct `A run that could not begin` {
  private func scenario() throws -> Scenario {
    try Scenario(
      source:
        "CREATE TABLE Item (Id INTEGER PRIMARY KEY, Name TEXT); INSERT INTO Item VALUES (1, 'a');",
      target: "CREATE TABLE thing (nr INTEGER PRIMARY KEY, title TEXT);",
      tasks: Self.tasks("title"), busyTimeout: "1 seconds")
  }

  private static func tasks(_ field: String) -> String {
    """
      - name: Items
        source: Item
        target: thing
        columns: {Name: \(field)}
    """
  }

  private struct Listed: Equatable {
    var number: Int
    var state: String
    var hasReason: Bool
  }

  private func runs(_ scenario: Scenario) throws -> [Listed] {
    try scenario.syncline("runs", with: ["--json"]).json.map { run in
      Listed(
        number: run["run"] as? Int ?? 0, state: run["state"] as? String ?? "",
        hasReason: run["reason"] as? String != "")
    }
  }

  private func move(_ scenario: Scenario, _ old: String, to new: String) throws {
    try FileManager.default.moveItem(
      atPath: "\(scenario.folder)/\(old)", toPath: "\(scenario.folder)/\(new)")
  }

  @Test func `a database that is missing fails the first run and a later one`() throws {
    let scenario = try scenario()
    try move(scenario, "target.db", to: "away.db")
    #expect(try scenario.run().status != 0)
    #expect(try runs(scenario) == [Listed(number: 1, state: "Failed", hasReason: true)])
    try move(scenario, "away.db", to: "target.db")
    #expect(try scenario.run().status == 0)
    try move(scenario, "source.db", to: "away.db")
    #expect(try scenario.run().status != 0)
    try move(scenario, "away.db", to: "source.db")
    #expect(try scenario.run().status == 0)
    #expect(
      try runs(scenario) == [
        Listed(number: 4, state: "Succeeded", hasReason: false),
        Listed(number: 3, state: "Failed", hasReason: true),
        Listed(number: 2, state: "Succeeded", hasReason: false),
        Listed(number: 1, state: "Failed", hasReason: true),
      ])
    let verify = try scenario.syncline("journal", "verify")
    #expect(verify.status == 0, "\(verify.output)")
  }

  @Test func `another database behind the name is refused, listed and left alone`() throws {
    let scenario = try scenario()
    #expect(try scenario.run().status == 0)
    try move(scenario, "target.db", to: "old.db")
    try scenario.target.execute("CREATE TABLE thing (nr INTEGER PRIMARY KEY, title TEXT)")
    #expect(try scenario.run().status == 2)
    #expect(
      try runs(scenario) == [
        Listed(number: 2, state: "Failed", hasReason: true),
        Listed(number: 1, state: "Succeeded", hasReason: false),
      ])
    #expect(try scenario.target.rows("SELECT name FROM sqlite_master") == [["'thing'"]])
    try FileManager.default.removeItem(atPath: "\(scenario.folder)/target.db")
    try move(scenario, "old.db", to: "target.db")
    #expect(try scenario.run().status == 0)
  }

  @Test func `a mapping that names no column fails the first run, and the next one is the first`()
    throws
  {
    let scenario = try scenario()
    try scenario.writePackage(tasks: Self.tasks("titel"))
    #expect(try scenario.run().status == 2)
    #expect(try runs(scenario) == [Listed(number: 1, state: "Failed", hasReason: true)])
    try scenario.writePackage(tasks: Self.tasks("title"))
    #expect(try scenario.run().status == 0)
    #expect(try scenario.target.rows("SELECT title FROM thing") == [["'a'"]])
  }

  @Test func `a plan that is refused leaves no trace`() throws {
    let scenario = try scenario()
    #expect(try scenario.run().status == 0)
    try move(scenario, "target.db", to: "away.db")
    #expect(try scenario.syncline("plan").status != 0)
    #expect(try runs(scenario).count == 1)
  }
}
