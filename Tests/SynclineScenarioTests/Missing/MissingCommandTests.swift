import Foundation
import SynclineJournal
import SynclineModel
import SynclineTesting
import Testing

/// The command `missing`. No database leaves a record missing, so the journal is told here what a
/// system without a feed of deletes would have shown: a record that is gone, and nobody says why.
@Suite struct `The command missing` {
  private static let list =
    #"{"side":"source","object":"Customer","key":"1","event":EVENT,"#
    + #""held":[{"object":"Client","key":"1"}]}"# + "\n"

  /// Ada and Bob on both sides; Ada is gone from the source without an entry in its queue.
  private func shop() throws -> (shop: Scenario, event: UInt64) {
    let shop = try Scenario(
      source: """
        CREATE TABLE Customer (id INTEGER PRIMARY KEY, name TEXT);
        INSERT INTO Customer VALUES (1, 'Ada'), (2, 'Bob');
        """, target: "CREATE TABLE Client (cid INTEGER PRIMARY KEY, title TEXT)",
      tasks: """
          - name: Customers
            source: Customer
            target: Client
            match: none
            columns: {name: title}
        """)
    #expect(try shop.run().status == 0)
    try shop.source.execute("DELETE FROM Customer WHERE id = 1")
    let queues = try shop.source.rows(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE '%queue%'")
    for queue in queues {
      try shop.source.execute("DELETE FROM \"\(queue[0].replacingOccurrences(of: "'", with: ""))\"")
    }
    let journal = try Journal.open(
      folder: shop.folder + "/.syncline/shop", secrets: { [UInt8](repeating: 5, count: 32) })
    let draft = EventDraft(
      time: Timestamp(microseconds: 0), run: .none, record: RecordNumber(1),
      body: .recordDeleted(RecordDeleted(isConfirmed: false)))
    let head = try journal.append([draft], expecting: journal.head.sequence)
    journal.close()
    return (shop, head.sequence.rawValue)
  }

  private func names(_ shop: Scenario) throws -> [[String]] {
    try [
      shop.source.rows("SELECT name FROM Customer ORDER BY name").flatMap { $0 },
      shop.target.rows("SELECT title FROM Client ORDER BY title").flatMap { $0 },
    ]
  }

  @Test func `lists what is missing and what is held for it`() throws {
    let (shop, event) = try shop()
    #expect(try shop.run().status == 1)
    let listed = Scenario.Answer(
      status: 0, output: Self.list.replacing("EVENT", with: "\(event)"), errors: "")
    #expect(try shop.syncline("missing", "list", with: ["--json"]) == listed)
    #expect(try shop.syncline("missing", with: ["--json"]) == listed)
    #expect(
      try shop.syncline("missing").output
        == "source Customer 1  missing since event \(event); held: Client 1\n")
    #expect(try names(shop) == [["'Bob'"], ["'Ada'", "'Bob'"]])
  }

  @Test func `confirm lets the next run delete the partner`() throws {
    let (shop, _) = try shop()
    #expect(try shop.run().status == 1)
    #expect(try shop.syncline("missing", "confirm", with: ["Customer", "1"]).status == 0)
    #expect(try shop.syncline("missing").output == "")
    #expect(try shop.run().status == 0)
    #expect(try names(shop) == [["'Bob'"], ["'Bob'"]])
    let again = try shop.syncline("missing", "confirm", with: ["Customer", "1"])
    #expect(again.status == 2)
    #expect(again.errors.contains("`syncline missing list"))
  }

  @Test func `keep lets the next run make the record again from its partner`() throws {
    let (shop, _) = try shop()
    #expect(try shop.run().status == 1)
    #expect(try shop.syncline("missing", "keep", with: ["Customer", "1"]).status == 0)
    #expect(try shop.run().status == 0)
    #expect(try names(shop) == [["'Ada'", "'Bob'"], ["'Ada'", "'Bob'"]])
    #expect(try shop.syncline("missing").output == "")
  }
}
