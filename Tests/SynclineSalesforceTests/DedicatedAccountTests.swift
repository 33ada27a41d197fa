import SynclineTesting
import Testing

/// A user that is Syncline's alone, and edits while a run goes on: scenarios 16 to 20 of the semantics.
@Suite struct `An organisation with a dedicated account` {
  private static let ours = "integration@sandbox.test"
  private static let jane = "ana@sandbox.test"

  /// A package whose organisation has two accounts, written by our own user and by Jane, and that ran once.
  private final class Pair {
    let package: CloudPackage
    let first: String
    let second: String
    let side: String

    init(isSource: Bool, more: String = "", isDedicated: Bool = true) throws {
      package = try CloudPackage(isSource: isSource)
      side = isSource ? "source" : "target"
      let word = isDedicated ? ", dedicatedAccount: true" : ""
      try package.write(
        package.text.replacing("{connection: crm}", with: "{connection: crm\(word)}") + more)
      let records = [(ours, "A1"), (jane, "A2")]
      let ids = try package.sandbox.act(
        "write",
        records.map {
          #"{"user": "\#($0.0)", "object": "Account", "fields": {"Name": "\#($0.1)"}}"#
        })
      (first, second) = (ids[0], ids[1])
      try #require(package.run().status == 0)
    }

    /// Some minutes after the last run a user edits a record by hand, and some minutes later there is a run.
    func edit(_ id: String, _ fields: String, by user: String, after seconds: Int) throws {
      try pass(seconds)
      try package.sandbox.act(
        "write",
        #"{"user": "\#(user)", "object": "Account", "id": "\#(id)", "fields": {\#(fields)}}"#)
    }

    /// The organisation's clock is so far ahead from now on.
    func pass(_ seconds: Int) throws {
      try package.sandbox.act("faults", #"{"fault": "clock=\#(seconds)"}"#)
    }

    func runOnce() throws { try #require(package.run().status == 0) }
  }

  @Test(arguments: [true, false])
  func `copies in the first run what its own user wrote last`(isSource: Bool) throws {
    let pair = try Pair(isSource: isSource)
    #expect(try pair.package.customers == ["A1||", "A2||"])
  }

  @Test(arguments: [true, false])
  func `ignores what that user edits by hand, and lists it`(isSource: Bool) throws {
    let pair = try Pair(isSource: isSource)
    try pair.edit(pair.first, #""Phone": "1""#, by: Self.ours, after: 900)
    try pair.edit(pair.second, #""Phone": "2""#, by: Self.jane, after: 900)
    try pair.pass(1800)
    try pair.runOnce()
    #expect(try pair.package.customers == ["A1||", "A2|2|"])
    let listed = try pair.package.call("conflicts").output
    #expect(
      listed == "ignored  Customers  \(pair.side) Account \(pair.first)  Phone = \"1\"; agreed was "
        + "Phone = null\n")
    let told = try pair.package.call("explain", ["Account", pair.first]).output
    #expect(
      told.contains(
        "an edit on the \(pair.side) was ignored (dedicated: made by hand with the package's own "
          + "account): Phone = \"1\""))
    #expect(
      told.hasSuffix(
        "now: in task Customers an edit of Phone on the \(pair.side) is ignored; it travels when "
          + "somebody else edits the record\n"))

    // With somebody else's edit the whole record travels.
    try pair.edit(pair.first, #""AnnualRevenue": 5"#, by: Self.jane, after: 2700)
    try pair.pass(3600)
    try pair.runOnce()
    #expect(try pair.package.customers == ["A1|1|5", "A2|2|"])
    #expect(try pair.package.call("conflicts").output == "")
  }

  @Test(arguments: [true, false], [true, false])
  func `brings in the next run what somebody edits while one goes on`(
    isSource: Bool, isDuringTheWrite: Bool
  ) throws {
    let pair = try Pair(isSource: isSource)
    try pair.package.database.execute("UPDATE Customer SET Revenue = 7 WHERE Company = 'A1'")
    let middleman = try Middleman(
      pair.package.sandbox, before: isDuringTheWrite ? "/composite" : "/oauth2/token",
      edit:
        #"{"user": "\#(Self.jane)", "object": "Account", "id": "\#(pair.second)", "fields": {"Phone": "3"}}"#
    )
    try pair.package.point(to: middleman.address)
    try withExtendedLifetime(middleman) {
      try pair.runOnce()
      try pair.runOnce()
    }
    #expect(try pair.package.customers == ["A1||7", "A2|3|"])
  }

  @Test(arguments: [true, false])
  func `where none is dedicated, takes edits of our user for those of anybody`(
    isSource: Bool
  ) throws {
    let pair = try Pair(isSource: isSource, isDedicated: false)
    try pair.edit(pair.first, #""Phone": "1""#, by: Self.ours, after: 900)
    try pair.pass(1800)
    try pair.runOnce()
    #expect(try pair.package.customers == ["A1|1|", "A2||"])
  }

  @Test(arguments: [true, false])
  func `ignores what is edited during a run, where the package says so`(isSource: Bool) throws {
    let pair = try Pair(isSource: isSource, more: "duringRun: ignore\n", isDedicated: false)
    try pair.package.database.execute("INSERT INTO Customer (Company) VALUES ('A3')")
    let middleman = try Middleman(
      pair.package.sandbox, before: "/composite",
      edit:
        #"{"user": "\#(Self.jane)", "object": "Account", "id": "\#(pair.second)", "fields": {"Phone": "3"}}"#
    )
    try pair.package.point(to: middleman.address)
    try withExtendedLifetime(middleman) {
      try pair.runOnce()
      try pair.runOnce()
    }
    #expect(try pair.package.customers == ["A1||", "A2||", "A3||"])
    #expect(
      try pair.package.call("explain", ["Account", pair.second]).output.contains(
        "was ignored (duringRun: made while a run went on): Phone = \"3\""))
  }

  @Test(arguments: [true, false])
  func `is offered for the organisation and refused for the database`(isSource: Bool) throws {
    let package = try CloudPackage(isSource: isSource)
    let side = isSource ? "source" : "target"
    #expect(
      try package.call("check").output.hasSuffix(
        "note: the \(side) has no dedicated account. Give Syncline a user of its own there and say "
          + "`dedicatedAccount: true` under `\(side)`: what it writes is then never taken for what people "
          + "write.\n"))
    let text = try package.text
    try package.write(
      text.replacing("{connection: crm}", with: "{connection: crm, dedicatedAccount: true}"))
    let dedicated = try package.call("check")
    #expect(dedicated.status == 0)
    #expect(!dedicated.output.contains("note:"))
    try package.write(
      text.replacing("{connection: shop}", with: "{connection: shop, dedicatedAccount: true}"))
    let refused = try package.call("check")
    #expect(refused.status == 2)
    #expect(
      refused.errors.contains(
        "`dedicatedAccount` is offered for Salesforce, Dynamics 365, SugarCRM or Zoho CRM only: a "
          + "database does not tell who wrote a record. Remove it"))
  }
}
