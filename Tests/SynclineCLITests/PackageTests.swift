import Foundation
import SynclineTesting
import Testing

@Suite struct `A package file` {
  @Test func `is written by new, reads well, and is never overwritten`() throws {
    let shop = try Shop.scenario()
    let made = try shop.call("new", "mine.sync.yaml")
    #expect(
      made
        == Scenario.Answer(
          status: 0,
          output: "mine.sync.yaml is written. Fill it in, then: syncline check mine.sync.yaml\n",
          errors: ""))
    let text = try shop.text("mine.sync.yaml")
    let check = try shop.call("check", "mine.sync.yaml", "--offline")
    #expect(check.status == 0)
    let again = try shop.call("new", "mine.sync.yaml")
    #expect(
      again
        == Scenario.Answer(
          status: 2, output: "",
          errors: "mine.sync.yaml exists already; give the new package another name.\n"))
    try FileManager.default.createSymbolicLink(
      atPath: shop.file("link.sync.yaml"), withDestinationPath: "elsewhere.yaml")
    #expect(try shop.call("new", "link.sync.yaml").status == 2)
    #expect(!FileManager.default.fileExists(atPath: shop.file("elsewhere.yaml")))
    #expect(try shop.text("mine.sync.yaml") == text)
    let nowhere = try shop.call("new", "no/folder/mine.sync.yaml")
    #expect(nowhere.status == 2)
    #expect(nowhere.errors.contains("cannot write no/folder/mine.sync.yaml"))
  }

  @Test func `is written for Salesforce where that is asked for`() throws {
    let shop = try Shop.scenario()
    #expect(try shop.call("new", "crm.sync.yaml", "--with", "salesforce").status == 0)
    #expect(try shop.text("crm.sync.yaml").contains("type: salesforce"))
    #expect(try shop.call("check", "crm.sync.yaml", "--offline").status == 0)
  }

  @Test func `gets one line by the first run, nothing else touched`() throws {
    let shop = try Shop.scenario()
    let before = try shop.text("shop.sync.yaml")
    try shop.run()
    let after = try shop.text("shop.sync.yaml")
    #expect(
      after == before + (before.hasSuffix("\n") ? "" : "\n") + "journal: \(try shop.journal)\n")
    try shop.run()
    #expect(try shop.text("shop.sync.yaml") == after)
  }

  @Test func `that was renamed keeps its journal`() throws {
    let shop = try Shop.synced()
    let journal = try shop.journal
    try FileManager.default.moveItem(
      atPath: shop.file("shop.sync.yaml"), toPath: shop.file("trade.sync.yaml"))
    let answer = try shop.call("run", "trade.sync.yaml", "--json")
    #expect(answer.neutral == Scenario.Answer(status: 0, output: quiet(2), errors: ""))
    #expect(answer.output.contains(journal))
    let folders = try FileManager.default.contentsOfDirectory(atPath: shop.file(".syncline"))
    #expect(folders == ["shop"])
  }

  @Test func `over objects that another journal syncs is refused by check, not only by a run`()
    throws
  {
    let shop = try Shop.synced()
    let text = try shop.text("shop.sync.yaml").components(separatedBy: "journal:")[0]
    try text.write(toFile: shop.file("second.sync.yaml"), atomically: true, encoding: .utf8)
    let answer = try shop.call("check", "second.sync.yaml")
    #expect(answer.status == 2)
    #expect(
      answer.errors.contains(
        "Journal \(try shop.journal) already syncs “Customer” with “Client” of the same systems."))
    #expect(try shop.call("check", "shop.sync.yaml").status == 0)
  }

  @Test func `under the old name of a renamed one leaves that one's journal alone`() throws {
    let shop = try Shop.synced()
    try shop.move("shop.sync.yaml", "trade.sync.yaml")
    let text = try shop.text("trade.sync.yaml").components(separatedBy: "journal:")[0]
      .replacingOccurrences(of: "source: Customer", with: "source: Product")
      .replacingOccurrences(of: "target: Client", with: "target: Item")
    try shop.source.execute("CREATE TABLE Product (id INTEGER PRIMARY KEY, name TEXT, phone TEXT)")
    try shop.target.execute("CREATE TABLE Item (id INTEGER PRIMARY KEY, title TEXT, tel TEXT)")
    try shop.write(text, to: "shop.sync.yaml")
    for command in ["run", "status", "plan"] {
      let refused = try shop.call(command, "shop.sync.yaml")
      #expect(refused.status == 2)
      #expect(
        refused.errors == """
          ./.syncline/shop holds the journal of ./trade.sync.yaml, which was renamed. Move that folder \
          to ./.syncline/trade; the first run of shop.sync.yaml then makes a journal of its own.

          """)
    }
    #expect(try shop.text("shop.sync.yaml") == text)
    try shop.move(".syncline/shop", ".syncline/trade")
    #expect(try shop.call("run", "shop.sync.yaml", "--json").status == 0)
    let quiet = try shop.call("run", "trade.sync.yaml", "--json")
    #expect(quiet.neutral == Scenario.Answer(status: 0, output: report(2), errors: ""))
  }

  @Test func `may list what the journal remembers, and check finds what is not there`() throws {
    let shop = try Shop.scenario()
    try shop.edit("tasks:", "capture: [Customer.fone, Client.cid]\ntasks:")
    let answer = try shop.call("check", "shop.sync.yaml")
    #expect(
      answer
        == Scenario.Answer(
          status: 2, output: "",
          errors: "shop.sync.yaml: `capture` names “Customer.fone”, and no object has that field; "
            + "remove it\n"))
  }

  @Test func `lives beside others, also of the same name, each with its own journal`() throws {
    let shop = try Shop.scenario()
    try shop.source.execute(
      "CREATE TABLE Product (id INTEGER PRIMARY KEY, label TEXT); INSERT INTO Product VALUES (1,'p')"
    )
    try shop.target.execute("CREATE TABLE Item (id INTEGER PRIMARY KEY, text TEXT)")
    let second = try shop.text("shop.sync.yaml")
      .replacingOccurrences(of: "Customers", with: "Products")
      .replacingOccurrences(of: "source: Customer", with: "source: Product")
      .replacingOccurrences(of: "target: Client", with: "target: Item")
      .replacingOccurrences(of: "name: title", with: "label: text")
      .replacingOccurrences(of: "      phone: tel\n", with: "")
    try shop.write(second, to: "goods.sync.yaml")
    #expect(try shop.call("run", "shop.sync.yaml", "--json").status == 0)
    #expect(try shop.call("run", "goods.sync.yaml", "--json").status == 0)
    #expect(try shop.target.rows("SELECT text FROM Item") == [["'p'"]])
    for name in ["shop", "goods"] {
      let quiet = try shop.call("run", name + ".sync.yaml", "--json")
      #expect(quiet.neutral == Scenario.Answer(status: 0, output: report(2), errors: ""))
      let status = try shop.call("status", name + ".sync.yaml", "--json")
      #expect(status.json[0]["package"] as? String == "Shop")
    }
    let folders = try FileManager.default.contentsOfDirectory(atPath: shop.file(".syncline"))
    #expect(Set(folders) == ["shop", "goods"])
    // One package's tracking can go without the other's.
    #expect(try shop.call("untrack", "goods.sync.yaml").status == 0)
    try shop.source.execute("UPDATE Customer SET phone = '8' WHERE id = 1")
    #expect(try shop.call("run", "shop.sync.yaml", "--json").status == 0)
    #expect(try shop.target.rows("SELECT tel FROM Client WHERE title = 'Anna'") == [["'8'"]])
  }

  @Test func `shares connections with others`() throws {
    let shop = try Shop.scenario()
    let text = try shop.text("shop.sync.yaml")
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let connections = ["connections:"] + lines.filter { $0.contains("type: sqlite") }
    try shop.write(connections.joined(separator: "\n") + "\n", to: "connections.yaml")
    let rest = lines.filter { !$0.contains("type: sqlite") && $0 != "connections:" }
    try shop.write(rest.joined(separator: "\n"), to: "shop.sync.yaml")
    #expect(try shop.run().status == 0)
  }
}

