import Synchronization
import SynclineModel
import Testing

@testable import SynclineHTTP

@Suite struct `Tokens` {
  private static let start = Timestamp(microseconds: 0)
  private static let later = Timestamp(microseconds: 10)

  private static func token(_ text: String, expires: Timestamp? = nil) -> AccessToken {
    AccessToken(Secret(text), expires: expires)
  }

  @Test func `one asker renews and the others wait`() {
    var machine = TokenMachine()
    #expect(machine.wanted(now: Self.start) == .renew)
    #expect(machine.wanted(now: Self.start) == .wait)
    let issued = machine.renewed(Self.token("a"))
    #expect(issued == IssuedToken(token: Self.token("a"), generation: 1))
    #expect(machine.wanted(now: Self.start) == .use(issued))
  }

  @Test func `a late refusal of an old token renews nothing`() {
    var machine = TokenMachine()
    _ = machine.wanted(now: Self.start)
    let old = machine.renewed(Self.token("a"))
    #expect(machine.refused(old, now: Self.start) == .renew)
    #expect(machine.refused(old, now: Self.start) == .wait)
    let new = machine.renewed(Self.token("b"))
    #expect(machine.refused(old, now: Self.start) == .use(new))
  }

  @Test func `an expired token is renewed before it is refused`() {
    var machine = TokenMachine()
    _ = machine.wanted(now: Self.start)
    let issued = machine.renewed(Self.token("a", expires: Self.later))
    #expect(machine.wanted(now: Timestamp(microseconds: 9)) == .use(issued))
    #expect(machine.wanted(now: Self.later) == .renew)
  }

  @Test func `after a renewal that brought nothing the next asker tries`() {
    var machine = TokenMachine()
    _ = machine.wanted(now: Self.start)
    machine.renewalEnded()
    #expect(machine.wanted(now: Self.start) == .renew)
  }

  /// Renewals that end when the test says so.
  private final class Service: Sendable {
    private let state = Mutex((calls: 0, open: [CheckedContinuation<AccessToken, any Error>]()))

    var calls: Int { state.withLock { $0.calls } }

    @Sendable func renew() async throws -> AccessToken {
      try await withCheckedThrowingContinuation { continuation in
        state.withLock { state in
          state.calls += 1
          state.open.append(continuation)
        }
      }
    }

    func answer(_ result: Result<AccessToken, any Error>) {
      let open = state.withLock { state in
        let open = state.open
        state.open = []
        return open
      }
      for continuation in open { continuation.resume(with: result) }
    }

    func isAsked(_ times: Int) async { while calls < times { await Task.yield() } }
  }

  private struct WrongSecret: Error {}

  private static func keeper(_ service: Service) -> TokenKeeper {
    TokenKeeper(now: { start }, renew: service.renew)
  }

  @Test func `a hundred askers make one renewal`() async throws {
    let service = Service()
    let keeper = Self.keeper(service)
    let tokens = try await withThrowingTaskGroup(of: IssuedToken.self) { group in
      for _ in 0..<100 { group.addTask { try await keeper.token() } }
      await service.isAsked(1)
      service.answer(.success(Self.token("a")))
      return try await group.reduce(into: Set()) { $0.insert($1) }
    }
    #expect(tokens == [IssuedToken(token: Self.token("a"), generation: 1)])
    #expect(service.calls == 1)
  }

  @Test func `a renewal that fails fails for all who waited, once`() async {
    let service = Service()
    let keeper = Self.keeper(service)
    let failures = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<20 {
        group.addTask {
          do {
            _ = try await keeper.token()
            return false
          } catch { return error is WrongSecret }
        }
      }
      await service.isAsked(1)
      while keeper.waiting < 19 { await Task.yield() }
      service.answer(.failure(WrongSecret()))
      return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    #expect(failures == 20)
    #expect(service.calls == 1)
  }

  @Test func `where the one who renews is cancelled another takes over`() async throws {
    let service = Service()
    let keeper = Self.keeper(service)
    try await withThrowingTaskGroup(of: IssuedToken?.self) { group in
      let first = Task { try? await keeper.token() }
      await service.isAsked(1)
      group.addTask { try await keeper.token() }
      while keeper.waiting < 1 { await Task.yield() }
      first.cancel()
      service.answer(.failure(CancellationError()))
      await service.isAsked(2)
      service.answer(.success(Self.token("b")))
      let second = try await group.next() ?? nil
      #expect(second?.token == Self.token("b"))
      #expect(await first.value == nil)
    }
  }

  @Test func `one who waits may leave`() async throws {
    let service = Service()
    let keeper = Self.keeper(service)
    let first = Task { try await keeper.token() }
    await service.isAsked(1)
    let second = Task { try await keeper.token() }
    while keeper.waiting < 1 { await Task.yield() }
    second.cancel()
    await #expect(throws: CancellationError.self) { try await second.value }
    service.answer(.success(Self.token("a")))
    #expect(try await first.value.token == Self.token("a"))
  }
}
