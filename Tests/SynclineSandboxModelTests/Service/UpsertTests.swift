import SynclineSandboxModel
import Testing

@Suite struct `An upsert` {
  static let schema = """
    {"objects":[{"name":"Account","fields":[
      {"name":"Ext__c","type":"string","length":20,"externalId":true,"unique":true},
      {"name":"Loose__c","type":"string","length":20,"externalId":true}]}]}
    """

  @Test func `answers by the version of the interface`() throws {
    var sandbox = try TestSandbox(schema: Self.schema)
    let path = "/sobjects/Account/Ext__c/k%201"
    let made = sandbox.data("PATCH", path, #"{"Name":"A"}"#)
    let id = "001SB0000000001YAA"
    #expect(
      made
        == Seen(201, "{\"id\":\"\(id)\",\"success\":true,\"errors\":[],\"created\":true}"))
    #expect(
      sandbox.data("PATCH", path, #"{"Name":"B"}"#)
        == Seen(200, "{\"id\":\"\(id)\",\"success\":true,\"errors\":[],\"created\":false}"))
    #expect(sandbox.data("PATCH", path, #"{"Name":"C"}"#, version: 45) == Seen(204, ""))
    #expect(sandbox.query("SELECT Name, Ext__c FROM Account") == [#""C" "k 1""#])
  }

  @Test func `must not repeat the key in the body`() throws {
    var sandbox = try TestSandbox(schema: Self.schema)
    #expect(
      sandbox.data("PATCH", "/sobjects/Account/Ext__c/k", #"{"Name":"A","Ext__c":"k"}"#)
        == Seen(
          400,
          refusal(
            "INVALID_FIELD", "The Ext__c field should not be specified in the sobject data.")))
  }

  @Test func `that only updates finds nothing to update`() throws {
    var sandbox = try TestSandbox(schema: Self.schema)
    #expect(
      sandbox.data("PATCH", "/sobjects/Account/Ext__c/k?updateOnly=true", #"{"Name":"A"}"#)
        == Seen(404, refusal("NOT_FOUND", "The requested resource does not exist")))
  }

  @Test func `over a key that several hold names them`() throws {
    var sandbox = try TestSandbox(schema: Self.schema)
    for name in ["A", "B"] {
      _ = try sandbox.create("Account", "{\"Name\":\"\(name)\",\"Loose__c\":\"k\"}")
    }
    let base = "/services/data/v60.0/sobjects/Account/001SB000000000"
    #expect(
      sandbox.data("PATCH", "/sobjects/Account/Loose__c/k", #"{"Name":"C"}"#)
        == Seen(300, "[\"\(base)1YAA\",\"\(base)2YAA\"]"))
  }

  @Test func `of several that name one key twice refuses both`() throws {
    var sandbox = try TestSandbox(schema: Self.schema)
    func record(_ key: String) -> String {
      "{\"attributes\":{\"type\":\"Account\"},\"Name\":\"N\",\"Ext__c\":\"\(key)\"}"
    }
    func failure(_ key: String) -> String {
      "{\"success\":false,\"errors\":[{\"statusCode\":\"DUPLICATE_VALUE\",\"message\":"
        + "\"Duplicate external id specified: \(key)\",\"fields\":[\"Ext__c\"]}]}"
    }
    let made =
      #"{"id":"001SB0000000001YAA","success":true,"errors":[],"created":true}"#
    #expect(
      sandbox.data(
        "PATCH", "/composite/sobjects/Account/Ext__c",
        "{\"records\":[\(record("a")),\(record("b")),\(record("A"))]}")
        == Seen(200, "[\(failure("a")),\(made),\(failure("A"))]"))
  }

  @Test func `by a field that is no key is refused`() throws {
    var sandbox = try TestSandbox()
    #expect(
      sandbox.data("PATCH", "/sobjects/Account/Site/k", #"{"Name":"A"}"#)
        == Seen(
          404,
          refusal(
            "NOT_FOUND",
            "Provided external ID field does not exist or is not accessible: Site")))
  }
}
