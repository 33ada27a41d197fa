import Foundation
import SynclineTesting
import Testing

/// Scenarios 31 and 32 of the laws: parents and children.
@Suite struct RelationLawTests {
  /// Department `p` with `c`, entered on one side and copied to the other.
  private static func parentWithChild(_ role: Role) throws -> Family {
    let family = try Family()
    try family.edit(
      role, "INSERT INTO {dept} VALUES (5, 'p'); INSERT INTO {staff} VALUES (7, 'c', 5, NULL);")
    try family.expectRun(is: .wrote(inserts: 2, in: role.other))
    return family
  }

  @Test(arguments: Role.allCases)
  func `law 31: parent and child deleted together go on the other side, child first`(_ role: Role)
    throws
  {
    let family = try Family()
    try family.edit(
      role,
      """
      INSERT INTO {dept} VALUES (5, 'p');
      INSERT INTO {dept} VALUES (6, 'q');
      INSERT INTO {staff} VALUES (7, 'c', 5, NULL);
      """)
    try family.expectRun(is: .wrote(inserts: 3, in: role.other))
    try family.expectBoth(departments: ["'p'", "'q'"], staff: [["'c'", "'p'", "NULL"]])
    try family.expectQuiet()

    try family.edit(role, "DELETE FROM {staff}; DELETE FROM {dept} WHERE {title} = 'p'")
    let before = try family.writes(role.other).count
    try family.expectRun(is: .wrote(deletes: 2, in: role.other))
    let names = role == .source ? ["Employee", "Division"] : ["staff", "dept"]
    #expect(
      Array(try family.writes(role.other).dropFirst(before)) == names.map { "\($0) delete" })
    try family.expectBoth(departments: ["'q'"], staff: [])
    try family.expectQuiet()
  }

  @Test(arguments: Role.allCases)
  func `law 31: a parent that goes while its child stays without one`(_ role: Role) throws {
    let family = try Self.parentWithChild(role)
    try family.edit(role, "UPDATE {staff} SET {in} = NULL; DELETE FROM {dept}")
    try family.expectRun(is: .wrote(updates: 1, deletes: 1, in: role.other))
    try family.expectBoth(departments: [], staff: [["'c'", "NULL", "NULL"]])
    try family.expectQuiet()
  }

  @Test(arguments: Role.allCases)
  func `law 31: a child that moves while its parent goes`(_ role: Role) throws {
    let family = try Self.parentWithChild(role)
    try family.edit(
      role,
      """
      INSERT INTO {dept} VALUES (6, 'q'); UPDATE {staff} SET {in} = 6;
      DELETE FROM {dept} WHERE {title} = 'p'
      """)
    try family.expectRun(is: .wrote(inserts: 1, updates: 1, deletes: 1, in: role.other))
    try family.expectBoth(departments: ["'q'"], staff: [["'c'", "'q'", "NULL"]])
    try family.expectQuiet()
  }

  @Test(arguments: Role.allCases, [false, true])
  func `law 39: a child given to a new parent under the very key of the old one follows it`(
    _ role: Role, isReset: Bool
  ) throws {
    let family = try Self.parentWithChild(role)
    try family.edit(
      role,
      """
      UPDATE {staff} SET {in} = NULL; DELETE FROM {dept};
      INSERT INTO {dept} VALUES (5, 'q'); UPDATE {staff} SET {in} = 5;
      """)
    var outcome = Outcome.wrote(inserts: 1, updates: 1, deletes: 1, in: role.other)
    if isReset {
      #expect(try family.scenario.syncline("params", "reset", with: ["LastSyncTime"]).status == 0)
      outcome = .wrote(inserts: 1, updates: 1, in: role.other)
      outcome[role].inserts = 1
    }
    try family.expectRun(is: outcome)
    try family.expectBoth(
      departments: isReset ? ["'p'", "'q'"] : ["'q'"], staff: [["'c'", "'q'", "NULL"]])
    try family.expectQuiet()
  }

  @Test func `law 32: a child that both sides gave another parent goes to the source's`() throws {
    let family = try Family()
    try family.edit(
      .source,
      """
      INSERT INTO {dept} VALUES (1, 'p1'), (2, 'p2'), (3, 'p3');
      INSERT INTO {staff} VALUES (1, 'c', 1, NULL);
      """)
    try family.expectRun(is: .wrote(inserts: 4, in: .target))
    try family.edit(
      .source, "UPDATE {staff} SET {in} = (SELECT {dept.id} FROM {dept} WHERE {title} = 'p2')")
    try family.edit(
      .target, "UPDATE {staff} SET {in} = (SELECT {dept.id} FROM {dept} WHERE {title} = 'p3')")
    let lost = try family.file(.target).rows("SELECT Division FROM Employee")[0][0]
    try family.expectRun(is: .wrote(updates: 1, in: .target, conflicts: 1))
    try family.expectBoth(
      departments: ["'p1'", "'p2'", "'p3'"], staff: [["'c'", "'p2'", "NULL"]])
    let conflicts = try family.scenario.syncline("conflicts", "list", with: ["--json"])
      .lines(ListedConflict.self)
    #expect(conflicts.map(\.kind) == ["bothChanged"])
    #expect(conflicts.map(\.loser) == ["target"])
    #expect(conflicts.map(\.lost) == [["Division": Shown(stringLiteral: lost)]])
    try family.expectQuiet()
  }
}
