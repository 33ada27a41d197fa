import SynclineModel
import SynclinePorts
import SynclineTesting
import Testing

extension ConnectorContract {
  @Test(arguments: WorldKind.allCases)
  func `an empty object is read in one empty page`(_ kind: WorldKind) async throws {
    let session = try await ContractSession.open(kind, [ContractObjects.log])
    #expect(try await session.page("Log", limit: 10) == RecordPage(records: [], isLast: true))
    await session.connector.close()
  }

  @Test(arguments: WorldKind.allCases, [1, 2, 3, 6, 7, 8])
  func `a full read gives every record once, ascending`(
    _ kind: WorldKind, _ limit: Int
  ) async throws {
    let session = try await ContractSession.open(kind, [ContractObjects.log])
    for key in [5, 3, 1000, -7, 1, 2, 9] as [Int64] {
      try session.user(.insert("Log", ["id": .integer(key), "text": .text("n\(key)")]))
    }
    #expect(
      try await session.readAll("Log", limit: limit)
        == [-7, 1, 2, 3, 5, 9, 1000].map {
          session.record("Log", $0, ["text": .text("n\($0)")])
        })
    await session.connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `a read takes in the rows that appear behind it and passes those that go`(
    _ kind: WorldKind
  ) async throws {
    let session = try await ContractSession.open(kind, [ContractObjects.log])
    for key in [10, 20, 30] as [Int64] { try session.user(.insert("Log", ["id": .integer(key)])) }
    let first = try await session.page("Log", limit: 2)
    try session.user(.insert("Log", ["id": .integer(5)]))
    try session.user(.insert("Log", ["id": .integer(25)]))
    try session.user(.delete("Log", NativeKey(integer: 30)))
    let second = try await session.page("Log", after: first.records.last?.key, limit: 2)
    #expect(first.records == [session.record("Log", 10, [:]), session.record("Log", 20, [:])])
    #expect(second == RecordPage(records: [session.record("Log", 25, [:])], isLast: true))
    await session.connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `a calculated field and a default are read like others`(_ kind: WorldKind) async throws {
    let session = try await ContractSession.open(kind, [ContractObjects.company])
    try session.user(.insert("Company", ["name": .text("Ada")]))
    #expect(
      try await session.readAll("Company") == [
        session.record(
          "Company", 1, ["name": .text("Ada"), "size": .integer(1), "label": .text("Ada")])
      ])
    await session.connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `a value above the limit is a failure of its record alone`(_ kind: WorldKind) async throws {
    let session = try await ContractSession.open(kind, [ContractObjects.log])
    let large = Value.text(Text(utf8: [UInt8](repeating: 0x61, count: (4 << 20) + 1)))
    try session.user(.insert("Log", ["text": .text("a")]))
    try session.user(.insert("Log", ["text": large]))
    try session.user(.insert("Log", ["text": .text("c")]))
    let page = try await session.page("Log", limit: 10)
    #expect(
      page.records == [
        session.record("Log", 1, ["text": .text("a")]),
        session.record("Log", 3, ["text": .text("c")]),
      ])
    #expect(page.failures.map(\.key) == [NativeKey(integer: 2)])
    #expect(page.failures.map(\.code) == ["tooLarge"])
    let changes = try await session.readChanges()
    #expect(changes.failures.map(\.key) == [NativeKey(integer: 2)])
    #expect(Set(changes.rows["Log", default: [:]].keys) == Set(page.records.map(\.key)))
    await session.connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `a page that ends with failures does not end the read`(_ kind: WorldKind) async throws {
    let session = try await ContractSession.open(kind, [ContractObjects.log])
    let large = Value.text(Text(utf8: [UInt8](repeating: 0x61, count: (4 << 20) + 1)))
    try session.user(.insert("Log", ["text": large]))
    try session.user(.insert("Log", ["text": .text("b")]))
    let first = try await session.page("Log", limit: 1)
    #expect(first.failures.map(\.key) == [NativeKey(integer: 1)])
    #expect(!first.isLast)
    let second = try await session.page("Log", after: first.failures.last?.key, limit: 1)
    #expect(second.records == [session.record("Log", 2, ["text": .text("b")])])
    await session.connector.close()
  }
}
