import SynclineTesting
import Testing

@Suite struct `An explanation` {
  private func lines(_ shop: Scenario, _ object: String, _ key: String) throws -> [String] {
    let answer = try shop.syncline("explain", with: [object, key])
    #expect(answer.status == 0, "\(answer)")
    return answer.output.split(separator: "\n").map(String.init)
  }

  @Test func `gives each event its reasons, and ends with how the record stands`() throws {
    let shop = try Shop.synced()
    let first = try lines(shop, "Customer", "1")
    #expect(
      first.first?.hasSuffix(
        "Customer: seen for the first time: id = 1, name = \"Anna\", phone = \"1\"") == true)
    #expect(
      first.contains {
        $0.contains("insert into the target sent") && $0.contains(", because of ")
      })
    #expect(first.last == "now: in task Customers both sides agree, so nothing is to be sent")
  }

  @Test func `tells what a record waits for`() throws {
    let shop = try Shop.synced()
    try shop.target.execute("CREATE UNIQUE INDEX One ON Client (tel)")
    try shop.source.execute("UPDATE Customer SET phone = '9' WHERE id = 2")
    #expect(try shop.run().status == 1)
    let last = try #require(try lines(shop, "source.Customer", "2").last)
    #expect(last.hasPrefix("now: in task Customers it failed: "))
    #expect(last.contains("tried 1 times, again in run 3"))
  }

  @Test func `tells that a mapping edit has not reached a record`() throws {
    let shop = try Shop.synced()
    try shop.edit("      phone: tel\n", "")
    #expect(try shop.run().status == 0)
    #expect(
      try lines(shop, "Customer", "1").last
        == "now: in task Customers both sides agreed under an earlier mapping: the mapping in force "
        + "reaches it when it changes or is touched")
  }

  @Test func `tells of a deleted record, one that is not known and an object that no task syncs`()
    throws
  {
    let shop = try Shop.synced()
    try shop.source.execute("DELETE FROM Customer WHERE id = 1")
    #expect(try shop.run().status == 0)
    #expect(
      try lines(shop, "Customer", "1").last
        == "now: it is deleted, and nothing of it is left to do")
    let unknown = try shop.syncline("explain", with: ["Customer", "77"])
    #expect(unknown.status == 2)
    #expect(
      unknown.errors.hasPrefix("The journal knows no record 77 of “Customer”: up to run 2"))
    let nowhere = try shop.syncline("explain", with: ["Order", "1"])
    #expect(
      nowhere.errors
        == "No task syncs an object “Order”, so nothing of it travels. Known are Client, Customer.\n"
    )
  }

  @Test func `is JSON where that is asked for`() throws {
    let answer = try Shop.synced().syncline("explain", with: ["Customer", "1", "--json"])
    #expect(
      answer.json.last as? [String: String] == [
        "now": "in task Customers both sides agree, so nothing is to be sent"
      ])
    #expect(answer.json.first?["event"] as? Int != nil)
  }
}
