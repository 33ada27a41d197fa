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

  static func refused(_ status: Int, _ error: String, _ description: String) -> Seen {
    Seen(status, "{\"error\":\"\(error)\",\"error_description\":\"\(description)\"}")
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
      "invalid_client", "invalid client credentials"
    ),
    (
      "grant_type=client_credentials&client_id=no&client_secret=no", 400, "invalid_client_id",
      "client identifier invalid"
    ),
    ("grant_type=magic", 400, "unsupported_grant_type", "grant type not supported"),
    ("", 400, "invalid_request", "missing required parameter: grant_type"),
    (
      "grant_type=password&client_id=sandbox-client&client_secret=sandbox-secret"
        + "&username=ana%40sandbox.test&password=no", 400, "invalid_grant",
      "authentication failure"
    ),
    (
      "grant_type=password&client_id=sandbox-client&client_secret=sandbox-secret"
        + "&username=ana%40sandbox.test&password=sandbox-passwordTOKEN", 400, "invalid_grant",
      "authentication failure"
    ),
    (
      "grant_type=password&client_id=sandbox-client&client_secret=sandbox-secret"
        + "&username=nobody%40sandbox.test&password=sandbox-password", 400, "invalid_grant",
      "authentication failure"
    ),
    (
      "grant_type=refresh_token&client_id=sandbox-client&client_secret=sandbox-secret"
        + "&refresh_token=t", 400, "invalid_grant", "expired access/refresh token"
    ),
  ])
  func `is not opened by what is wrong`(
    _ form: String, _ status: Int, _ error: String, _ description: String
  ) throws {
    var sandbox = try TestSandbox()
    #expect(token(&sandbox, form) == Self.refused(status, error, description))
  }

  @Test func `is not opened while too many sign in`() throws {
    var sandbox = try TestSandbox()
    try sandbox.organization.add(fault: "login-rate,times=1")
    // Only a sign-in uses the fault up.
    #expect(sandbox.data("GET", "/limits").status == 200)
    let form = "grant_type=client_credentials&client_id=sandbox-client&client_secret=sandbox-secret"
    #expect(
      token(&sandbox, form)
        == Self.refused(400, "rate_limit_exceeded", "login rate exceeded"))
    #expect(token(&sandbox, form).status == 200)
  }

  @Test func `is of the user who logged in`() throws {
    var sandbox = try TestSandbox()
    let seen = token(
      &sandbox,
      "grant_type=password&client_id=sandbox-client&client_secret=sandbox-secret"
        + "&username=ana%40sandbox.test&password=sandbox-passwordsandbox-token")
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
