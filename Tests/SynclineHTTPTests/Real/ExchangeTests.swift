import SynclineHTTP
import Testing

@Suite struct `Exchanges with a real server` {
  private let server: TestServer
  private let key = makeKey()

  init() throws { server = try TestServer.shared.get() }

  @Test func `a request arrives as it was made`() async throws {
    var headers: HTTPHeaders = ["X-Word": "one"]
    headers.set("Authorization", .secret(Secret("Bearer abc")))
    let request = HTTPRequest(
      "write", .patch, try server.plain("\(key)/ok"), headers: headers, body: Array("[1]".utf8))
    let answer = try await CurlClient().answer(to: request)
    #expect(answer.status == 200)
    #expect(answer.head.mediaType == "application/json")
    #expect(String(decoding: answer.body, as: UTF8.self) == #"{"answer":1}"#)
    var seen = try await server.seen(key)
    seen[0].connection = nil
    #expect(
      seen == [
        TestServer.Seen(
          method: "PATCH", what: "ok", authorization: "Bearer abc", host: "127.0.0.1", body: "[1]",
          encoding: "gzip")
      ])
  }

  @Test(arguments: [HTTPRequest.Method.get, .head, .post, .put, .patch, .delete])
  func `every method with and without a body`(_ method: HTTPRequest.Method) async throws {
    let client = try CurlClient()
    let address = try server.plain("\(key)/ok")
    let bodies = method == .get || method == .head ? [""] : ["", "body"]
    for body in bodies {
      _ = try await client.answer(
        to: HTTPRequest("ask", method, address, body: Array(body.utf8)))
    }
    let seen = try await server.seen(key)
    #expect(seen.map(\.method) == bodies.map { _ in method.rawValue })
    #expect(seen.map(\.body) == bodies)
  }

  @Test func `a large body is sent without asking first`() async throws {
    let body = [UInt8](repeating: 0x61, count: 3 << 20)
    let request = HTTPRequest("write", .post, try server.plain("\(key)/ok"), body: body)
    _ = try await CurlClient().answer(to: request)
    let seen = try await server.seen(key)
    #expect(seen.map { $0.body?.utf8.count } == [body.count])
    #expect(seen.map(\.expect) == [nil])
  }

  @Test func `one connection serves one request after the other`() async throws {
    let client = try patientClient()
    for _ in 0..<5 {
      _ = try await client.answer(to: HTTPRequest("ask", .get, try server.plain("\(key)/ok")))
    }
    let connections = Set(try await server.seen(key).compactMap(\.connection))
    #expect(connections.count == 1)
  }

  @Test func `many requests at a time share few connections`() async throws {
    let client = try CurlClient(
      settings: ClientSettings(limits: TransferLimits(connectionsMax: 3)))
    let address = try server.plain("\(key)/ok")
    let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<40 {
        group.addTask { try await client.answer(to: HTTPRequest("ask", .get, address)).status }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(statuses == Array(repeating: 200, count: 40))
    #expect(Set(try await server.seen(key).compactMap(\.connection)).count <= 3)
  }

  @Test func `packed bodies are unpacked`() async throws {
    let answer = try await CurlClient().answer(
      to: HTTPRequest("ask", .get, try server.plain("\(key)/gzip")))
    #expect(String(decoding: answer.body, as: UTF8.self) == #"{"packed":true}"#)
  }

  @Test func `an answer that is not read makes the server wait`() async throws {
    let client = try CurlClient()
    let total = 64 << 20
    let response = try await client.send(
      HTTPRequest("read", .get, try server.plain("\(key)/stream?bytes=\(total)")))
    let first = try await response.body.next()
    let sent = try await client.answer(
      to: HTTPRequest("look", .get, try server.plain("\(makeKey())/sent?of=\(key)")))
    let bytes = try #require(Int(String(decoding: sent.body, as: UTF8.self)))
    // What the sockets of both ends hold, and what waits here.
    #expect(bytes < 16 << 20)
    var rest = 0
    while let part = try await response.body.next() {
      #expect(part.count <= 512 << 10)
      rest += part.count
    }
    #expect((first?.count ?? 0) + rest == total)
  }

  @Test func `a body that is let go ends its transfer and no other`() async throws {
    let client = try CurlClient(
      settings: ClientSettings(limits: TransferLimits(connectionsMax: 1)))
    let address = try server.plain("\(key)/stream?bytes=\(64 << 20)")
    _ = try await client.send(HTTPRequest("read", .get, address)).head
    let answer = try await client.answer(
      to: HTTPRequest("ask", .get, try server.plain("\(key)/ok")))
    #expect(answer.status == 200)
  }

  @Test func `a cancelled task ends its transfer at once`() async throws {
    let client = try CurlClient()
    let request = HTTPRequest("read Account", .get, try server.plain("\(key)/silent"))
    let result = await withTaskGroup(of: HTTPFailure?.self) { group in
      group.addTask {
        do throws(HTTPFailure) {
          _ = try await client.answer(to: request)
          return nil
        } catch {
          return error
        }
      }
      while (try? await server.seen(key).count) == 0 { await Task.yield() }
      group.cancelAll()
      return await group.next() ?? nil
    }
    #expect(result?.code == .cancelled)
    #expect(result?.reach == .perhaps)
  }

  @Test func `transfers end with their client`() async throws {
    let request = HTTPRequest("read", .get, try server.plain("\(key)/stall"))
    let response = try await CurlClient().send(request)
    await #expect(throws: HTTPFailure.self) { try await response.body.collect() }
  }
}
