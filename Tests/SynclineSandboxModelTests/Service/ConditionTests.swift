import SynclineSandboxModel
import Testing

@Suite struct `A condition of a request` {
  private static let base = "/services/data/v60.0/sobjects"
  /// The second in which the test's records are made.
  private static let then = "Tue, 24 Nov 2026 09:30:15 GMT"
  private static let before = "Tue, 24 Nov 2026 09:30:14 GMT"

  private func send(
    _ sandbox: inout TestSandbox, _ method: String, _ path: String, _ header: String,
    _ value: String
  ) -> Int {
    sandbox.send(
      method, Self.base + path, headers: [header: value],
      body: method == "PATCH" ? #"{"Description":"D"}"# : ""
    ).status
  }

  private func tag(_ sandbox: inout TestSandbox, _ path: String) -> String? {
    sandbox.send("GET", Self.base + path).headers.first { $0.name == "ETag" }?.value
  }

  @Test(arguments: [
    ("GET", "if-modified-since", before, 200), ("GET", "if-modified-since", then, 304),
    ("GET", "if-unmodified-since", before, 412), ("GET", "if-unmodified-since", then, 200),
    ("PATCH", "if-unmodified-since", before, 412), ("PATCH", "if-unmodified-since", then, 204),
    ("PATCH", "if-modified-since", then, 204),
    // Deletes look at none.
    ("DELETE", "if-unmodified-since", before, 204), ("DELETE", "if-unmodified-since", "x", 204),
  ])
  func `by date holds for every object`(
    _ method: String, _ header: String, _ date: String, _ status: Int
  ) throws {
    for (object, body) in [("Account", #"{"Name":"A"}"#), ("Contact", #"{"LastName":"C"}"#)] {
      var sandbox = try TestSandbox()
      let id = try sandbox.create(object, body)
      #expect(send(&sandbox, method, "/\(object)/\(id)", header, date) == status)
    }
  }

  @Test(arguments: [
    "yesterday", "2026-11-24T09:30:15Z", "Tue, 32 Nov 2026 09:30:15 GMT",
    "24 Nov 2026 09:30:15 GMT", "Any 24 Nov 2026 09:30:15 GMT",
  ])
  func `by a date that is none is refused`(_ date: String) throws {
    var sandbox = try TestSandbox()
    let id = try sandbox.create("Account", #"{"Name":"A"}"#)
    for (method, path) in [
      ("GET", "/Account/\(id)"), ("PATCH", "/Account/\(id)"), ("GET", "/Account/describe"),
    ] {
      for header in ["If-Modified-Since", "If-Unmodified-Since"] {
        let answer = sandbox.send(
          method, Self.base + path, headers: [header.lowercased(): date], body: "{}")
        #expect(
          Seen(answer.status, answer.text)
            == Seen(400, refusal("INVALID_ARGUMENT", "\(header) is no HTTP date: \(date)")))
      }
    }
  }

  @Test func `by tag holds for accounts`() throws {
    var sandbox = try TestSandbox()
    let path = "/Account/" + (try sandbox.create("Account", #"{"Name":"A"}"#))
    let tag = try #require(tag(&sandbox, path))
    #expect(send(&sandbox, "GET", path, "if-none-match", tag) == 304)
    #expect(send(&sandbox, "GET", path, "if-none-match", "\"x\"") == 200)
    #expect(send(&sandbox, "GET", path, "if-match", "\"x\"") == 412)
    #expect(send(&sandbox, "PATCH", path, "if-none-match", "*") == 412)
    #expect(send(&sandbox, "PATCH", path, "if-match", "\"x\", W/\(tag)") == 204)
    // It was changed within the same second, and has another tag.
    #expect(send(&sandbox, "PATCH", path, "if-match", tag) == 412)
  }

  @Test func `by tag is nothing to other objects`() throws {
    var sandbox = try TestSandbox()
    let path = "/Contact/" + (try sandbox.create("Contact", #"{"LastName":"C"}"#))
    #expect(tag(&sandbox, path) == nil)
    #expect(send(&sandbox, "PATCH", path, "if-match", "\"x\"") == 204)
  }

  @Test func `of a describe compares with the last change of the schema`() throws {
    var sandbox = try TestSandbox()
    sandbox.pass(seconds: 60)
    #expect(send(&sandbox, "GET", "/Account/describe", "if-modified-since", Self.before) == 200)
    #expect(send(&sandbox, "GET", "/Account/describe", "if-modified-since", Self.then) == 304)
    _ = sandbox.send(
      "POST", "/sandbox/access", body: #"{"object":"Account","field":"Site","access":"none"}"#)
    #expect(send(&sandbox, "GET", "/Account/describe", "if-modified-since", Self.then) == 200)
    let answer = sandbox.send("GET", Self.base + "/Account/describe")
    #expect(answer.headers.contains { $0 == ("Last-Modified", "Tue, 24 Nov 2026 09:31:15 GMT") })
  }

  @Test func `can be of a part of a composite request`() throws {
    var sandbox = try TestSandbox()
    let id = try sandbox.create("Account", #"{"Name":"A"}"#)
    let seen = sandbox.data(
      "POST", "/composite",
      "{\"compositeRequest\":[{\"method\":\"GET\",\"url\":\"\(Self.base)/Account/\(id)\","
        + "\"referenceId\":\"a\",\"httpHeaders\":{\"If-Modified-Since\":\"\(Self.then)\"}}]}")
    #expect(seen.body.contains("\"httpStatusCode\":304"), "\(seen)")
    #expect(seen.body.contains("\"Last-Modified\":\"\(Self.then)\""), "\(seen)")
  }
}
