import SynclineHTTP
import Testing

@Suite struct `Redirects` {
  private static func request(
    _ method: HTTPRequest.Method = .get, _ address: String = "https://a.test/x"
  ) throws -> HTTPRequest {
    var headers: HTTPHeaders = ["Accept": "application/json", "Cookie": "abc"]
    headers.set("Authorization", .plain("Bearer abc"))
    headers.set("X-Key", .secret(Secret("abc")))
    return HTTPRequest("read", method, try HTTPAddress(address), headers: headers)
  }

  private static func redirect(
    to place: String, _ request: HTTPRequest, status: Int = 302, followed: Int = 0
  ) -> Redirect {
    Redirect(
      HTTPHead(status: status, headers: ["Location": place]), to: request, followed: followed)
  }

  @Test(arguments: [301, 302, 303, 307, 308])
  func `a read on the same host keeps its headers`(_ status: Int) throws {
    let request = try Self.request()
    var next = request
    next.address = try HTTPAddress("https://a.test/y")
    #expect(Self.redirect(to: "/y", request, status: status) == .follow(next))
  }

  @Test(arguments: ["https://b.test/y", "https://a.test:8443/y", "//b.test/y"])
  func `another host, or another port, learns nothing that signs a person in`(
    _ place: String
  ) throws {
    let request = try Self.request()
    var next = request
    next.address = try request.address.resolving(place)
    next.headers = ["Accept": "application/json"]
    #expect(Self.redirect(to: place, request) == .follow(next))
  }

  @Test(arguments: [
    ("http://a.test/y", Redirect.Refusal.unprotected),
    ("http://127.0.0.1/y", .unprotected),
    ("https://user:abc@b.test/", .nowhere),
    ("ftp://b.test/", .nowhere),
    ("https://", .nowhere),
  ])
  func `places that are not gone to`(_ place: String, _ refusal: Redirect.Refusal) throws {
    #expect(Self.redirect(to: place, try Self.request()) == .refuse(refusal))
  }

  @Test func `circles end`() throws {
    let request = try Self.request()
    #expect(Self.redirect(to: "/x", request, followed: Redirect.max) == .refuse(.tooMany))
  }

  @Test(arguments: [HTTPRequest.Method.post, .put, .patch, .delete])
  func `a write follows nowhere`(_ method: HTTPRequest.Method) throws {
    for status in [301, 302, 303, 307, 308] {
      #expect(
        Self.redirect(to: "/y", try Self.request(method), status: status) == .refuse(.write))
    }
  }

  @Test(arguments: [200, 300, 304, 404])
  func `other answers are answers`(_ status: Int) throws {
    #expect(Self.redirect(to: "/y", try Self.request(), status: status) == .none)
  }
}
