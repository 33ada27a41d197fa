import SynclineSandboxModel
import Testing

@Suite struct `A schema file` {
  static let shop = """
    {"objects":[
      {"name":"Invoice__c","fields":[
        {"name":"Customer__c","type":"reference","referenceTo":["Contact"],"onDelete":"cascade"},
        {"name":"Industry__c","type":"string","formula":"Customer__r.Department"},
        {"name":"Number__c","type":"string","autoNumber":"INV-{0000}"}]},
      {"name":"Contact","fields":[{"name":"Code__c","type":"string","length":10}]}],
     "automations":[
      {"object":"Contact","field":"Code__c","uppercase":"LastName"},
      {"object":"Contact","field":"Title","copy":"FirstName","afterSeconds":10}],
     "users":["bob@sandbox.test"]}
    """

  @Test func `brings objects, formulas and numbers`() throws {
    var sandbox = try TestSandbox(schema: Self.shop)
    let contact = try sandbox.create("Contact", #"{"LastName":"C","Department":"IT"}"#)
    let invoice = try sandbox.create("Invoice__c", "{\"Customer__c\":\"\(contact)\"}")
    #expect(invoice == "a00SB0000000001YAA")
    let query = "SELECT Number__c, Industry__c, SystemModstamp FROM Invoice__c"
    #expect(sandbox.query(query) == [#""INV-0001" "IT" "2026-11-24T09:30:15.000+0000""#])
    sandbox.pass(seconds: 5)
    _ = sandbox.data("PATCH", "/sobjects/Contact/\(contact)", #"{"Department":"HR"}"#)
    // What a formula shows has changed, and no stamp tells.
    #expect(sandbox.query(query) == [#""INV-0001" "HR" "2026-11-24T09:30:15.000+0000""#])
    _ = sandbox.data("DELETE", "/sobjects/Contact/\(contact)")
    #expect(sandbox.query(query).isEmpty)
  }

  @Test func `brings rules that write after a write, at once or later`() throws {
    var sandbox = try TestSandbox(schema: Self.shop)
    _ = try sandbox.create("Contact", #"{"LastName":"Lee","FirstName":"Ann"}"#)
    let query = "SELECT Code__c, Title, LastModifiedDate FROM Contact"
    #expect(sandbox.query(query) == [#""LEE" null "2026-11-24T09:30:15.000+0000""#])
    sandbox.pass(seconds: 30)
    #expect(sandbox.query(query) == [#""LEE" "Ann" "2026-11-24T09:30:25.000+0000""#])
  }

  @Test func `brings rules that refuse what a record holds`() throws {
    var sandbox = try TestSandbox(
      schema: """
        {"validations": [{"object": "Contact", "field": "Title", "forbids": "King"}],
         "duplicates": [{"object": "Contact", "field": "Email"}]}
        """)
    _ = try sandbox.create("Contact", #"{"LastName":"A","Email":"a@b.cd"}"#)
    #expect(
      sandbox.data("POST", "/sobjects/Contact", #"{"LastName":"B","Title":"King"}"#)
        == Seen(
          400,
          refusal("FIELD_CUSTOM_VALIDATION_EXCEPTION", "Title must not be King", "Title")))
    let double = sandbox.data("POST", "/sobjects/Contact", #"{"LastName":"C","Email":"a@b.cd"}"#)
    #expect(double.status == 400)
    #expect(
      double.body.hasPrefix(
        #"[{"message":"Use one of these records?","errorCode":"DUPLICATES_DETECTED","#
          + #""duplicateResult":{"allowSave":true"#))
    #expect(sandbox.query("SELECT LastName FROM Contact") == [#""A""#])
  }

  @Test func `does not say what programs may do: that is taken and given while it runs`() throws {
    var sandbox = try TestSandbox()
    let id = try sandbox.create("Contact", #"{"LastName":"A","Phone":"1"}"#)
    func access(_ body: String) { _ = sandbox.send("POST", "/sandbox/access", body: body) }
    access(#"{"object": "Contact", "field": "Phone", "access": "none"}"#)
    #expect(
      sandbox.query("SELECT Phone FROM Contact")[0].contains("No such column 'Phone'"))
    #expect(sandbox.data("PATCH", "/sobjects/Contact/\(id)", #"{"Phone":"2"}"#).status == 400)
    access(#"{"object": "Contact", "field": "Phone", "access": "read"}"#)
    #expect(sandbox.query("SELECT Phone FROM Contact") == [#""1""#])
    #expect(
      sandbox.data("PATCH", "/sobjects/Contact/\(id)", #"{"Phone":"2"}"#).body
        .contains("INVALID_FIELD_FOR_INSERT_UPDATE"))
    access(#"{"object": "Contact", "access": "none"}"#)
    #expect(sandbox.data("GET", "/sobjects/Contact/describe").status == 404)
    access(#"{"object": "Contact", "access": "write"}"#)
    access(#"{"object": "Contact", "field": "Phone", "access": "write"}"#)
    #expect(sandbox.data("PATCH", "/sobjects/Contact/\(id)", #"{"Phone":"2"}"#).status == 204)
  }

  @Test(arguments: [
    ("x", "The schema file is no JSON: Unexpected character ('x' (code 120)) at byte 0."),
    (
      #"{"object":[]}"#,
      "`object` of the schema file is not known; known are automations, duplicates, objects, "
        + "users, validations."
    ),
    (
      #"{"objects":[{"name":"Invoice"}]}"#,
      "Invoice is no standard object; the name of an own one ends in __c."
    ),
    (
      #"{"objects":[{"name":"Account","fields":[{"name":"A__c","type":"money"}]}]}"#,
      "Account.A__c has the type `money`, which the sandbox does not know."
    ),
    (
      #"{"objects":[{"name":"A__c","fields":[{"name":"B__c","type":"reference","referenceTo":["#
        + #""C__c"]}]}]}"#, "A__c.B__c names C__c, which is no object."
    ),
  ])
  func `that is wrong is refused by its place`(_ text: String, _ message: String) {
    #expect(throws: SchemaProblem(message)) { try SchemaFile(Array(text.utf8)) }
  }

  @Test func `adds to objects that have required fields as the real ones do`() throws {
    let catalog = try Catalog.standard()
    let required = ["Account", "Contact", "Lead", "Opportunity", "Case"].map { name in
      (catalog[name]?.fields ?? []).filter(\.isRequired).map(\.name)
    }
    #expect(
      required == [
        ["Name"], ["LastName"], ["LastName", "Company"], ["Name", "StageName", "CloseDate"], [],
      ])
  }
}
