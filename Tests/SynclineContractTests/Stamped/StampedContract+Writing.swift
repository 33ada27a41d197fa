import SynclineModel
import SynclinePorts
import Testing

extension StampedContract {
  @Test(arguments: StampedKind.allCases)
  func `an insert tells its key, null is empty, and what is left out is filled by the system`(
    _ kind: StampedKind
  ) async throws {
    let session = try await StampedSession.open(kind)
    let outcomes = try await session.write([
      session.insert(1, ["Title__c": .text("Ada"), "Size__c": .decimal(parsing: "2.5")]),
      session.insert(2, ["Title__c": .text("Bob"), "Code__c": .null]),
    ])
    let keys = try [1, 2].map { try #require(outcomes[CommandID($0)]?.key) }
    let fetched = try await session.fetch(keys)
    #expect(
      fetched.records.map(\.row) == [
        session.whole(
          "Company__c", keys[0],
          [
            "Title__c": .text("Ada"), "Size__c": .decimal(parsing: "2.5"),
            "Kind__c": .text("Plain"),
          ]), session.company(keys[1], "Bob"),
      ])
  }

  @Test(arguments: StampedKind.allCases)
  func `an update tells what stood there before and what stands there now`(
    _ kind: StampedKind
  ) async throws {
    let session = try await StampedSession.open(kind)
    let key = try session.make("Ada")
    let outcomes = try await session.write([
      session.update(1, key, ["Title__c": .text(" Eve "), "Code__c": .text("e")])
    ])
    let outcome = try #require(outcomes[CommandID(1)])
    let now = session.company(key, "Eve", code: .text("e"))
    #expect(outcome.result == .written(key: key, stored: now))
    if !session.connector.capabilities.writes.comparesFirst {
      #expect(outcome.before == session.company(key, "Ada"))
    }
    #expect(try await session.fetch([key]).records.map(\.row) == [now])
    #expect(try await session.fetch([key]).records.map(\.stamp) == [outcome.stamp])
  }

