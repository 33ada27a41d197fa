import SynclineModel
import SynclinePorts
import Testing

@testable import SynclineSimulation

@Suite struct `An invented system` {
  private func refusal(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch {
      return (error as? RowRefused)?.code
    }
  }

  @Test func `refuses a unique value that another row has, in any letter case`() throws {
    let village = Village()
    try village.insert(Village.house, "h1", [Village.detail: .text("a")])
    #expect(
      refusal { try village.insert(Village.house, "h2", [Village.detail: .text("A")]) } == "unique")
    #expect(
      refusal { try village.insert(Village.house, "h3", [Village.detail: .text("b")]) } == nil)
    #expect(refusal { try village.insert(Village.house, "h4") } == nil)
    #expect(refusal { try village.insert(Village.house, "h5") } == nil)
  }

  @Test func `refuses a key of no row, and the delete of a row that others point to`() throws {
    let village = Village()
    let home = try village.insert(Village.house, "h1")
    try village.insert(Village.owner, "o1", [Village.detail: .integer(home)])
    #expect(
      refusal { try village.insert(Village.owner, "o2", [Village.detail: .integer(9)]) }
        == "foreignKey")
    #expect(refusal { try village.delete(Village.house, home) } == "foreignKey")
    #expect(village.rows(Village.house).count == 1)
  }

  @Test func `deletes with a row those that cascade, and says that the system did it`() throws {
    let village = Village()
    let home = try village.insert(Village.house, "h1")
    try village.insert(Village.guest, "g1", [Village.detail: .integer(home)])
    try village.delete(Village.house, home)
    #expect(village.rows(Village.house).isEmpty)
    #expect(village.rows(Village.guest).isEmpty)
    #expect(village.system.state.changes.suffix(2).map(\.author) == [.consequence, .user])
  }

  @Test func `empties the keys that are set to null`() throws {
    let village = Village(guests: .setNull)
    let home = try village.insert(Village.house, "h1")
    let guest = try village.insert(Village.guest, "g1", [Village.detail: .integer(home)])
    try village.delete(Village.house, home)
    #expect(village.rows(Village.guest) == [guest: [.integer(guest), .text("g1"), .null]])
  }

  @Test(arguments: [(false, Int64(3)), (true, 2)])
  func `gives a deleted key again only where it reuses keys`(_ reuses: Bool, _ key: Int64) throws {
    let village = Village(reusesKeys: reuses)
    try village.insert(Village.house, "h1")
    try village.delete(Village.house, try village.insert(Village.house, "h2"))
    #expect(try village.insert(Village.house, "h3") == key)
  }

  @Test func `fills in defaults and trims`() throws {
    let village = Village()
    let first = try village.insert(Village.house, "h1")
    let second = try village.insert(Village.house, "h2", [3: .text("x  ")])
    #expect(village.rows(Village.house)[first]?[3] == .text("as usual"))
    #expect(village.rows(Village.house)[second]?[3] == .text("x"))
  }

  @Test func `takes a refused transaction back as a whole`() throws {
    let village = Village()
    village.track()
    let known = village.queue
    #expect(
      refusal {
        try village.system.transaction(by: .user) { () throws(RowRefused) in
          try village.system.insert([ObjectRules.tag: .text("h1")], into: Village.house)
          try village.system.delete(99, of: Village.house)
        }
      } == "gone")
    #expect(village.rows(Village.house).isEmpty)
    #expect(village.queue == known)
  }

  // MARK: Tracking

  @Test func `tracks what users and cascades do, under numbers that never come again`() throws {
    let village = Village(reusesKeys: true)
    village.track()
    let home = try village.insert(Village.house, "h1")
    try village.insert(Village.guest, "g1", [Village.detail: .integer(home)])
    try village.update(Village.house, home, [3: .text("x")])
    try village.delete(Village.house, home)
    #expect(village.queue == ["1: 0 -→1", "2: 1 -→1", "3: 0 1→1", "4: 1 1→-", "5: 0 1→-"])
    try village.system.acknowledge(
      Acknowledgement(
        entries: [EntryRange(first: 1, last: 5)], commandsBelow: .none, head: .empty))
    try village.insert(Village.house, "h2")
    #expect(village.queue == ["6: 0 -→1"])
  }

  @Test func `tracks nothing where the trigger was dropped`() throws {
    let village = Village()
    village.track()
    village.system.state.tracking?.damaged.insert(Village.house)
    try village.insert(Village.house, "h1")
    #expect(village.queue == [])
  }

  @Test func `removes the entries of a run's own writes and no other`() throws {
    let village = Village()
    village.track()
    let home = try village.insert(Village.house, "h1")
    let outcomes = try village.write(
      Village.house,
      [
        WriteCommand(
          id: CommandID(1), operation: .update, key: NativeKey(integer: home),
          row: row([3: .text("new ")]), expected: row([1: .text("h1")])),
        WriteCommand(
          id: CommandID(2), operation: .insert, key: nil, row: row([1: .text("h2")]),
          expected: PackedRow()),
      ])
    // The user's entry for the same key stays; what is stored is read back.
    #expect(village.queue == ["1: 0 -→1"])
    let stored = row([0: .integer(1), 1: .text("h1"), 2: .null, 3: .text("new")])
    let born = row([0: .integer(2), 1: .text("h2"), 2: .null, 3: .text("as usual")])
    #expect(
      outcomes == [
        WriteOutcome(
          id: CommandID(1), result: .written(key: NativeKey(integer: 1), stored: stored), mark: 1),
        WriteOutcome(
          id: CommandID(2), result: .written(key: NativeKey(integer: 2), stored: born), mark: 1),
      ])
  }

  @Test func `leaves the entries of what a run's delete cascades to`() throws {
    let village = Village()
    let home = try village.insert(Village.house, "h1")
    let guest = try village.insert(Village.guest, "g1", [Village.detail: .integer(home)])
    village.track()
    _ = try village.write(
      Village.house,
      [
        WriteCommand(
          id: CommandID(1), operation: .delete, key: NativeKey(integer: home), row: PackedRow(),
          expected: PackedRow())
      ])
    #expect(village.queue == ["1: 1 \(guest)→-"])
  }

  @Test func `writes no row that is not as expected`() throws {
    let village = Village()
    village.track()
    let home = try village.insert(Village.house, "h1")
    let outcomes = try village.write(
      Village.house,
      [
        WriteCommand(
          id: CommandID(1), operation: .update, key: NativeKey(integer: home),
          row: row([3: .text("new")]), expected: row([1: .text("other")]))
      ])
    let current = row([0: .integer(1), 1: .text("h1"), 2: .null, 3: .text("as usual")])
    #expect(outcomes.map(\.result) == [.changed(current: current)])
    #expect(village.queue == ["1: 0 -→1"])
  }

  @Test func `carries a command out once, and remembers the mark of that time`() throws {
    let village = Village()
    village.track()
    let insert = WriteCommand(
      id: CommandID(1), operation: .insert, key: nil, row: row([1: .text("h1")]),
      expected: PackedRow())
    try village.insert(Village.house, "h0")
    _ = try village.write(Village.house, [insert])
    try village.delete(Village.house, 2)
    let again = try village.write(Village.house, [insert])
    #expect(
      again == [
        WriteOutcome(
          id: CommandID(1),
          result: .alreadyWritten(key: NativeKey(integer: 2), current: nil), mark: 1)
      ])
    #expect(
      try village.system.probe([ProbeRequest(object: ObjectNumber(0), command: insert)]) == [
        ProbeOutcome(
          id: CommandID(1), result: .applied(key: NativeKey(integer: 2), current: nil), mark: 1)
      ])
  }

  // MARK: Clouds

  @Test func `merges two records: children move, one goes, the other takes what was chosen`() throws
  {
    let village = Village(cloud: CloudRules())
    let kept = try village.insert(Village.house, "h1", [3: .text("old")])
    let gone = try village.insert(
      Village.house, "h2", [Village.detail: .text("a"), 3: .text("new")])
    let owner = try village.insert(Village.owner, "o1", [Village.detail: .integer(gone)])
    try village.system.transaction(by: .user) { () throws(RowRefused) in
      try village.system.merge(gone, into: kept, of: Village.house, taking: [Village.detail, 3])
    }
    #expect(
      village.rows(Village.house) == [
        kept: [.integer(kept), .text("h1"), .text("a"), .text("new")]
      ])
    #expect(
      village.rows(Village.owner) == [owner: [.integer(owner), .text("o1"), .integer(kept)]])
    #expect(village.system.state.changes.suffix(3).map(\.author) == [.consequence, .user, .user])
    #expect(village.system.state.buried.map(\.key) == [gone])
  }

  @Test func `marks a text after its time, once, in the name of who wrote it`() throws {
    let village = Village(cloud: CloudRules(), marks: .marksLater(field: 3, after: 1_000_000))
    let home = try village.insert(Village.house, "h1", [3: .text("x")])
    #expect(village.system.carryOutAutomations() == [])
    village.system.clock.pass(1_000_000)
    #expect(village.system.carryOutAutomations() == ["h1"])
    #expect(village.rows(Village.house)[home]?[3] == .text("x!"))
    #expect(village.system.state.changes.last?.author == .consequence)
    village.system.clock.pass(1_000_000)
    #expect(village.system.carryOutAutomations() == [])
  }
}
