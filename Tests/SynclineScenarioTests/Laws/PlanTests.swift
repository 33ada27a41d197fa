import Foundation
import SynclineTesting
import Testing

/// Scenario 18 of the laws: a plan says what the run then does, and changes nothing.
@Suite struct PlanTests {
  /// What scenarios 1 to 11 leave to be done, all at once.
  private static func pending() throws -> World {
    let world = try World(match: "{tag: Ref}")
    try world.settle(
      .init("03", "x"), .init("04", "x"), .init("05", "x"), .init("06", "x"), .init("07", "x"),
      .init("08", "x"), .init("09", "x"), .init("10", "x"), .init("12", "x"))
    try world.edit(
      .source,
      """
      INSERT INTO {table} ({tag}, {name}, {score}) VALUES ('01', 'new', 1), ('11', 'both', 1);
      UPDATE {table} SET {score} = 2 WHERE {tag} IN ('03', '08', '09');
      UPDATE {table} SET {score} = {score} WHERE {tag} = '10';
      DELETE FROM {table} WHERE {tag} IN ('05', '07', '12');
      """)
    try world.edit(
      .target,
      """
      INSERT INTO {table} ({tag}, {name}, {score}) VALUES ('02', 'new', 1), ('11', 'both', 1);
      UPDATE {table} SET {score} = 3 WHERE {tag} IN ('04', '08', '10', '12');
      DELETE FROM {table} WHERE {tag} IN ('06', '07', '09');
      """)
    return world
  }

  @Test func `law 18: a plan prints what the run then does, and changes nothing`() throws {
    let world = try Self.pending()
    let databases = try Role.allCases.map { try world.bytes($0) }
    let journal = try world.journalBytes()
    let package = try Data(contentsOf: URL(filePath: world.scenario.package))

    let answer = try world.scenario.syncline("plan", with: ["--json"])
    let plan = try answer.plannedCommands
    #expect(try answer.report.state == "Succeeded")
    #expect(try Role.allCases.map { try world.bytes($0) } == databases)
    #expect(try world.journalBytes() == journal)
    #expect(try Data(contentsOf: URL(filePath: world.scenario.package)) == package)
    #expect(try world.scenario.syncline("plan", with: ["--json"]) == answer)

    let before = try Role.allCases.map { try world.writes($0).count }
    let run = try world.scenario.run()
    #expect(try run.outcome == answer.outcome)
    var expected = Outcome(conflicts: 3)
    expected.source = .init(inserts: 1, updates: 2, deletes: 1)
    expected.target = .init(inserts: 2, updates: 2, deletes: 2)
    #expect(try run.outcome == expected, "\(run.output)\(run.errors)")
    for (role, count) in zip(Role.allCases, before) {
      let written = try world.writes(role).dropFirst(count).map { row in
        world.command(role, operation: row[1], key: row[2], Array(row[3...]))
      }
      let planned = plan.filter { $0.side == role.rawValue }
      #expect(
        Set(written.map(\.described)) == Set(planned.map { world.completed($0, role).described }),
        "the \(role)")
      #expect(written.count == planned.count)
    }
    try world.expectBoth(
      .init("01", "new"), .init("02", "new"), .init("03", "x", 2), .init("04", "x", 3),
      .init("08", "x", 2), .init("09", "x", 2), .init("10", "x", 3), .init("11", "both"))
    try world.expectQuiet()
  }

  @Test func `law 18: the plan of a package that never ran leaves no trace`() throws {
    let world = try World()
    try world.insert(.source, .init("r", "Ada", 1))
    try world.insert(.target, .init("s", "Bob", 2))
    let databases = try Role.allCases.map { try world.bytes($0) }
    let files = try world.files()

    let answer = try world.scenario.syncline("plan", with: ["--json"])
    #expect(
      try Set(answer.plannedCommands) == [
        PlannedCommand(
          side: "target", object: "Contact", operation: "insert", key: nil,
          row: ["Ref": "'r'", "FullName": "'Ada'", "Points": "1"]),
        PlannedCommand(
          side: "source", object: "person", operation: "insert", key: nil,
          row: ["tag": "'s'", "name": "'Bob'", "score": "2"]),
      ])
    #expect(try Role.allCases.map { try world.bytes($0) } == databases)
    #expect(try world.files() == files)
    try world.expectRun(is: try answer.outcome)
    try world.expectQuiet()
  }
}

extension Scenario.Answer {
  /// The commands that `plan --json` prints; the last line is the report.
  var plannedCommands: [PlannedCommand] {
    get throws {
      try output.split(separator: "\n").dropLast().map {
        try JSONDecoder().decode(PlannedCommand.self, from: Data($0.utf8))
      }
    }
  }
}

extension PlannedCommand {
  /// As one line, to be compared with what was written.
  var described: String {
    let values = row.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    return "\(operation) \(key ?? "new") \(values.joined(separator: ", "))"
  }
}

extension World {
  /// The events and the state of the journal, byte by byte.
  func journalBytes() throws -> Data {
    try Data(contentsOf: URL(filePath: scenario.folder + "/.syncline/shop/data.mdb"))
  }

  /// Every file and folder below the package's folder.
  func files() throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: scenario.folder).sorted()
  }

  /// What the log says was written, as a plan says it: of a delete only the key.
  func command(
    _ role: Role, operation: String, key: String, _ values: [String]
  ) -> PlannedCommand {
    let operation = operation.trimmingCharacters(in: ["'"])
    let columns = columns(role).dropFirst()
    let row = zip(columns, values).map { ($0, Shown(stringLiteral: $1)) }
    return PlannedCommand(
      side: role.rawValue, object: table(role), operation: operation,
      key: operation == "insert" ? nil : key,
      row: operation == "delete" ? [:] : Dictionary(uniqueKeysWithValues: row))
  }

  /// A planned command with every column, those that it does not carry as the side holds them now.
  func completed(_ planned: PlannedCommand, _ role: Role) -> PlannedCommand {
    guard planned.operation == "update", let key = planned.key,
      let held = try? file(role).rows(
        named(role, "SELECT {tag}, {name}, {score} FROM {table} WHERE {key} = \(key)")
      ).first
    else { return planned }
    var completed = planned
    for (column, value) in zip(columns(role).dropFirst(), held)
    where completed.row[column] == nil {
      completed.row[column] = Shown(stringLiteral: value)
    }
    return completed
  }
}
