import Foundation
import SynclineTesting
import Testing

/// Scenario 33 of the laws: records that point to themselves or to one another.
@Suite struct CircleTests {
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

  @Test(arguments: Role.allCases)
  func `law 33: a circle through two tables is inserted and pointed at one another`(_ role: Role)
    throws
  {
    let circle = try Circle()
    try circle.edit(
      role,
      """
      INSERT INTO {dept} VALUES (5, 'd', NULL);
      INSERT INTO {staff} VALUES (7, 's', 5);
      UPDATE {dept} SET {head} = 7;
      """)
    let outcome = try circle.scenario.run().outcome
    #expect(outcome.status == 0)
    #expect(outcome[role.other].inserts == 2)
    for role in Role.allCases {
      #expect(try circle.pairs(role) == [["'d'", "'s'", "'d'"]], "the \(role)")
    }
    #expect(try circle.scenario.run().outcome == .silent)

    try circle.edit(
      role, "UPDATE {dept} SET {head} = NULL; DELETE FROM {staff}; DELETE FROM {dept}")
    let answer = try circle.scenario.run()
    #expect(try answer.outcome.status == 0, "\(answer.output)\(answer.errors)")
    #expect(try answer.outcome.conflicts == 0)
    for role in Role.allCases { #expect(try circle.pairs(role) == [], "the \(role)") }
    #expect(try circle.scenario.run().outcome == .silent)
  }

  @Test(arguments: Role.allCases)
  func `law 33: a circle that is deleted goes on the other side, too`(_ role: Role) throws {
    let family = try Family()
    try family.edit(
      role,
      """
      INSERT INTO {staff} VALUES (11, 'e1', NULL, NULL), (12, 'e2', NULL, 11);
      UPDATE {staff} SET {boss} = 12 WHERE {id} = 11;
      """)
    #expect(try family.scenario.run().status == 0)
    #expect(try family.scenario.run().outcome == .silent)
    try family.edit(role, "UPDATE {staff} SET {boss} = NULL; DELETE FROM {staff};")
    let answer = try family.scenario.run()
    #expect(try answer.outcome.status == 0, "\(answer.output)\(answer.errors)")
    #expect(try answer.outcome.conflicts == 0)
    try family.expectBoth(departments: [], staff: [])
    try family.expectQuiet()
  }

  @Test(arguments: Role.allCases)
  func `law 33: a circle that is deleted comes back on record where a child below it is claimed`(
    _ winner: Role
  ) throws {
    let family = try Family(settings: "conflicts: \(winner)")
    try family.edit(
      .source,
      """
      INSERT INTO {staff} VALUES (11, 'e1', NULL, NULL), (12, 'e2', NULL, 11), (13, 'c', NULL, 12);
      UPDATE {staff} SET {boss} = 12 WHERE {id} = 11;
      """)
    #expect(try family.scenario.run().status == 0)
    #expect(try family.scenario.run().outcome == .silent)
    try family.edit(winner.other, "UPDATE {staff} SET {boss} = NULL; DELETE FROM {staff};")
    try family.edit(winner, "UPDATE {staff} SET {name} = 'd' WHERE {name} = 'c'")
    let answer = try family.scenario.run()
    #expect(try answer.outcome.status == 0, "\(answer.output)\(answer.errors)")
    // The child's delete, and those of the two that point to one another: nothing above explains them.
    #expect(try answer.outcome.conflicts == 3)
    try family.expectBoth(
      departments: [],
      staff: [["'d'", "NULL", "'e2'"], ["'e1'", "NULL", "'e2'"], ["'e2'", "NULL", "'e1'"]])
    try family.expectQuiet()
  }

  @Test(arguments: Role.allCases)
  func `law 33: a record that points at itself goes on the other side, too`(_ role: Role) throws {
    let family = try Family()
    try family.edit(role, "INSERT INTO {staff} VALUES (11, 'e1', NULL, 11)")
    #expect(try family.scenario.run().status == 0)
    try family.edit(role, "DELETE FROM {staff};")
    let answer = try family.scenario.run()
    #expect(try answer.outcome.status == 0, "\(answer.output)\(answer.errors)")
    try family.expectBoth(departments: [], staff: [])
    try family.expectQuiet()
  }

  @Test(arguments: Role.allCases)
  func `law 18: the plan counts what the run does, with parents, children and circles`(
    _ role: Role
  ) throws {
    let family = try Family()
    try family.edit(
      role,
      """
      INSERT INTO {dept} VALUES (5, 'p');
      INSERT INTO {staff} VALUES (7, 'c', 5, NULL), (11, 'e1', 5, NULL), (12, 'e2', NULL, 11);
      UPDATE {staff} SET {boss} = 12 WHERE {id} = 11;
      """)
    let made = try family.scenario.syncline("plan", with: ["--json"]).outcome
    try family.expectRun(is: made)
    try family.expectQuiet()

    try family.edit(
      role, "UPDATE {staff} SET {boss} = NULL; DELETE FROM {staff}; DELETE FROM {dept}")
    let deleted = try family.scenario.syncline("plan", with: ["--json"]).outcome
    try family.expectRun(is: deleted)
    try family.expectBoth(departments: [], staff: [])
    try family.expectQuiet()
  }
}
