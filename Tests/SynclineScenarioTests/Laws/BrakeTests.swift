import Foundation
import SynclineTesting
import Testing

/// Scenarios 12 and 14 to 18 of the laws: what holds a run back, and what shows it beforehand.
@Suite struct BrakeTests {
  private static let limit = "deletes: {limit: 50%, atLeast: 0}"

  private static func base(_ world: World, location: SourceLocation = #_sourceLocation) throws {
    try world.settle(
      .init("1", "a"), .init("2", "b"), .init("3", "c"), .init("4", "d"), .init("5", "e"),
      .init("6", "f"), .init("7", "g"), .init("8", "h"), .init("9", "i"), location: location)
  }

  private static func held(_ count: Int) -> Outcome {
    Outcome(status: 2, held: count, refusals: ["deletes"])
  }

  @Test func `law 12: a lost journal is refused, and taken over without a double when allowed`()
    throws
  {
    let world = try World(match: "{tag: Ref}")
    try world.settle(.init("r", "Ada", 1), .init("s", "Bob", 2))
    let lost = try #require(try world.scenario.run().report.journal)
    try FileManager.default.removeItem(atPath: world.scenario.folder + "/.syncline")
    let file = world.scenario.package
    let text = try String(contentsOfFile: file, encoding: .utf8)
    try text.replacing("journal: \(lost)\n", with: "").write(
      toFile: file, atomically: true, encoding: .utf8)
    #expect(try !String(contentsOfFile: file, encoding: .utf8).contains("journal:"))
    let before = try Role.allCases.map { try world.writes($0) }

    let refused = try world.scenario.run()
    #expect(
      try refused.outcome
        == Outcome(status: 2, state: "Failed", refusals: ["owner"]))
    #expect(try refused.report.refusals.allSatisfy { $0.message.contains("takeover=\(lost)") })

    try world.expectRun("--allow", "takeover=\(lost)", is: .silent)
    try world.expectBoth(.init("r", "Ada", 1), .init("s", "Bob", 2))
    #expect(try Role.allCases.map { try world.writes($0) } == before)
    #expect(
      try world.status() == [.init(tasks: [.init(name: "People", links: 2, agenda: 0)])])
    try world.expectQuiet()
    for role in Role.allCases { #expect(try world.journalsTracking(role) == 1, "the \(role)") }
  }

  @Test(arguments: Role.allCases)
  func `law 14: more deletes than the limit are held, with their figures, until allowed`(
    _ role: Role
  ) throws {
    let world = try World(settings: Self.limit)
    try Self.base(world)
    try world.edit(role, "DELETE FROM {table} WHERE {tag} <= '5'")
    try world.edit(role, "UPDATE {table} SET {score} = 2 WHERE {tag} = '9'")
    let answer = try world.scenario.run()
    var held = Self.held(5)
    held[role.other].updates = 1
    #expect(try answer.outcome == held)
    #expect(try answer.report.refusals.map { $0.message.contains("5 of 9") } == [true])
    #expect(try answer.report.refusals.map { $0.message.contains("--allow deletes=5") } == [true])
    #expect(try world.records(role.other).count == 9)

    try world.expectQuiet(Self.held(5))
    try world.expectRun("--allow", "deletes=4", is: Self.held(5))
    try world.expectRun("--allow", "deletes=5", is: .wrote(deletes: 5, in: role.other))
    try world.expectBoth(
      .init("6", "f"), .init("7", "g"), .init("8", "h"), .init("9", "i", 2))
    try world.expectQuiet()
  }

  @Test(arguments: Role.allCases)
  func `law 15: deletes that are allowed beforehand are applied at once`(_ role: Role) throws {
    let world = try World(settings: Self.limit)
    try Self.base(world)
    try world.edit(role, "DELETE FROM {table} WHERE {tag} <= '5'")
    try world.expectRun("--allow", "deletes=5", is: .wrote(deletes: 5, in: role.other))
    try world.expectBoth(.init("6", "f"), .init("7", "g"), .init("8", "h"), .init("9", "i"))
    try world.expectQuiet()
  }

  @Test(arguments: Role.allCases)
  func `law 16: a change of every record at once is applied`(_ role: Role) throws {
    let world = try World()
    try Self.base(world)
    try world.edit(role, "UPDATE {table} SET {score} = 2")
    try world.expectRun(is: .wrote(updates: 9, in: role.other))
    #expect(try world.records(.source) == world.records(.target))
    #expect(try world.records(role.other).map(\.score) == Array(repeating: "2", count: 9))
    try world.expectQuiet()
  }

  @Test func `law 16: a touch of every record carries an edited mapping to all of them`() throws {
    let world = try World()
    try Self.base(world)
    try world.scenario.writePackage(
      tasks: World.tasks(columns: "{tag: Ref, name: FullName}")
        + "    toTarget: {Points: {constant: 5}}\n")
    try world.expectQuiet()
    try world.edit(.source, "UPDATE {table} SET {name} = {name}")
    try world.expectRun(is: .wrote(updates: 9, in: .target))
    #expect(try world.records(.target).map(\.score) == Array(repeating: "5", count: 9))
    #expect(try world.records(.source).map(\.score) == Array(repeating: "1", count: 9))
    try world.expectQuiet()
  }

  @Test(arguments: Role.allCases)
  func `law 17: another database under the name is refused before anything is written`(
    _ role: Role
  ) throws {
    let world = try World()
    try world.settle(.init("r", "Ada", 1))
    let path = world.file(role).path
    try FileManager.default.removeItem(atPath: path)
    let other = try World()
    try FileManager.default.copyItem(atPath: other.file(role).path, toPath: path)
    try world.insert(role, .init("x", "Eve", 1))
    try world.edit(role.other, "UPDATE {table} SET {score} = 2")
    let files = try Role.allCases.map { try Data(contentsOf: URL(filePath: world.file($0).path)) }

    let answer = try world.scenario.run()
    #expect(
      try answer.outcome == Outcome(status: 2, state: "Failed", refusals: ["identity"]))
    #expect(
      try answer.report.refusals.map {
        $0.message.contains(role == .source ? "“left”" : "“right”")
      } == [true])
    #expect(try Role.allCases.map { try world.bytes($0) } == files)
  }
}

extension World {
  /// The whole file of a side's database.
  func bytes(_ role: Role) throws -> Data {
    try Data(contentsOf: URL(filePath: file(role).path))
  }

  /// How many journals have tracking objects on a side.
  func journalsTracking(_ role: Role) throws -> Int {
    try file(role).rows(
      "SELECT name FROM sqlite_master WHERE name LIKE 'syncline\\_%\\_owner' ESCAPE '\\'"
    ).count
  }
}
