import SynclineModel
import SynclineSandboxModel
import Testing

@Suite struct `An assertion` {
  private static let client = "sandbox-client"
  private static let user = "ana@sandbox.test"
  private static let host = "127.0.0.1:8080"
  /// 09:34:00 of the test's day, less than five minutes ahead.
  private static let soon = "1795512840"

  private func signIn(
    client: String = client, user: String = user, audience: String, expires: String = soon,
    signature: String = "signed"
  ) throws -> Seen {
    var sandbox = try TestSandbox(verifies: { $1 == Array("signed".utf8) })
    let claims =
      "{\"iss\":\"\(client)\",\"sub\":\"\(user)\",\"aud\":\"\(audience)\",\"exp\":\(expires)}"
    let assertion = [#"{"alg":"RS256"}"#, claims, signature].map(Self.encoded)
    let answer = sandbox.send(
      "POST", "/services/oauth2/token", headers: ["host": Self.host],
      body: "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer"
        + "&assertion=\(assertion.joined(separator: "."))")
    return Seen(answer.status, answer.status == 200 ? "" : answer.text)
  }

  @Test(arguments: [
    "https://login.salesforce.com", "https://test.salesforce.com", "http://127.0.0.1:8080",
  ])
  func `is taken by the organisation that it is for`(_ audience: String) throws {
    #expect(try signIn(audience: audience) == Seen(200, ""))
  }

  @Test(arguments: [
    "http://127.0.0.1:8081", "http://127.0.0.1", "http://localhost:8080",
    "https://127.0.0.1:8080", "http://127.0.0.1:8080/services/oauth2/token",
    "http://127.0.0.1.example.com", "https://login.salesforce.com.example.com",
    "https://login.salesforce.com/", "",
  ])
  func `for anybody else is refused`(_ audience: String) throws {
    #expect(
      try signIn(audience: audience)
        == `A session`.refused(400, "invalid_grant", "audience is invalid"))
  }

  @Test func `is taken with its end as text`() throws {
    let audience = "https://login.salesforce.com"
    #expect(try signIn(audience: audience, expires: "\"\(Self.soon)\"") == Seen(200, ""))
  }

  @Test func `that is wrong in any other way is refused in the words for it`() throws {
    let audience = "https://login.salesforce.com"
    func refused(_ error: String, _ description: String) -> Seen {
      `A session`.refused(400, error, description)
    }
    #expect(
      try signIn(audience: audience, signature: "other")
        == refused("invalid_grant", "invalid assertion"))
    #expect(
      try signIn(client: "other", audience: audience)
        == refused("invalid_client_id", "client identifier invalid"))
    #expect(
      try signIn(user: "nobody@sandbox.test", audience: audience)
        == refused("invalid_grant", "user hasn't approved this consumer"))
    // Over, and good for more than five minutes.
    for expires in ["1795512000", "1795516440"] {
      #expect(
        try signIn(audience: audience, expires: expires)
          == refused("invalid_grant", "expired authorization code"))
    }
  }

  /// Base64 for addresses, without padding.
  private static func encoded(_ text: String) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    let bits = text.utf8.flatMap { byte in (0..<8).reversed().map { byte >> $0 & 1 } }
    return String(
      stride(from: 0, to: bits.count, by: 6).map { start in
        let six = (0..<6).map { start + $0 < bits.count ? bits[start + $0] : 0 }
        return alphabet[six.reduce(0) { $0 << 1 | Int($1) }]
      })
  }
}
