import SynclineTesting
import Testing

/// Scenarios 30, 34, 37, 38 and 40 of the laws: records that a side will not take, and empty values.
@Suite struct RefusedRecordTests {
  @Test(arguments: Role.allCases)
  func `law 30: a unique value that another record holds is reported, and others go on`(
    _ role: Role
  ) throws {
    // The side that is written keeps tags unique; the other takes any.
    let world = try World(tag: role == .source ? ("", "UNIQUE") : ("UNIQUE", ""))
    try world.settle(.init("q", "Bob", 1))
    try world.insert(role.other, .init("a", "foreign", 1))
    try world.insert(role, .init("a", "own", 1), .init("b", "next", 1))
    var outcome = Outcome(status: 1, failed: 1)
    outcome[role].inserts = 1
    outcome[role.other].inserts = 1
    try world.expectRun(is: outcome)
    #expect(
      try world.records(role.other)
        == [.init("a", "foreign", 1), .init("b", "next", 1), .init("q", "Bob", 1)])
    #expect(
      try world.records(role) == [
        .init("a", "foreign", 1), .init("a", "own", 1), .init("b", "next", 1),
        .init("q", "Bob", 1),
      ])
    #expect(
      try world.errors() == [
        ListedError(
          object: world.table(role), key: "2", side: role.other.rawValue, code: "unique", count: 1)
      ])

    try world.edit(role, "UPDATE {table} SET {tag} = 'c' WHERE {name} = 'own'")
    try world.expectRun(is: .wrote(inserts: 1, in: role.other))
    #expect(try world.records(.source) == world.records(.target))
    #expect(try world.errors() == [])
    try world.expectQuiet()
  }

  @Test(arguments: [
    ("settings", "conflicts: sauce"), ("task", "    conflicts: sauce\n"),
    ("field", "    relations: {id: {column: ContactNo, task: People, conflicts: sauce}}\n"),
  ])
  func `law 34: an unknown winner is refused with the names there are`(
    _ place: String, _ line: String
  ) throws {
    let world = try World()
    try world.scenario.writePackage(
      tasks: World.tasks(extra: place == "settings" ? "" : line),
      settings: place == "settings" ? line : "")
    try world.insert(.source, .init("r", "Ada", 1))
    let files = try world.files()
    let answer = try world.scenario.run()
    #expect(answer.status == 2)
    let said = answer.output + answer.errors
    for word in ["`source`", "`target`", "`merge`"] { #expect(said.contains(word), "\(said)") }
    #expect(try world.files() == files)
    #expect(try world.records(.target) == [])
  }

  @Test(arguments: Role.allCases)
  func `law 37: of five updates four are applied, and the fifth is reported and tried again`(
    _ role: Role
  ) throws {
    let world = try World()
    let other = role.other
    try world.file(other).execute(
      world.named(
        other,
        """
        CREATE TABLE gate (closed);
        INSERT INTO gate VALUES ('4');
        CREATE TRIGGER refuse BEFORE UPDATE ON {table}
        WHEN NEW.{score} = 2 AND NEW.{tag} IN (SELECT closed FROM gate) BEGIN
          SELECT RAISE(ABORT, 'not this one');
        END;
        """))
    try world.settle(
      .init("1", "a"), .init("2", "b"), .init("3", "c"), .init("4", "d"), .init("5", "e"))
    try world.edit(role, "UPDATE {table} SET {score} = 2")
    var outcome = Outcome(status: 1, failed: 1)
    outcome[other].updates = 4
    try world.expectRun(is: outcome)
    #expect(try world.records(other).map(\.score) == ["2", "2", "2", "1", "2"])
    let key = try world.key(role, tag: "4")
    #expect(try world.errors().map(\.key) == [key])
    #expect(try world.errors().map(\.count) == [1])

    try world.expectQuiet(Outcome(status: 1, failed: 1))
    #expect(try world.errors().map(\.count) == [2])
    try world.file(other).execute("DELETE FROM gate")
    // Tried after two runs now: the first says that it waits, the second brings it.
    try world.expectQuiet(Outcome(status: 1, pending: 1))
    try world.expectRun(is: .wrote(updates: 1, in: other))
    #expect(try world.records(.source) == world.records(.target))
    #expect(try world.errors() == [])
    try world.expectQuiet()
  }

  @Test(arguments: Role.allCases)
  func `law 38: a record that is forbidden does not stop the others`(_ role: Role) throws {
    let world = try World()
    let other = role.other
    try world.settle(.init("1", "a"), .init("2", "b"), .init("3", "c"))
    try world.file(other).execute(
      world.named(
        other,
        """
        CREATE TRIGGER forbid BEFORE UPDATE ON {table} WHEN OLD.{tag} = '1' BEGIN
          SELECT RAISE(ABORT, 'forbidden');
        END;
        """))
    try world.edit(role, "UPDATE {table} SET {score} = 2")
    var outcome = Outcome(status: 1, failed: 1)
    outcome[other].updates = 2
    try world.expectRun(is: outcome)
    #expect(try world.records(other).map(\.score) == ["1", "2", "2"])
    #expect(try world.errors().map(\.key) == ["1"])

    // New content is tried at once.
    try world.edit(role, "UPDATE {table} SET {score} = 3 WHERE {tag} = '1'")
    try world.file(other).execute("DROP TRIGGER forbid")
    try world.expectRun(is: .wrote(updates: 1, in: other))
    #expect(try world.records(other).map(\.score) == ["3", "2", "2"])
    try world.expectQuiet()
  }

  @Test(arguments: Role.allCases, [nil, ""])
  func `law 40: null and empty text are two values, and neither bounces`(
    _ role: Role, _ value: String?
  ) throws {
    let world = try World()
    try world.settle(.init("r", "x", 1))
    try world.edit(role, "UPDATE {table} SET {name} = \(value.map { "'\($0)'" } ?? "NULL")")
    try world.expectRun(is: .wrote(updates: 1, in: role.other))
    try world.expectBoth(.init("r", value, 1))
    try world.expectQuiet()

    try world.insert(role, .init("s", value, 2))
    try world.expectRun(is: .wrote(inserts: 1, in: role.other))
    try world.expectBoth(.init("r", value, 1), .init("s", value, 2))
    try world.expectQuiet()
  }

  @Test(arguments: Role.allCases)
  func `law 40: the default that a side puts for a null travels back, once`(_ role: Role) throws {
    let world = try World(
      name: role == .source ? ("", "NOT NULL DEFAULT 'nobody'") : ("NOT NULL DEFAULT 'nobody'", ""))
    try world.expectRun(is: .silent)
    try world.insert(role, .init("r", nil, 1))
    var outcome = Outcome.wrote(inserts: 1, in: role.other)
    outcome[role].updates = 1
    try world.expectRun(is: outcome)
    try world.expectBoth(.init("r", "nobody", 1))
    #expect(try world.conflicts() == [])
    try world.expectQuiet()
  }
}
