import Foundation
import SynclineTesting
import Testing

/// Chinook, a database that nobody here made, beside an organisation that has people of its own already.
final class ChinookCloud {
  let sandbox: SandboxProgram
  let database: SQLiteFile
  /// Whether the organisation is the source.
  let isSource: Bool

  init(_ file: String, isSource: Bool) throws {
    self.isSource = isSource
    sandbox = try SandboxProgram(schema: Self.schema)
    database = SQLiteFile(sandbox.folder + "/chinook.db")
    try Data(contentsOf: URL(fileURLWithPath: file)).write(
      to: URL(fileURLWithPath: database.path))
    let nancy = try make(
      "Employee__c",
      #""FirstName__c": "Nancy", "LastName__c": "Edwards", "Title__c": "Head of sales", "#
        + #""Email__c": "nancy@chinookcorp.com""#)
    let nora = try make(
      "Employee__c",
      #""FirstName__c": "Nora", "LastName__c": "Quist", "Title__c": "Clerk", "#
        + #""Email__c": "nora@back.office", "ReportsTo__c": "\#(nancy)""#)
    let olaf = try make(
      "Contact",
      #""FirstName": "Olaf", "LastName": "Berg", "MailingCity": "Bergen", "Phone": "555", "#
        + #""Email": "olaf@berg.no", "SupportRep__c": "\#(nora)""#)
    try make(
      "Invoice__c",
      #""Date__c": "2026-02-03T00:00:00Z", "Country__c": "Norway", "Total__c": 12.5, "#
        + #""Customer__c": "\#(olaf)""#)
    try write(tasks: tasks())
  }

  private static let schema = """
    {"objects": [
      {"name": "Employee__c", "keyPrefix": "a01", "fields": [
        {"name": "FirstName__c", "type": "string", "length": 20, "required": true},
        {"name": "LastName__c", "type": "string", "length": 20, "required": true},
        {"name": "Title__c", "type": "string", "length": 30},
        {"name": "Born__c", "type": "datetime"},
        {"name": "Email__c", "type": "email"},
        {"name": "ReportsTo__c", "type": "reference", "referenceTo": ["Employee__c"]}]},
      {"name": "Contact", "fields": [
        {"name": "Firm__c", "type": "string", "length": 80},
        {"name": "SupportRep__c", "type": "reference", "referenceTo": ["Employee__c"]}]},
      {"name": "Invoice__c", "keyPrefix": "a02", "fields": [
        {"name": "Date__c", "type": "datetime", "required": true},
        {"name": "Country__c", "type": "string", "length": 40},
        {"name": "Total__c", "type": "currency", "precision": 10, "scale": 2, "required": true},
        {"name": "Customer__c", "type": "reference", "referenceTo": ["Contact"],
         "required": true, "onDelete": "cascade"}]}]}
    """

  // MARK: - The package

  /// The tasks; `fax`: whether that field is mapped too.
  func tasks(fax: Bool = false) -> String {
    let customers =
      [
        ("FirstName", "FirstName"), ("LastName", "LastName"), ("Company", "Firm__c"),
        ("City", "MailingCity"), ("Phone", "Phone"), ("Email", "Email"),
      ] + (fax ? [("Fax", "Fax")] : [])
    return task(
      "Employees", "Employee", "Employee__c", match: ("Email", "Email__c"),
      [
        ("FirstName", "FirstName__c"), ("LastName", "LastName__c"), ("Title", "Title__c"),
        ("BirthDate", "Born__c"), ("Email", "Email__c"),
      ], relation: ("ReportsTo", "ReportsTo__c", "Employees"))
      + task(
        "Customers", "Customer", "Contact", match: ("Email", "Email"), customers,
        relation: ("SupportRepId", "SupportRep__c", "Employees"))
      + task(
        "Invoices", "Invoice", "Invoice__c", match: nil,
        [("InvoiceDate", "Date__c"), ("BillingCountry", "Country__c"), ("Total", "Total__c")],
        relation: ("CustomerId", "Customer__c", "Customers"))
  }

  private func task(
    _ name: String, _ table: String, _ object: String, match: (String, String)?,
    _ columns: [(String, String)], relation: (String, String, String)
  ) -> String {
    func pair(_ columns: (String, String)) -> String {
      isSource ? "\(columns.1): \(columns.0)" : "\(columns.0): \(columns.1)"
    }
    let (mine, theirs, task) = relation
    return """
        - name: \(name)
          source: \(isSource ? object : table)
          target: \(isSource ? table : object)
          match: \(match.map { "{\(pair($0))}" } ?? "none")
          columns: {\(columns.map(pair).joined(separator: ", "))}
          relations: {\(isSource ? theirs : mine): {column: \(isSource ? mine : theirs), task: \(task)}}

      """
  }

  var file: String { sandbox.folder + "/chinook.sync.yaml" }

  /// Writes the package; the line `journal:` of an earlier one stays.
  func write(tasks: String) throws {
    let old = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
    let journal = old.split(separator: "\n").first { $0.hasPrefix("journal:") } ?? ""
    let text = """
      source: {connection: \(isSource ? "crm" : "shop")}
      target: {connection: \(isSource ? "shop" : "crm")}
      connections:
        shop: {type: sqlite, file: chinook.db}
        crm:
          type: salesforce
          url: \(sandbox.address)
          clientId: sandbox-client
          clientSecret: env:SYNCLINE_TEST_SECRET
      tasks:
      \(tasks)
      \(journal)

      """
    try text.write(toFile: file, atomically: true, encoding: .utf8)
  }

  /// `syncline COMMAND… package OPTIONS…`
  func syncline(_ command: String..., with options: [String] = []) throws -> Scenario.Answer {
    try Scenario.run(
      Scenario.program, command + ["chinook.sync.yaml"] + options,
      environment: ["SYNCLINE_TEST_SECRET": "sandbox-secret"], in: sandbox.folder)
  }

  /// What a run did, the organisation's side named `cloud` and Chinook's `shop`.
  struct Done: Equatable {
    var status: Int32 = 0
    /// Inserts, updates, deletes.
    var cloud = [0, 0, 0]
    var shop = [0, 0, 0]
    var conflicts = 0
    /// Failed, held and pending.
    var left = 0
  }

  func run(_ options: String...) throws -> Done {
    let answer = try syncline("run", with: options)
    let lines = answer.output.split(separator: "\n")
    func numbers(_ text: Substring?) -> [Int] {
      (text ?? "").split { !$0.isNumber }.compactMap { Int($0) }
    }
    func wrote(_ side: String) -> [Int] {
      let line = lines.first { $0.hasPrefix("  \(side): saw") }
      return numbers(line?.split(separator: ";").last)
    }
    let tail = numbers(lines.first { $0.contains(" conflicts, ") })
    guard tail.count == 4 else {
      Issue.record("no account: \(answer)")
      return Done(status: answer.status)
    }
    return Done(
      status: answer.status, cloud: wrote(isSource ? "source" : "target"),
      shop: wrote(isSource ? "target" : "source"), conflicts: tail[0],
      left: tail[1...].reduce(0, +))
  }

  func expectQuiet(at location: SourceLocation = #_sourceLocation) throws {
    #expect(try run() == Done(), sourceLocation: location)
  }
}
