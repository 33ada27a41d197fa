import SynclineTesting
import Testing

/// Scenarios 31 to 33 of the laws: parents, children and circles.
@Suite struct `Laws of an organisation: relations` {
  private static func family(_ cloud: Role) throws -> CloudWorld {
    try CloudWorld(cloud: cloud, .init(isFamily: true))
  }

  @Test(arguments: Role.allCases, Role.allCases)
  func `law 31: parent and child deleted together go on the other side, child first`(
    cloud: Role, role: Role
  ) throws {
    let world = try Self.family(cloud)
    try world.edit(role, [.make("p x 1"), .make("q x 1"), .person("c", "p")])
    try world.expectRun(is: .wrote(inserts: 3, in: role.other))
    try world.expectBoth(["p x 1", "q x 1", "c @ p"])
    try world.expectQuiet()

    try world.edit(role, [.leave("c"), .delete("p")])
    try world.expectRun(is: .wrote(deletes: 2, in: role.other))
    try world.expectBoth(["q x 1"])
    if role == cloud {
      #expect(
        try world.database.rows("SELECT what FROM write_log ORDER BY number DESC LIMIT 2")
          == [["'DELETE Customer'"], ["'DELETE Person'"]])
    }
    try world.expectQuiet()
  }

  @Test(arguments: Role.allCases)
  func `law 31: children that the organisation takes with their parent go in the database, too`(
    cloud: Role
  ) throws {
    let world = try Self.family(cloud)
    try world.edit(cloud, [.make("p x 1"), .make("q x 1"), .person("c", "p"), .person("d", "q")])
    try world.expectRun(is: .wrote(inserts: 4, in: cloud.other))
    try world.edit(cloud, [.delete("p")])
    try world.expectRun(is: .wrote(deletes: 2, in: cloud.other))
    try world.expectBoth(["q x 1", "d @ q"])
    try world.expectQuiet()
  }

  @Test(arguments: Role.allCases, Role.allCases)
  func `law 31: a child that moves while its parent goes stays`(cloud: Role, role: Role) throws {
    let world = try Self.family(cloud)
    try world.edit(role, [.make("p x 1"), .person("c", "p")])
    try world.expectRun(is: .wrote(inserts: 2, in: role.other))
    try world.edit(role, [.make("q x 1"), .move("c", "q"), .delete("p")])
    try world.expectRun(is: .wrote(inserts: 1, updates: 1, deletes: 1, in: role.other))
    try world.expectBoth(["q x 1", "c @ q"])
    try world.expectQuiet()
  }

  @Test(arguments: Role.allCases)
  func `law 32: a child that both sides gave another parent goes to the source's`(
    cloud: Role
  ) throws {
    let world = try Self.family(cloud)
    try world.edit(
      .source, [.make("p1 x 1"), .make("p2 x 1"), .make("p3 x 1"), .person("c", "p1")])
    try world.expectRun(is: .wrote(inserts: 4, in: .target))
    try world.edit(.source, [.move("c", "p2")])
    try world.edit(.target, [.move("c", "p3")])
    try world.expectRun(is: .wrote(updates: 1, in: .target, conflicts: 1))
    try world.expectBoth(["p1 x 1", "p2 x 1", "p3 x 1", "c @ p2"])
    #expect(try world.losers() == ["bothChanged: target lost firm"])
    try world.expectQuiet()
  }

  @Test(arguments: Role.allCases)
  func `law 33: a circle of the database, which no organisation holds, is reported`(
    cloud: Role
  ) throws {
    let world = try Self.family(cloud)
    try world.edit(
      cloud.other,
      [.make("e1 x 1"), .make("e2 x 1"), .make("e3 x 1"), .make("e4 x 1")]
        + [.boss("e2", "e1"), .boss("e1", "e2"), .boss("e3", "e3"), .boss("e4", "e2")])
    let answer = try world.run()
    let outcome = try answer.outcome
    #expect(outcome.status == 1 && outcome.failed == 2, "\(answer)")
    #expect(outcome[cloud].inserts == 4, "\(answer)")
    #expect(outcome[cloud.other] == .init(), "\(answer)")
    #expect(try world.errors().count == 2)

    try world.edit(cloud.other, [.boss("e1", nil), .boss("e3", "e1")])
    #expect(try world.run().status == 0)
    try world.expectBoth(["e1 x 1", "e2 x 1 < e1", "e3 x 1 < e1", "e4 x 1 < e2"])
    try world.expectQuiet()
  }
}