@Suite struct `Tracking objects` {
  /// SQLite keeps the table of its counters once it had one, empty.
  static let objects = "SELECT name FROM sqlite_schema WHERE name <> 'sqlite_sequence'"

  @Test func `are removed by untrack, all of them, and made anew by the next run`() throws {
    let shop = try Shop.scenario()
    let before = [try shop.source.rows(Self.objects), try shop.target.rows(Self.objects)]
    try shop.run()
    #expect(try [shop.source.rows(Self.objects), shop.target.rows(Self.objects)] != before)
    let removed = try shop.syncline("untrack")
    #expect(
      removed
        == Scenario.Answer(status: 0, output: "source: removed\ntarget: removed\n", errors: ""))
    #expect(try [shop.source.rows(Self.objects), shop.target.rows(Self.objects)] == before)
    #expect(
      try shop.syncline("untrack").output
        == "source: nothing to remove\ntarget: nothing to remove\n"
    )
    try shop.source.execute("UPDATE Customer SET phone = '8' WHERE id = 1")
    try shop.target.execute("DELETE FROM Client WHERE title = 'Bert'")
    #expect(try shop.run().status == 0)
    let all = [["'Anna'", "'8'"], ["'Zoe'", "'9'"]]
    #expect(try shop.contents == Contents(source: all, target: all))
    #expect(try shop.run().neutral.output == quiet(3))
  }
}
