import SynclineHTTP
import SynclineModel
import SynclinePorts
import SynclineSalesforce
import SynclineTesting
import Testing

@Suite struct `Writing to an organisation` {
  static func insert(_ id: UInt64, _ fields: KeyValuePairs<FieldNumber, Value>) -> WriteCommand {
    WriteCommand(
      id: CommandID(id), operation: .insert, key: nil, row: PackedRow(fields),
      expected: PackedRow())
  }

  static func update(
    _ id: UInt64, _ key: NativeKey, _ fields: KeyValuePairs<FieldNumber, Value>
  ) -> WriteCommand {
    WriteCommand(
      id: CommandID(id), operation: .update, key: key, row: PackedRow(fields),
      expected: PackedRow())
  }

  static func delete(_ id: UInt64, _ key: NativeKey) -> WriteCommand {
    WriteCommand(
      id: CommandID(id), operation: .delete, key: key, row: PackedRow(), expected: PackedRow())
  }

  @Test func `one bad record of three does not hold the others back, and no value is told`()
    async throws
  {
    let world = try World()
    try await world.open()
    let outcomes = try await world.write([
      Self.insert(1, [World.name: .text("One")]),
      Self.insert(2, [World.name: .text(String(repeating: "x", count: 300))]),
      Self.insert(3, [World.name: .text("Three"), World.revenue: .integer(12)]),
    ])
    #expect(
      outcomes[1].result
        == .refused(
          RecordProblem(
            code: "value",
            message: "Account.Name: the text is longer than the field (STRING_TOO_LONG)",
            mayPass: false)))
    #expect(try await world.names() == ["One", "Three"])
    #expect(outcomes.map(\.id) == [CommandID(1), CommandID(2), CommandID(3)])
  }

  @Test func `an update shows what stood there before and what was stored`() async throws {
    let world = try World()
    try await world.open()
    let key = try world.make("Before")
    let outcomes = try await world.write([
      Self.update(1, key, [World.phone: .text(" 12 "), World.revenue: .integer(7)])
    ])
    #expect(
      outcomes.map(\.result) == [
        .written(
          key: key,
          stored: World.row(key, "Before", phone: .text("12"), revenue: .integer(7)))
      ])
    #expect(outcomes.map(\.before) == [World.row(key, "Before")])
    #expect(outcomes[0].stamp.version > 0)
  }

  @Test func `null empties a field`() async throws {
    let world = try World()
    try await world.open()
    let key = try world.make("Full")
    _ = try await world.write([Self.update(1, key, [World.phone: .text("12")])])
    let outcomes = try await world.write([Self.update(2, key, [World.phone: .null])])
    #expect(outcomes.map(\.result) == [.written(key: key, stored: World.row(key, "Full"))])
  }

  @Test func `what is gone is told as gone, for updates and deletes`() async throws {
    let world = try World()
    try await world.open()
    let gone = try world.make("Gone")
    let kept = try world.make("Kept")
    try world.delete(gone)
    let updates = try await world.write([
      Self.update(1, gone, [World.phone: .text("1")]),
      Self.update(2, kept, [World.phone: .text("2")]),
    ])
    #expect(
      updates.map(\.result) == [
        .changed(current: nil),
        .written(key: kept, stored: World.row(kept, "Kept", phone: .text("2"))),
      ])
    let deletes = try await world.write([Self.delete(3, gone), Self.delete(4, kept)])
    #expect(
      deletes.map(\.result) == [
        .changed(current: nil), .written(key: kept, stored: PackedRow()),
      ])
    #expect(deletes[1].before == World.row(kept, "Kept", phone: .text("2")))
    #expect(try await world.names() == [])
  }

  @Test func `more records than one collection takes are written by one request`() async throws {
    let world = try World()
    try await world.open()
    let made = try await world.write(
      (1...450).map { Self.insert(UInt64($0), [World.name: .text("A\($0)")]) })
    let keys = made.compactMap { outcome in
      if case .written(let key, _) = outcome.result { key } else { nil }
    }
    #expect(keys.count == 450)
    let outcomes = try await world.write(
      keys.enumerated().map { Self.update(UInt64($0 + 500), $1, [World.phone: .text("\($0)")]) })
    #expect(
      outcomes.map(\.result)
        == keys.enumerated().map {
          .written(key: $1, stored: World.row($1, "A\($0 + 1)", phone: .text("\($0)")))
        })
  }

  @Test func `a locked record is written again, and a dead session is renewed`() async throws {
    let world = try World(
      options: ["--fault", "lock,times=1", "--fault", "expired,match=/composite,after=1,times=1"])
    try await world.open()
    _ = try await world.write([Self.insert(1, [World.name: .text("Stubborn")])])
    #expect(try await world.names() == ["Stubborn"])
  }

  @Test func `a create whose answer is lost throws, and the evidence shows it`() async throws {
    let world = try World(
      options: ["--fault", "cut-after,match=/composite/sobjects,method=POST,times=1"])
    try await world.open()
    let since = Timestamp(microseconds: World.pacer.now().microseconds - 2_000_000)
    await #expect(throws: ConnectorFailure.self) {
      try await world.write([Self.insert(1, [World.name: .text("Lost")])])
    }
    try world.make("By a person")
    let evidence = try await world.connector.gatherEvidence(
      EvidenceRequest(object: World.account, createdSince: since, limit: 200, keys: []))
    #expect(evidence.created.compactMap { $0.row[World.name] } == [.text("Lost")])
    #expect(evidence.created.map(\.isOurs) == [true])
    #expect(evidence.deleted == [])
  }
}
