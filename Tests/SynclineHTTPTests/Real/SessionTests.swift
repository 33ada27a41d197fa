import Synchronization
import SynclineHTTP
import SynclineModel
import Testing

@Suite struct `Sessions with a real server` {
  private let server: TestServer
  private let key = makeKey()

  init() throws { server = try TestServer.shared.get() }

  private final class Pauses: Sendable {
    private let pauses = Mutex<[Int]>([])
    var all: [Int] { pauses.withLock { $0 } }
    @Sendable func add(_ milliseconds: Int) { pauses.withLock { $0.append(milliseconds) } }
  }

  private func request(
    _ path: String, _ method: HTTPRequest.Method = .get,
    _ repetition: HTTPRequest.Repetition? = nil
  ) throws -> HTTPRequest {
    HTTPRequest("ask", method, try server.plain("\(key)/\(path)"), repetition: repetition)
  }

  private func session(_ pauses: Pauses = Pauses(), tokens: TokenKeeper? = nil) throws
    -> HTTPSession
  {
    HTTPSession(try CurlClient(), pacer: .still(pauses.add), tokens: tokens)
  }

  @Test(arguments: [
    "fail-first?times=2&code=503", "cut-first?times=2", "truncate-first?times=2",
  ])
  func `a read outlives a server that fails twice`(_ path: String) async throws {
    let pauses = Pauses()
    let session = try session(pauses)
    let answer = try await session.perform(request(path))
    #expect(String(decoding: answer.body, as: UTF8.self) == #"{"answer":1}"#)
    #expect(pauses.all == [500, 1000])
    #expect(session.calls == 3)
  }

  @Test func `a write is sent once where it may have been done`() async throws {
    let session = try session()
    let failure = await #expect(throws: HTTPFailure.self) {
      try await session.perform(request("cut-first?times=9", .post))
    }
    #expect(failure?.reach == .perhaps)
    #expect(try await session.perform(request("status?code=500", .post)).status == 500)
    #expect(try await server.seen(key).count == 2)
  }

  @Test func `a busy server is asked again after the time it names, writes included`()
    async throws
  {
    let pauses = Pauses()
    let answer = try await session(pauses).perform(
      request("fail-first?times=1&code=429&after=7", .post))
    #expect(answer.status == 200)
    #expect(pauses.all == [7500])
  }

  @Test func `a server that names a moment is judged by its own clock`() async throws {
    let pauses = Pauses()
    let path =
      "fail-first?times=1&code=429&after=Sun,%2006%20Nov%201994%2008:49:40%20GMT"
    _ = try await session(pauses).perform(request(path))
    // The test server's Date is far behind that moment.
    #expect(pauses.all == [500])
  }

  @Test func `a wait that is too long ends the request and tells for how long`() async throws {
    let failure = await #expect(throws: HTTPFailure.self) {
      try await session().perform(request("status?code=429&after=86400"))
    }
    #expect(failure?.retryAfterSeconds == 86400)
    #expect(
      failure?.description
        == "ask: http://127.0.0.1:\(try server.port("plain")) asks to be left alone for 86400 s."
        + " Run again after that time")
  }

  @Test func `a limit that comes as 403 is judged by the body`() async throws {
    let session = try session()
    let answer = try await session.perform(
      request("fail-first?times=1&code=403&body=REQUEST_LIMIT_EXCEEDED", .post)
    ) { answer in
      answer.status == 403 ? .busy : Verdict(status: answer.status)
    }
    #expect(answer.status == 200)
    #expect(session.calls == 2)
  }

  @Test func `a token that is refused in the middle is renewed once and the request repeated`()
    async throws
  {
    let renewals = Counter()
    let tokens = TokenKeeper(now: { Timestamp(microseconds: 0) }) {
      AccessToken(Secret(renewals.next() == 1 ? "stale" : "fresh"))
    }
    let session = try session(tokens: tokens)
    let request = try request("guarded", .post)
    let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<8 { group.addTask { try await session.perform(request).status } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(statuses == Array(repeating: 200, count: 8))
    #expect(renewals.count == 2)
    let seen = Set(try await server.seen(key).map(\.authorization))
    #expect(seen.isSubset(of: ["Bearer stale", "Bearer fresh"]))
  }

  @Test func `a fresh token that is refused, too, is an answer`() async throws {
    let renewals = Counter()
    let tokens = TokenKeeper(now: { Timestamp(microseconds: 0) }) {
      _ = renewals.next()
      return AccessToken(Secret("stale"))
    }
    let session = try session(tokens: tokens)
    let request = try request("guarded")
    let answer = try await session.perform(request)
    #expect(answer.status == 401)
    #expect(renewals.count == 2)
    #expect(
      answer.unexpected(request).description
        == "ask: \(request.address) answered 401 with application/json."
        + " The sign-in is refused: check user, secret and permissions of the connection")
  }

  private final class Counter: Sendable {
    private let value = Mutex(0)
    var count: Int { value.withLock { $0 } }
    func next() -> Int {
      value.withLock { value in
        value += 1
        return value
      }
    }
  }

  @Test func `a redirect to another host carries no token`() async throws {
    let other = makeKey()
    let place = "http://localhost:\(try server.port("another"))/\(other)/ok"
    let tokens = TokenKeeper(now: { Timestamp(microseconds: 0) }) { AccessToken(Secret("abc")) }
    let session = try session(tokens: tokens)
    let answer = try await session.perform(request("redirect?to=\(place)"))
    #expect(answer.status == 200)
    #expect(try await server.seen(key).map(\.authorization) == ["Bearer abc"])
    #expect(try await server.seen(other).map(\.authorization) == [nil])
    #expect(session.calls == 2)
  }

  @Test func `a redirect on the same host carries it`() async throws {
    let tokens = TokenKeeper(now: { Timestamp(microseconds: 0) }) { AccessToken(Secret("abc")) }
    let session = try session(tokens: tokens)
    _ = try await session.perform(request("redirect?to=/\(key)/ok"))
    #expect(
      try await server.seen(key).map(\.authorization) == ["Bearer abc", "Bearer abc"])
  }

  @Test func `nothing follows from https to http`() async throws {
    let other = makeKey()
    let place = "http://127.0.0.1:\(try server.port("plain"))/\(other)/ok"
    let session = HTTPSession(
      try CurlClient(settings: .trusting(server)), pacer: .still())
    let address = try server.protected("own", "\(key)/redirect?to=\(place)")
    let failure = await #expect(throws: HTTPFailure.self) {
      try await session.perform(HTTPRequest("ask", .get, address))
    }
    #expect(
      failure?.description
        == "ask: \(address) leads from https to http, where everything is in the clear."
        + " Have the server mended")
    #expect(try await server.seen(other) == [])
  }

  @Test func `a circle of redirects ends`() async throws {
    let session = try session()
    let failure = await #expect(throws: HTTPFailure.self) {
      try await session.perform(request("circle"))
    }
    #expect(
      failure?.description
        == "ask: \(try request("x").address) leads around in a circle."
        + " Check the address in the package")
    #expect(session.calls == 6)
  }
}
