import Foundation
import SynclineTesting
import Testing

/// A database and an organisation with the same records under other names. The program runs as itself;
/// each side counts what is written to it.
final class CloudWorld {
  let sandbox: SandboxProgram
  let database: SQLiteFile
  /// The part that the organisation has.
  let cloud: Role
  let settings: Settings

  struct Settings {
    /// Whether records are matched by their tags.
    var isMatched = false
    /// Whether records have bosses and people.
    var isFamily = false
    /// Constraints of the column Tag, members of the field Tag__c.
    var tag = (column: "", field: "")
    /// Further lines of the package.
    var package = ""
    /// Further members of the schema file.
    var schema = ""
    /// Further SQL.
    var sql = ""
    /// Options of the sandbox.
    var options: [String] = []
  }

  init(cloud: Role, _ settings: Settings = Settings()) throws {
    self.cloud = cloud
    self.settings = settings
    sandbox = try SandboxProgram(
      schema: """
        {"objects": [{"name": "Account", "fields": [
          {"name": "Tag__c", "type": "string", "length": 40\(settings.tag.field)}]}]\(settings.schema)}
        """, options: settings.options)
    database = SQLiteFile(sandbox.folder + "/shop.db")
    try database.execute(
      """
      CREATE TABLE write_log (number INTEGER PRIMARY KEY, what);
      CREATE TABLE Customer (
        Id INTEGER PRIMARY KEY, Tag TEXT \(settings.tag.column), Company TEXT, Score INTEGER,
        Boss INTEGER REFERENCES Customer (Id));
      CREATE TABLE Person (
        Id INTEGER PRIMARY KEY, Family TEXT, Firm INTEGER REFERENCES Customer (Id));
      \(["Customer", "Person"].map(Self.log).joined())
      \(settings.sql)
      """)
    try writePackage()
  }

  /// A copy of both sides, the package and its journal as they stand.
  init(copyOf other: CloudWorld) throws {
    cloud = other.cloud
    settings = other.settings
    sandbox = try SandboxProgram(copyOf: other.sandbox)
    database = SQLiteFile(sandbox.folder + "/shop.db")
    try writePackage()
  }

  private static func log(_ table: String) -> String {
    ["INSERT", "UPDATE", "DELETE"].map { act in
      "CREATE TRIGGER \(table)_log_\(act) AFTER \(act) ON \(table) BEGIN "
        + "INSERT INTO write_log (what) VALUES ('\(act) \(table)'); END;\n"
    }.joined()
  }

  // MARK: The package

  var package: String { sandbox.folder + "/shop.sync.yaml" }

  /// Writes the package anew; the line `journal:` of an earlier one stays.
  func writePackage(url: String? = nil, settings line: String? = nil) throws {
    let old = (try? String(contentsOfFile: package, encoding: .utf8)) ?? ""
    let journal = old.split(separator: "\n").first { $0.hasPrefix("journal:") } ?? ""
    let text = """
      source: {connection: \(cloud == .source ? "crm" : "shop")}
      target: {connection: \(cloud == .source ? "shop" : "crm")}
      connections:
        shop: {type: sqlite, file: shop.db, busyTimeout: 60 seconds}
        crm: {type: salesforce, url: '\(url ?? sandbox.address)', clientId: sandbox-client, \
      clientSecret: env:SYNCLINE_TEST_SECRET}
      \(line ?? settings.package)
      tasks:
      \(task("Customers", "Customer", "Account", [("Company", "Name"), ("Score", "NumberOfEmployees")]))
      \(settings.isFamily ? task("People", "Person", "Contact", [("Family", "LastName")]) : "")
      \(journal)

      """
    try text.write(toFile: package, atomically: true, encoding: .utf8)
  }

  private func task(
    _ name: String, _ table: String, _ object: String, _ columns: [(String, String)]
  ) -> String {
    func pair(_ column: String, _ field: String) -> String {
      cloud == .source ? "\(field): \(column)" : "\(column): \(field)"
    }
    let isCustomers = table == "Customer"
    let (key, parent) = isCustomers ? ("Boss", "ParentId") : ("Firm", "AccountId")
    let relation =
      "{\(cloud == .source ? parent : key): {column: \(cloud == .source ? key : parent), task: Customers}}"
    let all = columns + (isCustomers ? [("Tag", "Tag__c")] : [])
    return """
        - name: \(name)
          source: \(cloud == .source ? object : table)
          target: \(cloud == .source ? table : object)
          match: \(settings.isMatched && isCustomers ? "{\(pair("Tag", "Tag__c"))}" : "none")
          columns: {\(all.map(pair).joined(separator: ", "))}
      \(settings.isFamily ? "    relations: \(relation)" : "")
      """
  }

  // MARK: Running

  /// `syncline COMMAND package OPTIONS`.
  func call(
    _ command: [String], _ options: [String] = [], crash: String = ""
  ) throws -> Scenario.Answer {
    try start(command, options, crash: crash).finish()
  }

  /// The same, and does not wait for its end.
  func start(
    _ command: [String], _ options: [String] = [], crash: String = ""
  ) throws -> RunningProgram {
    try RunningProgram(
      Scenario.program, command + ["shop.sync.yaml"] + options,
      environment: ["SYNCLINE_TEST_SECRET": "sandbox-secret", "SYNCLINE_CRASH": crash],
      in: sandbox.folder)
  }

  @discardableResult
  func run(_ options: String..., crash: String = "") throws -> Scenario.Answer {
    try call(["run"], ["--json"] + options, crash: crash)
  }

  /// So much time passes for the organisation.
  func pass(_ seconds: Int) throws { try sandbox.fault("clock=\(seconds)") }

  // MARK: What the sides hold

  /// The records and people of a side, such as `r Ada 1`, `r Ada 1 < q` and `Pat @ r`.
  func contents(_ role: Role) throws -> [String] {
    try (role == cloud ? sandbox.cards() : databaseContents()).sorted()
  }

  private func databaseContents() throws -> [String] {
    func plain(_ value: String) -> String {
      value == "NULL" ? "-" : value == "''" ? value : value.replacing("'", with: "")
    }
    let records = try database.rows(
      "SELECT c.Tag, c.Company, c.Score, b.Tag FROM Customer c LEFT JOIN Customer b ON b.Id = c.Boss"
    ).map { row in
      row[..<3].map(plain).joined(separator: " ")
        + (row[3] == "NULL" ? "" : " < " + plain(row[3]))
    }
    let people = try database.rows(
      "SELECT p.Family, c.Tag FROM Person p LEFT JOIN Customer c ON c.Id = p.Firm"
    ).map { "\(plain($0[0])) @ \(plain($0[1]))" }
    return records + people
  }

  /// How much was written to each side so far, by anybody, as the sides count it: the database and the
  /// organisation.
  func writes() throws -> [Int] {
    [try database.rows("SELECT 1 FROM write_log").count, try sandbox.changes]
  }

  /// The id of a record of the organisation.
  func key(_ object: String, _ word: String) throws -> String { try sandbox.key(object, word) }
}
