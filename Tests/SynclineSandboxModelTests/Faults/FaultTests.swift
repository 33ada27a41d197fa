import SynclineSandboxModel
import Testing

@Suite struct `A fault` {
  @Test(arguments: [
    "latency=200", "expired,after=2,times=1", "cut-after,match=/sobjects,method=POST,times=1",
    "clock=-90", "batch=3", "html", "lock,times=2", "late-commit=5",
    "body-stall=500", "body-slow=20,times=1",
    "refuse=QUERY_TIMEOUT,match=/query,times=1", "refuse=SOMETHING_NEW,status=409,method=GET",
  ])
  func `is spelled as it was read`(_ text: String) throws {
    #expect(try Fault(parsing: text).text == text)
  }

  @Test(arguments: [
    (
      "nothing",
      "`nothing` is no fault; known are latency, expired, limit, concurrent, html, "
        + "unavailable, login-rate, refuse, lock, cut-before, cut-after, truncate, body-stall, body-slow, "
        + "late-visibility, late-commit, clock, batch."
    ),
    ("latency", "The fault latency needs an amount: latency=5."),
    (
      "html,often=2",
      "`often=2` of the fault html is not known; write match=, method=, after= or "
        + "times=."
    ),
    (
      "html,status=500",
      "`status=500` of the fault html is not known; write match=, method=, after= or times=."
    ),
    (
      "refuse",
      "The fault refuse needs the code of an error, and a status from 400 to 599 where one is "
        + "given: refuse=QUERY_TIMEOUT,status=400."
    ),
    ("html,times=x", "The times of the fault html is a whole number, not x."),
  ])
  func `that is misspelled is refused`(_ text: String, _ message: String) {
    #expect(throws: SchemaProblem(message)) { try Fault(parsing: text) }
  }

  @Test(arguments: [
    ("html", 500, "<html>"), ("unavailable", 503, "SERVER_UNAVAILABLE"),
    ("limit", 403, "TotalRequests Limit exceeded."),
    ("concurrent", 403, "ConcurrentPerOrgLongTxn Limit exceeded"),
    ("lock", 400, "UNABLE_TO_LOCK_ROW"),
  ])
  func `answers in the real words and changes nothing`(
    _ fault: String, _ status: Int, _ words: String
  ) throws {
    var sandbox = try TestSandbox()
    try sandbox.organization.add(fault: fault + ",times=1")
    let seen = sandbox.data("POST", "/sobjects/Account", #"{"Name":"A"}"#)
    #expect(seen.status == status && seen.body.contains(words), "\(seen)")
    #expect(sandbox.query("SELECT Id FROM Account").isEmpty)
  }

  @Test(arguments: [("cut-before", 0), ("cut-after", 1), ("truncate", 1)])
  func `that ends the connection does so before or after the write`(
    _ fault: String, _ count: Int
  ) throws {
    var sandbox = try TestSandbox()
    try sandbox.organization.add(fault: fault + ",times=1")
    let outcome = sandbox.outcome(
      "POST", "/services/data/v60.0/sobjects/Account", body: #"{"Name":"A"}"#)
    #expect(outcome.cut == (fault == "truncate" ? .withinBody : .beforeAnswer))
    #expect(outcome.log.isEmpty == (count == 0))
    #expect(sandbox.query("SELECT Id FROM Account").count == count)
  }

  @Test(arguments: [("body-stall=700", 2, 700), ("body-slow=5", 16, 5)])
  func `of a slow body sends it in pieces and keeps what was done`(
    _ fault: String, _ parts: Int, _ pause: Int
  ) throws {
    var sandbox = try TestSandbox()
    try sandbox.organization.add(fault: fault + ",times=1")
    let outcome = sandbox.outcome(
      "POST", "/services/data/v60.0/sobjects/Account", body: #"{"Name":"A"}"#)
    #expect(outcome.pace?.parts == parts)
    #expect(outcome.pace?.pauseMilliseconds == pause)
    #expect(outcome.response.status == 201)
    #expect(sandbox.query("SELECT Name FROM Account") == [#""A""#])
  }

  @Test func `of the clock moves every stamp`() throws {
    var sandbox = try TestSandbox()
    try sandbox.organization.add(fault: "clock=3600")
    _ = try sandbox.create("Account", #"{"Name":"A"}"#)
    #expect(
      sandbox.query("SELECT CreatedDate FROM Account") == [#""2026-11-24T10:30:15.000+0000""#])
    let answer = sandbox.send("GET", "/services/data")
    #expect(answer.headers.contains { $0 == ("Date", "Tue, 24 Nov 2026 10:30:15 GMT") })
  }

  @Test func `of a late commit holds the record and hides it until then`() throws {
    var sandbox = try TestSandbox()
    let id = try sandbox.create("Account", #"{"Name":"A"}"#)
    try sandbox.organization.add(fault: "late-commit=60,times=1")
    let path = "/services/data/v60.0/sobjects/Account/\(id)"
    let outcome = sandbox.outcome("PATCH", path, body: #"{"Name":"B"}"#)
    #expect(outcome.delayMilliseconds == 60_000)
    #expect(sandbox.query("SELECT Name FROM Account") == [#""A""#])
    let second = sandbox.send("PATCH", path, body: #"{"Name":"C"}"#)
    #expect(second.status == 400 && second.text.contains("UNABLE_TO_LOCK_ROW"))
    sandbox.pass(seconds: 60)
    #expect(sandbox.query("SELECT Name FROM Account") == [#""B""#])
  }
}
