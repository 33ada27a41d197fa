import SynclineTesting
import Testing

/// Scenarios 23, 28, 29, 36 and 39 of the laws: records that change or go behind our back, or often.
@Suite struct VanishedTests {
  @Test func `law 28: an update of a record that is gone unseen makes it once again`() throws {
    let world = try World()
    try world.settle(.init("r", "Ada", 1), .init("s", "Bob", 1))
    try world.editUnseen(.target, "DELETE FROM {table} WHERE {tag} = 'r'")
    try world.edit(.source, "UPDATE {table} SET {score} = 2 WHERE {tag} = 'r'")
    try world.expectRun(is: .wrote(inserts: 1, in: .target, conflicts: 1))
    try world.expectBoth(.init("r", "Ada", 2), .init("s", "Bob", 1))
    #expect(try world.conflicts().map(\.kind) == ["changedAndDeleted"])
    #expect(try world.conflicts().map(\.loser) == ["target"])
    try world.expectQuiet()
  }

  @Test func `law 28: in the other direction the source's delete wins, and is on record`() throws {
    let world = try World()
    try world.settle(.init("r", "Ada", 1), .init("s", "Bob", 1))
    try world.editUnseen(.source, "DELETE FROM {table} WHERE {tag} = 'r'")
    try world.edit(.target, "UPDATE {table} SET {score} = 2 WHERE {tag} = 'r'")
    try world.expectRun(is: .wrote(deletes: 1, in: .target, conflicts: 1))
    try world.expectBoth(.init("s", "Bob", 1))
    #expect(try world.conflicts().map(\.kind) == ["deletedAndChanged"])
    #expect(try world.conflicts().map { $0.lost["Points"] } == ["2"])
    try world.expectQuiet()
  }

  @Test(arguments: Role.allCases)
  func `law 29: a delete of a record that is gone unseen is nothing`(_ role: Role) throws {
    let world = try World()
    try world.settle(.init("r", "Ada", 1), .init("s", "Bob", 1))
    try world.editUnseen(role.other, "DELETE FROM {table} WHERE {tag} = 'r'")
    try world.edit(role, "DELETE FROM {table} WHERE {tag} = 'r'")
    let before = try world.writes(role.other)
    let answer = try world.scenario.run()
    let outcome = try answer.outcome
    #expect(outcome.status == 0 && outcome.conflicts == 0, "\(answer.output)\(answer.errors)")
    #expect(try world.writes(role.other) == before)
    try world.expectBoth(.init("s", "Bob", 1))
    #expect(try world.conflicts() == [])
    #expect(
      try world.status() == [.init(tasks: [.init(name: "People", links: 1, agenda: 0)])])
    try world.expectQuiet()
  }

  @Test(arguments: Role.allCases)
  func `laws 23 and 36: several entries of a record are one event and one command`(_ role: Role)
    throws
  {
    let world = try World()
    try world.settle(.init("r", "Ada", 1))
    try world.edit(
      role,
      """
      BEGIN; UPDATE {table} SET {score} = 2; UPDATE {table} SET {score} = 3;
      UPDATE {table} SET {score} = 3; COMMIT
      """)
    #expect(try world.queued(role) == 3)
    try world.expectRun(is: .wrote(updates: 1, in: role.other))
    try world.expectBoth(.init("r", "Ada", 3))
    let own = try world.history(role, "1").filter { $0.object == world.table(role) && $0.run == 2 }
    #expect(own.map(\.kind) == ["record changed"])
    try world.expectQuiet()
  }

  @Test(arguments: Role.allCases)
  func `law 39: deleted and made again under the same key is one record on both sides`(
    _ role: Role
  ) throws {
    let world = try World()
    try world.settle(.init("r", "Ada", 1), .init("s", "Bob", 1))
    try world.edit(role, "DELETE FROM {table} WHERE {tag} = 'r'")
    try world.edit(role, "INSERT INTO {table} VALUES (1, 'r', 'Ada', 2)")
    try world.expectRun(is: .wrote(inserts: 1, deletes: 1, in: role.other))
    try world.expectBoth(.init("r", "Ada", 2), .init("s", "Bob", 1))
    #expect(try world.conflicts() == [])
    try world.expectQuiet()
  }

  @Test(arguments: Role.allCases)
  func `law 39: with a match rule it is linked with the same partner again`(_ role: Role) throws {
    let world = try World(match: "{tag: Ref}")
    try world.settle(.init("r", "Ada", 1), .init("s", "Bob", 1))
    try world.edit(role, "DELETE FROM {table} WHERE {tag} = 'r'")
    try world.edit(role, "INSERT INTO {table} VALUES (1, 'r', 'Ada', 2)")
    try world.run()
    // No ancestor: the source's value goes.
    try world.expectBoth(.init("r", "Ada", role == .source ? 2 : 1), .init("s", "Bob", 1))
    #expect(try world.key(role.other, tag: "r") == "1")
    try world.expectQuiet()
  }

  @Test(arguments: Role.allCases)
  func `law 39: replaced by another program is one record on both sides`(_ role: Role) throws {
    let world = try World()
    try world.settle(.init("r", "Ada", 1), .init("s", "Bob", 1))
    try world.edit(role, "REPLACE INTO {table} VALUES (1, 'r', 'Ada', 2)")
    try world.expectRun(is: .wrote(updates: 1, in: role.other))
    try world.expectBoth(.init("r", "Ada", 2), .init("s", "Bob", 1))
    try world.expectQuiet()
  }
}
