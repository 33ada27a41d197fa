import SynclineTesting
import Testing

/// What hangs together in Chinook and in the organisation: parents, children, merges, refused records.
@Suite struct `The families of Chinook and an organisation` {
  private func synced(isSource: Bool) throws -> ChinookCloud? {
    guard let file = Chinook.file else {
      print("SKIPPED: ../shared/data/chinook/Chinook.sqlite is not beside the project.")
      return nil
    }
    let chinook = try ChinookCloud(file, isSource: isSource)
    try #require(chinook.run().status == 0)
    return chinook
  }

  @Test(arguments: [false, true])
  func `a contact that is deleted with its invoices takes the customer and them along`(
    isSource: Bool
  ) throws {
    guard let chinook = try synced(isSource: isSource) else { return }
    try chinook.database.execute("DELETE FROM InvoiceLine")
    let contact = try chinook.id("Contact", "Email", "leonekohler@surfeu.de")
    try chinook.remove("Contact", contact)
    #expect(try chinook.run() == ChinookCloud.Done(shop: [0, 0, 8]))
    try chinook.expectEqual(employees: 9, customers: 59, invoices: 413 - 7)
    try chinook.expectQuiet()

    try chinook.sandbox.act("undelete", #"{"id": "\#(contact)"}"#)
    #expect(try chinook.run() == ChinookCloud.Done(shop: [8, 0, 0]))
    try chinook.expectEqual(employees: 9, customers: 60, invoices: 413)
    try chinook.expectQuiet()
  }

  @Test(arguments: [false, true])
  func `a chief who is deleted leaves those below without one, on both sides`(
    isSource: Bool
  ) throws {
    guard let chinook = try synced(isSource: isSource) else { return }
    let nancy = try chinook.id("Employee__c", "Email__c", "nancy@chinookcorp.com")
    try chinook.remove("Employee__c", nancy)
    let done = try chinook.run()
    #expect(done.status == 0 && done.left == 0)
    #expect(done.shop[2] == 1)
    try chinook.expectEqual(employees: 8, customers: 60, invoices: 413)
    try chinook.expectQuiet()
  }

  @Test(arguments: [false, true])
  func `two contacts that are merged become one customer with the invoices of both`(
    isSource: Bool
  ) throws {
    guard let chinook = try synced(isSource: isSource) else { return }
    let master = try chinook.id("Contact", "Email", "leonekohler@surfeu.de")
    let loser = try chinook.id("Contact", "Email", "ftremblay@gmail.com")
    try chinook.sandbox.act("merge", #"{"master": "\#(master)", "loser": "\#(loser)"}"#)
    #expect(try chinook.run() == ChinookCloud.Done(shop: [0, 7, 1]))
    try chinook.expectEqual(employees: 9, customers: 59, invoices: 413)
    try chinook.expectQuiet()
  }

  @Test(arguments: [false, true])
  func `a family that is made at once arrives whole, from either side`(isSource: Bool) throws {
    guard let chinook = try synced(isSource: isSource) else { return }
    try chinook.database.execute(
      """
      INSERT INTO Employee (EmployeeId, FirstName, LastName, Email, ReportsTo)
        VALUES (50, 'Below', 'Shop', 'below@shop.no', NULL);
      INSERT INTO Employee (EmployeeId, FirstName, LastName, Email, ReportsTo)
        VALUES (51, 'Above', 'Shop', 'above@shop.no', 50);
      UPDATE Employee SET ReportsTo = 51 WHERE EmployeeId = 50;
      UPDATE Employee SET ReportsTo = 1 WHERE EmployeeId = 51;
      INSERT INTO Customer (CustomerId, FirstName, LastName, Email, SupportRepId)
        VALUES (90, 'New', 'Shop', 'new@shop.no', 50);
      INSERT INTO Invoice (CustomerId, InvoiceDate, Total) VALUES (90, '2026-01-01 00:00:00', 1.005);
      """)
    let chief = try chinook.make(
      "Employee__c",
      #""FirstName__c": "Chief", "LastName__c": "Cloud", "Email__c": "chief@cloud.no""#)
    let contact = try chinook.make(
      "Contact",
      #""FirstName": "New", "LastName": "Cloud", "Email": "new@cloud.no", "#
        + #""SupportRep__c": "\#(chief)""#)
    try chinook.make(
      "Invoice__c",
      #""Date__c": "2026-01-02T00:00:00Z", "Total__c": 2.5, "Customer__c": "\#(contact)""#)
    let done = try chinook.run()
    #expect(done.status == 0 && done.left == 0)
    #expect(done.cloud[0] == 4 && done.shop[0] == 3)
    try chinook.expectQuiet()
    try chinook.expectEqual(employees: 12, customers: 62, invoices: 415)
  }

  @Test(arguments: [false, true])
  func `a customer whom the organisation refuses waits, and goes when it is mended`(
    isSource: Bool
  ) throws {
    guard let chinook = try synced(isSource: isSource) else { return }
    try chinook.database.execute(
      """
      INSERT INTO Customer (CustomerId, FirstName, LastName, Email)
        VALUES (90, 'Bad', 'Mail', 'no mail'), (91, 'Good', 'Mail', 'good@mail.no');
      INSERT INTO Invoice (CustomerId, InvoiceDate, Total) VALUES (90, '2026-01-01 00:00:00', 1);
      UPDATE Customer SET Email = 'bad too' WHERE CustomerId = 1;
      UPDATE Customer SET City = 'Ulm' WHERE CustomerId = 2;
      """)
    #expect(
      try chinook.run() == ChinookCloud.Done(status: 1, cloud: [1, 1, 0], left: 3))
    let errors = try chinook.syncline("errors")
    #expect(errors.output.contains("Contact.Email: the text is no e-mail address"))
    #expect(!errors.output.contains("no mail"))
    try chinook.database.execute(
      """
      UPDATE Customer SET Email = 'bad@mail.no' WHERE CustomerId = 90;
      UPDATE Customer SET Email = 'luis@mail.no' WHERE CustomerId = 1;
      """)
    #expect(try chinook.run() == ChinookCloud.Done(cloud: [2, 1, 0]))
    try chinook.expectEqual(employees: 9, customers: 62, invoices: 414)
    try chinook.expectQuiet()
  }

  @Test(arguments: [false, true])
  func `an organisation that was emptied holds the deletes until they are allowed`(
    isSource: Bool
  ) throws {
    guard let chinook = try synced(isSource: isSource) else { return }
    try chinook.remove("Invoice__c", Array(try chinook.records("Invoice__c").keys))
    #expect(
      try chinook.run() == ChinookCloud.Done(status: 2, left: 413))
    try chinook.database.execute("DELETE FROM InvoiceLine")
    #expect(
      try chinook.run("--allow", "emptied=Invoice__c", "--allow", "deletes=413")
        == ChinookCloud.Done(shop: [0, 0, 413]))
    try chinook.expectEqual(employees: 9, customers: 60, invoices: 0)
    try chinook.expectQuiet()
  }
}
