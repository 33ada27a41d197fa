import SynclineTesting
import Testing

/// Circles of more than two records, and parents that a side refuses.
@Suite struct LongCircleTests {
  private static let circle = [
    ["'e1'", "NULL", "'e3'"], ["'e2'", "NULL", "'e1'"], ["'e3'", "NULL", "'e2'"],
  ]

  private static func circle(_ role: Role) throws -> Family {
    let family = try Family()
    try family.edit(
      role,
      """
      INSERT INTO {staff} VALUES (11, 'e1', NULL, NULL), (12, 'e2', NULL, 11), (13, 'e3', NULL, 12);
      UPDATE {staff} SET {boss} = 13 WHERE {id} = 11;
      """)
    #expect(try family.scenario.run().outcome.status == 0)
    try family.expectBoth(departments: [], staff: circle)
    try family.expectQuiet()
    return family
  }

  @Test(arguments: Role.allCases)
  func `law 33: a circle of three is inserted and deleted`(_ role: Role) throws {
    let family = try Self.circle(role)
    try family.edit(role.other, "UPDATE {staff} SET {boss} = NULL; DELETE FROM {staff}")
    let answer = try family.scenario.run()
    #expect(try answer.outcome.status == 0, "\(answer.output)\(answer.errors)")
    #expect(try answer.outcome.conflicts == 0)
    try family.expectBoth(departments: [], staff: [])
    try family.expectQuiet()
  }

  @Test(arguments: Role.allCases)
  func `law 33: of a circle of three one is deleted, the others stay without it`(_ role: Role)
    throws
  {
    let family = try Self.circle(role)
    try family.edit(
      role,
      "UPDATE {staff} SET {boss} = NULL WHERE {name} = 'e3'; DELETE FROM {staff} WHERE {name} = 'e2'"
    )
    try family.expectRun(is: .wrote(updates: 1, deletes: 1, in: role.other))
    try family.expectBoth(
      departments: [], staff: [["'e1'", "NULL", "'e3'"], ["'e3'", "NULL", "NULL"]])
    try family.expectQuiet()
  }

  @Test func `law 33: an edit in a circle that the other side deleted brings all of it back`()
    throws
  {
    let family = try Self.circle(.source)
    try family.edit(.target, "UPDATE {staff} SET {boss} = NULL; DELETE FROM {staff}")
    try family.edit(.source, "UPDATE {staff} SET {name} = 'e0' WHERE {name} = 'e3'")
    let answer = try family.scenario.run()
    #expect(try answer.outcome.status == 0, "\(answer.output)\(answer.errors)")
    try family.expectBoth(
      departments: [],
      staff: [["'e0'", "NULL", "'e2'"], ["'e1'", "NULL", "'e0'"], ["'e2'", "NULL", "'e1'"]])
    try family.expectQuiet()
  }

  @Test(arguments: Role.allCases)
  func `a child whose parent is refused waits, and goes by itself with the parent`(_ role: Role)
    throws
  {
    let family = try Family()
    let (table, column) = role == .source ? ("\"Division\"", "\"Label\"") : ("dept", "title")
    try family.file(role.other).execute(
      """
      CREATE TRIGGER refuse BEFORE INSERT ON \(table) WHEN NEW.\(column) = 'p' BEGIN
        SELECT RAISE(ABORT, 'not this one');
      END;
      """)
    try family.edit(
      role,
      """
      INSERT INTO {dept} VALUES (5, 'p'), (6, 'q');
      INSERT INTO {staff} VALUES (7, 'c', 5, NULL), (8, 'd', 6, 7), (9, 'e', 6, NULL);
      """)
    // `e` goes at once, and `d` without its boss, who is set afterwards.
    let outcome = try family.scenario.run().outcome
    #expect(outcome.status == 1)
    #expect(outcome.failed == 1)
    #expect(outcome.pending == 1)
    #expect(outcome[role.other] == .init(inserts: 3))
    #expect(try family.staff(role.other) == [["'d'", "'q'", "NULL"], ["'e'", "'q'", "NULL"]])

    try family.file(role.other).execute("DROP TRIGGER refuse")
    #expect(try family.scenario.run().outcome.status == 0)
    try family.expectBoth(
      departments: ["'p'", "'q'"],
      staff: [["'c'", "'p'", "NULL"], ["'d'", "'q'", "'c'"], ["'e'", "'q'", "NULL"]])
    try family.expectQuiet()
  }

  @Test(arguments: Role.allCases)
  func `more children than a batch come back with their parent`(_ winner: Role) throws {
    let family = try Family(settings: "conflicts: \(winner)")
    try family.edit(
      winner,
      """
      INSERT INTO {dept} VALUES (5, 'p');
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1100)
      INSERT INTO {staff} SELECT i, 'c' || i, 5, NULL FROM n;
      """)
    try family.expectRun(is: .wrote(inserts: 1101, in: winner.other))
    try family.edit(
      winner.other,
      "DELETE FROM {staff} WHERE {name} <> 'c9'; DELETE FROM {staff}; DELETE FROM {dept}")
    try family.edit(winner, "INSERT INTO {staff} VALUES (5000, 'new', 5, NULL)")
    let answer = try family.scenario.syncline(
      "run",
      with: [
        "--json", "--allow", "deletes=2000", "--allow", "emptied=staff", "--allow",
        "emptied=Employee", "--allow", "emptied=dept", "--allow", "emptied=Division",
      ])
    #expect(try answer.outcome.status == 0, "\(answer.output)\(answer.errors)")
    for role in Role.allCases { #expect(try family.staff(role).count == 1101, "the \(role)") }
    try family.expectQuiet()
  }
}
