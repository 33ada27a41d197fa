import SynclineOracle
import Testing

@Suite struct `Writes of which the program was never told` {
  /// The source's value was written into the target at 6, where a user wrote over it at 7; then the target's
  /// value lost.
  private static func lost(
    isCounted: Bool = false, place: Place = .target, isToldBetween: Bool = false
  ) -> [String] {
    var told = Told()
    told.act(1, .source, "a", .create, ["name": "x", "boss": nil])
    told.run(2, 3)
    told.act(4, .source, "a", .update, ["name": "y"], before: ["name": "x"])
    told.run(5, 7, isClean: false)
    if isToldBetween { told.run(8, 9, isClean: false) }
    told.act(10, .target, "a", .update, ["name": "z"], before: ["name": "y"])
    told.run(11, 12)
    told.stands("a", ["name": "y", "boss": nil])
    told.history.losses = [
      Loss(
        kind: .edits, record: RecordName(0, "a"), loser: .target, lost: ["name": "z"],
        identity: "1")
    ]
    told.history.unanswered = [
      Unanswered(
        time: 6, place: place, record: RecordName(0, "a"), fields: ["name"], sent: 5,
        isCounted: isCounted, isBlind: false)
    ]
    return told.laws
  }

  /// What was written into the target at 6 beside a note that something put back; then it lost as an edit.
  private static func halfTakenBack(isCounted: Bool, field: String) -> [String] {
    var told = Told()
    told.act(1, .source, "a", .create, ["name": "x", "note": "n", "boss": nil])
    told.run(2, 3)
    told.act(4, .source, "a", .update, ["name": "y"], before: ["name": "x"])
    told.run(5, 8, isClean: false)
    told.act(7, .target, "a", .update, by: .consequence, [field: "n"])
    told.act(9, .source, "a", .update, ["name": "z"], before: ["name": "y"])
    told.run(10, 11)
    told.stands("a", ["name": "z", "note": "n", "boss": nil])
    told.history.losses = [
      Loss(
        kind: .edits, record: RecordName(0, "a"), loser: .target, lost: ["name": "y"],
        identity: "1")
    ]
    told.history.unanswered = [
      Unanswered(
        time: 6, place: .target, record: RecordName(0, "a"), fields: ["name", "note"], sent: 5,
        isCounted: isCounted, isBlind: false)
    ]
    return told.laws.filter { $0.hasPrefix("L13") && $0.contains("nobody") }
  }

  @Test func `one of them of which a part was taken back looks like an edit`() {
    let nobody = ["L13: “y” is recorded as lost of 0:a.name, nobody wrote it there"]
    #expect(Self.halfTakenBack(isCounted: false, field: "note") == [])
    #expect(Self.halfTakenBack(isCounted: true, field: "note") == nobody)
    #expect(Self.halfTakenBack(isCounted: false, field: "boss") == nobody)
  }

  private static let phantom = [
    "L13: “z” of 0:a.name is recorded as lost, and nothing stood against it",
    "L13: 0:a has a conflict, but its sides never changed at the same time",
  ]

  @Test func `an edit over one of them is a conflict where nobody keeps count`() {
    #expect(Self.lost() == [])
  }

  @Test func `an edit over one of them is none where the program can ask`() {
    #expect(Self.lost(isCounted: true) == Self.phantom)
    #expect(Self.lost(place: .source) == Self.phantom)
    #expect(Self.lost(isToldBetween: true) == Self.phantom)
  }

  /// A user's edit at `time`, which a write at 8 took back.
  private static func overwritten(
    at time: Int, isBlind: Bool = true, fields: Set<String> = ["name"]
  ) -> [String] {
    var told = Told()
    told.act(1, .source, "a", .create, ["name": "x", "boss": nil])
    told.run(2, 3)
    told.act(4, .source, "a", .update, ["name": "y"], before: ["name": "x"])
    told.act(time, .target, "a", .update, ["name": "z"], before: ["name": "x"])
    told.run(6, 9, isClean: false)
    told.run(10, 11)
    told.stands("a", ["name": "y", "boss": nil])
    told.history.unanswered = [
      Unanswered(
        time: 8, place: .target, record: RecordName(0, "a"), fields: fields, sent: 6,
        isCounted: false, isBlind: isBlind)
    ]
    return told.laws
  }

  @Test func `an edit that one of them overwrote unseen is lost`() {
    #expect(Self.overwritten(at: 7) == [])
  }

  @Test func `an edit that the run could see, or the system compared, is not`() {
    let law = "L2: “z”, written into 0:a.name of the target at"
    #expect(Self.overwritten(at: 5) == ["\(law) 5, is lost"])
    #expect(Self.overwritten(at: 7, isBlind: false) == ["\(law) 7, is lost"])
    #expect(Self.overwritten(at: 7, fields: ["boss"]) == ["\(law) 7, is lost"])
  }

  /// A delete of the source, sent by a run that began at 11, takes effect at `time`; LastSyncTime was reset at 13.
  private static func deleted(at time: Int, isUnanswered: Bool) -> [String] {
    var told = Told()
    told.act(1, .source, "a", .create, ["name": "x", "boss": nil])
    told.run(2, 3)
    told.act(10, .source, "a", .delete)
    told.run(11, 12, isClean: false)
    told.history.resets = [13]
    told.history.removals = [Removal(time: time, place: .target, record: RecordName(0, "a"))]
    if isUnanswered {
      told.history.unanswered = [
        Unanswered(
          time: time, place: .target, record: RecordName(0, "a"), fields: [], sent: 11,
          isCounted: false, isBlind: true)
      ]
    }
    told.run(15, 16)
    return told.laws
  }

  @Test func `a delete that was sent before a reset may take effect after it`() {
    #expect(Self.deleted(at: 14, isUnanswered: true) == [])
    #expect(
      Self.deleted(at: 14, isUnanswered: false) == [
        "L7: a run deleted 0:a in the target at 14, and nobody else",
        "L7: the run after a reset deleted 0:a in the target",
      ])
  }
}

@Suite struct `Edits that were undone` {
  /// A user wrote "y" over an empty name and emptied it again; the other side holds `held`.
  private static func undone(run: (inout Told) -> Void = { _ in }, held: String = "x") -> [String] {
    var told = Told()
    told.history.entities[0].fields[0].direction = .toTarget
    told.history.entities[0].restoresDrift = true
    told.act(1, .target, "a", .create, ["name": "x", "boss": nil])
    told.run(2, 3)
    told.act(4, .source, "a", .update, ["name": "y"], before: ["name": nil])
    run(&told)
    told.act(7, .source, "a", .update, ["name": nil], before: ["name": "y"])
    told.run(8, 9)
    let empty: Content = ["name": nil, "boss": nil]
    told.history.contents[.source] = [RecordName(0, "a"): [empty]]
    let full: Content = ["name": held, "boss": nil]
    told.history.contents[.target] = [RecordName(0, "a"): [full]]
    return told.laws
  }

  private static let lost = "L2: empty, written into 0:a.name of the source at 7, is lost"

  @Test func `nobody can know of one that no run carried`() {
    #expect(Self.undone() == [])
    #expect(Self.undone { $0.run(5, 8) } == [])
  }

  @Test func `what a run carried is undone there too`() {
    let unequal = "L1: 0:a.name is empty in the source and"
    #expect(Self.undone { $0.run(5, 6) } == ["\(unequal) “x” in the target", Self.lost])
    #expect(Self.undone(held: "y") == ["\(unequal) “y” in the target", Self.lost])
  }
}
