import SynclineModel
import SynclineSandboxModel
import Testing

@Suite struct `The log` {
  private func busy() throws -> (TestSandbox, log: [UInt8]) {
    var sandbox = try TestSandbox()
    var log: [UInt8] = []
    func send(_ method: String, _ path: String, _ body: String = "") -> APIResponse {
      let outcome = sandbox.outcome(method, "/services/data/v60.0" + path, body: body)
      log += outcome.log
      return outcome.response
    }
    let account = send("POST", "/sobjects/Account", #"{"Name":"Ä","AnnualRevenue":12}"#)
    let id = try #require(try json(account)["id"]?.textValue)
    _ = send("POST", "/sobjects/Contact", "{\"LastName\":\"C\",\"AccountId\":\"\(id)\"}")
    _ = send("POST", "/sobjects/Case", #"{"Subject":"x"}"#)
    _ = send("DELETE", "/sobjects/Account/\(id)")
    _ = send("POST", "/sobjects/Account", "{}")
    return (sandbox, log)
  }

  private func records(_ organization: Organization) -> [Record] {
    organization.catalog.objects.flatMap { organization.store.records(of: $0.name) }
      .sorted { $0.id < $1.id }
  }

  @Test func `read again makes the same organisation`() throws {
    let (sandbox, log) = try busy()
    var other = try TestSandbox()
    #expect(try other.organization.read(log: log) == log.count)
    #expect(records(other.organization) == records(sandbox.organization))
    #expect(other.organization.store.deletions == sandbox.organization.store.deletions)
    // Numbers go on where they stopped, also where a record was refused.
    #expect(try other.create("Account", #"{"Name":"B"}"#) == "001SB0000000003YAA")
  }

  @Test func `keeps the id of the organisation, which no other one has`() throws {
    var first = try TestSandbox()
    first.organization.name(after: "one")
    let log = first.outcome("POST", "/services/data/v60.0/sobjects/Account", body: #"{"Name":"A"}"#)
      .log
    var again = try TestSandbox()
    _ = try again.organization.read(log: log)
    #expect(again.organization.identifier == first.organization.identifier)
    var second = try TestSandbox()
    second.organization.name(after: "two")
    #expect(second.organization.identifier != first.organization.identifier)
    #expect(second.organization.identifier.hasPrefix("00D"))
    #expect(second.organization.identifier.utf8.count == 18)
  }

  @Test func `keeps rules that are going to write until they have`() throws {
    let schema =
      #"{"automations":[{"object":"Account","field":"Site","uppercase":"Name","afterSeconds":60}]}"#
    var sandbox = try TestSandbox(schema: schema)
    let path = "/services/data/v60.0/sobjects/Account"
    var log = sandbox.outcome("POST", path, body: #"{"Name":"a"}"#).log
    // A write that is refused sets nothing off.
    log += sandbox.outcome("POST", path, body: #"{"Name":"b","AnnualRevenue":"x"}"#).log
    func restarted(_ log: [UInt8], _ seconds: Int64) throws -> [String] {
      var again = try TestSandbox(schema: schema)
      _ = try again.organization.read(log: log)
      again.pass(seconds: seconds)
      return again.query("SELECT Site, SystemModstamp FROM Account")
    }
    #expect(try restarted(log, 59) == [#"null "2026-11-24T09:30:15.000+0000""#])
    #expect(try restarted(log, 60) == [#""A" "2026-11-24T09:31:15.000+0000""#])
    // What was carried out is not carried out again.
    sandbox.pass(seconds: 90)
    log += sandbox.outcome("GET", "/sandbox").log
    let id = try #require(sandbox.query("SELECT Id FROM Account").first).dropFirst().dropLast()
    log += sandbox.outcome("PATCH", "\(path)/\(id)", body: #"{"Site":"s"}"#).log
    #expect(try restarted(log, 100) == [#""s" "2026-11-24T09:31:45.000+0000""#])
  }

  @Test func `of calls keeps those of the day, and leaves the one of changes alone`() throws {
    var sandbox = try TestSandbox()
    var log: [UInt8] = []
    func call() {
      let outcome = sandbox.outcome("GET", "/services/data/v60.0/limits")
      #expect(outcome.log.isEmpty)
      log += outcome.calls
    }
    for _ in 0..<3 { call() }
    sandbox.pass(seconds: 60)
    call()
    #expect(
      String(decoding: log, as: UTF8.self).split(separator: "\n").suffix(2)
        == [#"{"calls":{"29925210":3}}"#, #"{"calls":{"29925211":1}}"#])
    var again = try TestSandbox()
    _ = try again.organization.read(log: log)
    func used(after seconds: Int64) throws -> String? {
      again.pass(seconds: seconds)
      try again.signIn()
      let answer = again.send("GET", "/services/data/v60.0/limits")
      return answer.headers.first { $0.name == "Sforce-Limit-Info" }?.value
    }
    #expect(try used(after: 120) == "api-usage=5/15000")
    // A day later they count no more.
    #expect(try used(after: 86_400 - 120) == "api-usage=3/15000")
    #expect(try used(after: 86_400) == "api-usage=1/15000")
  }

  @Test func `that ends in the middle of a line lost only what was never answered`() throws {
    let (_, log) = try busy()
    let whole = try #require(log.dropLast().lastIndex(of: 0x0A)) + 1
    for end in [whole, whole + 1, log.count - 1] {
      var other = try TestSandbox()
      #expect(try other.organization.read(log: Array(log[..<end])) == whole)
    }
  }

  @Test(arguments: ["", "{\"records\":[{\"obj"])
  func `of nothing yet leaves the beginning to be written`(_ log: String) throws {
    let now = try #require(StampText.moment("2026-11-24T09:30:15.250Z"))
    var organization = Organization(
      schema: try SchemaFile(), credentials: Credentials(), now: now)
    #expect(try organization.read(log: Array(log.utf8)) == 0)
    let beginning = String(decoding: organization.logOfTheBeginning(), as: UTF8.self)
    for name in ["integration", "ana", "autoproc"] {
      #expect(beginning.contains("\"Username\":\"\(name)@sandbox.test\""))
    }
  }

  @Test func `that is damaged is refused by its line`() throws {
    let (_, log) = try busy()
    var other = try TestSandbox()
    #expect(
      throws: SchemaProblem(
        "Line 1 of the data file is damaged: "
          + "Unexpected character ('x' (code 120)).")
    ) {
      _ = try other.organization.read(log: Array("x".utf8) + log)
    }
  }
}
