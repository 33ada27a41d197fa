import SynclineTesting
import Testing

/// A child that a side refuses because of what its parent holds.
@Suite struct FailedChildTests {
  /// The written side takes no staff of a department that is closed.
  private static func family(refusing role: Role) throws -> Family {
    let family = try Family()
    let names =
      role == .source
      ? ["staff", "dept", "id", "dept_id", "title"]
      : ["\"Employee\"", "\"Division\"", "\"DivisionNo\"", "\"Division\"", "\"Label\""]
    for event in ["INSERT", "UPDATE"] {
      try family.file(role).execute(
        """
        CREATE TRIGGER closed_\(event) BEFORE \(event) ON \(names[0])
        WHEN (SELECT \(names[4]) FROM \(names[1]) WHERE \(names[2]) = NEW.\(names[3])) = 'closed'
        BEGIN SELECT RAISE(ABORT, 'the department is closed'); END;
        """)
    }
    return family
  }

  /// The department is closed, and the child was refused in three runs: the next try is four runs away.
  private static func refused(by role: Role, _ edit: String) throws -> Family {
    let family = try family(refusing: role)
    try family.edit(
      role.other,
      """
      INSERT INTO {dept} VALUES (4, 'spare'), (5, 'open'), (6, 'closed');
      INSERT INTO {staff} VALUES (7, 'c', 5, NULL);
      """)
    try family.expectRun(is: .wrote(inserts: 4, in: role))
    try family.edit(role.other, edit)
    let failed = Outcome(status: 1, failed: 1)
    let pending = Outcome(status: 1, pending: 1)
    for outcome in [failed, failed, pending, failed, pending] {
      try family.expectRun(is: outcome)
    }
    return family
  }

  @Test(arguments: Role.allCases, Role.allCases)
  func `a failed update is tried by the very next run when its parent has new content`(
    _ role: Role, _ opener: Role
  ) throws {
    let family = try Self.refused(by: role, "UPDATE {staff} SET {in} = 6")
    try family.edit(opener, "UPDATE {dept} SET {title} = 'reopened' WHERE {title} = 'closed'")
    var outcome = Outcome()
    outcome[role].updates = 1
    outcome[opener.other].updates += 1
    try family.expectRun(is: outcome)
    try family.expectBoth(
      departments: ["'open'", "'reopened'", "'spare'"], staff: [["'c'", "'reopened'", "NULL"]])
    try family.expectQuiet()
  }

  @Test(arguments: Role.allCases, Role.allCases)
  func `a failed insert is tried by the very next run when its parent has new content`(
    _ role: Role, _ opener: Role
  ) throws {
    let family = try Self.refused(by: role, "INSERT INTO {staff} VALUES (8, 'd', 6, NULL)")
    try family.edit(opener, "UPDATE {dept} SET {title} = 'reopened' WHERE {title} = 'closed'")
    var outcome = Outcome()
    outcome[role].inserts = 1
    outcome[opener.other].updates += 1
    try family.expectRun(is: outcome)
    try family.expectBoth(
      departments: ["'open'", "'reopened'", "'spare'"],
      staff: [["'c'", "'open'", "NULL"], ["'d'", "'reopened'", "NULL"]])
    try family.expectQuiet()
  }

  @Test func `new content of another department lets the child wait`() throws {
    let family = try Self.refused(by: .target, "UPDATE {staff} SET {in} = 6")
    try family.edit(.source, "UPDATE {dept} SET {title} = 'other' WHERE {title} = 'spare'")
    var outcome = Outcome(status: 1, pending: 1)
    outcome.target.updates = 1
    try family.expectRun(is: outcome)
  }
}
