import Foundation
import SynclineTesting

/// The fixture of these scenarios: accounts with contacts (source) against companies with persons
/// (target), other names, other types, the same people. Each database counts the data writes that it
/// takes, so that a quiet run is judged by the sides and not by the program.
enum Companies {
  static let source =
    """
    CREATE TABLE Account (
      Id INTEGER PRIMARY KEY AUTOINCREMENT, Name TEXT NOT NULL, Phone TEXT, Revenue REAL,
      ParentId INTEGER REFERENCES Account (Id));
    CREATE TABLE Contact (
      Id INTEGER PRIMARY KEY AUTOINCREMENT, AccountId INTEGER REFERENCES Account (Id),
      FirstName TEXT, LastName TEXT, Email TEXT);
    """ + counting(["Account", "Contact"])

  static let target =
    """
    CREATE TABLE company (
      id INTEGER PRIMARY KEY AUTOINCREMENT, name VARCHAR(80) NOT NULL, phone VARCHAR(40),
      revenue_text TEXT, parent_id INTEGER REFERENCES company (id));
    CREATE TABLE person (
      id INTEGER PRIMARY KEY AUTOINCREMENT, company_id INTEGER REFERENCES company (id),
      first TEXT, last TEXT NOT NULL, email TEXT);
    """ + counting(["company", "person"])

  /// Triggers that count inserts, updates and deletes of each table.
  static func counting(_ tables: [String]) -> String {
    "CREATE TABLE writes (what TEXT);"
      + tables.flatMap { table in
        ["INSERT", "UPDATE", "DELETE"].map { verb in
          """
          CREATE TRIGGER "count_\(table)_\(verb)" AFTER \(verb) ON "\(table)" BEGIN
            INSERT INTO writes VALUES ('\(verb.lowercased()) \(table)'); END;
          """
        }
      }.joined()
  }

  static let accounts = """
      - name: Companies
        source: Account
        target: company
        columns:
          Name: name
          Phone: phone
          Revenue: revenue_text
        relations:
          ParentId: {column: parent_id, task: Companies}
    """
  static let contacts = """
      - name: Persons
        source: Contact
        target: person
        columns:
          FirstName: first
          LastName: last
          Email: email
        relations:
          AccountId: {column: company_id, task: Companies}
    """

  /// A package with both tasks.
  static func scenario(
    tasks: String = accounts + "\n" + contacts, settings: String = "", source: String = "",
    target: String = ""
  ) throws -> Scenario {
    try Scenario(
      source: Self.source + source, target: Self.target + target, tasks: tasks, settings: settings)
  }
}

/// What both sides hold, without native keys: a foreign key is told by the name of what it points to.
struct Contents: Equatable, CustomStringConvertible {
  var accounts: [String]
  var contacts: [String]
  var companies: [String]
  var persons: [String]

  /// The same records on both sides.
  init(accounts: [String], contacts: [String] = []) {
    self.accounts = accounts.sorted()
    self.contacts = contacts.sorted()
    companies = self.accounts
    persons = self.contacts
  }

  init(_ scenario: Scenario) throws {
    accounts = try Self.lines(
      scenario.source,
      """
      SELECT a.Name, a.Phone, CASE WHEN a.Revenue = CAST(a.Revenue AS INTEGER)
        THEN CAST(CAST(a.Revenue AS INTEGER) AS TEXT) ELSE CAST(a.Revenue AS TEXT) END, p.Name
      FROM Account a LEFT JOIN Account p ON p.Id = a.ParentId
      """)
    contacts = try Self.lines(
      scenario.source,
      """
      SELECT c.FirstName, c.LastName, c.Email, a.Name
      FROM Contact c LEFT JOIN Account a ON a.Id = c.AccountId
      """)
    companies = try Self.lines(
      scenario.target,
      """
      SELECT c.name, c.phone, c.revenue_text, p.name
      FROM company c LEFT JOIN company p ON p.id = c.parent_id
      """)
    persons = try Self.lines(
      scenario.target,
      """
      SELECT p.first, p.last, p.email, c.name
      FROM person p LEFT JOIN company c ON c.id = p.company_id
      """)
  }

  private static func lines(_ side: SQLiteFile, _ query: String) throws -> [String] {
    try side.rows(query).map { row in
      row.map { $0 == "NULL" ? "-" : $0.replacingOccurrences(of: "'", with: "") }
        .joined(separator: " ")
    }.sorted()
  }

  var description: String {
    "\nAccount \(accounts)\ncompany \(companies)\nContact \(contacts)\nperson  \(persons)"
  }
}
