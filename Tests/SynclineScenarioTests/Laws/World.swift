import SynclineTesting
import Testing

/// People on one side, contacts on the other: two tables of different names and columns, each with a
/// log of every write that anybody does to them.
struct World: Sendable {
  let scenario: Scenario

  /// One record, the way both sides see it.
  struct Record: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// As SQLite would quote them.
    var tag: String
    var name: String
    var score: String

    init(_ tag: String?, _ name: String?, _ score: Int? = 1) {
      self.tag = tag.map { "'\($0)'" } ?? "NULL"
      self.name = name.map { "'\($0)'" } ?? "NULL"
      self.score = score.map(String.init) ?? "NULL"
    }

    init(row: [String]) {
      tag = row[0]
      name = row[1]
      score = row[2]
    }

    var description: String { "(\(tag), \(name), \(score))" }

    static func < (first: Self, second: Self) -> Bool {
      (first.tag, first.name, first.score) < (second.tag, second.name, second.score)
    }
  }

  /// - Parameters:
  ///   - tag, name: constraints of these columns, by side.
  ///   - match: whether records are matched by their tag.
  init(
    match: String? = nil, tag: (source: String, target: String) = ("", ""),
    name: (source: String, target: String) = ("", ""), extra: String = "", settings: String = "",
    busyTimeout: String = "2 seconds"
  ) throws {
    scenario = try Scenario(
      source: """
        CREATE TABLE person (
          id INTEGER PRIMARY KEY, tag TEXT \(tag.source), name TEXT \(name.source), score INTEGER);
        \(Self.log("person", key: "id", "tag", "name", "score"))
        """,
      target: """
        CREATE TABLE "Contact" (
          "ContactNo" INTEGER PRIMARY KEY, "Ref" TEXT \(tag.target),
          "FullName" TEXT \(name.target), "Points" INTEGER);
        \(Self.log("Contact", key: "ContactNo", "Ref", "FullName", "Points"))
        """,
      tasks: Self.tasks(match: match, extra: extra), settings: settings, busyTimeout: busyTimeout)
  }

  static func tasks(
    match: String? = nil, columns: String = "{tag: Ref, name: FullName, score: Points}",
    extra: String = ""
  ) -> String {
    """
      - name: People
        source: person
        target: Contact
        columns: \(columns)
    \(match.map { "    match: \($0)\n" } ?? "")\(extra)
    """
  }

  /// Triggers that log every write to a table.
  static func log(_ table: String, key: String, _ columns: String...) -> String {
    func values(_ row: String) -> String {
      ([key] + columns).map { "\(row).\"\($0)\"" }.joined(separator: ", ")
    }
    return """
      CREATE TABLE IF NOT EXISTS write_log (
        number INTEGER PRIMARY KEY, tbl, operation, key, first, second, third);
      CREATE TRIGGER \(table)_log_i AFTER INSERT ON "\(table)" BEGIN
        INSERT INTO write_log VALUES (NULL, '\(table)', 'insert', \(values("NEW")));
      END;
      CREATE TRIGGER \(table)_log_u AFTER UPDATE ON "\(table)" BEGIN
        INSERT INTO write_log VALUES (NULL, '\(table)', 'update', \(values("NEW")));
      END;
      CREATE TRIGGER \(table)_log_d AFTER DELETE ON "\(table)" BEGIN
        INSERT INTO write_log VALUES (NULL, '\(table)', 'delete', \(values("OLD")));
      END;
      """
  }

  // MARK: The owner's applications

  func file(_ role: Role) -> SQLiteFile { role == .source ? scenario.source : scenario.target }

  func table(_ role: Role) -> String { role == .source ? "person" : "Contact" }

  /// The columns key, tag, name and score.
  func columns(_ role: Role) -> [String] {
    role == .source
      ? ["id", "tag", "name", "score"] : ["ContactNo", "Ref", "FullName", "Points"]
  }

  /// Runs SQL on a side, with `{table}`, `{key}`, `{tag}`, `{name}` and `{score}` replaced by names.
  func edit(_ role: Role, _ sql: String) throws {
    try file(role).execute(named(role, sql))
  }

  func insert(_ role: Role, _ records: Record...) throws {
    for record in records {
      try edit(
        role,
        "INSERT INTO {table} ({tag}, {name}, {score}) "
          + "VALUES (\(record.tag), \(record.name), \(record.score))")
    }
  }

  func named(_ role: Role, _ sql: String) -> String {
    let columns = columns(role)
    return zip(
      ["{table}", "{key}", "{tag}", "{name}", "{score}"], [table(role)] + columns
    ).reduce(sql) { $0.replacing($1.0, with: "\"\($1.1)\"") }
  }

  // MARK: What the sides hold

  func records(_ role: Role) throws -> [Record] {
    try file(role).rows(named(role, "SELECT {tag}, {name}, {score} FROM {table}"))
      .map(Record.init(row:)).sorted()
  }

  func key(_ role: Role, tag: String) throws -> String {
    try file(role).rows(named(role, "SELECT {key} FROM {table} WHERE {tag} = '\(tag)'"))
      .first?.first ?? "none"
  }

  /// Everything that was written to a side's tables so far, by anybody.
  func writes(_ role: Role) throws -> [[String]] {
    try file(role).rows(
      "SELECT tbl, operation, key, first, second, third FROM write_log ORDER BY number")
  }

  /// How many entries wait in the queues of a side.
  func queued(_ role: Role) throws -> Int {
    let file = file(role)
    let names = try file.rows(
      "SELECT name FROM sqlite_master WHERE name LIKE 'syncline\\_%\\_queue' ESCAPE '\\'")
    return try names.reduce(0) { sum, row in
      let name = row[0].dropFirst().dropLast()
      return sum + (Int(try file.rows("SELECT count(*) FROM \"\(name)\"")[0][0]) ?? 0)
    }
  }

  // MARK: Running

  @discardableResult
  func run(_ options: String...) throws -> Outcome {
    try Scenario.run(
      Scenario.program, ["run", scenario.package, "--json"] + options, in: scenario.folder
    ).outcome
  }

  /// Both sides hold these records and no others.
  func expectBoth(_ records: Record..., location: SourceLocation = #_sourceLocation) throws {
    for role in Role.allCases {
      #expect(
        try self.records(role) == records.sorted(), "the \(role)", sourceLocation: location)
    }
  }

  /// A run ends as told.
  func expectRun(
    _ options: String..., is outcome: Outcome, location: SourceLocation = #_sourceLocation
  ) throws {
    let answer = try Scenario.run(
      Scenario.program, ["run", scenario.package, "--json"] + options, in: scenario.folder)
    #expect(
      try answer.outcome == outcome, "\(answer.output)\(answer.errors)", sourceLocation: location)
  }

  /// The next run is quiet: no command, no write that the sides themselves would count, empty queues.
  func expectQuiet(
    _ outcome: Outcome = .silent, location: SourceLocation = #_sourceLocation
  ) throws {
    let before = try Role.allCases.map { try writes($0) }
    let answer = try scenario.run()
    #expect(
      try answer.outcome == outcome, "the next run: \(answer.output)\(answer.errors)",
      sourceLocation: location)
    #expect(
      try Role.allCases.map { try writes($0) } == before, "writes of the next run",
      sourceLocation: location)
    #expect(
      try Role.allCases.map { try queued($0) } == [0, 0], "queues", sourceLocation: location)
  }

  /// Both sides hold the records after a settled run.
  func settle(_ records: Record..., location: SourceLocation = #_sourceLocation) throws {
    for record in records { try insert(.source, record) }
    try expectRun(
      is: .wrote(inserts: records.count, in: .target), location: location)
    let both = records.sorted()
    #expect(
      try Role.allCases.map { try self.records($0) } == [both, both], sourceLocation: location)
  }

  // MARK: What the program lists

  func conflicts() throws -> [ListedConflict] {
    try scenario.syncline("conflicts", "list", with: ["--json"]).lines(ListedConflict.self)
  }

  func errors() throws -> [ListedError] {
    try scenario.syncline("errors", with: ["--json"]).lines(ListedError.self)
  }

  func status() throws -> [ListedStatus] {
    try scenario.syncline("status", with: ["--json"]).lines(ListedStatus.self)
  }

  func history(_ role: Role, _ key: String) throws -> [ListedEvent] {
    try scenario.syncline(
      "history", with: [table(role), key, "--json"]
    ).lines(ListedEvent.self)
  }
}
