import SynclineHTTP
import SynclinePorts
import Testing

/// A way to fail and the whole message that comes of it; HOST stands for the server's address.
struct FailureCase: CustomTestStringConvertible, Sendable {
  var path: String
  var method = HTTPRequest.Method.get
  var limits = TransferLimits()
  var code: HTTPFailure.Code
  var message: String
  var reach: HTTPFailure.Reach

  var testDescription: String { "\(method.rawValue) \(path)" }
}

@Suite struct `Failures of a real server` {
  private let server: TestServer

  init() throws { server = try TestServer.shared.get() }

  static let cases = [
    FailureCase(
      path: "cut-first?times=9", code: .interrupted,
      message: "read Account: HOST ended the connection before it answered."
        + " What became of the request is not known; run again", reach: .perhaps),
    FailureCase(
      path: "cut-first?times=9", method: .post, code: .interrupted,
      message: "read Account: HOST ended the connection before it answered."
        + " What became of the request is not known; run again", reach: .perhaps),
    FailureCase(
      path: "truncate-first?times=9", code: .truncated,
      message: "read Account: HOST ended the connection inside its answer. Run again",
      reach: .answered),
    FailureCase(
      path: "truncate-first?times=9&chunked", code: .truncated,
      message: "read Account: HOST ended the connection inside its answer. Run again",
      reach: .answered),
    FailureCase(
      path: "silent?token=abc", limits: TransferLimits(wholeMilliseconds: 1500), code: .timeout,
      message: "read Account: HOST had not answered whole within 1500 ms. Run again later",
      reach: .perhaps),
    FailureCase(
      path: "stall", limits: TransferLimits(idleSeconds: 1), code: .timeout,
      message: "read Account: HOST sent nothing for 1 s. Run again later", reach: .answered),
    FailureCase(
      path: "stream?bytes=5000", limits: TransferLimits(bodyBytesMax: 4999), code: .tooLarge,
      message: "read Account: HOST sends an answer of more than 4999 bytes."
        + " Look whether the address is that of the service, or read fewer fields",
      reach: .answered),
    FailureCase(
      path: "bomb?bytes=5000000", limits: TransferLimits(bodyBytesMax: 1_000_000), code: .tooLarge,
      message: "read Account: HOST sends an answer of more than 1000000 bytes."
        + " Look whether the address is that of the service, or read fewer fields",
      reach: .answered),
    FailureCase(
      path: "bomb?bytes=50000000", code: .tooLarge,
      message: "read Account: HOST sends an answer that unpacks to more than 500 times its size."
        + " Look whether the address is that of the service", reach: .answered),
    FailureCase(
      path: "headers", code: .tooLarge,
      message: "read Account: HOST sends headers of more than 262144 bytes."
        + " Look whether the address is that of the service", reach: .perhaps),
    FailureCase(
      path: "no-gzip", code: .garbled,
      message: "read Account: HOST sends an answer that cannot be unpacked or is no HTTP."
        + " Check that the address is that of the service, then run again", reach: .answered),
    FailureCase(
      path: "brotli", code: .garbled,
      message: "read Account: HOST sends an answer that cannot be unpacked or is no HTTP."
        + " Check that the address is that of the service, then run again", reach: .answered),
    FailureCase(
      path: "garbage", code: .garbled,
      message: "read Account: HOST sends an answer that cannot be unpacked or is no HTTP."
        + " Check that the address is that of the service, then run again", reach: .perhaps),
  ]

  @Test(arguments: cases)
  func `a server that fails is told with cause and mend`(_ row: FailureCase) async throws {
    let address = try server.plain("\(makeKey())/\(row.path)")
    let request = HTTPRequest("read Account", row.method, address)
    let failure = try await refusal(request, ClientSettings(limits: row.limits))
    #expect(failure?.code == row.code)
    #expect(failure?.reach == row.reach)
    #expect(failure?.description.replacing("\(address)", with: "HOST") == row.message)
  }

  @Test func `nobody there`() async throws {
    let address = try HTTPAddress("http://127.0.0.1:\(server.port("closed"))/x?token=abc")
    let failure = try await refusal(HTTPRequest("sign in", .post, address))
    #expect(
      failure?.description
        == "sign in: \(address) refuses connections. Check network and address, then run again")
    #expect(failure?.reach == .notSent)
    #expect(failure.map { ConnectorFailure($0).disposition } == .retry)
  }

  @Test func `a name without an address`() async throws {
    let address = try HTTPAddress("https://no-such-host.invalid/x")
    let failure = try await refusal(HTTPRequest("sign in", .post, address))
    #expect(
      failure?.description
        == "sign in: https://no-such-host.invalid is a name without an address."
        + " Check network and address, then run again")
    #expect(failure?.reach == .notSent)
  }

  @Test func `a write is not sent twice where a kept connection ends without an answer`()
    async throws
  {
    let key = makeKey()
    let client = try patientClient()
    let request = HTTPRequest("create", .post, try server.plain("\(key)/cut-kept"))
    _ = try await client.answer(to: request)
    let second = await #expect(throws: HTTPFailure.self) { try await client.answer(to: request) }
    #expect(second?.code == .interrupted)
    #expect(second?.reach == .perhaps)
    #expect(
      second?.description
        == "create: \(request.address) ended the connection before it answered."
        + " What became of the request is not known; the next run finds out")
    #expect(try await server.seen(key).count == 2)
  }

  @Test func `a read is sent again where a kept connection ends without an answer`() async throws {
    let key = makeKey()
    let client = try patientClient()
    let request = HTTPRequest("read", .get, try server.plain("\(key)/cut-kept"))
    _ = try await client.answer(to: request)
    #expect(try await client.answer(to: request).status == 200)
  }

  @Test func `a header with a line break is not sent`() async throws {
    var headers = HTTPHeaders()
    headers.set("Authorization", .secret(Secret("Bearer abc\r\nX-Other: 1")))
    let address = try server.plain("\(makeKey())/ok")
    let failure = try await refusal(HTTPRequest("read", .get, address, headers: headers))
    #expect(
      failure?.description
        == "read: \(address) cannot be sent the header Authorization: its value is no single line."
        + " Look for a line break in the secret or setting that it comes from")
  }

  @Test func `an answer of the wrong kind is told without the server's words`() async throws {
    let address = try server.plain("\(makeKey())/html?code=500")
    let request = HTTPRequest("read Account", .get, address)
    let answer = try await CurlClient().answer(to: request)
    #expect(
      answer.unexpected(request).description
        == "read Account: \(address) answered 500 with text/html."
        + " The service has trouble of its own: run again later")
  }
}
