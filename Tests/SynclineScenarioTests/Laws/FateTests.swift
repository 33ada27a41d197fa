import SynclineTesting
import Testing

/// A parent that one side deletes and to which the other side gives a child: what becomes of it and of the
/// children that went with it (the design's table of relations).
@Suite struct FateTests {
  /// Department `p` with `a`, who has the boss `b`; quiet on both sides.
  private static func family(_ rule: String) throws -> Family {
    let family = try Family(settings: "conflicts: \(rule)")
    try family.edit(
      .source,
      """
      INSERT INTO {dept} VALUES (5, 'p');
      INSERT INTO {staff} VALUES (7, 'b', 5, NULL), (8, 'a', 5, 7);
      """)
    try #require(family.scenario.run().outcome.status == 0)
    try family.expectQuiet()
    return family
  }

  private static let deleteAll =
    "UPDATE {staff} SET {boss} = NULL; DELETE FROM {staff}; DELETE FROM {dept}"

  private static func insert(_ name: String, boss: String? = nil) -> String {
    let key = boss.map { "(SELECT {id} FROM {staff} WHERE {name} = '\($0)')" } ?? "NULL"
    let dept = boss == nil ? "(SELECT {dept.id} FROM {dept})" : "NULL"
    return "INSERT INTO {staff} ({name}, {in}, {boss}) VALUES ('\(name)', \(dept), \(key));"
  }

  private static let all = [["'a'", "'p'", "'b'"], ["'b'", "'p'", "NULL"]]

  @Test(arguments: [("source", Role.source), ("merge", .source), ("target", .target)])
  func `a new child of the winning side brings the parent back, and the children that went with it`(
    _ rule: String, _ winner: Role
  ) throws {
    let family = try Self.family(rule)
    try family.edit(winner.other, Self.deleteAll)
    try family.edit(winner, Self.insert("new"))
    var outcome = Outcome(conflicts: 1)
    outcome[winner.other].inserts = 4
    // The boss of `a` is set afterwards.
    outcome[winner.other].updates = 1
    try family.expectRun(is: outcome)
    try family.expectBoth(
      departments: ["'p'"], staff: Self.all + [["'new'", "'p'", "NULL"]])
    try family.expectQuiet()
  }

  @Test(arguments: [("source", Role.source), ("target", .target)])
  func `a new grandchild of the winning side brings all back to which it leads`(
    _ rule: String, _ winner: Role
  ) throws {
    let family = try Self.family(rule)
    try family.edit(winner.other, Self.deleteAll)
    try family.edit(winner, Self.insert("new", boss: "a"))
    let answer = try family.scenario.run()
    let outcome = try answer.outcome
    #expect(outcome[winner] == .init(), "\(answer.output)\(answer.errors)")
    #expect(outcome[winner.other].inserts == 4, "\(answer.output)\(answer.errors)")
    #expect(outcome.status == 0)
    try family.expectBoth(
      departments: ["'p'"], staff: Self.all + [["'new'", "NULL", "'a'"]])
    try family.expectQuiet()
  }

  @Test(arguments: [("source", Role.source), ("merge", .source), ("target", .target)])
  func `an edited child of the winning side brings the parent back, and its other children`(
    _ rule: String, _ winner: Role
  ) throws {
    let family = try Self.family(rule)
    try family.edit(winner.other, Self.deleteAll)
    try family.edit(winner, "UPDATE {staff} SET {name} = 'c' WHERE {name} = 'a'")
    let outcome = try family.scenario.run().outcome
    #expect(outcome[winner] == .init())
    #expect(outcome[winner.other].inserts == 3)
    try family.expectBoth(
      departments: ["'p'"], staff: [["'b'", "'p'", "NULL"], ["'c'", "'p'", "'b'"]])
    try family.expectQuiet()
  }

