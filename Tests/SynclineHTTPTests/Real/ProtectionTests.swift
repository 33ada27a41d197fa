import SynclineHTTP
import Testing

@Suite struct `Protection of connections` {
  private let server: TestServer
  private let key = makeKey()

  init() throws { server = try TestServer.shared.get() }

  @Test func `an authority of one's own is trusted where caFile names it`() async throws {
    let client = try CurlClient(settings: .trusting(server))
    let answer = try await client.answer(
      to: HTTPRequest("ask", .get, try server.protected("own", "\(key)/ok")))
    #expect(answer.status == 200)
  }

  @Test(arguments: [
    ("selfsigned", "shows a certificate that it signed itself"),
    ("expired", "shows an expired certificate"),
    ("other", "shows a certificate for another host"),
    ("old", "makes no protected connection (TLS 1.2 or later)"),
  ])
  func `a server that does not verify gets no request`(_ name: String, _ words: String)
    async throws
  {
    let address = try server.protected(name, "\(key)/ok?token=abc")
    var request = HTTPRequest("sign in", .post, address, body: Array("password=abc".utf8))
    request.headers.set("Authorization", .secret(Secret("Bearer abc")))
    let failure = try await refusal(request, .trusting(server))
    #expect(failure?.message == words)
    #expect(failure?.host == "https://localhost:\(address.port)")
    #expect(failure?.reach == .notSent)
    #expect(failure?.mayPass == false)
    #expect(try await server.seen(key) == [])
  }

  @Test func `the system's authorities do not know that server`() async throws {
    let failure = try await refusal(
      HTTPRequest("sign in", .get, try server.protected("own", "\(key)/ok")))
    #expect(failure?.code == .certificate)
    #expect(
      failure?.message == "shows a certificate of an authority that is not trusted here")
  }

  @Test func `caFile stands in the place of the system's authorities, and must be readable`()
    async throws
  {
    let settings = ClientSettings(caFile: server.folder + "/none.pem")
    let failure = try await refusal(
      HTTPRequest("sign in", .get, try server.protected("own", "\(key)/ok")), settings)
    #expect(failure?.code == .certificate)
    #expect(
      failure?.message
        == "cannot be verified: the file of certificates \(server.folder)/none.pem cannot be read"
        + " as PEM")
  }

  @Test func `https to a server without it fails as a handshake`() async throws {
    let address = try HTTPAddress("https://localhost:\(server.port("plain"))/\(key)/ok")
    #expect(try await refusal(HTTPRequest("ask", .get, address))?.code == .handshake)
  }
}
