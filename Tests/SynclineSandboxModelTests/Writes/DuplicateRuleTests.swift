import SynclineSandboxModel
import Testing

@Suite struct `A duplicate rule` {
  private static let schema = #"{"duplicates":[{"object":"Contact","field":"Email"}]}"#
  private static let second = #"{"LastName":"B","Email":"a@example.com"}"#

  private func world() throws -> (TestSandbox, first: String) {
    var sandbox = try TestSandbox(schema: Self.schema)
    let first = try sandbox.create("Contact", #"{"LastName":"A","Email":"a@example.com"}"#)
    return (sandbox, first)
  }

  private func result(_ first: String, version: Int = 60) -> String {
    #"{"allowSave":true,"duplicateRule":"Sandbox_Duplicate_Rule","#
      + #""duplicateRuleEntityType":"Contact","errorMessage":"Use one of these records?","#
      + #""matchResults":[{"entityType":"Contact","errors":[],"matchEngine":"ExactMatchEngine","#
      + #""matchRecords":[{"additionalInformation":[],"fieldDiffs":[],"matchConfidence":100.0,"#
      + #""record":{"attributes":{"type":"Contact","#
      + "\"url\":\"/services/data/v\(version).0/sobjects/Contact/\(first)\"},\"Id\":\"\(first)\"}}],"
      + #""rule":"Sandbox_Match_Rule","size":1,"success":true}]}"#
  }

  @Test func `names the record that it found`() throws {
    var (sandbox, first) = try world()
    #expect(
      sandbox.data("POST", "/sobjects/Contact", Self.second, version: 58)
        == Seen(
          400,
          #"[{"message":"Use one of these records?","errorCode":"DUPLICATES_DETECTED","#
            + "\"duplicateResult\":\(result(first, version: 58))}]"))
    #expect(
      sandbox.data(
        "POST", "/composite/sobjects",
        #"{"records":[{"attributes":{"type":"Contact"},"LastName":"B","Email":"a@example.com"}]}"#)
        == Seen(
          200,
          #"[{"success":false,"errors":[{"statusCode":"DUPLICATES_DETECTED","#
            + #""message":"Use one of these records?","fields":[],"#
            + "\"duplicateResult\":\(result(first))}]}]"))
    #expect(sandbox.query("SELECT Id FROM Contact") == ["\"\(first)\""])
  }

  @Test(arguments: [
    ("allowSave=true", 201), ("allowSave=true; includeRecordDetails=false", 201),
    ("includeRecordDetails=true;allowSave=true", 201), ("allowSave=false", 400), ("", 400),
  ])
  func `lets a writer save who says so`(_ header: String, _ status: Int) throws {
    var (sandbox, _) = try world()
    let answer = sandbox.send(
      "POST", "/services/data/v60.0/sobjects/Contact",
      headers: ["sforce-duplicate-rule-header": header], body: Self.second)
    #expect(answer.status == status)
    #expect(sandbox.query("SELECT Id FROM Contact").count == (status == 201 ? 2 : 1))
  }

  @Test func `lets a collection save that says so, too`() throws {
    var (sandbox, _) = try world()
    let answer = sandbox.send(
      "POST", "/services/data/v60.0/composite/sobjects",
      headers: ["sforce-duplicate-rule-header": "allowSave=true"],
      body:
        #"{"records":[{"attributes":{"type":"Contact"},"LastName":"B","Email":"a@example.com"}]}"#)
    #expect(answer.text.contains(#""success":true"#))
  }
}
