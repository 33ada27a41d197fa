import Foundation
import SynclineTesting
import Testing

/// Chinook, a database that nobody here made, against a back office with other names and types, which
/// has people of its own already.
struct ChinookFixture {
  let scenario: Scenario

  init(_ file: String) throws {
    scenario = try Scenario(source: "", target: Self.backOffice, tasks: Self.tasks)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
    try bytes.write(to: URL(fileURLWithPath: scenario.source.path))
    try scenario.source.execute(Companies.counting(["Employee", "Customer", "Invoice"]))
  }

  private static let backOffice =
    """
    CREATE TABLE staff (
      nr INTEGER PRIMARY KEY, given VARCHAR(20) NOT NULL, family VARCHAR(20) NOT NULL,
      job TEXT, born DATETIME, mail TEXT, chief INTEGER REFERENCES staff (nr));
    CREATE TABLE client (
      nr INTEGER PRIMARY KEY, given VARCHAR(40) NOT NULL, family VARCHAR(20) NOT NULL, firm TEXT,
      town TEXT, tel TEXT, fax TEXT, mail VARCHAR(60) NOT NULL,
      agent INTEGER REFERENCES staff (nr));
    CREATE TABLE bill (
      nr INTEGER PRIMARY KEY, client INTEGER NOT NULL REFERENCES client (nr),
      issued DATETIME NOT NULL, country TEXT, total DECIMAL(10,2) NOT NULL);
    INSERT INTO staff VALUES
      (40, 'Nancy', 'Edwards', 'Head of sales', NULL, 'nancy@chinookcorp.com', NULL),
      (41, 'Nora', 'Quist', 'Clerk', NULL, 'nora@back.office', 40);
    INSERT INTO client VALUES
      (70, 'Olaf', 'Berg', NULL, 'Bergen', '555', NULL, 'olaf@berg.no', 41);
    INSERT INTO bill VALUES (900, 70, '2026-02-03 00:00:00', 'Norway', 12.5);
    """ + Companies.counting(["staff", "client", "bill"])

  static let tasks = """
      - name: Employees
        source: Employee
        target: staff
        match: {Email: mail}
        columns: {FirstName: given, LastName: family, Title: job, BirthDate: born, Email: mail}
        relations:
          ReportsTo: {column: chief, task: Employees}
      - name: Customers
        source: Customer
        target: client
        match: {Email: mail}
        columns:
          FirstName: given
          LastName: family
          Company: firm
          City: town
          Phone: tel
          Email: mail
        relations:
          SupportRepId: {column: agent, task: Employees}
      - name: Invoices
        source: Invoice
        target: bill
        match: none
        columns: {InvoiceDate: issued, BillingCountry: country, Total: total}
        relations:
          CustomerId: {column: client, task: Customers}
    """

  /// What both sides hold, in the same words: keys are told by mail addresses.
  func sides() throws -> (source: [[String]], target: [[String]]) {
    let source = try scenario.source.rows(
      """
      SELECT 'employee', e.FirstName, e.LastName, e.Title, e.BirthDate, e.Email, b.Email
      FROM Employee e LEFT JOIN Employee b ON b.EmployeeId = e.ReportsTo
      UNION ALL SELECT 'customer', c.FirstName, c.LastName, c.Company, c.City || '|' || c.Phone,
        c.Email, e.Email FROM Customer c LEFT JOIN Employee e ON e.EmployeeId = c.SupportRepId
      UNION ALL SELECT 'invoice', i.InvoiceDate, i.BillingCountry, printf('%.2f', i.Total), '', '',
        c.Email FROM Invoice i LEFT JOIN Customer c ON c.CustomerId = i.CustomerId
      ORDER BY 1, 2, 3, 4, 5, 6, 7
      """)
    let target = try scenario.target.rows(
      """
      SELECT 'employee', e.given, e.family, e.job, e.born, e.mail, b.mail
      FROM staff e LEFT JOIN staff b ON b.nr = e.chief
      UNION ALL SELECT 'customer', c.given, c.family, c.firm, c.town || '|' || c.tel,
        c.mail, e.mail FROM client c LEFT JOIN staff e ON e.nr = c.agent
      UNION ALL SELECT 'invoice', i.issued, i.country, printf('%.2f', i.total), '', '',
        c.mail FROM bill i LEFT JOIN client c ON c.nr = i.client
      ORDER BY 1, 2, 3, 4, 5, 6, 7
      """)
    return (source, target)
  }

  /// Both sides hold the same records, so many of each kind.
  func expectEqual(
    employees: Int, customers: Int, invoices: Int,
    at location: SourceLocation = #_sourceLocation
  ) throws {
    let (source, target) = try sides()
    #expect(source == target, sourceLocation: location)
    let counts = ["employee", "customer", "invoice"].map { kind in
      source.count { $0[0] == "'\(kind)'" }
    }
    #expect(counts == [employees, customers, invoices], sourceLocation: location)
  }
}