  @Test(arguments: [("source", Role.source), ("merge", .source), ("target", .target)])
  func `where the delete wins, new children go too, their own children first, and are recorded`(
    _ rule: String, _ winner: Role
  ) throws {
    let family = try Self.family(rule)
    try family.edit(winner, Self.deleteAll)
    try family.edit(
      winner.other, Self.insert("new") + Self.insert("newer", boss: "new"))
    try family.expectRun(is: .wrote(deletes: 5, in: winner.other, conflicts: 2))
    try family.expectBoth(departments: [], staff: [])
    let conflicts = try family.scenario.syncline("conflicts", "list", with: ["--json"])
      .lines(ListedConflict.self)
    let name = winner == .source ? "FullName" : "name"
    #expect(Set(conflicts.map { $0.lost[name]?.description }) == ["'new'", "'newer'"])
    #expect(conflicts.allSatisfy { $0.loser == winner.other.rawValue && $0.status == "decided" })
    try family.expectQuiet()
  }

  @Test(arguments: Role.allCases)
  func `new children that point to one another go with the parent that was deleted`(
    _ winner: Role
  ) throws {
    let family = try Self.family(winner.rawValue)
    try family.edit(winner, Self.deleteAll)
    try family.edit(
      winner.other,
      Self.insert("x") + Self.insert("y", boss: "x") + Self.insert("z", boss: "y")
        + "UPDATE {staff} SET {boss} = (SELECT {id} FROM {staff} WHERE {name} = 'z') "
        + "WHERE {name} = 'x'")
    let answer = try family.scenario.run()
    #expect(try answer.outcome.status == 0, "\(answer.output)\(answer.errors)")
    #expect(try answer.outcome.conflicts == 3)
    try family.expectBoth(departments: [], staff: [])
    try family.expectQuiet()
  }

  @Test(arguments: Role.allCases)
  func `under rule hold the parent and all its children stay until a person decides`(
    _ deleter: Role
  ) throws {
    let family = try Self.family("hold")
    try family.edit(deleter, Self.deleteAll)
    try family.edit(deleter.other, Self.insert("new"))
    for _ in 1...2 {
      let answer = try family.scenario.run()
      let outcome = try answer.outcome
      #expect([outcome.source, outcome.target] == [.init(), .init()], "\(answer.output)")
      #expect(outcome.status == 1)
    }
    #expect(try family.staff(deleter) == [])
    #expect(try family.staff(deleter.other) == Self.all + [["'new'", "'p'", "NULL"]])
  }

  @Test(arguments: Role.allCases)
  func `a child that the losing side gave to the deleted parent is given back`(
    _ winner: Role
  ) throws {
    let family = try Family(settings: "conflicts: \(winner)")
    try family.edit(
      .source,
      """
      INSERT INTO {dept} VALUES (5, 'p'), (6, 'q');
      INSERT INTO {staff} VALUES (7, 'c', 6, NULL);
      """)
    try family.expectRun(is: .wrote(inserts: 3, in: .target))
    try family.edit(winner, "DELETE FROM {dept} WHERE {title} = 'p'")
    try family.edit(
      winner.other,
      "UPDATE {staff} SET {in} = (SELECT {dept.id} FROM {dept} WHERE {title} = 'p')")
    try family.expectRun(is: .wrote(updates: 1, deletes: 1, in: winner.other, conflicts: 1))
    try family.expectBoth(departments: ["'q'"], staff: [["'c'", "'q'", "NULL"]])
    try family.expectQuiet()
  }

  @Test(arguments: Role.allCases)
  func `a child that the winning side gave to the deleted parent brings it back`(
    _ winner: Role
  ) throws {
    let family = try Family(settings: "conflicts: \(winner)")
    try family.edit(
      .source,
      """
      INSERT INTO {dept} VALUES (5, 'p'), (6, 'q');
      INSERT INTO {staff} VALUES (7, 'c', 6, NULL);
      """)
    try family.expectRun(is: .wrote(inserts: 3, in: .target))
    try family.edit(winner.other, "DELETE FROM {dept} WHERE {title} = 'p'")
    try family.edit(
      winner, "UPDATE {staff} SET {in} = (SELECT {dept.id} FROM {dept} WHERE {title} = 'p')")
    try family.expectRun(
      is: .wrote(inserts: 1, updates: 1, in: winner.other, conflicts: 1))
    try family.expectBoth(departments: ["'p'", "'q'"], staff: [["'c'", "'p'", "NULL"]])
    try family.expectQuiet()
  }
}
