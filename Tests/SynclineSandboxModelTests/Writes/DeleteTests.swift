import SynclineSandboxModel
import Testing

@Suite struct `A delete` {
  @Test func `hides the record and its children until they come back together`() throws {
    var sandbox = try TestSandbox()
    let account = try sandbox.create("Account", #"{"Name":"A"}"#)
    let child = try sandbox.create("Account", "{\"Name\":\"B\",\"ParentId\":\"\(account)\"}")
    let contact = try sandbox.create(
      "Contact", "{\"LastName\":\"C\",\"AccountId\":\"\(account)\"}")
    sandbox.pass(seconds: 5)
    #expect(sandbox.data("DELETE", "/sobjects/Account/\(account)") == Seen(204, ""))
    #expect(sandbox.query("SELECT Id FROM Contact").isEmpty)
    #expect(
      sandbox.query("SELECT Id, IsDeleted, LastModifiedDate FROM Contact", all: true)
        == ["\"\(contact)\" true \"2026-11-24T09:30:20.000+0000\""])
    // The child that only refers to it stays; nobody edited it, yet the system's stamp moves.
    #expect(
      sandbox.query("SELECT Id, ParentId, LastModifiedDate, SystemModstamp FROM Account")
        == [
          "\"\(child)\" null \"2026-11-24T09:30:15.000+0000\" \"2026-11-24T09:30:20.000+0000\""
        ])
    _ = sandbox.send("POST", "/sandbox/undelete", body: "{\"id\":\"\(account)\"}")
    #expect(sandbox.query("SELECT Id FROM Contact") == ["\"\(contact)\""])
  }

  @Test func `of what is gone says so`() throws {
    var sandbox = try TestSandbox()
    let id = try sandbox.create("Account", #"{"Name":"A"}"#)
    _ = sandbox.data("DELETE", "/sobjects/Account/\(id)")
    let gone = Seen(404, refusal("ENTITY_IS_DELETED", "entity is deleted"))
    #expect(sandbox.data("DELETE", "/sobjects/Account/\(id)") == gone)
    #expect(sandbox.data("PATCH", "/sobjects/Account/\(id)", #"{"Name":"B"}"#) == gone)
    #expect(
      sandbox.data("DELETE", "/sobjects/Account/001000000000001AAA")
        == Seen(404, refusal("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")))
  }

  @Test func `of a record that cases hold is refused`() throws {
    var sandbox = try TestSandbox()
    let id = try sandbox.create("Account", #"{"Name":"A"}"#)
    _ = try sandbox.create("Case", "{\"AccountId\":\"\(id)\"}")
    let seen = sandbox.data("DELETE", "/sobjects/Account/\(id)")
    #expect(seen.status == 400 && seen.body.contains("DELETE_FAILED"), "\(seen)")
    #expect(sandbox.query("SELECT CaseNumber, Status FROM Case") == [#""00001000" "New""#])
  }

  @Test func `is what a merge does to the second record`() throws {
    var sandbox = try TestSandbox()
    let master = try sandbox.create("Account", #"{"Name":"A"}"#)
    let loser = try sandbox.create("Account", #"{"Name":"B"}"#)
    let contact = try sandbox.create("Contact", "{\"LastName\":\"C\",\"AccountId\":\"\(loser)\"}")
    _ = sandbox.send(
      "POST", "/sandbox/merge", body: "{\"master\":\"\(master)\",\"loser\":\"\(loser)\"}")
    #expect(
      sandbox.query("SELECT Id, MasterRecordId FROM Account WHERE IsDeleted = TRUE", all: true)
        == ["\"\(loser)\" \"\(master)\""])
    #expect(sandbox.query("SELECT Id, AccountId FROM Contact") == ["\"\(contact)\" \"\(master)\""])
  }

  @Test func `by a merge leaves the first record what was taken over from the second`() throws {
    var sandbox = try TestSandbox(
      schema:
        #"{"automations":[{"object":"Account","field":"AccountNumber","uppercase":"Site"}]}"#)
    let master = try sandbox.create("Account", #"{"Name":"A","Phone":"1"}"#)
    let loser = try sandbox.create("Account", #"{"Name":"B","Phone":"2","Site":"Berlin"}"#)
    sandbox.pass(seconds: 5)
    func merge(_ fields: String) -> Seen {
      let answer = sandbox.send(
        "POST", "/sandbox/merge",
        body: "{\"master\":\"\(master)\",\"loser\":\"\(loser)\",\"fields\":\(fields)}")
      return Seen(answer.status, answer.text)
    }
    // Where a value cannot be written nothing is merged.
    #expect(merge(#"{"Name":null}"#).status == 400)
    #expect(sandbox.query("SELECT Id FROM Account").count == 2)
    #expect(merge(#"{"Site":" Berlin ","Phone":null}"#) == Seen(200, #"{"done":true}"#))
    #expect(
      sandbox.query(
        "SELECT Id, Name, Phone, Site, AccountNumber, LastModifiedDate, LastModifiedBy.Username "
          + "FROM Account"
      ).map { $0.split(separator: " {")[0] }
        == [
          "\"\(master)\" \"A\" null \"Berlin\" \"BERLIN\" \"2026-11-24T09:30:20.000+0000\""
        ])
  }

  @Test func `is forgotten for good after the bin was emptied and purged`() throws {
    var sandbox = try TestSandbox()
    let id = try sandbox.create("Account", #"{"Name":"A"}"#)
    _ = sandbox.data("DELETE", "/sobjects/Account/\(id)")
    _ = sandbox.send("POST", "/sandbox/empty-recycle-bin")
    #expect(sandbox.query("SELECT Id FROM Account", all: true) == ["\"\(id)\""])
    #expect(
      sandbox.send("POST", "/sandbox/undelete", body: "{\"id\":\"\(id)\"}").status == 400)
    _ = sandbox.send("POST", "/sandbox/purge")
    #expect(sandbox.query("SELECT Id FROM Account", all: true).isEmpty)
  }

  @Test func `that a grandchild forbids leaves everything as it was`() throws {
    var sandbox = try TestSandbox()
    let account = try sandbox.create("Account", #"{"Name":"A"}"#)
    let contact = try sandbox.create(
      "Contact", "{\"LastName\":\"C\",\"AccountId\":\"\(account)\"}")
    _ = try sandbox.create("Case", "{\"ContactId\":\"\(contact)\"}")
    #expect(sandbox.data("DELETE", "/sobjects/Account/\(account)").status == 400)
    #expect(sandbox.query("SELECT Id, Name FROM Account") == ["\"\(account)\" \"A\""])
    #expect(sandbox.query("SELECT Id FROM Account WHERE IsDeleted = TRUE", all: true).isEmpty)
  }
}
