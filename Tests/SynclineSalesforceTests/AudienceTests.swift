import Foundation
import SynclineHTTP
import SynclineSalesforce
import SynclineTesting
import Testing

@Suite struct `The audience of an assertion` {
  @Test func `is the site that people sign in at`() throws {
    func audience(_ host: String) throws -> String {
      SalesforceSettings.audience(of: try HTTPAddress(host))
    }
    #expect(try audience("https://acme.my.salesforce.com") == "https://login.salesforce.com")
    #expect(try audience("https://login.salesforce.com") == "https://login.salesforce.com")
    #expect(
      try audience("https://acme--dev.sandbox.my.salesforce.com")
        == "https://test.salesforce.com")
    #expect(try audience("https://test.salesforce.com") == "https://test.salesforce.com")
    #expect(
      try audience("https://my.salesforce.com.example.org") == "https://login.salesforce.com")
  }

  @Test func `is that of the site where a package names none`() throws {
    let key = NSTemporaryDirectory() + "key-\(UUID().uuidString).pem"
    try TestKey.publicPEM.write(toFile: key, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: key) }
    let package = try CloudPackage(isSource: false, options: ["--assertion-key", key])
    let middleman = try Middleman(
      package.sandbox, "/oauth2/token",
      .alter(
        """
        import base64, urllib.parse
        claims = urllib.parse.parse_qs(asked)["assertion"][0].split(".")[1]
        audience = json.loads(base64.urlsafe_b64decode(claims + "=="))["aud"]
        if audience != "https://login.salesforce.com":
          status, body = 400, {"error": "invalid_grant", "error_description": "audience is invalid"}
        """))
    try TestKey.privatePEM.write(
      toFile: package.sandbox.folder + "/key.pem", atomically: true, encoding: .utf8)
    try package.point(
      to: middleman.address,
      more: "signIn: jwtBearer\n    user: integration@sandbox.test\n    privateKey: file:key.pem")
    let answer = try withExtendedLifetime(middleman) { try package.run() }
    #expect(answer.status == 0, "\(answer)")
  }
}
