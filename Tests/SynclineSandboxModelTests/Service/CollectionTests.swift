import SynclineSandboxModel
import Testing

@Suite struct `A collection` {
  private func body(_ names: [String?], allOrNone: Bool) -> String {
    let records = names.map { name in
      "{\"attributes\":{\"type\":\"Account\"}" + (name.map { ",\"Name\":\"\($0)\"" } ?? "") + "}"
    }
    return "{\"allOrNone\":\(allOrNone),\"records\":[\(records.joined(separator: ","))]}"
  }

  static let missing =
    #"{"success":false,"errors":[{"statusCode":"REQUIRED_FIELD_MISSING","#
    + #""message":"Required fields are missing: [Name]","fields":["Name"]}]}"#

  @Test func `writes the good records and tells the bad one`() throws {
    var sandbox = try TestSandbox()
    let seen = sandbox.data("POST", "/composite/sobjects", body(["A", nil, "B"], allOrNone: false))
    func saved(_ id: String) -> String { "{\"id\":\"\(id)\",\"success\":true,\"errors\":[]}" }
    // The bad record used up a number: numbers are never given twice.
    #expect(
      seen
        == Seen(
          200, "[\(saved("001SB0000000001YAA")),\(Self.missing),\(saved("001SB0000000003YAA"))]"))
    #expect(sandbox.query("SELECT Name FROM Account") == [#""A""#, #""B""#])
  }

  @Test func `that is all or none writes none`() throws {
    var sandbox = try TestSandbox()
    let seen = sandbox.data("POST", "/composite/sobjects", body(["A", nil], allOrNone: true))
    #expect(seen.body.contains("ALL_OR_NONE_OPERATION_ROLLED_BACK"))
    #expect(seen.body.contains(Self.missing))
    #expect(sandbox.query("SELECT Name FROM Account").isEmpty)
  }

  @Test func `holds at most 200 records`() throws {
    var sandbox = try TestSandbox()
    #expect(
      sandbox.data(
        "POST", "/composite/sobjects",
        body(Array(repeating: "A", count: 201), allOrNone: false))
        == Seen(
          400,
          refusal(
            "EXCEEDED_ID_LIMIT",
            "record limit reached. cannot submit more than 200 records into this call")))
  }

  @Test func `updates, reads and deletes by id`() throws {
    var sandbox = try TestSandbox()
    let id = try sandbox.create("Account", #"{"Name":"A","Site":"x"}"#)
    let unknown = "001000000000001AAA"
    _ = sandbox.data(
      "PATCH", "/composite/sobjects",
      "{\"records\":[{\"attributes\":{\"type\":\"Account\"},\"id\":\"\(id)\",\"Site\":null}]}")
    let read = sandbox.data(
      "POST", "/composite/sobjects/Account",
      "{\"ids\":[\"\(id)\",\"\(unknown)\"],\"fields\":[\"Name\",\"Site\"]}")
    #expect(read.body.hasSuffix(#","Name":"A","Site":null},null]"#), "\(read)")
    let deleted = sandbox.data("DELETE", "/composite/sobjects?ids=\(id),\(unknown)")
    #expect(
      deleted.body.hasSuffix(
        #"{"success":false,"errors":[{"statusCode":"INVALID_CROSS_REFERENCE_KEY","#
          + #""message":"invalid cross reference id","fields":[]}]}]"#))
    #expect(sandbox.query("SELECT Id FROM Account").isEmpty)
  }

  @Test func `tells an unknown field for its record alone`() throws {
    var sandbox = try TestSandbox()
    let records =
      #"[{"attributes":{"type":"Account"},"Name":"A"},"#
      + #"{"attributes":{"type":"Account"},"Name":"B","Colour":"red"}]"#
    #expect(
      sandbox.data("POST", "/composite/sobjects", "{\"records\":\(records)}")
        == Seen(
          200,
          #"[{"id":"001SB0000000001YAA","success":true,"errors":[]},{"success":false,"errors":["#
            + #"{"statusCode":"INVALID_FIELD","#
            + #""message":"No such column 'Colour' on sobject of type Account","fields":[]}]}]"#))
    #expect(sandbox.query("SELECT Name FROM Account") == [#""A""#])
  }

  @Test(arguments: [
    (#"{"records":[{"attributes":{"type":"Account"},"Name":"A"},{"Name":"B"}]}"#, "INVALID_INPUT"),
    (#"{"records":[{"attributes":{"type":"Account"},"Name":"A"},"B"]}"#, "INVALID_INPUT"),
    (#"{"records":[{"attributes":{"type":"Nothing"},"Name":"A"}]}"#, "INVALID_TYPE"),
    (#"{"records":[{"attributes":{"type":"Account"},"Name":"A"}"#, "JSON_PARSER_ERROR"),
    (
      #"{"all":true,"records":[{"attributes":{"type":"Account"},"Name":"A"}]}"#,
      "JSON_PARSER_ERROR"
    ),
    (
      #"{"allOrNone":"yes","records":[{"attributes":{"type":"Account"},"Name":"A"}]}"#,
      "JSON_PARSER_ERROR"
    ),
    (#"[{"attributes":{"type":"Account"},"Name":"A"}]"#, "JSON_PARSER_ERROR"),
  ])
  func `that is malformed is refused as a whole`(_ body: String, _ code: String) throws {
    var sandbox = try TestSandbox()
    let seen = sandbox.data("POST", "/composite/sobjects", body)
    #expect(seen.status == 400 && seen.body.contains("\"errorCode\":\"\(code)\""), "\(seen)")
    #expect(sandbox.query("SELECT Name FROM Account").isEmpty)
  }

  @Test func `answers a locked row for its record`() throws {
    var sandbox = try TestSandbox()
    try sandbox.organization.add(fault: "lock,times=1")
    let seen = sandbox.data("POST", "/composite/sobjects", body(["A"], allOrNone: false))
    #expect(seen.status == 200 && seen.body.contains("UNABLE_TO_LOCK_ROW"))
  }
}