  @Test(arguments: StampedKind.allCases)
  func `an update touches no field that it does not carry, and null empties one`(
    _ kind: StampedKind
  ) async throws {
    let session = try await StampedSession.open(kind)
    let key = try session.world.make(
      "Company__c", ["Title__c": .text("Ada"), "Code__c": .text("a")])
    try session.world.edit("Company__c", key, ["Kind__c": .text("Rare")])
    _ = try await session.write([session.update(1, key, ["Code__c": .null])])
    #expect(
      try await session.fetch([key]).records.map(\.row) == [
        session.whole("Company__c", key, ["Title__c": .text("Ada"), "Kind__c": .text("Rare")])
      ])
  }

  @Test(arguments: StampedKind.allCases)
  func `a delete tells what stood there, and the record is deleted`(
    _ kind: StampedKind
  ) async throws {
    let session = try await StampedSession.open(kind)
    let key = try session.make("Ada")
    let outcomes = try await session.write([session.delete(1, key)])
    #expect(
      outcomes[CommandID(1)]?.result == .written(key: key, stored: PackedRow()))
    #expect(outcomes[CommandID(1)]?.before == session.company(key, "Ada"))
    #expect(try await session.fetch([key]) == FetchedRecords(deleted: [key]))
  }

  @Test(arguments: StampedKind.allCases)
  func `each record has an outcome of its own, and a refused one is as it was`(
    _ kind: StampedKind
  ) async throws {
    let session = try await StampedSession.open(kind)
    let taken = try session.world.make(
      "Company__c", ["Title__c": .text("Ada"), "Code__c": .text("a")])
    let other = try session.make("Bob")
    let inserts = try await session.write([
      session.insert(1, ["Title__c": .text("Cyd")]), session.insert(2, ["Code__c": .text("c")]),
      session.insert(3, ["Title__c": .text(Text(String(repeating: "x", count: 21)))]),
      session.insert(4, ["Title__c": .text("Dan"), "Code__c": .text("a")]),
      session.insert(5, ["Title__c": .text("Eve"), "Kind__c": .text("Unknown")]),
      session.insert(6, ["Title__c": .text("Fay"), "Size__c": .integer(1_000_000_000)]),
    ])
    #expect(
      inserts.mapValues(\.result.refusal) == [
        CommandID(1): nil, CommandID(2): "notNull, may pass: false",
        CommandID(3): "value, may pass: false", CommandID(4): "unique, may pass: true",
        CommandID(5): "value, may pass: false", CommandID(6): "value, may pass: false",
      ])
    let updates = try await session.write([
      session.update(7, other, ["Code__c": .text("a")]),
      session.update(8, taken, ["Title__c": .null]),
    ])
    #expect(
      updates.mapValues(\.result.refusal) == [
        CommandID(7): "unique, may pass: true", CommandID(8): "notNull, may pass: false",
      ])
    let names = try await session.readAll().compactMap { $0.row[FieldNumber(2)] }
    #expect(Set(names) == [.text("Ada"), .text("Bob"), .text("Cyd")])
    for outcome in Array(inserts.values) + updates.values {
      guard case .refused(let problem) = outcome.result else { continue }
      #expect(problem.message.contains("Company__c"))
      #expect(!problem.message.contains("xxx"), "no value is told")
    }
  }

  @Test(arguments: StampedKind.allCases)
  func `a child whose parent is not there is refused by its reference`(
    _ kind: StampedKind
  ) async throws {
    let session = try await StampedSession.open(kind)
    let parent = try session.make("Ada")
    let gone = try session.make("Bob")
    try session.world.remove("Company__c", gone)
    let outcomes = try await session.write(
      [
        session.insert(1, ["Company__c": parent.value], into: "Person__c"),
        session.insert(2, ["Company__c": gone.value], into: "Person__c"),
        session.insert(3, ["Company__c": .text("a0xSB0000000001")], into: "Person__c"),
      ], to: "Person__c")
    #expect(outcomes[CommandID(1)]?.result.refusal == nil)
    #expect(outcomes[CommandID(2)]?.result.refusal == "foreignKey, may pass: true")
    #expect(outcomes[CommandID(3)]?.result.refusal?.hasPrefix("foreignKey") == true)
    #expect(try await session.readAll("Person__c").count == 1)
  }

  @Test(arguments: StampedKind.allCases)
  func `a record that is gone is told as changed to nothing`(_ kind: StampedKind) async throws {
    let session = try await StampedSession.open(kind)
    let gone = try session.make("Gone")
    let purged = try session.make("Purged")
    let kept = try session.make("Kept")
    try session.world.remove("Company__c", purged)
    try session.world.purge()
    try session.world.remove("Company__c", gone)
    let updates = try await session.write(
      [gone, purged, kept].enumerated().map {
        session.update(UInt64($0 + 1), $1, ["Title__c": .text("New")])
      })
    #expect(updates[CommandID(1)]?.result == .changed(current: nil))
    #expect(updates[CommandID(2)]?.result == .changed(current: nil))
    #expect(updates[CommandID(3)]?.key == kept)
    let deletes = try await session.write(
      [gone, purged, kept].enumerated().map { session.delete(UInt64($0 + 4), $1) })
    #expect(deletes[CommandID(4)]?.result == .changed(current: nil))
    #expect(deletes[CommandID(5)]?.result == .changed(current: nil))
    #expect(deletes[CommandID(6)]?.key == kept)
  }

  @Test(arguments: StampedKind.allCases)
  func `commands are carried out in their order`(_ kind: StampedKind) async throws {
    let session = try await StampedSession.open(kind)
    let first = try session.world.make(
      "Company__c", ["Title__c": .text("Ada"), "Code__c": .text("a")])
    let outcomes = try await session.write([
      session.update(1, first, ["Code__c": .text("b")]),
      session.insert(2, ["Title__c": .text("Bob"), "Code__c": .text("a")]),
      session.insert(3, ["Title__c": .text("Cyd"), "Code__c": .text("b")]),
      session.update(4, first, ["Code__c": .null]),
      session.insert(5, ["Title__c": .text("Dan"), "Code__c": .text("b")]),
      session.delete(6, first),
    ])
    #expect(
      outcomes.mapValues(\.result.refusal) == [
        CommandID(1): nil, CommandID(2): nil, CommandID(3): "unique, may pass: true",
        CommandID(4): nil, CommandID(5): nil, CommandID(6): nil,
      ])
  }

  @Test(arguments: StampedKind.allCases)
  func `what an automation of the system makes of a write is told or read`(
    _ kind: StampedKind
  ) async throws {
    let session = try await StampedSession.open(kind)
    let made = try await session.write(
      [session.insert(1, ["Text__c": .text("a"), "Stamp__c": .text("ours")], into: "Diary__c")],
      to: "Diary__c")
    let key = try #require(made[CommandID(1)]?.key)
    let stamped = session.whole(
      "Diary__c", key, ["Text__c": .text("a"), "Stamp__c": .text("stamped")])
    #expect(try await session.fetch([key], of: "Diary__c").records.map(\.row) == [stamped])
    let changed = try await session.write(
      [session.update(2, key, ["Stamp__c": .text("ours")], of: "Diary__c")], to: "Diary__c")
    #expect(changed[CommandID(2)]?.result == .written(key: key, stored: stamped))
  }

  @Test(arguments: StampedKind.allCases)
  func `an edit that nobody has seen is not written over, or is told as written over`(
    _ kind: StampedKind
  ) async throws {
    let session = try await StampedSession.open(kind)
    let keys = try (1...4).map { try session.make("A\($0)") }
    func expecting(_ command: WriteCommand, _ title: String) -> WriteCommand {
      var command = command
      command.expected = session.row("Company__c", ["Title__c": .text(Text(title))])
      return command
    }
    try session.world.edit("Company__c", keys[0], ["Title__c": .text("Theirs")])
    try session.world.edit("Company__c", keys[2], ["Title__c": .text("Theirs")])
    let updates = try await session.write([
      expecting(session.update(1, keys[0], ["Code__c": .text("a")]), "A1"),
      expecting(session.update(2, keys[1], ["Code__c": .text("b")]), "A2"),
    ])
    let deletes = try await session.write([
      expecting(session.delete(3, keys[2]), "A3"), expecting(session.delete(4, keys[3]), "A4"),
    ])
    #expect(updates[CommandID(2)]?.key == keys[1])
    #expect(deletes[CommandID(4)]?.key == keys[3])
    let first = session.company(keys[0], "Theirs")
    let third = session.company(keys[2], "Theirs")
    if session.connector.capabilities.writes.comparesFirst {
      #expect(updates[CommandID(1)]?.result == .changed(current: first))
      #expect(deletes[CommandID(3)]?.result == .changed(current: third))
      #expect(try await session.fetch([keys[0], keys[2]]).records.map(\.row) == [first, third])
    } else {
      #expect(updates[CommandID(1)]?.before == first)
      #expect(deletes[CommandID(3)]?.before == third)
    }
  }
}
