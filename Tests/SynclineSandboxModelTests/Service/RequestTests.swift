import SynclineSandboxModel
import Testing

@Suite struct `A request` {
  @Test func `for a record that is unchanged since then goes through, else not`() throws {
    var sandbox = try TestSandbox()
    let id = try sandbox.create("Account", #"{"Name":"A"}"#)
    let path = "/services/data/v60.0/sobjects/Account/\(id)"
    func patch(_ since: String) -> Int {
      sandbox.send(
        "PATCH", path, headers: ["if-unmodified-since": since], body: #"{"Name":"B"}"#
      ).status
    }
    #expect(patch("Tue, 24 Nov 2026 09:30:14 GMT") == 412)
    #expect(patch("Tue, 24 Nov 2026 09:30:15 GMT") == 204)
    #expect(patch("yesterday") == 400)
  }

  @Test func `whose address is too long is refused`() throws {
    var sandbox = try TestSandbox()
    let long = String(repeating: "x", count: 16_400)
    #expect(sandbox.data("GET", "/query?q=\(long)").status == 414)
    let headers = ["x-long": long]
    #expect(sandbox.send("GET", "/services/data/v60.0/limits", headers: headers).status == 431)
  }

  @Test(arguments: [
    ("PUT", "/sobjects/Account", 405), ("GET", "/sobjects/Nothing/describe", 404),
    ("GET", "/nothing", 404), ("POST", "/sobjects/Account", 400),
  ])
  func `for what is not there is refused`(
    _ method: String, _ path: String, _ status: Int
  ) throws {
    var sandbox = try TestSandbox()
    #expect(sandbox.data(method, path).status == status)
  }

  @Test func `with a slash at its end is the same`() throws {
    var sandbox = try TestSandbox()
    #expect(sandbox.data("GET", "/sobjects/Account/describe/").status == 200)
    #expect(sandbox.data("GET", "/query/?q=SELECT+Id+FROM+Account").status == 200)
  }
}
