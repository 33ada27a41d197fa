import SynclineSandboxModel
import Testing

@Suite struct `A query` {
  static let people = [
    #"{"LastName":"Abel","FirstName":"Zoe","Email":"zoe@a.test","Birthdate":"1980-05-01"}"#,
    #"{"LastName":"baker","FirstName":"Yan","Department":"Sales"}"#,
    #"{"LastName":"O'Neil 100%","Birthdate":"1990-01-01","Department":"sales"}"#,
  ]

  private func sandbox() throws -> TestSandbox {
    var sandbox = try TestSandbox()
    for person in Self.people { _ = try sandbox.create("Contact", person) }
    return sandbox
  }

  @Test(arguments: [
    ("LastName = 'ABEL'", [#""Abel""#]),
    ("LastName != 'Abel' AND FirstName = null", [#""O'Neil 100%""#]),
    (
      "Department = 'SALES' AND (FirstName = 'Yan' OR Birthdate = 1990-01-01)",
      [#""baker""#, #""O'Neil 100%""#]
    ),
    ("Department != 'sales'", [#""Abel""#]),
    ("LastName LIKE '%\\'N_il%'", [#""O'Neil 100%""#]),
    ("LastName LIKE '%\\%'", [#""O'Neil 100%""#]),
    ("LastName LIKE '%0'", []),
    ("NOT LastName LIKE 'a%'", [#""baker""#, #""O'Neil 100%""#]),
    ("Birthdate > 1980-05-01", [#""O'Neil 100%""#]),
    ("Birthdate <= 1980-05-01", [#""Abel""#]),
    ("LastName IN ('abel','BAKER')", [#""Abel""#, #""baker""#]),
    ("FirstName NOT IN ('Zoe')", [#""baker""#, #""O'Neil 100%""#]),
    ("CreatedDate = TODAY AND LastName = 'abel'", [#""Abel""#]),
    ("CreatedDate < 2026-11-24T09:30:15Z", []),
    ("CreatedDate >= 2026-11-24T11:30:15+02:00 AND FirstName = 'zoe'", [#""Abel""#]),
    ("CreatedBy.Username = 'integration@sandbox.test' AND FirstName = 'Zoe'", [#""Abel""#]),
    ("IsDeleted = FALSE AND Email = 'ZOE@a.test'", [#""Abel""#]),
  ])
  func `finds what meets its condition`(_ condition: String, _ names: [String]) throws {
    var sandbox = try sandbox()
    let found = sandbox.query("SELECT LastName FROM Contact WHERE \(condition) ORDER BY LastName")
    #expect(found == names)
  }

  @Test(arguments: [
    ("Birthdate", [#""baker""#, #""Abel""#, #""O'Neil 100%""#]),
    ("Birthdate DESC NULLS LAST", [#""O'Neil 100%""#, #""Abel""#, #""baker""#]),
    ("Birthdate NULLS LAST, LastName", [#""Abel""#, #""O'Neil 100%""#, #""baker""#]),
    ("LastName DESC LIMIT 1", [#""O'Neil 100%""#]),
    ("LastName LIMIT 5 OFFSET 2", [#""O'Neil 100%""#]),
  ])
  func `sorts and cuts`(_ order: String, _ names: [String]) throws {
    var sandbox = try sandbox()
    #expect(sandbox.query("SELECT LastName FROM Contact ORDER BY \(order)") == names)
  }

  static let advice = "Please reference your WSDL or the describe call for the appropriate names."

  @Test(arguments: [
    (
      "SELECT Id FORM Contact", "MALFORMED_QUERY",
      #"\nSELECT Id FORM Contact\n          ^\nERROR at Row:1:Column:11\nunexpected token: 'FORM'"#
    ),
    (
      "SELECT Id FROM Contact WHERE", "MALFORMED_QUERY",
      #"\nSELECT Id FROM Contact WHERE\n                            ^\nERROR at Row:1:Column:29\n"#
        + "unexpected token: '<EOF>'"
    ),
    (
      "SELECT Foo FROM Contact", "INVALID_FIELD",
      #"\nSELECT Foo FROM Contact\n       ^\nERROR at Row:1:Column:8\nNo such column 'Foo' on "#
        + "entity 'Contact'. If you are attempting to use a custom field, be sure to append the "
        + "'__c' after the custom field name. \(advice)"
    ),
    (
      "SELECT Id FROM Foo", "INVALID_TYPE",
      #"\nSELECT Id FROM Foo\n               ^\nERROR at Row:1:Column:16\nsObject type 'Foo' is "#
        + "not supported. If you are attempting to use a custom object, be sure to append the "
        + "'__c' after the entity name. \(advice)"
    ),
    (
      "SELECT MAX(Id) FROM Contact", "MALFORMED_QUERY",
      #"\nSELECT MAX(Id) FROM Contact\n          ^\nERROR at Row:1:Column:11\nunexpected token: '('"#
    ),
    (
      "SELECT Id FROM Contact OFFSET 2001", "NUMBER_OUTSIDE_VALID_RANGE",
      "Maximum SOQL offset allowed is 2000"
    ),
  ])
  func `that is wrong is refused in the real words`(
    _ text: String, _ code: String, _ message: String
  ) throws {
    var sandbox = try sandbox()
    let seen = sandbox.data("GET", "/query?q=" + TestSandbox.encoded(text))
    #expect(seen == Seen(400, refusal(code, message)))
  }

  @Test(arguments: [
    (
      "CreatedDate > '2026-01-01T00:00:00Z'",
      "value of filter criterion for field 'CreatedDate' must be of type dateTime and should not "
        + "be enclosed in quotes"
    ),
    (
      "CreatedDate > 2026-01-01",
      "value of filter criterion for field 'CreatedDate' must be of type dateTime and should not "
        + "be enclosed in quotes"
    ),
    (
      "LastName = 5",
      "value of filter criterion for field 'LastName' must be of type string and should be "
        + "enclosed in quotes"
    ),
    ("Description = 'x'", "field 'Description' can not be filtered in a query call"),
    ("Id = 'abc'", "invalid ID field: abc"),
    ("Id LIKE '003%'", "invalid operator on id field"),
    ("LastName = 'a' AND FirstName = 'b' OR Email = 'c'", "unexpected token: 'OR'"),
    ("LastName = 'a\\x'", "Illegal character escape: '\\\\x'"),
    ("Foo.Name = 'a'", "Didn't understand relationship 'Foo' in field path."),
  ])
  func `says what its condition lacks`(_ condition: String, _ message: String) throws {
    var sandbox = try sandbox()
    let text = "SELECT Id FROM Contact WHERE " + condition
    let seen = sandbox.data("GET", "/query?q=" + TestSandbox.encoded(text))
    #expect(seen.status == 400 && seen.body.contains(message), "\(seen)")
  }

  @Test func `comes in pages whose rows are as they are when the page is read`() throws {
    var sandbox = try TestSandbox()
    try sandbox.organization.add(fault: "batch=2")
    var ids: [String] = []
    for name in ["A", "B", "C"] {
      ids.append(try sandbox.create("Account", "{\"Name\":\"\(name)\"}"))
    }
    let first = sandbox.send("GET", "/services/data/v60.0/query?q=SELECT+Name+FROM+Account")
    let next = try #require(try json(first)["nextRecordsUrl"]?.textValue)
    _ = sandbox.data("PATCH", "/sobjects/Account/\(ids[2])", #"{"Name":"Changed"}"#)
    let second = try json(sandbox.send("GET", next))
    #expect(try json(first)["totalSize"]?.integerValue == 3)
    #expect(second["done"]?.booleanValue == true)
    #expect(second["records"]?.items?.map { $0["Name"]?.textValue } == ["Changed"])
    #expect(
      sandbox.data("GET", "/query/01gSB0000000009AAA-2")
        == Seen(400, refusal("INVALID_QUERY_LOCATOR", "invalid query locator")))
  }

  @Test func `counts`() throws {
    var sandbox = try sandbox()
    #expect(
      sandbox.data("GET", "/query?q=SELECT+COUNT()+FROM+Contact")
        == Seen(200, #"{"totalSize":3,"done":true,"records":[]}"#))
  }
}
