import Foundation
import SynclineTesting
import Testing

// What people do in the organisation, and what both sides hold.
extension ChinookCloud {
  @discardableResult
  func make(_ object: String, _ fields: String) throws -> String {
    try sandbox.act("write", #"{"object": "\#(object)", "fields": {\#(fields)}}"#)
  }

  func edit(_ object: String, _ id: String, _ fields: String) throws {
    try sandbox.act(
      "write", #"{"object": "\#(object)", "id": "\#(id)", "fields": {\#(fields)}}"#)
  }

  func remove(_ object: String, _ ids: String...) throws { try remove(object, ids) }

  func remove(_ object: String, _ ids: [String]) throws {
    try sandbox.act(
      "write", ids.map { #"{"object": "\#(object)", "id": "\#($0)", "delete": true}"# })
  }

  /// The records of an object, those that are deleted left out.
  func records(_ object: String) throws -> [String: [String: String]] {
    try sandbox.records(object)
  }

  /// The id of the record with this value in a field.
  func id(_ object: String, _ field: String, _ value: String) throws -> String {
    try #require(try records(object).first { $0.value[field] == value }?.key)
  }

  /// What both sides hold, in the same words: keys are told by mail addresses, and cities without
  /// the blank behind them that an organisation does not keep.
  func sides() throws -> (shop: [[String]], cloud: [[String]]) {
    let shop = try database.rows(
      """
      SELECT 'employee', e.FirstName, e.LastName, e.Title, substr(e.BirthDate, 1, 10), e.Email,
        b.Email FROM Employee e LEFT JOIN Employee b ON b.EmployeeId = e.ReportsTo
      UNION ALL SELECT 'customer', c.FirstName, c.LastName, c.Company,
        trim(c.City) || '|' || c.Phone, c.Email, e.Email FROM Customer c LEFT JOIN Employee e ON e.EmployeeId = c.SupportRepId
      UNION ALL SELECT 'invoice', substr(i.InvoiceDate, 1, 10), i.BillingCountry,
        printf('%.2f', i.Total), '', '', c.Email
      FROM Invoice i LEFT JOIN Customer c ON c.CustomerId = i.CustomerId
      """
    ).map { $0.map(Self.plain) }
    return (shop.sorted(by: Self.isBefore), try cloud().sorted(by: Self.isBefore))
  }

  private static func isBefore(_ first: [String], _ second: [String]) -> Bool {
    first.joined(separator: "\u{1}") < second.joined(separator: "\u{1}")
  }

  private static func plain(_ quoted: String) -> String {
    quoted == "NULL"
      ? "-"
      : quoted.hasPrefix("'")
        ? String(quoted.dropFirst().dropLast()).replacingOccurrences(of: "''", with: "'") : quoted
  }

  private func cloud() throws -> [[String]] {
    let employees = try records("Employee__c")
    let contacts = try records("Contact")
    func day(_ text: String?) -> String { text.map { String($0.prefix(10)) } ?? "-" }
    func mail(_ id: String?, in records: [String: [String: String]], _ field: String) -> String {
      id.flatMap { records[$0]?[field] } ?? "-"
    }
    let people = employees.values.map { record in
      [
        "employee", record["FirstName__c"], record["LastName__c"], record["Title__c"],
        day(record["Born__c"]), record["Email__c"],
        mail(record["ReportsTo__c"], in: employees, "Email__c"),
      ].map { $0 ?? "-" }
    }
    let customers = contacts.values.map { record in
      let place = record["MailingCity"].flatMap { city in record["Phone"].map { "\(city)|\($0)" } }
      return [
        "customer", record["FirstName"], record["LastName"], record["Firm__c"], place,
        record["Email"], mail(record["SupportRep__c"], in: employees, "Email__c"),
      ].map { $0 ?? "-" }
    }
    let invoices = try records("Invoice__c").values.map { record in
      [
        "invoice", day(record["Date__c"]), record["Country__c"] ?? "-",
        String(format: "%.2f", Double(record["Total__c"] ?? "") ?? -1), "", "",
        mail(record["Customer__c"], in: contacts, "Email"),
      ]
    }
    return people + customers + invoices
  }

  /// Both sides hold the same records, so many of each kind.
  func expectEqual(
    employees: Int, customers: Int, invoices: Int,
    at location: SourceLocation = #_sourceLocation
  ) throws {
    let (shop, cloud) = try sides()
    #expect(
      Set(shop).symmetricDifference(cloud) == [], "the sides differ", sourceLocation: location)
    #expect(shop.count == cloud.count, sourceLocation: location)
    let counts = ["employee", "customer", "invoice"].map { kind in shop.count { $0[0] == kind } }
    #expect(counts == [employees, customers, invoices], sourceLocation: location)
  }
}
