import SynclineHTTP
import Testing

@Suite(.serialized) struct `Proxies` {
  private let server: TestServer
  private let key = makeKey()

  init() throws { server = try TestServer.shared.get() }

  private func settings(_ user: String = "", exceptions: String = "") throws -> ClientSettings {
    var settings = ClientSettings.trusting(server)
    settings.proxies = try ProxySettings(environment: [
      "HTTPS_PROXY": "http://\(user)127.0.0.1:\(server.port("proxy"))", "no_proxy": exceptions,
    ])
    return settings
  }

  @Test func `a request goes through the proxy, protected from end to end`() async throws {
    let client = try CurlClient(settings: settings())
    let address = try HTTPAddress("https://service.test/\(key)/ok")
    #expect(try await client.answer(to: HTTPRequest("ask", .get, address)).status == 200)
    #expect(try await server.seen(key).map(\.host) == ["service.test"])
  }

  @Test func `user and password go to the proxy and nowhere else`() async throws {
    let client = try CurlClient(settings: settings("us:pa%20ss@"))
    let address = try HTTPAddress("https://guarded.test/\(key)/ok")
    #expect(try await client.answer(to: HTTPRequest("ask", .get, address)).status == 200)
    #expect(try await server.seen(key).map(\.authorization) == [nil])
  }

  @Test func `a proxy that refuses is told without user and password`() async throws {
    let proxy = "http://127.0.0.1:\(try server.port("proxy"))"
    let wrong = try await refusal(
      HTTPRequest("ask", .post, try HTTPAddress("https://guarded.test/x")), settings("us:abc@"))
    #expect(
      wrong?.description
        == "ask: https://guarded.test cannot be reached: the proxy \(proxy) wants another user or"
        + " password. Check https_proxy and no_proxy")
    #expect(wrong?.reach == .notSent)
    let closed = try await refusal(
      HTTPRequest("ask", .post, try HTTPAddress("https://closed.test/x")), settings())
    #expect(
      closed?.description
        == "ask: https://closed.test cannot be reached: the proxy \(proxy) answered 502."
        + " Check https_proxy and no_proxy")
  }

  @Test func `exceptions and this machine are called without the proxy`() async throws {
    let direct = try await refusal(
      HTTPRequest("ask", .get, try HTTPAddress("https://sub.service.invalid/x")),
      settings(exceptions: "other.test,.service.invalid"))
    #expect(direct?.code == .unknownHost)
    let client = try CurlClient(settings: settings())
    let before = try await server.seen("proxy").count
    let address = try server.protected("own", "\(key)/ok")
    #expect(try await client.answer(to: HTTPRequest("ask", .get, address)).status == 200)
    #expect(try await server.seen("proxy").count == before)
  }

  @Test func `settings show neither user nor password`() throws {
    let settings = try settings("us:abc@")
    var shown = ""
    dump(settings, to: &shown)
    #expect(!(shown + "\(settings)").contains("abc"))
  }

  @Test func `a proxy that is none is refused without its text`() {
    let flaw = #expect(throws: Proxy.Flaw.self) {
      try ProxySettings(environment: ["all_proxy": "ftp://user:abc@host"])
    }
    #expect(flaw?.description.contains("abc") == false)
  }

  @Test func `small letters go before capitals, and https_proxy before all_proxy`() throws {
    let settings = try ProxySettings(environment: [
      "HTTPS_PROXY": "http://c:1", "https_proxy": "b:2", "ALL_PROXY": "http://a:3",
      "NO_PROXY": "x", "no_proxy": "",
    ])
    #expect(settings == ProxySettings(proxy: try Proxy("http://b:2"), exceptions: "x"))
  }
}
