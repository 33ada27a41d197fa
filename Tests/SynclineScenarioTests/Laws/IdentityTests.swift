import Foundation
import SynclineTesting
import Testing

/// Scenarios 20, 22 and 39 of the laws, further: keys that move, keys that are used again, twins.
@Suite struct IdentityTests {
  @Test(arguments: Role.allCases)
  func `law 20: two records that exchange their native keys stay the same`(_ role: Role) throws {
    let world = try World()
    try world.settle(.init("r", "Ada", 1), .init("s", "Bob", 2))
    try world.edit(
      role,
      """
      UPDATE {table} SET {key} = 99 WHERE {tag} = 'r';
      UPDATE {table} SET {key} = 1 WHERE {tag} = 's';
      UPDATE {table} SET {key} = 2 WHERE {tag} = 'r';
      """)
    try world.expectQuiet()
    try world.edit(role.other, "UPDATE {table} SET {score} = 5 WHERE {tag} = 'r'")
    try world.expectRun(is: .wrote(updates: 1, in: role))
    try world.expectBoth(.init("r", "Ada", 5), .init("s", "Bob", 2))
    try world.expectQuiet()
  }

  @Test(arguments: Role.allCases)
  func `law 20: a new native key and an edit beside it travel as an edit`(_ role: Role) throws {
    let world = try World()
    try world.settle(.init("r", "Ada", 1))
    try world.edit(role, "UPDATE {table} SET {key} = 99, {score} = 2")
    try world.edit(role, "UPDATE {table} SET {key} = 98, {name} = 'Eve'")
    try world.expectRun(is: .wrote(updates: 1, in: role.other))
    try world.expectBoth(.init("r", "Eve", 2))
    #expect(try world.key(role.other, tag: "r") == "1")
    try world.expectQuiet()
  }

  @Test func `law 39: made again in the source while the target changed it`() throws {
    let world = try World()
    try world.settle(.init("r", "Ada", 1))
    try world.edit(
      .source, "DELETE FROM {table}; INSERT INTO {table} VALUES (1, 'r', 'Ada', 2)")
    try world.edit(.target, "UPDATE {table} SET {score} = 3")
    try world.expectRun(is: .wrote(inserts: 1, deletes: 1, in: .target, conflicts: 1))
    try world.expectBoth(.init("r", "Ada", 2))
    #expect(try world.conflicts().map { $0.lost["Points"] } == ["3"])
    try world.expectQuiet()
  }

  @Test func `law 39: made again in the target while the source changed it`() throws {
    let world = try World()
    try world.settle(.init("r", "Ada", 1))
    try world.edit(
      .target, "DELETE FROM {table}; INSERT INTO {table} VALUES (1, 'r', 'Ada', 2)")
    try world.edit(.source, "UPDATE {table} SET {score} = 3")
    let answer = try world.scenario.run()
    #expect(answer.status == 0, "\(answer.output)\(answer.errors)")
    try world.expectBoth(.init("r", "Ada", 2), .init("r", "Ada", 3))
    #expect(try world.conflicts().map(\.kind) == ["changedAndDeleted"])
    try world.expectQuiet()
  }

  @Test(arguments: Role.allCases)
  func `law 22: a record whose partner is taken is reported and not copied`(_ role: Role) throws {
    let world = try World(match: "{tag: Ref}")
    try world.settle(.init("r", "Ada", 1))
    try world.insert(role, .init("r", "Ada", 2))
    try world.expectRun(is: Outcome(status: 1, failed: 1))
    #expect(try world.records(role.other) == [.init("r", "Ada", 1)])
    #expect(try world.errors().map(\.code) == ["match"])
  }

  @Test(arguments: Role.allCases)
  func `law 22: of two new records with one value and no partner each is copied`(_ role: Role)
    throws
  {
    let world = try World(match: "{tag: Ref}")
    try world.insert(role, .init("r", "Ada", 1), .init("r", "Ada", 2))
    try world.expectRun(is: .wrote(inserts: 2, in: role.other))
    try world.expectBoth(.init("r", "Ada", 1), .init("r", "Ada", 2))
    try world.expectQuiet()
  }

  @Test(arguments: Role.allCases)
  func `law 22: a value that several records hold is reported and not guessed`(_ role: Role) throws
  {
    let world = try World(match: "{tag: Ref}")
    try world.insert(role, .init("r", "Ada", 1))
    try world.insert(role.other, .init("r", "Ada", 2), .init("r", "Ada", 3))
    try world.expectRun(is: Outcome(status: 1, failed: 3))
    #expect(try world.records(role) == [.init("r", "Ada", 1)])
    #expect(try world.records(role.other).count == 2)
    #expect(try world.errors().map(\.code) == ["match", "match", "match"])
  }
}
