import SynclineSandboxModel
import Testing

@Suite struct `A composite request` {
  private func part(
    _ reference: String, _ method: String, _ path: String, _ body: String? = nil
  ) -> String {
    "{\"method\":\"\(method)\",\"url\":\"/services/data/v60.0\(path)\","
      + "\"referenceId\":\"\(reference)\"" + (body.map { ",\"body\":\($0)" } ?? "") + "}"
  }

  private func whole(_ parts: [String], allOrNone: Bool = false) -> String {
    "{\"allOrNone\":\(allOrNone),\"compositeRequest\":[\(parts.joined(separator: ","))]}"
  }

  @Test func `may use in one part what an earlier one answered`() throws {
    var sandbox = try TestSandbox()
    let seen = sandbox.data(
      "POST", "/composite",
      whole([
        part("a", "POST", "/sobjects/Account", #"{"Name":"A"}"#),
        part("c", "POST", "/sobjects/Contact", #"{"LastName":"C","AccountId":"@{a.id}"}"#),
        part("r", "GET", "/sobjects/Contact/@{c.id}?fields=AccountId"),
      ]))
    #expect(seen.status == 200 && seen.body.contains(#""httpStatusCode":201,"referenceId":"c""#))
    #expect(sandbox.query("SELECT Account.Name FROM Contact").first?.contains(#""A""#) == true)
  }

  @Test func `that is all or none undoes what went before a failure`() throws {
    var sandbox = try TestSandbox()
    let seen = sandbox.data(
      "POST", "/composite",
      whole(
        [
          part("a", "POST", "/sobjects/Account", #"{"Name":"A"}"#),
          part("b", "POST", "/sobjects/Account", #"{}"#),
        ], allOrNone: true))
    #expect(seen.body.contains("PROCESSING_HALTED") && seen.body.contains("REQUIRED_FIELD_MISSING"))
    #expect(sandbox.query("SELECT Id FROM Account").isEmpty)
  }

  @Test func `goes on without what failed, but for parts that refer to it`() throws {
    var sandbox = try TestSandbox()
    let seen = sandbox.data(
      "POST", "/composite",
      whole([
        part("a", "POST", "/sobjects/Account", "{}"),
        part("b", "POST", "/sobjects/Contact", #"{"LastName":"C","AccountId":"@{a.id}"}"#),
        part("c", "POST", "/sobjects/Account", #"{"Name":"C"}"#),
      ]))
    #expect(
      seen.body.contains("Invalid reference specified. No value for a.id found in a"), "\(seen)")
    #expect(sandbox.query("SELECT Name FROM Account") == [#""C""#])
  }

  @Test func `has at most 25 parts, and five that are queries or collections`() throws {
    var sandbox = try TestSandbox()
    let reads = (0..<26).map { part("r\($0)", "GET", "/sobjects/Account/describe") }
    let queries = (0..<6).map { part("q\($0)", "GET", "/query?q=SELECT+Id+FROM+Account") }
    for parts in [reads, queries] {
      let seen = sandbox.data("POST", "/composite", whole(parts))
      #expect(seen.status == 400 && seen.body.contains("LIMIT_EXCEEDED"), "\(seen)")
    }
    #expect(sandbox.data("POST", "/composite", whole(Array(queries.dropFirst()))).status == 200)
  }
}
