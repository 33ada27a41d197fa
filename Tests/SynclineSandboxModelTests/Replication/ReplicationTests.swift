import SynclineSandboxModel
import Testing

@Suite struct `What changed in a span of time` {
  private func ask(
    _ sandbox: inout TestSandbox, _ kind: String, from start: String, to end: String
  ) -> Seen {
    sandbox.data(
      "GET", "/sobjects/Account/\(kind)/?start=\(start)&end=\(end)")
  }

  @Test func `is told by whole minutes`() throws {
    var sandbox = try TestSandbox()
    let id = try sandbox.create("Account", #"{"Name":"A"}"#)
    sandbox.pass(seconds: 120)
    #expect(
      ask(&sandbox, "updated", from: "2026-11-24T09:30:59Z", to: "2026-11-24T09:31:30Z")
        == Seen(
          200, "{\"ids\":[\"\(id)\"],\"latestDateCovered\":\"2026-11-24T09:31:00.000+0000\"}"))
    #expect(
      ask(&sandbox, "updated", from: "2026-11-24T09:30:10Z", to: "2026-11-24T09:30:59Z")
        == Seen(
          400, refusal("INVALID_REPLICATION_DATE", "startDate must be before endDate")))
  }

  @Test func `covers no time in which a write still goes on`() throws {
    var sandbox = try TestSandbox()
    _ = try sandbox.create("Account", #"{"Name":"A"}"#)
    try sandbox.organization.add(fault: "late-visibility=300,times=1")
    let late = try sandbox.create("Account", #"{"Name":"B"}"#)
    sandbox.pass(seconds: 240)
    #expect(sandbox.query("SELECT Name FROM Account") == [#""A""#])
    let span = ("2026-11-24T09:00:00Z", "2026-11-24T09:34:00Z")
    let early = ask(&sandbox, "updated", from: span.0, to: span.1)
    #expect(early.body.contains("\"latestDateCovered\":\"2026-11-24T09:30:00.000+0000\""))
    #expect(!early.body.contains(late))
    sandbox.pass(seconds: 60)
    // Now it is there, under a stamp from before what others have read since.
    #expect(
      sandbox.query("SELECT Name, SystemModstamp FROM Account WHERE Name = 'B'")
        == [#""B" "2026-11-24T09:30:15.000+0000""#])
  }

  @Test func `tells deletes, also of what came back and went`() throws {
    var sandbox = try TestSandbox()
    let id = try sandbox.create("Account", #"{"Name":"A"}"#)
    _ = sandbox.data("DELETE", "/sobjects/Account/\(id)")
    sandbox.pass(seconds: 60)
    let span = ("2026-11-24T09:20:00Z", "2026-11-24T09:31:00Z")
    #expect(
      ask(&sandbox, "deleted", from: span.0, to: span.1)
        == Seen(
          200,
          "{\"deletedRecords\":[{\"id\":\"\(id)\",\"deletedDate\":\"2026-11-24T09:30:15.000+0000\"}],"
            + "\"earliestDateAvailable\":\"2026-11-09T09:31:00.000+0000\","
            + "\"latestDateCovered\":\"2026-11-24T09:31:00.000+0000\"}"))
    _ = sandbox.send("POST", "/sandbox/prune-deletions")
    #expect(
      ask(&sandbox, "deleted", from: span.0, to: span.1).body.contains(
        "\"deletedRecords\":[],\"earliestDateAvailable\":\"2026-11-24T09:31:00.000+0000\""))
    #expect(
      ask(&sandbox, "deleted", from: "2026-11-01T00:00:00Z", to: span.1).body.contains(
        "INVALID_REPLICATION_DATE"))
  }

  @Test func `is not told from before the log of deletes was cut, where that is refused`() throws {
    var sandbox = try TestSandbox()
    sandbox.pass(seconds: 120)
    let pruned = sandbox.outcome("POST", "/sandbox/prune-deletions", body: #"{"refuses":true}"#)
    sandbox.pass(seconds: 600)
    let refused = Seen(
      400,
      refusal("INVALID_REPLICATION_DATE", "startDate before org replication enabled date"))
    let end = "2026-11-24T09:40:00Z"
    #expect(ask(&sandbox, "deleted", from: "2026-11-24T09:31:59Z", to: end) == refused)
    let told = Seen(
      200,
      "{\"deletedRecords\":[],\"earliestDateAvailable\":\"2026-11-24T09:32:00.000+0000\","
        + "\"latestDateCovered\":\"2026-11-24T09:40:00.000+0000\"}")
    #expect(ask(&sandbox, "deleted", from: "2026-11-24T09:32:00Z", to: end) == told)
    // A sandbox that starts again refuses the same.
    var again = try TestSandbox()
    _ = try again.organization.read(log: pruned.log)
    again.pass(seconds: 720)
    #expect(ask(&again, "deleted", from: "2026-11-24T09:31:59Z", to: end) == refused)
  }

  @Test func `is told from fifteen days ago at most, however long ago the log was cut`() throws {
    var sandbox = try TestSandbox()
    _ = sandbox.send("POST", "/sandbox/prune-deletions")
    sandbox.pass(seconds: 20 * 86_400)
    try sandbox.signIn()
    let seen = ask(
      &sandbox, "deleted", from: "2026-12-14T09:00:00Z", to: "2026-12-14T09:20:00Z")
    #expect(seen.body.contains("\"earliestDateAvailable\":\"2026-11-29T09:30:00.000+0000\""))
  }

  @Test func `moves the system's stamp alone where the system did it`() throws {
    var sandbox = try TestSandbox()
    let id = try sandbox.create("Account", #"{"Name":"A"}"#)
    sandbox.pass(seconds: 9)
    _ = sandbox.send("POST", "/sandbox/touch", body: "{\"id\":\"\(id)\"}")
    #expect(
      sandbox.query("SELECT SystemModstamp, LastModifiedDate FROM Account")
        == [#""2026-11-24T09:30:24.000+0000" "2026-11-24T09:30:15.000+0000""#])
  }

  @Test func `tells the delete of a record that has come back`() throws {
    var sandbox = try TestSandbox()
    let id = try sandbox.create("Account", #"{"Name":"A"}"#)
    _ = sandbox.data("DELETE", "/sobjects/Account/\(id)")
    _ = sandbox.send("POST", "/sandbox/undelete", body: "{\"id\":\"\(id)\"}")
    sandbox.pass(seconds: 60)
    let seen = ask(
      &sandbox, "deleted", from: "2026-11-24T09:20:00Z", to: "2026-11-24T09:31:00Z")
    #expect(seen.body.contains(id))
    #expect(sandbox.query("SELECT Id FROM Account") == ["\"\(id)\""])
  }
}
