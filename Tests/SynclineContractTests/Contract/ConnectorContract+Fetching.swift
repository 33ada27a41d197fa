import SynclineModel
import SynclinePorts
import SynclineTesting
import Testing

extension ConnectorContract {
  private static func text(_ megabytes: Int, more: Int = 0) -> Value {
    .text(Text(utf8: [UInt8](repeating: 0x61, count: megabytes << 20 + more)))
  }

  @Test(arguments: WorldKind.allCases)
  func `records are fetched by key, and a key without one is told`(_ kind: WorldKind) async throws {
    let session = try await ContractSession.open(kind, [ContractObjects.log])
    for key in [1, 2, 3] as [Int64] {
      try session.user(.insert("Log", ["id": .integer(key), "text": .text("n\(key)")]))
    }
    try session.user(.update("Log", NativeKey(integer: 3), ["text": .text("newest")]))
    let before = try session.world.fingerprint()
    let keys = [3, 7, 1].map { NativeKey(integer: $0) }
    for _ in 1...2 {
      var answer = try await session.fetch("Log", keys)
      answer.records.sort { $0.key < $1.key }
      #expect(
        answer
          == FetchedRecords(
            records: [
              session.record("Log", 1, ["text": .text("n1")]),
              session.record("Log", 3, ["text": .text("newest")]),
            ], absent: [NativeKey(integer: 7)]))
    }
    #expect(try session.world.fingerprint() == before)
    await session.connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `to fetch nothing is no failure`(_ kind: WorldKind) async throws {
    let session = try await ContractSession.open(kind, [ContractObjects.log])
    #expect(try await session.fetch("Log", []) == FetchedRecords())
    await session.connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `as many keys as a page holds are fetched at once`(_ kind: WorldKind) async throws {
    let session = try await ContractSession.open(kind, [ContractObjects.log])
    let limit = session.connector.capabilities.pageLimit
    try session.user(.insert("Log", ["id": .integer(5)]))
    let keys = (1...limit).map { NativeKey(integer: Int64($0)) }
    let answer = try await session.fetch("Log", keys)
    #expect(answer.records == [session.record("Log", 5, [:])])
    #expect(Set(answer.absent) == Set(keys).subtracting([NativeKey(integer: 5)]))
    await session.connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `a record that cannot be taken is fetched once it can`(_ kind: WorldKind) async throws {
    let session = try await ContractSession.open(kind, [ContractObjects.log])
    let key = try session.user(.insert("Log", ["text": Self.text(4, more: 1)]))
    let failed = try await session.fetch("Log", [key])
    #expect(failed.failures.map(\.key) == [key])
    #expect(failed.failures.map(\.code) == ["tooLarge"])
    #expect(failed.records == [] && failed.absent == [])
    try session.user(.update("Log", key, ["text": .text("short")]))
    #expect(
      try await session.fetch("Log", [key])
        == FetchedRecords(records: [session.record("Log", 1, ["text": .text("short")])]))
    await session.connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `what a large answer leaves out is fetched by asking again`(_ kind: WorldKind) async throws {
    let session = try await ContractSession.open(kind, [ContractObjects.log])
    for _ in 1...4 { try session.user(.insert("Log", ["text": Self.text(4)])) }
    var open = (1...5).map { NativeKey(integer: $0) }
    var records: Set<NativeKey> = []
    while !open.isEmpty {
      let answer = try await session.fetch("Log", open)
      try #require(!answer.answered.isEmpty, "a fetch must come to its end")
      records.formUnion(answer.records.map(\.key))
      open.removeAll { answer.answered.contains($0) }
    }
    #expect(records == Set((1...4).map { NativeKey(integer: $0) }))
    await session.connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `a fetch consumes no change`(_ kind: WorldKind) async throws {
    let session = try await ContractSession.open(kind, [ContractObjects.log])
    let key = try session.user(.insert("Log", [:]))
    _ = try await session.fetch("Log", [key])
    #expect(try await session.readChanges().noted == [.init(.insert, "Log", after: 1)])
    await session.connector.close()
  }
}
