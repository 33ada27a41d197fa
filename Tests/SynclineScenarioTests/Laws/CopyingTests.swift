import SynclineTesting
import Testing

/// Scenarios 1 to 10 and 13 of the laws: new, changed, deleted, touched.
@Suite struct CopyingTests {
  @Test func `law 1: a record that is new in the source is copied into the target`() throws {
    let world = try World()
    try world.expectRun(is: .silent)
    try world.insert(.source, .init("r", "Ada"))
    try world.expectRun(is: .wrote(inserts: 1, in: .target))
    try world.expectBoth(.init("r", "Ada"))
    try world.expectQuiet()
  }

  @Test func `law 2: a record that is new in the target is copied into the source`() throws {
    let world = try World()
    try world.expectRun(is: .silent)
    try world.insert(.target, .init("r", "Ada"))
    try world.expectRun(is: .wrote(inserts: 1, in: .source))
    try world.expectBoth(.init("r", "Ada"))
    try world.expectQuiet()
  }

  @Test func `laws 1 and 2: a first run copies both ways`() throws {
    let world = try World()
    try world.insert(.source, .init("a", "Ada"))
    try world.insert(.target, .init("b", "Bob", nil))
    var both = Outcome.wrote(inserts: 1, in: .source)
    both.target.inserts = 1
    try world.expectRun(is: both)
    try world.expectBoth(.init("a", "Ada"), .init("b", "Bob", nil))
    try world.expectQuiet()
  }

  @Test(arguments: Role.allCases)
  func `laws 3 and 4: an edit on one side travels to the other`(_ role: Role) throws {
    let world = try World()
    try world.settle(.init("r", "Ada", 1))
    try world.edit(role, "UPDATE {table} SET {score} = 2")
    try world.expectRun(is: .wrote(updates: 1, in: role.other))
    try world.expectBoth(.init("r", "Ada", 2))
    #expect(try world.conflicts() == [])
    try world.expectQuiet()
  }

  @Test(arguments: Role.allCases)
  func `laws 5 and 6: a delete on one side travels to the other`(_ role: Role) throws {
    let world = try World()
    try world.settle(.init("r", "Ada"), .init("s", "Bob"))
    try world.edit(role, "DELETE FROM {table} WHERE {tag} = 'r'")
    try world.expectRun(is: .wrote(deletes: 1, in: role.other))
    try world.expectBoth(.init("s", "Bob"))
    #expect(try world.conflicts() == [])
    try world.expectQuiet()
  }

  @Test func `law 7: a record deleted on both sides is no error and no conflict`() throws {
    let world = try World()
    try world.settle(.init("r", "Ada"), .init("s", "Bob"))
    for role in Role.allCases { try world.edit(role, "DELETE FROM {table} WHERE {tag} = 'r'") }
    try world.expectRun(is: .silent)
    try world.expectBoth(.init("s", "Bob"))
    #expect(try world.conflicts() == [])
    #expect(try world.errors() == [])
    try world.expectQuiet()
  }

  @Test func `law 8: where both sides changed, the source wins and the loser is recorded`() throws {
    let world = try World()
    try world.settle(.init("r", "Ada", 1))
    try world.edit(.source, "UPDATE {table} SET {score} = 2")
    try world.edit(.target, "UPDATE {table} SET {score} = 3")
    try world.expectRun(is: .wrote(updates: 1, in: .target, conflicts: 1))
    try world.expectBoth(.init("r", "Ada", 2))
    #expect(
      try world.conflicts() == [
        ListedConflict(
          "bothChanged", loser: .target, base: ["Points": "1"], lost: ["Points": "3"],
          won: ["Points": "2"])
      ])
    try world.expectQuiet()
  }

  @Test func `law 9: changed in the source and deleted in the target comes back there`() throws {
    let world = try World()
    try world.settle(.init("r", "Ada", 1))
    try world.edit(.source, "UPDATE {table} SET {score} = 2")
    try world.edit(.target, "DELETE FROM {table}")
    try world.expectRun(is: .wrote(inserts: 1, in: .target, conflicts: 1))
    try world.expectBoth(.init("r", "Ada", 2))
    let conflicts = try world.conflicts()
    #expect(conflicts.map(\.kind) == ["changedAndDeleted"])
    #expect(conflicts.map(\.loser) == ["target"])
    #expect(conflicts.map(\.lost) == [[:]])
    #expect(conflicts.map(\.status) == ["decided"])
    try world.expectQuiet()
  }

  @Test func `law 9: deleted in the source and changed in the target goes, and is recorded`()
    throws
  {
    let world = try World()
    try world.settle(.init("r", "Ada", 1))
    try world.edit(.source, "DELETE FROM {table}")
    try world.edit(.target, "UPDATE {table} SET {score} = 3")
    try world.expectRun(is: .wrote(deletes: 1, in: .target, conflicts: 1))
    try world.expectBoth()
    #expect(
      try world.conflicts() == [
        ListedConflict(
          "deletedAndChanged", loser: .target,
          base: ["ContactNo": "1", "Ref": "'r'", "FullName": "'Ada'", "Points": "1"],
          lost: ["ContactNo": "1", "Ref": "'r'", "FullName": "'Ada'", "Points": "3"])
      ])
    try world.expectQuiet()
  }

  @Test(arguments: Role.allCases)
  func `law 10: a record that is touched and not changed sends nothing`(_ role: Role) throws {
    let world = try World()
    try world.settle(.init("r", "Ada", 1))
    try world.edit(role, "UPDATE {table} SET {score} = {score}, {name} = 'Ada'")
    try world.expectQuiet()
    try world.expectBoth(.init("r", "Ada", 1))
  }

  @Test(arguments: Role.allCases)
  func `law 10: a touch makes no conflict with an edit of the other side`(_ role: Role) throws {
    let world = try World()
    try world.settle(.init("r", "Ada", 1))
    try world.edit(role, "UPDATE {table} SET {score} = {score}, {name} = 'Ada'")
    try world.edit(role.other, "UPDATE {table} SET {score} = 2")
    try world.expectRun(is: .wrote(updates: 1, in: role))
    try world.expectBoth(.init("r", "Ada", 2))
    #expect(try world.conflicts() == [])
    try world.expectQuiet()
  }

  @Test func `law 13: links to records that are gone on both sides are dropped`() throws {
    let world = try World()
    try world.settle(.init("r", "Ada"), .init("s", "Bob"))
    for role in Role.allCases { try world.edit(role, "DELETE FROM {table} WHERE {tag} = 'r'") }
    try world.expectRun(is: .silent)
    #expect(
      try world.status() == [.init(tasks: [.init(name: "People", links: 1, agenda: 0)])])
    try world.expectQuiet()
  }

  @Test func `law 13: they are dropped, too, when nobody watched them go`() throws {
    let world = try World()
    try world.settle(.init("r", "Ada"), .init("s", "Bob"))
    for role in Role.allCases {
      try world.dropTracking(role)
      try world.edit(role, "DELETE FROM {table} WHERE {tag} = 'r'")
    }
    try world.expectRun(is: .silent)
    try world.expectBoth(.init("s", "Bob"))
    #expect(
      try world.status() == [.init(tasks: [.init(name: "People", links: 1, agenda: 0)])])
    try world.expectQuiet()
  }
}
