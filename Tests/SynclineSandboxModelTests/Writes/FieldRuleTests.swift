import SynclineSandboxModel
import Testing

@Suite struct `A written value` {
  static let schema = """
    {"objects":[{"name":"Account","fields":[
      {"name":"Tier__c","type":"picklist","values":["Gold","Silver"],"restricted":true},
      {"name":"Tags__c","type":"multipicklist","values":["one","two","three"]},
      {"name":"Price__c","type":"currency","precision":6,"scale":2},
      {"name":"When__c","type":"datetime"},
      {"name":"Ext__c","type":"string","length":20,"externalId":true,"unique":true},
      {"name":"Seats__c","type":"int","digits":3},
      {"name":"Mail__c","type":"email"}]}]}
    """

  @Test(arguments: [
    (#""Site":"  a b \t""#, "Site", #""a b""#), (#""Site":"""#, "Site", "null"),
    (#""Site":"   ""#, "Site", "null"), (#""Site":"a\r\nb""#, "Site", #""a\nb""#),
    (#""Price__c":1.005"#, "Price__c", "1.01"), (#""Price__c":-1.005"#, "Price__c", "-1.01"),
    (#""Price__c":3"#, "Price__c", "3.0"), (#""Price__c":9.994"#, "Price__c", "9.99"),
    (#""Seats__c":12"#, "Seats__c", "12"), (#""Tier__c":"gold""#, "Tier__c", #""Gold""#),
    (#""Tags__c":"three;one;three""#, "Tags__c", #""one;three""#),
    (#""When__c":"2026-11-24T10:00:00.999+0200""#, "When__c", #""2026-11-24T08:00:00.000+0000""#),
    (#""ParentId":null"#, "ParentId", "null"),
  ])
  func `is kept as the field can hold it`(
    _ given: String, _ field: String, _ kept: String
  ) throws {
    var sandbox = try TestSandbox(schema: Self.schema)
    _ = try sandbox.create("Account", "{\"Name\":\"A\",\(given)}")
    #expect(sandbox.query("SELECT \(field) FROM Account") == [kept])
  }

  @Test(arguments: [
    (#"{"Site":"x"}"#, "REQUIRED_FIELD_MISSING", "Required fields are missing: [Name]", "Name"),
    (
      #"{"Name":"A","Tier__c":"Tin"}"#, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
      "Tier: bad value for restricted picklist field: Tin", "Tier__c"
    ),
    (
      #"{"Name":"A","AccountNumber":"12345678901234567890123456789012345678901"}"#,
      "STRING_TOO_LONG",
      "Account Number: data value too large: 12345678901234567890123456789012345678901 "
        + "(max length=40)", "AccountNumber"
    ),
    (
      #"{"Name":"A","Price__c":12345}"#, "NUMBER_OUTSIDE_VALID_RANGE",
      "Price: value outside of valid range on numeric field: 12345", "Price__c"
    ),
    (
      #"{"Name":"A","Mail__c":"nobody"}"#, "INVALID_EMAIL_ADDRESS",
      "Mail: invalid email address: nobody", "Mail__c"
    ),
    (
      #"{"Name":"A","ParentId":"003000000000001AAA"}"#, "MALFORMED_ID",
      "Parent ID: id value of incorrect type: 003000000000001AAA", "ParentId"
    ),
    (
      #"{"Name":"A","ParentId":"001000000000001AAA"}"#, "INVALID_CROSS_REFERENCE_KEY",
      "invalid cross reference id", "ParentId"
    ),
    (
      #"{"Name":"A","CreatedDate":"2020-01-01T00:00:00Z"}"#, "INVALID_FIELD_FOR_INSERT_UPDATE",
      "Unable to create/update fields: CreatedDate. Please check the security settings of this "
        + "field and verify that it is read/write for your profile or permission set.",
      "CreatedDate"
    ),
  ])
  func `that the field cannot hold is refused`(
    _ body: String, _ code: String, _ message: String, _ field: String
  ) throws {
    var sandbox = try TestSandbox(schema: Self.schema)
    #expect(
      sandbox.data("POST", "/sobjects/Account", body)
        == Seen(400, refusal(code, message, field)))
    #expect(sandbox.query("SELECT Id FROM Account").isEmpty)
  }

  @Test func `of a field that is not there is refused`() throws {
    var sandbox = try TestSandbox()
    #expect(
      sandbox.data("POST", "/sobjects/Account", #"{"Name":"A","Foo":1}"#)
        == Seen(
          400, refusal("INVALID_FIELD", "No such column 'Foo' on sobject of type Account")))
  }

  @Test func `of a unique field is held by one record, in any case`() throws {
    var sandbox = try TestSandbox(schema: Self.schema)
    let id = try sandbox.create("Account", #"{"Name":"A","Ext__c":"k"}"#)
    #expect(
      sandbox.data("POST", "/sobjects/Account", #"{"Name":"B","Ext__c":"K"}"#)
        == Seen(
          400,
          refusal(
            "DUPLICATE_VALUE",
            "duplicate value found: Ext__c duplicates value on record with id: \(id.prefix(15))")))
  }

  @Test func `makes the server compute what follows from it`() throws {
    var sandbox = try TestSandbox()
    _ = try sandbox.create(
      "Opportunity",
      #"{"Name":"O","StageName":"Closed Won","CloseDate":"2026-08-01","Amount":10.555}"#)
    #expect(
      sandbox.query(
        "SELECT IsWon, Probability, Amount, ExpectedRevenue, FiscalYear, Fiscal FROM Opportunity")
        == [#"true 100.0 10.56 10.56 2026 "2026 3""#])
  }
}
