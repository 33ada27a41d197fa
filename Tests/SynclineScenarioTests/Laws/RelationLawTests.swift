import Foundation
import SynclineTesting
import Testing

/// Scenarios 31 to 33 of the laws: parents, children, circles.
@Suite struct RelationLawTests {
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

  @Test(arguments: Role.allCases)
  func `law 33: two that are each other's boss are inserted, then pointed at one another`(
    _ role: Role
  ) throws {
    let family = try Family()
    try family.edit(
      role,
      """
      INSERT INTO {staff} VALUES (11, 'e1', NULL, NULL), (12, 'e2', NULL, 11);
      UPDATE {staff} SET {boss} = 12 WHERE {id} = 11;
      """)
    let answer = try family.scenario.run()
    let outcome = try answer.outcome
    #expect(outcome.status == 0 && outcome[role] == .init(), "\(answer.output)\(answer.errors)")
    #expect(outcome[role.other].inserts == 2)
    try family.expectBoth(
      departments: [], staff: [["'e1'", "NULL", "'e2'"], ["'e2'", "NULL", "'e1'"]])
    try family.expectQuiet()
  }

  @Test(arguments: Role.allCases)
  func `law 33: a record that points at itself does so on the other side`(_ role: Role) throws {
    let family = try Family()
    try family.edit(role, "INSERT INTO {staff} VALUES (11, 'e1', NULL, 11)")
    var expected = Outcome.wrote(inserts: 1, updates: 1, in: role.other)
    expected.status = 0
    try family.expectRun(is: expected)
    try family.expectBoth(departments: [], staff: [["'e1'", "NULL", "'e1'"]])
    try family.expectQuiet()

    try family.edit(role.other, "UPDATE {staff} SET {boss} = NULL")
    try family.expectRun(is: .wrote(updates: 1, in: role))
    try family.expectBoth(departments: [], staff: [["'e1'", "NULL", "NULL"]])
    try family.expectQuiet()
  }
}
