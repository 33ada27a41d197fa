import SynclineModel
import SynclinePorts
import SynclineTesting
import Testing

extension ConnectorContract {
  @Test(arguments: WorldKind.allCases)
  func `insert, update and delete are noted with their keys`(_ kind: WorldKind) async throws {
    let session = try await ContractSession.open(kind, [ContractObjects.log])
    let first = try session.user(.insert("Log", ["text": .text("a")]))
    let second = try session.user(.insert("Log", ["text": .text("b")]))
    try session.user(.update("Log", first, ["text": .text("c")]))
    try session.user(.delete("Log", second))
    let read = try await session.readChanges()
    #expect(
      read.noted == [
        .init(.insert, "Log", after: 1), .init(.insert, "Log", after: 2),
        .init(.update, "Log", before: 1, after: 1), .init(.delete, "Log", before: 2),
      ])
    #expect(read.rows == ["Log": [first: session.whole("Log", first, ["text": .text("c")])]])
    #expect(read.hasTimes == session.connector.capabilities.reportsTime)
    await session.connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `an update to the same values is noted too`(_ kind: WorldKind) async throws {
    let session = try await ContractSession.open(kind, [ContractObjects.log])
    let key = try session.user(.insert("Log", ["text": .text("a")]))
    try await session.acknowledge(session.readChanges().ranges)
    try session.user(.update("Log", key, ["text": .text("a")]))
    #expect(
      try await session.readChanges().noted == [.init(.update, "Log", before: 1, after: 1)])
    await session.connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `a key change is one entry with both keys`(_ kind: WorldKind) async throws {
    let session = try await ContractSession.open(kind, [ContractObjects.log])
    let key = try session.user(.insert("Log", ["text": .text("a")]))
    try await session.acknowledge(session.readChanges().ranges)
    let new = NativeKey(integer: 70)
    try session.user(.rekey("Log", key, to: new))
    let read = try await session.readChanges()
    #expect(read.noted == [.init(.update, "Log", before: 1, after: 70)])
    #expect(read.rows == ["Log": [new: session.whole("Log", new, ["text": .text("a")])]])
    await session.connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `a deleted key that is used again is noted as both`(_ kind: WorldKind) async throws {
    let session = try await ContractSession.open(kind, [ContractObjects.log])
    let key = try session.user(.insert("Log", ["text": .text("a")]))
    try await session.acknowledge(session.readChanges().ranges)
    try session.user(.delete("Log", key))
    #expect(try session.user(.insert("Log", ["text": .text("b")])) == key)
    let read = try await session.readChanges()
    #expect(read.noted == [.init(.delete, "Log", before: 1), .init(.insert, "Log", after: 1)])
    #expect(read.rows == ["Log": [key: session.whole("Log", key, ["text": .text("b")])]])
    await session.connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `a row that a replace displaced is named beside the new one`(
    _ kind: WorldKind
  ) async throws {
    let session = try await ContractSession.open(kind, [ContractObjects.company])
    let old = try session.user(
      .insert("Company", ["name": .text("Ada"), "code": .text("a")]))
    try await session.acknowledge(session.readChanges().ranges)
    let new = try session.user(
      .replace("Company", ["id": .integer(9), "name": .text("Eve"), "code": .text("a")]))
    let read = try await session.readChanges()
    #expect(Set(read.noted.flatMap { [$0.before, $0.after] }.compactMap { $0 }) == [old, new])
    #expect(Set(read.rows["Company", default: [:]].keys) == [new])
    await session.connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `what a delete takes along by foreign keys is noted`(_ kind: WorldKind) async throws {
    let session = try await ContractSession.open(
      kind, [ContractObjects.company, ContractObjects.contact, ContractObjects.note])
    let company = try session.user(.insert("Company", ["name": .text("Ada")]))
    try session.user(.insert("Contact", ["company": company.value]))
    let note = try session.user(.insert("Note", ["company": company.value]))
    try await session.acknowledge(session.readChanges().ranges)
    try session.user(.delete("Company", company))
    let read = try await session.readChanges()
    #expect(
      Set(read.noted) == [
        .init(.delete, "Company", before: 1), .init(.delete, "Contact", before: 1),
        .init(.update, "Note", before: 1, after: 1),
      ])
    #expect(read.noted.count == 3)
    #expect(read.rows == ["Note": [note: session.whole("Note", note, [:])]])
    await session.connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `a refused edit leaves no entry`(_ kind: WorldKind) async throws {
    let session = try await ContractSession.open(kind, [ContractObjects.company])
    #expect(throws: (any Error).self) {
      try session.world.edit([
        .insert("Company", ["name": .text("Ada")]), .insert("Company", [:]),
      ])
    }
    #expect(try await session.readChanges().noted == [])
    #expect(try await session.readAll("Company") == [])
    await session.connector.close()
  }

  @Test(arguments: WorldKind.allCases, [1, 2, 3, 100])
  func `changes come in pages of at most the limit`(
    _ kind: WorldKind, _ limit: Int
  ) async throws {
    let session = try await ContractSession.open(kind, [ContractObjects.log])
    for _ in 0..<3 { try session.user(.insert("Log", [:])) }
    let read = try await session.readChanges(limit: limit)
    #expect(read.noted == [1, 2, 3].map { .init(.insert, "Log", after: $0) })
    await session.connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `all pages of a read show one moment, and later edits the next read`(
    _ kind: WorldKind
  ) async throws {
    let session = try await ContractSession.open(kind, [ContractObjects.log])
    guard session.world.traits.letsUsersWriteDuringChangeRead else { return }
    let first = try session.user(.insert("Log", ["text": .text("a")]))
    let second = try session.user(.insert("Log", ["text": .text("b")]))
    let number = try session.number("Log")
    let begin = try await session.connector.readChanges(limit: 1)
    try session.user(.update("Log", second, ["text": .text("later")]))
    try session.user(.delete("Log", first))
    let rest = try await session.connector.readChanges(limit: 5)
    #expect(
      begin.rows == [
        ObjectKey(object: number, key: first): session.whole("Log", first, ["text": .text("a")])
      ])
    #expect(
      rest.rows == [
        ObjectKey(object: number, key: second): session.whole("Log", second, ["text": .text("b")])
      ])
    #expect(rest.entries.count == 1)
    #expect(!begin.isLast && rest.isLast)
    try await session.acknowledge(begin.ranges + rest.ranges)
    let next = try await session.readChanges()
    #expect(
      next.noted == [
        .init(.update, "Log", before: 2, after: 2), .init(.delete, "Log", before: 1),
      ])
    #expect(
      next.rows == ["Log": [second: session.whole("Log", second, ["text": .text("later")])]])
    await session.connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `what is not acknowledged is read again`(_ kind: WorldKind) async throws {
    let session = try await ContractSession.open(kind, [ContractObjects.log])
    for _ in 0..<3 { try session.user(.insert("Log", [:])) }
    let first = try await session.readChanges()
    let middle = first.numbers[1]
    try await session.acknowledge([EntryRange(first: middle, last: middle)])
    try await session.acknowledge([EntryRange(first: middle, last: middle)])
    let second = try await session.readChanges()
    #expect(second.numbers == [first.numbers[0], first.numbers[2]])
    #expect(
      second.noted == [.init(.insert, "Log", after: 1), .init(.insert, "Log", after: 3)])
    await session.connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `a number is not given again after the queue was emptied`(_ kind: WorldKind) async throws {
    let session = try await ContractSession.open(kind, [ContractObjects.log])
    for _ in 0..<3 { try session.user(.insert("Log", [:])) }
    let first = try await session.readChanges()
    try await session.acknowledge(first.ranges)
    let next = try await session.again()
    try next.user(.insert("Log", [:]))
    let second = try await next.readChanges()
    #expect(second.numbers.count == 1)
    #expect(second.numbers.allSatisfy { number in first.numbers.allSatisfy { $0 < number } })
    await next.connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `entries of an object that is not bound are counted and not told`(
    _ kind: WorldKind
  ) async throws {
    let session = try await ContractSession.open(
      kind, [ContractObjects.log, ContractObjects.diary])
    try session.user(.insert("Diary", ["text": .text("a")]))
    try await session.connector.bind([try #require(session.bindings["Log"])])
    let read = try await session.readChanges(limit: 1)
    #expect(read.noted == [.init(.insert, "Log", after: 1)])
    try await session.acknowledge(read.ranges)
    #expect(try await session.connector.queue(of: session.journal).length == 0)
    await session.connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `closing releases the snapshot of an open read, twice as once`(
    _ kind: WorldKind
  ) async throws {
    let session = try await ContractSession.open(kind, [ContractObjects.log])
    for _ in 0..<2 { try session.user(.insert("Log", [:])) }
    let begin = try await session.connector.readChanges(limit: 1)
    #expect(!begin.isLast)
    if !session.world.traits.letsUsersWriteDuringChangeRead {
      #expect(throws: (any Error).self) { try session.user(.insert("Log", [:])) }
    }
    await session.connector.close()
    await session.connector.close()
    try session.user(.insert("Log", [:]))
    let next = try await session.again()
    #expect(
      try await next.readChanges().noted == [1, 2, 3].map { .init(.insert, "Log", after: $0) })
    await next.connector.close()
  }
}
