import SynclineTesting
import Testing

/// Two tables on each side, of which one points to the other, and each of which may point to itself;
/// every foreign key is enforced.
struct Family: Sendable {
  let scenario: Scenario

  /// - Parameter settings: further lines of the package.
  init(settings: String = "") throws {
    scenario = try Scenario(
      source: """
        CREATE TABLE dept (id INTEGER PRIMARY KEY, title TEXT);
        CREATE TABLE staff (
          id INTEGER PRIMARY KEY, name TEXT, dept_id INTEGER REFERENCES dept,
          boss_id INTEGER REFERENCES staff);
        \(World.log("dept", key: "id", "title", "title", "title"))
        \(World.log("staff", key: "id", "name", "dept_id", "boss_id"))
        """,
      target: """
        CREATE TABLE "Division" ("DivisionNo" INTEGER PRIMARY KEY, "Label" TEXT);
        CREATE TABLE "Employee" (
          "EmployeeNo" INTEGER PRIMARY KEY, "FullName" TEXT,
          "Division" INTEGER REFERENCES "Division", "ReportsTo" INTEGER REFERENCES "Employee");
        INSERT INTO "Division" VALUES (900, 'gone');
        INSERT INTO "Employee" VALUES (800, 'gone', NULL, NULL);
        DELETE FROM "Division";
        DELETE FROM "Employee";
        \(World.log("Division", key: "DivisionNo", "Label", "Label", "Label"))
        \(World.log("Employee", key: "EmployeeNo", "FullName", "Division", "ReportsTo"))
        """,
      // Children first, so that the file's order is no help.
      tasks: """
          - name: Employees
            source: staff
            target: Employee
            columns: {name: FullName}
            relations:
              dept_id: {column: Division, task: Divisions}
              boss_id: {column: ReportsTo, task: Employees}
          - name: Divisions
            source: dept
            target: Division
            columns: {title: Label}
        """,
      settings: settings)
  }

  func file(_ role: Role) -> SQLiteFile { role == .source ? scenario.source : scenario.target }

  /// Runs SQL with `{dept}`, `{title}`, `{staff}`, `{id}`, `{name}`, `{in}` and `{boss}` replaced.
  /// Foreign keys are enforced, as the owner's application has them.
  func edit(_ role: Role, _ sql: String) throws {
    let names =
      role == .source
      ? ["dept", "id", "title", "staff", "id", "name", "dept_id", "boss_id"]
      : [
        "Division", "DivisionNo", "Label", "Employee", "EmployeeNo", "FullName", "Division",
        "ReportsTo",
      ]
    let places = ["{dept}", "{dept.id}", "{title}", "{staff}", "{id}", "{name}", "{in}", "{boss}"]
    let text = zip(places, names).reduce(sql) { $0.replacing($1.0, with: "\"\($1.1)\"") }
    try file(role).execute("PRAGMA foreign_keys = ON; " + text)
  }

  /// Each member of the staff with the names of department and boss.
  func staff(_ role: Role) throws -> [[String]] {
    try file(role).rows(
      role == .source
        ? """
        SELECT s.name, d.title, b.name FROM staff s LEFT JOIN dept d ON d.id = s.dept_id
        LEFT JOIN staff b ON b.id = s.boss_id ORDER BY s.name
        """
        : """
        SELECT s.FullName, d.Label, b.FullName FROM Employee s
        LEFT JOIN Division d ON d.DivisionNo = s.Division
        LEFT JOIN Employee b ON b.EmployeeNo = s.ReportsTo ORDER BY s.FullName
        """)
  }

  func departments(_ role: Role) throws -> [String] {
    try file(role).rows(
      role == .source
        ? "SELECT title FROM dept ORDER BY title" : "SELECT Label FROM Division ORDER BY Label"
    ).map { $0[0] }
  }

  /// Table and operation of every write, in order.
  func writes(_ role: Role) throws -> [String] {
    try file(role).rows("SELECT tbl, operation FROM write_log ORDER BY number")
      .map { "\($0[0]) \($0[1])".replacing("'", with: "") }
  }

  func expectBoth(
    departments: [String], staff: [[String]], location: SourceLocation = #_sourceLocation
  ) throws {
    for role in Role.allCases {
      #expect(try self.departments(role) == departments, "the \(role)", sourceLocation: location)
      #expect(try self.staff(role) == staff, "the \(role)", sourceLocation: location)
      let broken = try file(role).rows("PRAGMA foreign_key_check")
      #expect(broken == [], "the \(role)", sourceLocation: location)
    }
  }

  func expectRun(is outcome: Outcome, location: SourceLocation = #_sourceLocation) throws {
    let answer = try scenario.run()
    #expect(
      try answer.outcome == outcome, "\(answer.output)\(answer.errors)", sourceLocation: location)
  }

  func expectQuiet(location: SourceLocation = #_sourceLocation) throws {
    let before = try Role.allCases.map { try writes($0) }
    try expectRun(is: .silent, location: location)
    #expect(
      try Role.allCases.map { try writes($0) } == before, "writes of the next run",
      sourceLocation: location)
  }
}
