import SynclineTesting
import Testing

/// Chinook against a second database: the life of a package, from the first run to a mapping edit.
struct ChinookTests {
  /// The fixture, or nil, said aloud, where Chinook is not beside the project.
  private func fixture() throws -> ChinookFixture? {
    guard let file = Chinook.file else {
      print("SKIPPED: ../shared/data/chinook/Chinook.sqlite is not beside the project.")
      return nil
    }
    return try ChinookFixture(file)
  }

  private func synced() throws -> ChinookFixture? {
    guard let chinook = try fixture() else { return nil }
    try #require(chinook.scenario.run().status == 0)
    return chinook
  }

  @Test func `a first run fills both sides and links who is on both`() throws {
    guard let chinook = try fixture() else { return }
    let account = try chinook.scenario.account()
    #expect(account.status == 0)
    #expect(account.wrote["source inserts"] == 3)
    #expect(account.wrote["target inserts"] == 7 + 59 + 412)
    #expect(account.wrote["target deletes"] == nil && account.wrote["source deletes"] == nil)
    try chinook.expectEqual(employees: 9, customers: 60, invoices: 413)
    #expect(
      try chinook.scenario.links() == ["Employees": 9, "Customers": 60, "Invoices": 413])
    // Nancy's job was another one on the target; the source's value went, the other is recorded.
    #expect(
      try chinook.scenario.conflicts() == [
        "Employees firstMatch source target decided base(job=Head of sales) "
          + "lost(job=Head of sales) won(job=Sales Manager)"
      ])
    try chinook.scenario.expectQuiet()
  }

  @Test func `edits, conflicts and deletes of both sides travel`() throws {
    guard let chinook = try synced() else { return }
    let scenario = chinook.scenario
    try scenario.source.execute(
      """
      UPDATE Customer SET City = 'Porto' WHERE CustomerId = 1;
      UPDATE Customer SET Phone = '+source' WHERE CustomerId = 3;
      UPDATE Employee SET ReportsTo = 2 WHERE EmployeeId = 8;
      DELETE FROM InvoiceLine WHERE InvoiceId IN (SELECT InvoiceId FROM Invoice WHERE CustomerId = 59);
      DELETE FROM Invoice WHERE CustomerId = 59;
      DELETE FROM Customer WHERE CustomerId = 59;
      """)
    try scenario.target.execute(
      """
      UPDATE client SET tel = '+target' WHERE mail = 'leonekohler@surfeu.de';
      UPDATE client SET tel = '+lost' WHERE mail = 'ftremblay@gmail.com';
      UPDATE staff SET chief = (SELECT nr FROM staff WHERE mail = 'nora@back.office')
        WHERE mail = 'laura@chinookcorp.com';
      INSERT INTO bill (client, issued, country, total)
        SELECT nr, '2026-05-06 07:08:09', 'Norway', 3.1 FROM client WHERE mail = 'olaf@berg.no';
      """)
    let deleted = 6
    #expect(
      try scenario.account()
        == RunAccount(
          [
            "source inserts": 1, "source updates": 1, "target updates": 3,
            "target deletes": deleted + 1,
          ], conflicts: 2))
    try chinook.expectEqual(employees: 9, customers: 59, invoices: 413 + 1 - deleted)
    let conflicts = try scenario.conflicts().filter { !$0.contains("firstMatch") }
    #expect(conflicts.count == 2)
    #expect(conflicts.contains { $0.contains("lost(tel=+lost) won(tel=+source)") })
    #expect(conflicts.contains { $0.contains("Employees bothChanged source target decided") })
    #expect(
      try scenario.source.rows(
        """
        SELECT c.Phone, (SELECT ReportsTo FROM Employee WHERE EmployeeId = 8)
        FROM Customer c WHERE CustomerId IN (2, 3) ORDER BY 1
        """) == [["'+source'", "2"], ["'+target'", "2"]])
    try scenario.expectQuiet()
  }

  @Test func `a bill whose invoice has lines is a record error until the lines are gone`() throws {
    guard let chinook = try synced() else { return }
    let scenario = chinook.scenario
    let first = """
      (SELECT b.nr FROM bill b JOIN client c ON c.nr = b.client
       WHERE c.mail = 'leonekohler@surfeu.de' AND b.issued = '2021-01-01 00:00:00')
      """
    try scenario.target.execute(
      "DELETE FROM bill WHERE nr = \(first); UPDATE client SET town = 'Ulm' WHERE town = 'Stuttgart'"
    )
    #expect(
      try scenario.account() == RunAccount(status: 1, ["source updates": 1], failed: 1))
    let errors = try scenario.errors()
    #expect(errors.count == 1 && errors[0].hasSuffix("Invoices"), "\(errors)")
    #expect(try scenario.source.rows("SELECT count(*) FROM Invoice WHERE InvoiceId = 1") == [["1"]])

    try scenario.source.execute("DELETE FROM InvoiceLine WHERE InvoiceId = 1")
    #expect(try scenario.account() == RunAccount(["source deletes": 1]))
    try chinook.expectEqual(employees: 9, customers: 60, invoices: 412)
    #expect(try scenario.errors() == [])
    try scenario.expectQuiet()
  }

  @Test func `a mapping edit waits for records that change, and a reset loses nothing`() throws {
    guard let chinook = try synced() else { return }
    let scenario = chinook.scenario
    #expect(try scenario.syncline("params", "reset", with: ["LastSyncTime"]).status == 0)
    try scenario.expectQuiet()

    try scenario.writePackage(
      tasks: ChinookFixture.tasks.replacing(
        "      Phone: tel\n", with: "      Phone: tel\n      Fax: fax\n"))
    let faxes = Int(
      try scenario.source.rows("SELECT count(*) FROM Customer WHERE Fax IS NOT NULL")[0][0])
    let plain = try scenario.run()
    #expect(RunAccount(plain) == .quiet)
    #expect(plain.json.last?["untouched"] as? Int == faxes)
    try scenario.source.execute("UPDATE Customer SET City = City WHERE CustomerId = 1")
    try scenario.target.execute("UPDATE client SET fax = '+fax' WHERE mail = 'olaf@berg.no'")
    #expect(
      try scenario.account() == RunAccount(["source updates": 1, "target updates": 1]))
    #expect(
      try scenario.target.rows("SELECT mail, fax FROM client WHERE fax IS NOT NULL ORDER BY mail")
        == [["'luisg@embraer.com.br'", "'+55 (12) 3923-5566'"], ["'olaf@berg.no'", "'+fax'"]])
    #expect(
      try scenario.source.rows("SELECT Fax FROM Customer WHERE Email = 'olaf@berg.no'")
        == [["'+fax'"]])
    try scenario.expectQuiet()

    // One side emptied and the time reset: what was deleted is filled again.
    try scenario.target.execute("DELETE FROM bill")
    #expect(try scenario.syncline("params", "reset", with: ["LastSyncTime"]).status == 0)
    #expect(try scenario.account() == RunAccount(["target inserts": 413]))
    try chinook.expectEqual(employees: 9, customers: 60, invoices: 413)
    try scenario.expectQuiet()
  }
}
