import SynclineTesting
import Testing

/// A field that the user may not see or write any more, from the middle of a run on: the run ends, or the
/// record waits, with the name of the field; nothing is emptied, and it goes on once the right is back.
@Suite struct `A field that is hidden in the middle of a run` {
  private func prepared(isSource: Bool) throws -> CloudPackage {
    let package = try CloudPackage(isSource: isSource)
    try package.database.execute("INSERT INTO Customer (Company, Phone) VALUES ('Ada', '1')")
    try #require(package.run().status == 0)
    return package
  }

  private func allow(_ access: String) -> String {
    #"{"object": "Account", "field": "Phone", "access": "\#(access)"}"#
  }

  /// A run at which the right is taken before a request.
  private func run(
    _ package: CloudPackage, access: String = "none", at method: String, _ word: String
  ) throws -> Scenario.Answer {
    let middleman = try Middleman(
      package.sandbox, at: method, word, .tell("access", allow(access)))
    try package.point(to: middleman.address)
    let answer = try withExtendedLifetime(middleman) { try package.run() }
    try package.restore()
    try package.sandbox.act("access", allow("write"))
    return answer
  }

  private static let hidden =
    "Account.Phone is not what it was when the run began (INVALID_FIELD). Run `check`: a field was "
    + "renamed or removed, or the user may not see it any more"

  @Test func `ends a run that reads, and empties nothing`() throws {
    let package = try prepared(isSource: true)
    let answer = try run(package, at: "GET", "/query")
    #expect(answer.status == 2, "\(answer)")
    #expect((answer.output + answer.errors).contains(Self.hidden), "\(answer)")
    #expect(try package.customers == ["Ada|1|"])
    #expect(try package.run().status == 0)
    #expect(try package.customers == ["Ada|1|"])
  }

  @Test func `ends a run that updates, which writes nothing`() throws {
    let package = try prepared(isSource: false)
    try package.database.execute("UPDATE Customer SET Company = 'Eve'")
    let answer = try run(package, at: "POST", "/composite")
    #expect(answer.status == 2, "\(answer)")
    #expect((answer.output + answer.errors).contains(Self.hidden), "\(answer)")
    let mended = try package.run()
    #expect(mended.status == 0, "\(mended)")
    #expect(package.written(mended).last == "wrote 0 inserts, 1 updates, 0 deletes")
    let account = try #require(package.sandbox.records("Account").values.first)
    #expect(account["Name"] == "Eve")
    #expect(account["Phone"] == "1")
  }

  @Test func `ends a run that creates, and nothing is made twice`() throws {
    let package = try prepared(isSource: false)
    try package.database.execute(
      "INSERT INTO Customer (Company, Phone) VALUES ('Bob', '2'), ('Cyd', NULL)")
    let answer = try run(package, at: "POST", "/composite/sobjects")
    #expect(answer.status == 2, "\(answer)")
    let told = answer.output + answer.errors
    #expect(told.contains("Account.Phone"), "\(told)")
    #expect(told.contains("INVALID_FIELD"), "\(told)")
    _ = try package.run()
    #expect(try package.run().status == 0)
    #expect(
      try package.sandbox.records("Account").values.compactMap { $0["Name"] }.sorted()
        == ["Ada", "Bob", "Cyd"])
  }

  @Test func `refuses the record where it may still be read`() throws {
    let package = try prepared(isSource: false)
    try package.database.execute("UPDATE Customer SET Phone = '2'")
    let answer = try run(package, access: "read", at: "POST", "/composite")
    #expect(answer.status == 1, "\(answer)")
    #expect(
      try package.call("errors").output.contains(
        "Account.Phone: the user may not write the field (INVALID_FIELD_FOR_INSERT_UPDATE)"))
    let mended = try package.run()
    #expect(mended.status == 0, "\(mended)")
    #expect(package.written(mended).last == "wrote 0 inserts, 1 updates, 0 deletes")
  }
}
