import SynclineTesting
import Testing

/// Chinook beside an organisation, in both roles: the life of a package.
@Suite struct `Chinook and an organisation` {
  /// The fixture, or nil, said aloud, where Chinook is not beside the project.
  private func fixture(isSource: Bool) throws -> ChinookCloud? {
    guard let file = Chinook.file else {
      print("SKIPPED: ../shared/data/chinook/Chinook.sqlite is not beside the project.")
      return nil
    }
    return try ChinookCloud(file, isSource: isSource)
  }

  private func synced(isSource: Bool) throws -> ChinookCloud? {
    guard let chinook = try fixture(isSource: isSource) else { return nil }
    try #require(chinook.run().status == 0)
    return chinook
  }

  @Test(arguments: [false, true])
  func `a first run fills both sides and links who is on both`(isSource: Bool) throws {
    guard let chinook = try fixture(isSource: isSource) else { return }
    let done = try chinook.run()
    #expect(done.status == 0 && done.left == 0)
    #expect(done.cloud[0] == 7 + 59 + 412 && done.cloud[2] == 0)
    #expect(done.shop[0] == 3 && done.shop[2] == 0)
    try chinook.expectEqual(employees: 9, customers: 60, invoices: 413)
    #expect(
      try chinook.database.rows("SELECT City FROM Customer WHERE City LIKE 'Edinburgh%'")
        == [["'Edinburgh '"]])
    let titles = try chinook.records("Employee__c").values.filter {
      $0["Email__c"] == "nancy@chinookcorp.com"
    }.map { $0["Title__c"] }
    #expect(titles == [isSource ? "Head of sales" : "Sales Manager"])
    try chinook.expectQuiet()
  }

  @Test(arguments: [false, true])
  func `edits, conflicts and deletes of both sides travel`(isSource: Bool) throws {
    guard let chinook = try synced(isSource: isSource) else { return }
    try chinook.database.execute(
      """
      UPDATE Customer SET City = 'Porto' WHERE CustomerId = 1;
      UPDATE Customer SET Phone = '+shop' WHERE CustomerId = 3;
      UPDATE Employee SET ReportsTo = 2 WHERE EmployeeId = 8;
      DELETE FROM InvoiceLine WHERE InvoiceId IN (SELECT InvoiceId FROM Invoice WHERE CustomerId = 59);
      DELETE FROM Invoice WHERE CustomerId = 59;
      DELETE FROM Customer WHERE CustomerId = 59;
      DELETE FROM InvoiceLine WHERE InvoiceId = 2;
      """)
    let leonie = try chinook.id("Contact", "Email", "leonekohler@surfeu.de")
    let francois = try chinook.id("Contact", "Email", "ftremblay@gmail.com")
    let laura = try chinook.id("Employee__c", "Email__c", "laura@chinookcorp.com")
    let nora = try chinook.id("Employee__c", "Email__c", "nora@back.office")
    let olaf = try chinook.id("Contact", "Email", "olaf@berg.no")
    let second = try chinook.id("Invoice__c", "Date__c", "2021-01-02T00:00:00.000+0000")
    try chinook.edit("Contact", leonie, #""Phone": "+cloud""#)
    try chinook.edit("Contact", francois, #""Phone": "+theirs""#)
    try chinook.edit("Employee__c", laura, #""ReportsTo__c": "\#(nora)""#)
    try chinook.make(
      "Invoice__c",
      #""Date__c": "2026-05-06T07:08:09Z", "Country__c": "Norway", "Total__c": 3.1, "#
        + #""Customer__c": "\#(olaf)""#)
    try chinook.remove("Invoice__c", second)
    let deleted = 6
    #expect(
      try chinook.run()
        == ChinookCloud.Done(
          cloud: [0, isSource ? 1 : 3, deleted + 1], shop: [1, isSource ? 3 : 1, 1],
          conflicts: 2))
    try chinook.expectEqual(employees: 9, customers: 59, invoices: 413 + 1 - deleted - 1)
    #expect(
      try chinook.records("Contact")[francois]?["Phone"] == (isSource ? "+theirs" : "+shop"))
    #expect(try chinook.records("Contact")[leonie]?["Phone"] == "+cloud")
    try chinook.expectQuiet()
  }

  @Test(arguments: [false, true])
  func `a delete of one side and an edit of the other is a conflict that the source wins`(
    isSource: Bool
  ) throws {
    guard let chinook = try synced(isSource: isSource) else { return }
    // The source deletes one that the target edits; the target deletes one that the source edits.
    let first = try chinook.id("Invoice__c", "Date__c", "2021-01-01T00:00:00.000+0000")
    let second = try chinook.id("Invoice__c", "Date__c", "2021-01-02T00:00:00.000+0000")
    try chinook.database.execute("DELETE FROM InvoiceLine WHERE InvoiceId IN (1, 2)")
    try chinook.edit("Invoice__c", second, #""Total__c": 9.99"#)
    try chinook.remove("Invoice__c", first)
    try chinook.database.execute(
      "UPDATE Invoice SET Total = 7.77 WHERE InvoiceId = 1; DELETE FROM Invoice WHERE InvoiceId = 2"
    )
    let done = try chinook.run()
    #expect(done.status == 0 && done.left == 0 && done.conflicts == 2)
    try chinook.expectEqual(employees: 9, customers: 60, invoices: 412)
    let totals = try chinook.database.rows(
      "SELECT printf('%.2f', Total) FROM Invoice WHERE Total IN (7.77, 9.99)")
    #expect(totals == [[isSource ? "'9.99'" : "'7.77'"]])
    try chinook.expectQuiet()
  }

  @Test(arguments: [false, true])
  func `a mapping edit and a reset lose nothing and double nothing`(isSource: Bool) throws {
    guard let chinook = try synced(isSource: isSource) else { return }
    #expect(try chinook.syncline("params", "reset", with: ["LastSyncTime"]).status == 0)
    try chinook.expectQuiet()

    try chinook.write(tasks: chinook.tasks(fax: true))
    let luis = try chinook.id("Contact", "Email", "luisg@embraer.com.br")
    let olaf = try chinook.id("Contact", "Email", "olaf@berg.no")
    try chinook.database.execute("UPDATE Customer SET City = City WHERE CustomerId = 1")
    try chinook.edit("Contact", olaf, #""Fax": "+fax""#)
    #expect(try chinook.run().status == 0)
    #expect(try chinook.records("Contact")[luis]?["Fax"] == "+55 (12) 3923-5566")
    #expect(
      try chinook.database.rows("SELECT Fax FROM Customer WHERE Email = 'olaf@berg.no'")
        == [["'+fax'"]])
    try chinook.expectEqual(employees: 9, customers: 60, invoices: 413)
    try chinook.expectQuiet()

    // One side emptied and the time reset: what was deleted is filled again.
    try chinook.remove(
      "Invoice__c", Array(try chinook.records("Invoice__c").keys.sorted().prefix(20)))
    #expect(try chinook.syncline("params", "reset", with: ["LastSyncTime"]).status == 0)
    #expect(try chinook.run() == ChinookCloud.Done(cloud: [20, 0, 0]))
    try chinook.expectEqual(employees: 9, customers: 60, invoices: 413)
    try chinook.expectQuiet()
  }
}
