import SynclineModel
import SynclineSandboxModel
import Testing

@Suite struct `A session` {
  static let expired = Seen(
    401, refusal("INVALID_SESSION_ID", "Session expired or invalid"))

  private func token(_ sandbox: inout TestSandbox, _ form: String) -> Seen {
    let answer = sandbox.send("POST", "/services/oauth2/token", body: form)
    return Seen(answer.status, answer.text)
  }

  @Test func `lives by being used and ends after two hours without`() throws {
    var sandbox = try TestSandbox()
    for _ in 0..<3 {
      sandbox.pass(seconds: 7000)
      #expect(sandbox.data("GET", "/limits").status == 200)
    }
    sandbox.pass(seconds: 7200)
    #expect(sandbox.data("GET", "/limits") == Self.expired)
  }

  @Test func `can end in the middle of everything`() throws {
    var sandbox = try TestSandbox()
    try sandbox.organization.add(fault: "expired,after=1,times=1")
    #expect(sandbox.data("GET", "/limits").status == 200)
    #expect(sandbox.data("GET", "/limits") == Self.expired)
  }

  @Test(arguments: [
    (
      "grant_type=client_credentials&client_id=sandbox-client&client_secret=no", 401,
      "invalid_client"
    ),
    ("grant_type=client_credentials&client_id=no&client_secret=no", 400, "invalid_client_id"),
    ("grant_type=magic", 400, "unsupported_grant_type"), ("", 400, "invalid_request"),
    (
      "grant_type=password&client_id=sandbox-client&client_secret=sandbox-secret"
        + "&username=ana%40sandbox.test&password=no", 400, "invalid_grant"
    ),
  ])
  func `is not opened by what is wrong`(_ form: String, _ status: Int, _ error: String) throws {
    var sandbox = try TestSandbox()
    let seen = token(&sandbox, form)
    #expect(seen.status == status && seen.body.hasPrefix("{\"error\":\"\(error)\","), "\(seen)")
  }

  @Test func `is of the user who logged in`() throws {
    var sandbox = try TestSandbox()
    let seen = token(
      &sandbox,
      "grant_type=password&client_id=sandbox-client&client_secret=sandbox-secret"
        + "&username=ana%40sandbox.test&password=sandbox-passwordTOKEN")
    sandbox.token = try #require(
      try JSONReader.read(Array(seen.body.utf8))["access_token"]?.textValue)
    _ = try sandbox.create("Account", #"{"Name":"A"}"#)
    #expect(
      sandbox.query("SELECT CreatedBy.Username FROM Account").first?.contains("ana@sandbox.test")
        == true)
    let introspected = sandbox.send(
      "POST", "/services/oauth2/introspect",
      body: "token=\(sandbox.token)&client_id=sandbox-client&client_secret=sandbox-secret")
    #expect(introspected.text.contains(#""active":true"#))
  }

  /// Base64 of `{"alg":"RS256"}` and of claims that are good until 09:34:00 of the test's day.
  @Test(arguments: [
    (
      "eyJpc3MiOiJzYW5kYm94LWNsaWVudCIsInN1YiI6ImFuYUBzYW5kYm94LnRlc3QiLCJhdWQiOiJodHRwczovL2xv"
        + "Z2luLnNhbGVzZm9yY2UuY29tIiwiZXhwIjoxNzk1NTEyODQwfQ", "c2lnbmVk", 200
    ),
    (
      "eyJpc3MiOiJzYW5kYm94LWNsaWVudCIsInN1YiI6ImFuYUBzYW5kYm94LnRlc3QiLCJhdWQiOiJodHRwczovL2xv"
        + "Z2luLnNhbGVzZm9yY2UuY29tIiwiZXhwIjoxNzk1NTEyODQwfQ", "b3RoZXI", 400
    ),
    (
      "eyJpc3MiOiJzYW5kYm94LWNsaWVudCIsInN1YiI6ImFuYUBzYW5kYm94LnRlc3QiLCJhdWQiOiJodHRwczovL2xv"
        + "Z2luLnNhbGVzZm9yY2UuY29tIiwiZXhwIjoxNzk1NTEyMDAwfQ", "c2lnbmVk", 400
    ),
  ])
  func `is opened by an assertion that is signed and not over`(
    _ claims: String, _ signature: String, _ status: Int
  ) throws {
    var sandbox = try TestSandbox(verifies: { $1 == Array("signed".utf8) })
    let seen = token(
      &sandbox,
      "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer"
        + "&assertion=eyJhbGciOiJSUzI1NiJ9.\(claims).\(signature)")
    #expect(seen.status == status, "\(seen)")
  }

  @Test func `has a share of the requests of the day`() throws {
    var sandbox = try TestSandbox()
    _ = sandbox.send("POST", "/sandbox/limits", body: #"{"dailyApiRequests":2}"#)
    let answer = sandbox.send("GET", "/services/data/v60.0/limits")
    #expect(answer.headers.contains { $0 == ("Sforce-Limit-Info", "api-usage=1/2") })
    _ = sandbox.data("GET", "/limits")
    #expect(
      sandbox.data("GET", "/limits")
        == Seen(403, refusal("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")))
    sandbox.pass(seconds: 100)
    #expect(sandbox.data("GET", "/limits").status == 403)
  }
}
