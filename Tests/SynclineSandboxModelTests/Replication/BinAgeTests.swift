import SynclineSandboxModel
import Testing

@Suite struct `A deleted record` {
  private static let day: Int64 = 86_400

  private func deleted(_ sandbox: inout TestSandbox) throws -> String {
    let id = try sandbox.create("Account", #"{"Name":"A"}"#)
    _ = sandbox.data("DELETE", "/sobjects/Account/\(id)")
    return id
  }

  private func undelete(_ sandbox: inout TestSandbox, _ id: String) -> Seen {
    let answer = sandbox.send("POST", "/sandbox/undelete", body: "{\"id\":\"\(id)\"}")
    return Seen(answer.status, answer.text)
  }

  @Test func `comes back until its fifteenth day`() throws {
    var sandbox = try TestSandbox()
    let id = try deleted(&sandbox)
    sandbox.pass(seconds: 15 * Self.day - 1)
    #expect(undelete(&sandbox, id) == Seen(200, #"{"done":true}"#))
  }

  @Test func `leaves the recycle bin after fifteen days and queryAll a day later`() throws {
    var sandbox = try TestSandbox()
    let id = try deleted(&sandbox)
    sandbox.pass(seconds: 15 * Self.day)
    #expect(
      undelete(&sandbox, id)
        == Seen(400, refusal("UNDELETE_FAILED", "entity is not in recycle bin")))
    sandbox.pass(seconds: Self.day - 1)
    try sandbox.signIn()
    #expect(sandbox.query("SELECT Id FROM Account", all: true) == ["\"\(id)\""])
    sandbox.pass(seconds: 1)
    let outcome = sandbox.outcome("GET", "/sandbox")
    #expect(
      String(decoding: outcome.log, as: UTF8.self)
        == "{\"records\":[{\"object\":\"Account\",\"removed\":\"\(id)\"}]}\n")
  }

  @Test func `is purged a day after the bin was emptied by hand`() throws {
    var sandbox = try TestSandbox()
    let id = try deleted(&sandbox)
    sandbox.pass(seconds: 60)
    _ = sandbox.send("POST", "/sandbox/empty-recycle-bin")
    sandbox.pass(seconds: Self.day - 1)
    try sandbox.signIn()
    #expect(sandbox.query("SELECT Id FROM Account", all: true) == ["\"\(id)\""])
    sandbox.pass(seconds: 2)
    _ = sandbox.send("GET", "/sandbox")
    #expect(sandbox.organization.store.records(of: "Account").isEmpty)
  }

  @Test func `that is purged is told by the feed of deletes within its reach`() throws {
    var sandbox = try TestSandbox()
    let id = try deleted(&sandbox)
    _ = sandbox.send("POST", "/sandbox/empty-recycle-bin")
    _ = sandbox.send("POST", "/sandbox/purge")
    sandbox.pass(seconds: 60)
    let seen = sandbox.data(
      "GET", "/sobjects/Account/deleted/?start=2026-11-24T09:20:00Z&end=2026-11-24T09:31:00Z")
    #expect(seen.body.contains("\"id\":\"\(id)\""), "\(seen)")
  }

  @Test func `ages while the sandbox is not running`() throws {
    var sandbox = try TestSandbox()
    let id = try sandbox.create("Account", #"{"Name":"A"}"#)
    var again = try TestSandbox()
    let kept = try log(of: id, in: &sandbox)
    _ = try again.organization.read(log: kept)
    again.pass(seconds: 16 * Self.day)
    _ = again.send("GET", "/sandbox")
    #expect(again.organization.store.records(of: "Account").isEmpty)
  }

  private func log(of id: String, in sandbox: inout TestSandbox) throws -> [UInt8] {
    sandbox.outcome("DELETE", "/services/data/v60.0/sobjects/Account/\(id)").log
  }
}
