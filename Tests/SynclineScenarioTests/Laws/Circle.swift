import SynclineTesting

/// Departments with a head among the staff, and staff with a department, every key enforced.
struct Circle: Sendable {
  let scenario: Scenario

  init() throws {
    scenario = try Scenario(
      source: """
        CREATE TABLE dept (id INTEGER PRIMARY KEY, title TEXT, head_id INTEGER REFERENCES staff);
        CREATE TABLE staff (id INTEGER PRIMARY KEY, name TEXT, dept_id INTEGER REFERENCES dept);
        """,
      target: """
        CREATE TABLE "Division" (
          "DivisionNo" INTEGER PRIMARY KEY, "Label" TEXT, "Head" INTEGER REFERENCES "Employee");
        CREATE TABLE "Employee" (
          "EmployeeNo" INTEGER PRIMARY KEY, "FullName" TEXT,
          "Division" INTEGER REFERENCES "Division");
        """,
      tasks: """
          - name: Employees
            source: staff
            target: Employee
            columns: {name: FullName}
            relations: {dept_id: {column: Division, task: Divisions}}
          - name: Divisions
            source: dept
            target: Division
            columns: {title: Label}
            relations: {head_id: {column: Head, task: Employees}}
        """)
  }

  func file(_ role: Role) -> SQLiteFile { role == .source ? scenario.source : scenario.target }

  func edit(_ role: Role, _ sql: String) throws {
    let names =
      role == .source
      ? ["dept", "head_id", "staff"] : ["Division", "Head", "Employee"]
    let text = zip(["{dept}", "{head}", "{staff}"], names).reduce(sql) {
      $0.replacing($1.0, with: "\"\($1.1)\"")
    }
    try file(role).execute("PRAGMA foreign_keys = ON; " + text)
  }

  func pairs(_ role: Role) throws -> [[String]] {
    try file(role).rows(
      role == .source
        ? """
        SELECT d.title, h.name, i.title FROM dept d JOIN staff h ON h.id = d.head_id
        JOIN dept i ON i.id = h.dept_id
        """
        : """
        SELECT d.Label, h.FullName, i.Label FROM Division d
        JOIN Employee h ON h.EmployeeNo = d.Head JOIN Division i ON i.DivisionNo = h.Division
        """)
  }
}
