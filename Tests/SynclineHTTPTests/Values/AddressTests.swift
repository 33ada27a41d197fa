import SynclineHTTP
import Testing

@Suite struct `Addresses` {
  @Test(arguments: [
    ("https://a.test", "https://a.test/", "https://a.test"),
    ("HTTPS://A.test:443/x?q=1#f", "https://a.test:443/x?q=1", "https://A.test"),
    ("https://a.test:8443/x/../y", "https://a.test:8443/y", "https://a.test:8443"),
    ("http://localhost:80/x", "http://localhost:80/x", "http://localhost"),
    ("http://127.1.2.3/", "http://127.1.2.3/", "http://127.1.2.3"),
    ("http://[::1]:8080/", "http://[::1]:8080/", "http://[::1]:8080"),
    ("http://0x7f.1/", "http://127.0.0.1/", "http://127.0.0.1"),
  ])
  func `what is accepted and what is shown of it`(
    _ text: String, _ address: String, _ shown: String
  ) throws {
    let parsed = try HTTPAddress(text)
    #expect(parsed.text.lowercased() == address)
    #expect(parsed.description == shown)
  }

  @Test(arguments: [
    ("", HTTPAddress.Flaw.malformed),
    ("a.test", .malformed),
    ("https://", .malformed),
    ("https://a test/", .malformed),
    ("https://a.test/\nx", .malformed),
    ("https://user:abc@a.test/", .holdsUser(host: "a.test")),
    ("https://user@a.test/", .holdsUser(host: "a.test")),
    ("ftp://a.test/", .otherScheme("ftp")),
    ("file:///etc/passwd", .malformed),
    ("http://a.test/", .unprotected(host: "a.test")),
    ("http://127.0.0.1.a.test/", .unprotected(host: "127.0.0.1.a.test")),
    ("http://localhost.a.test/", .unprotected(host: "localhost.a.test")),
    ("http://128.0.0.1/", .unprotected(host: "128.0.0.1")),
    ("http://[::2]/", .unprotected(host: "::2")),
  ])
  func `what is refused`(_ text: String, _ flaw: HTTPAddress.Flaw) {
    #expect(throws: flaw) { try HTTPAddress(text) }
  }

  @Test(arguments: [
    HTTPAddress.Flaw.malformed, .holdsUser(host: "a"), .otherScheme("ftp"), .unprotected(host: "a"),
  ])
  func `a refusal tells the mend`(_ flaw: HTTPAddress.Flaw) {
    #expect(flaw.description.contains("https://") || flaw.description.contains("Take it out"))
  }

  @Test func `hostile segments and items stay what they are`() throws {
    let base = try HTTPAddress("https://a.test/services/old?x=1")
    let address = try base.at(
      ["data", "a/b", "..", "é", "x?y#z"], query: ["q": "a&b=c +%", "ü": ""])
    #expect(
      address.text
        == "https://a.test/data/a%2Fb/%2E%2E/%C3%A9/x%3Fy%23z?q=a%26b%3Dc%20%2B%25&%C3%BC=")
  }

  @Test(arguments: [
    ("/services/next-1", "https://a.test/services/next-1"),
    ("next", "https://a.test/x/next"),
    ("https://b.test/y", "https://b.test/y"),
    ("//b.test/y", "https://b.test/y"),
  ])
  func `references mean what browsers take them for`(_ reference: String, _ text: String) throws {
    #expect(try HTTPAddress("https://a.test/x/y?q=1").resolving(reference).text == text)
  }

  @Test func `secrets and paths show nowhere`() throws {
    var request = HTTPRequest(
      "sign in", .post, try HTTPAddress("https://a.test/services/token?code=abc"))
    request.headers.set("Authorization", .secret(Secret("Bearer abc")))
    var shown = "\(request) \(request.address) \(request.headers)"
    dump(request.headers, to: &shown)
    #expect(!shown.contains("abc"))
    #expect("\(request)" == "POST https://a.test (sign in)")
  }
}
