import SynclineModel
import SynclinePorts
import SynclineTesting
import Testing

extension ConnectorContract {
  @Test(arguments: WorldKind.allCases)
  func `an insert tells its key and the row as stored`(_ kind: WorldKind) async throws {
    let session = try await ContractSession.open(kind, [ContractObjects.company])
    let key = NativeKey(integer: 1)
    let stored = session.whole(
      "Company", key, ["name": .text("Ada"), "size": .integer(1), "label": .text("Ada")])
    #expect(
      try await session.write(
        "Company", [session.insert(1, "Company", ["name": .text("Ada")])])
        == [CommandID(1): .written(key: key, stored: stored)])
    #expect(try await session.readAll("Company") == [ReadRecord(key: key, row: stored)])
    await session.connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `an update writes its fields and leaves the others`(_ kind: WorldKind) async throws {
    let session = try await ContractSession.open(kind, [ContractObjects.company])
    let key = try session.user(
      .insert("Company", ["name": .text("Ada"), "code": .text("a"), "size": .integer(3)]))
    let stored = session.whole(
      "Company", key, ["name": .text("Eve"), "code": .text("a"), "label": .text("Eve")])
    #expect(
      try await session.write(
        "Company",
        [
          session.update(
            1, "Company", 1, ["name": .text("Eve"), "size": .null],
            expecting: ["name": .text("Ada"), "size": .integer(3)])
        ]) == [CommandID(1): .written(key: key, stored: stored)])
    #expect(try await session.readAll("Company") == [ReadRecord(key: key, row: stored)])
    await session.connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `a delete tells its key and no row`(_ kind: WorldKind) async throws {
    let session = try await ContractSession.open(kind, [ContractObjects.log])
    let key = try session.user(.insert("Log", ["text": .text("a")]))
    #expect(
      try await session.write(
        "Log", [session.delete(1, "Log", 1, expecting: ["text": .text("a")])])
        == [CommandID(1): .written(key: key, stored: PackedRow())])
    #expect(try await session.readAll("Log") == [])
    await session.connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `what the owner's triggers did is read back, and their rows elsewhere are changes`(
    _ kind: WorldKind
  ) async throws {
    let session = try await ContractSession.open(
      kind, [ContractObjects.log, ContractObjects.diary])
    let key = NativeKey(integer: 1)
    let stored = session.whole("Diary", key, ["text": .text("a"), "stamp": .text("stamped")])
    #expect(
      try await session.write("Diary", [session.insert(1, "Diary", ["text": .text("a")])])
        == [CommandID(1): .written(key: key, stored: stored)])
    let read = try await session.readChanges()
    #expect(read.noted == [.init(.insert, "Log", after: 1)])
    #expect(
      read.rows == ["Log": [key: session.whole("Log", key, ["text": .text("written")])]])
    await session.connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `a refused record does not stop its neighbours`(_ kind: WorldKind) async throws {
    let session = try await ContractSession.open(
      kind, [ContractObjects.company, ContractObjects.order])
    try session.user(.insert("Company", ["name": .text("Ada"), "code": .text("a")]))
    try session.user(.insert("Order", ["company": .integer(1)]))
    let results = try await session.write(
      "Company",
      [
        session.insert(1, "Company", ["name": .text("Bob"), "code": .text("a")]),
        session.insert(2, "Company", ["name": .null]),
        session.insert(3, "Company", ["name": .text("Cyd"), "code": .text("c")]),
        session.delete(4, "Company", 1, expecting: ["name": .text("Ada")]),
        session.update(
          5, "Company", 1, ["size": .integer(2)], expecting: ["name": .text("Ada")]),
      ])
    #expect(
      results.mapValues(\.refusal) == [
        CommandID(1): "unique, may pass: true", CommandID(2): "notNull, may pass: false",
        CommandID(3): nil, CommandID(4): "foreignKey, may pass: true", CommandID(5): nil,
      ])
    let ada: [FieldName: Value] = [
      "name": .text("Ada"), "code": .text("a"), "size": .integer(2), "label": .text("Ada"),
    ]
    let cyd: [FieldName: Value] = [
      "name": .text("Cyd"), "code": .text("c"), "size": .integer(1), "label": .text("Cyd"),
    ]
    let records = try await session.readAll("Company")
    #expect(records == [session.record("Company", 1, ada), session.record("Company", 2, cyd)])
    await session.connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `a child without its parent is refused and may pass`(_ kind: WorldKind) async throws {
    let session = try await ContractSession.open(
      kind, [ContractObjects.company, ContractObjects.contact])
    let results = try await session.write(
      "Contact",
      [
        session.insert(1, "Contact", ["company": .integer(7)]),
        session.insert(2, "Contact", ["company": .null]),
      ])
    #expect(
      results.mapValues(\.refusal) == [
        CommandID(1): "foreignKey, may pass: true", CommandID(2): nil,
      ])
    #expect(try await session.readAll("Contact") == [session.record("Contact", 1, [:])])
    await session.connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `an owner's trigger that refuses is told as such`(_ kind: WorldKind) async throws {
    let session = try await ContractSession.open(
      kind, [ContractObjects.log, ContractObjects.diary])
    let results = try await session.write(
      "Diary",
      [
        session.insert(1, "Diary", ["text": .text("forbidden")]),
        session.insert(2, "Diary", ["text": .text("a")]),
      ])
    #expect(
      results.mapValues(\.refusal) == [
        CommandID(1): "trigger, may pass: false", CommandID(2): nil,
      ])
    #expect(try await session.readAll("Log").count == 1)
    await session.connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `a refusal names the object and no value`(_ kind: WorldKind) async throws {
    let session = try await ContractSession.open(kind, [ContractObjects.company])
    try session.user(.insert("Company", ["name": .text("Ada"), "code": .text("s3cret")]))
    let results = try await session.write(
      "Company",
      [session.insert(1, "Company", ["name": .text("Bob"), "code": .text("s3cret")])])
    guard case .refused(let problem)? = results[CommandID(1)] else {
      Issue.record("the command was not refused: \(results)")
      return
    }
    #expect(problem.message.contains("Company"))
    #expect(problem.message.contains("code"))
    #expect(!problem.message.contains("s3cret"))
    await session.connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `a record that is not as expected comes back as it is`(_ kind: WorldKind) async throws {
    let session = try await ContractSession.open(kind, [ContractObjects.log])
    let key = try session.user(.insert("Log", ["text": .text("edited")]))
    try session.user(.insert("Log", ["text": .text("b")]))
    let current = session.whole("Log", key, ["text": .text("edited")])
    #expect(
      try await session.write(
        "Log",
        [
          session.update(
            1, "Log", 1, ["text": .text("ours")], expecting: ["text": .text("read before")]),
          session.delete(2, "Log", 1, expecting: ["text": .null]),
          session.delete(3, "Log", 2, expecting: ["text": .text("b")]),
        ]) == [
          CommandID(1): .changed(current: current), CommandID(2): .changed(current: current),
          CommandID(3): .written(key: NativeKey(integer: 2), stored: PackedRow()),
        ])
    #expect(try await session.readAll("Log") == [ReadRecord(key: key, row: current)])
    await session.connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `only the expected fields are compared, by their bytes`(_ kind: WorldKind) async throws {
    let session = try await ContractSession.open(kind, [ContractObjects.company])
    try session.user(.insert("Company", ["name": .text("Ada"), "size": .integer(5)]))
    let results = try await session.write(
      "Company",
      [
        session.update(
          1, "Company", 1, ["code": .text("x")], expecting: ["name": .text("ada")]),
        session.update(
          2, "Company", 1, ["code": .text("y")], expecting: ["name": .text("Ada ")]),
        session.update(
          3, "Company", 1, ["code": .text("z")], expecting: ["name": .text("Ada")]),
      ])
    let ada: [FieldName: Value] = [
      "name": .text("Ada"), "size": .integer(5), "label": .text("Ada"),
    ]
    let key = NativeKey(integer: 1)
    let current = session.whole("Company", key, ada)
    let stored = session.whole("Company", key, ada.merging(["code": .text("z")]) { $1 })
    #expect(
      results == [
        CommandID(1): .changed(current: current), CommandID(2): .changed(current: current),
        CommandID(3): .written(key: key, stored: stored),
      ])
    await session.connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `a record that is gone is told as changed to nothing`(_ kind: WorldKind) async throws {
    let session = try await ContractSession.open(kind, [ContractObjects.log])
    #expect(
      try await session.write(
        "Log",
        [
          session.update(1, "Log", 8, ["text": .text("a")], expecting: ["text": .null]),
          session.delete(2, "Log", 9, expecting: [:]),
        ]) == [CommandID(1): .changed(current: nil), CommandID(2): .changed(current: nil)])
    #expect(try await session.readAll("Log") == [])
    await session.connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `an id that is noted is not written again`(_ kind: WorldKind) async throws {
    let session = try await ContractSession.open(kind, [ContractObjects.log])
    let command = session.insert(1, "Log", ["text": .text("ours")])
    _ = try await session.write("Log", [command])
    let key = NativeKey(integer: 1)
    try session.user(.update("Log", key, ["text": .text("edited since")]))
    let next = try await session.again()
    let current = next.whole("Log", key, ["text": .text("edited since")])
    #expect(
      try await next.write("Log", [command])
        == [CommandID(1): .alreadyWritten(key: key, current: current)])
    try next.user(.delete("Log", key))
    #expect(
      try await next.write("Log", [command])
        == [CommandID(1): .alreadyWritten(key: key, current: nil)])
    #expect(try await next.readAll("Log") == [])
    await next.connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `an id whose command was not carried out is not noted`(_ kind: WorldKind) async throws {
    let session = try await ContractSession.open(kind, [ContractObjects.company])
    let refused = session.insert(1, "Company", ["name": .null])
    let changed = session.delete(2, "Company", 4, expecting: [:])
    _ = try await session.write("Company", [refused, changed])
    #expect(
      try await session.probe("Company", [refused, changed])
        == [CommandID(1): .notApplied, CommandID(2): .notApplied])
    await session.connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `an acknowledged id is forgotten, a later one is not`(_ kind: WorldKind) async throws {
    let session = try await ContractSession.open(kind, [ContractObjects.log])
    let commands = [1, 2].map { session.insert($0, "Log", [:]) }
    _ = try await session.write("Log", commands)
    try await session.acknowledge([], commandsBelow: 2)
    let current = session.whole("Log", NativeKey(integer: 2), [:])
    #expect(
      try await session.probe("Log", commands) == [
        CommandID(1): .notApplied,
        CommandID(2): .applied(key: NativeKey(integer: 2), current: current),
      ])
    await session.connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `our own writes are not changes, a user's entry for the same key is`(
    _ kind: WorldKind
  ) async throws {
    let session = try await ContractSession.open(kind, [ContractObjects.log])
    let first = try session.user(.insert("Log", ["text": .text("a")]))
    let results = try await session.write(
      "Log",
      [
        session.update(1, "Log", 1, ["text": .text("b")], expecting: ["text": .text("a")]),
        session.insert(2, "Log", ["text": .text("c")]),
      ])
    #expect(results.count == 2)
    let read = try await session.readChanges()
    #expect(read.noted == [.init(.insert, "Log", after: 1)])
    #expect(read.rows == ["Log": [first: session.whole("Log", first, ["text": .text("b")])]])
    await session.connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `an own delete is no change, but what it takes along is`(_ kind: WorldKind) async throws {
    let session = try await ContractSession.open(
      kind, [ContractObjects.company, ContractObjects.contact])
    try session.user(.insert("Company", ["name": .text("Ada")]))
    try session.user(.insert("Contact", ["company": .integer(1)]))
    try await session.acknowledge(session.readChanges().ranges)
    _ = try await session.write("Company", [session.delete(1, "Company", 1, expecting: [:])])
    #expect(try await session.readChanges().noted == [.init(.delete, "Contact", before: 1)])
    await session.connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `numbers of our own removed entries are not given again`(_ kind: WorldKind) async throws {
    let session = try await ContractSession.open(kind, [ContractObjects.log])
    try session.user(.insert("Log", [:]))
    let before = try await session.readChanges()
    try await session.acknowledge(before.ranges)
    _ = try await session.write("Log", [session.insert(1, "Log", [:])])
    try session.user(.insert("Log", [:]))
    let after = try await session.readChanges()
    #expect(after.noted == [.init(.insert, "Log", after: 3)])
    #expect(after.numbers.allSatisfy { number in before.numbers.allSatisfy { $0 < number } })
    await session.connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `a write and an acknowledgement renew the owner row`(_ kind: WorldKind) async throws {
    let session = try await ContractSession.open(kind, [ContractObjects.log])
    let requests = [ObjectRequest(name: "Log")]
    let written = JournalHead(
      sequence: EventSequence(7), seal: [UInt8](repeating: 7, count: 32))
    _ = try await session.write("Log", [session.insert(1, "Log", [:])], head: written)
    #expect(
      try await session.connector.inspect(requests, ourJournal: session.journal).owners
        == [session.ownerWithIdentity(head: written)])
    let closed = JournalHead(sequence: EventSequence(9), seal: [UInt8](repeating: 9, count: 32))
    try await session.acknowledge([], commandsBelow: 2, head: closed)
    #expect(
      try await session.connector.inspect(requests, ourJournal: session.journal).owners
        == [session.ownerWithIdentity(head: closed)])
    await session.connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `a batch of the largest size is carried out in order`(_ kind: WorldKind) async throws {
    let session = try await ContractSession.open(kind, [ContractObjects.company])
    let size = session.connector.capabilities.batchLimit
    let commands = (1...size).map { number in
      session.insert(
        UInt64(number), "Company", ["name": .text("n"), "code": .text("c\(number)")])
    }
    let results = try await session.write("Company", commands)
    #expect(results.count == size)
    #expect(
      try await session.readAll("Company", limit: 100).map(\.key)
        == (1...size).map { NativeKey(integer: Int64($0)) })
    await session.connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `a value that one command frees another of the batch takes`(
    _ kind: WorldKind
  ) async throws {
    let session = try await ContractSession.open(kind, [ContractObjects.company])
    try session.user(.insert("Company", ["name": .text("Ada"), "code": .text("a")]))
    let results = try await session.write(
      "Company",
      [
        session.update(
          1, "Company", 1, ["code": .text("b")], expecting: ["code": .text("a")]),
        session.insert(2, "Company", ["name": .text("Bob"), "code": .text("a")]),
        session.insert(3, "Company", ["name": .text("Cyd"), "code": .text("b")]),
      ])
    #expect(
      results.mapValues(\.refusal) == [
        CommandID(1): nil, CommandID(2): nil, CommandID(3): "unique, may pass: true",
      ])
    await session.connector.close()
  }
}
