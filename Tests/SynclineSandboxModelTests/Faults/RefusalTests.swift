import SynclineSandboxModel
import Testing

@Suite struct `A refusal by its code` {
  @Test(arguments: [
    ("QUERY_TIMEOUT", 400, "Your query request was running for too long."),
    ("OPERATION_TOO_LARGE", 403, "exceeded 100000 distinct who/what's"),
    ("API_DISABLED_FOR_ORG", 403, "The REST API is not enabled for this Organization."),
    (
      "TOO_MANY_APEX_REQUESTS", 400,
      "Unable to complete the creation of the query cursor at this time."
    ),
    ("UNKNOWN_EXCEPTION", 500, "An unexpected error occurred."),
    ("SOMETHING_NEW", 400, "SOMETHING_NEW"),
  ])
  func `has its status and its words`(
    _ code: String, _ status: Int, _ message: String
  ) throws {
    var sandbox = try TestSandbox()
    try sandbox.organization.add(fault: "refuse=\(code),match=/query,times=1")
    let path = "/query?q=\(TestSandbox.encoded("SELECT Id FROM Account"))"
    #expect(sandbox.data("GET", path) == Seen(status, refusal(code, message)))
    #expect(sandbox.data("GET", path).status == 200)
  }

  @Test func `has the status that it is given`() throws {
    var sandbox = try TestSandbox()
    try sandbox.organization.add(fault: "refuse=OPERATION_TOO_LARGE,status=400")
    #expect(sandbox.data("GET", "/limits").status == 400)
  }

  @Test func `of a record is the result of each record of a collection`() throws {
    var sandbox = try TestSandbox()
    try sandbox.organization.add(fault: "refuse=STORAGE_LIMIT_EXCEEDED,times=2")
    let failed =
      #"{"success":false,"errors":[{"statusCode":"STORAGE_LIMIT_EXCEEDED","#
      + #""message":"storage limit exceeded","fields":[]}]}"#
    let record = #"{"attributes":{"type":"Account"},"Name":"A"}"#
    #expect(
      sandbox.data("POST", "/composite/sobjects", "{\"records\":[\(record),\(record)]}")
        == Seen(200, "[\(failed),\(failed)]"))
    #expect(
      sandbox.data("POST", "/sobjects/Account", #"{"Name":"A"}"#)
        == Seen(400, refusal("STORAGE_LIMIT_EXCEEDED", "storage limit exceeded")))
    #expect(sandbox.query("SELECT Id FROM Account").isEmpty)
  }

  @Test func `can be of one part of a composite request alone`() throws {
    var sandbox = try TestSandbox()
    try sandbox.organization.add(
      fault: "refuse=REQUEST_RUNNING_TOO_LONG,match=/sobjects/Contact,times=1")
    let base = "/services/data/v60.0/sobjects"
    let seen = sandbox.data(
      "POST", "/composite",
      "{\"compositeRequest\":["
        + "{\"method\":\"POST\",\"url\":\"\(base)/Account\",\"referenceId\":\"a\","
        + "\"body\":{\"Name\":\"A\"}},"
        + "{\"method\":\"POST\",\"url\":\"\(base)/Contact\",\"referenceId\":\"c\","
        + "\"body\":{\"LastName\":\"C\"}}]}")
    #expect(
      seen.body.hasSuffix(
        "{\"body\":"
          + refusal(
            "REQUEST_RUNNING_TOO_LONG",
            "Your request was running for too long, and has been stopped.")
          + ",\"httpHeaders\":{},\"httpStatusCode\":400,\"referenceId\":\"c\"}]}"), "\(seen)")
    #expect(sandbox.query("SELECT Name FROM Account") == [#""A""#])
    #expect(sandbox.query("SELECT Id FROM Contact").isEmpty)
  }
}
