import SynclineOracle
import Testing

/// Histories of one kind of record that may point to another of its kind.
struct Told {
  var history = History(entities: [
    EntityLaw(
      fields: [
        FieldLaw(
          name: "name", direction: .both, isReference: false, winner: .source, stored: { $1 }),
        FieldLaw(
          name: "boss", direction: .both, isReference: true, winner: .source, stored: { $1 }),
      ], restoresDrift: false, parents: ["boss": 0], winner: .target)
  ])

  mutating func act(
    _ time: Int, _ place: Place, _ tag: String, _ kind: Act.Kind, by author: Act.Author = .user,
    _ content: Content = [:], before: Content = [:]
  ) {
    history.acts.append(
      Act(
        time: time, place: place, record: RecordName(0, tag), kind: kind, author: author,
        content: content, before: before))
  }

  mutating func run(_ start: Int, _ end: Int, isClean: Bool = true) {
    history.runs.append(
      Span(
        start: start, end: end, isOK: true, isClean: isClean, commands: 0, writes: 0, listed: []))
  }

  mutating func stands(_ tag: String, _ content: Content) {
    for place in Place.allCases {
      history.contents[place, default: [:]][RecordName(0, tag)] = [content]
    }
  }

  var laws: [String] { Oracle.judge(history).map(\.description) }
}

@Suite struct `What runs may delete` {
  private static func deleted(at time: Int?, reset: Int? = nil) -> [String] {
    var told = Told()
    told.act(1, .source, "a", .create, ["name": "x", "boss": nil])
    told.run(2, 3)
    if let time { told.act(time, .source, "a", .delete) }
    told.history.resets = reset.map { [$0] } ?? []
    told.run(12, 14)
    told.history.removals = [Removal(time: 13, place: .target, record: RecordName(0, "a"))]
    return told.laws
  }

  @Test func `what the other side deleted`() { #expect(Self.deleted(at: 10) == []) }

  @Test func `nothing that nobody deleted`() {
    #expect(
      Self.deleted(at: nil) == [
        "L7: 0:a was never deleted and is gone",
        "L7: a run deleted 0:a in the target at 13, and nobody else",
      ])
  }

  @Test func `nothing in the run after a reset`() {
    #expect(
      Self.deleted(at: 11, reset: 10) == [
        "L7: the run after a reset deleted 0:a in the target"
      ])
  }

  @Test func `nothing that was deleted before a reset`() {
    #expect(
      Self.deleted(at: 10, reset: 11) == [
        "L7: a run deleted 0:a in the target at 13, and nobody else",
        "L7: the run after a reset deleted 0:a in the target",
      ])
  }
}

@Suite struct `Fates and loops` {
  /// A parent that a user changed on one side, and that went on the other with its child.
  private static func returned(
    edited time: Int = 5, unseen: [Place: Int] = [:], by user: (inout Told) -> Void = { _ in }
  ) -> [String] {
    var told = Told()
    told.act(1, .source, "p", .create, ["name": "x", "boss": nil])
    told.act(2, .source, "c", .create, ["name": "y", "boss": "p"])
    told.run(3, 4)
    told.act(time, .target, "p", .update, ["name": "z"], before: ["name": "x"])
    told.act(6, .source, "c", .delete, by: .consequence, ["boss": "p"])
    told.act(7, .source, "p", .delete)
    told.history.losses = [
      Loss(
        kind: .deletion, record: RecordName(0, "p"), loser: .source, lost: [:], identity: "1")
    ]
    told.run(8, 10)
    told.history.runs[1].unseen = unseen
    told.history.acts.sort { $0.time < $1.time }
    told.history.removals = [Removal(time: 9, place: .target, record: RecordName(0, "c"))]
    user(&told)
    told.stands("p", ["name": "z", "boss": nil])
    return told.laws
  }

  @Test func `what was deleted with its parent comes back with it`() {
    #expect(Self.returned() == ["L7: 0:c was deleted with 0:p, which came back without it"])
  }

  @Test func `an edit that the run could not know brings no child back`() {
    #expect(Self.returned(edited: 8) == [])
    #expect(Self.returned(unseen: [.target: 5]) == [])
    let known = ["L7: 0:c was deleted with 0:p, which came back without it"]
    #expect(Self.returned(unseen: [.target: 6]) == known)
    #expect(Self.returned(unseen: [.source: 5]) == known)
  }

  @Test func `what answers a write brings no child back, nor a field that was not mapped yet`() {
    let byAnswer = Self.returned { told in
      told.history.acts = told.history.acts.map { act in
        act.time != 5
          ? act
          : Act(
            time: 5, place: .target, record: act.record, kind: .update, author: .answer,
            content: act.content, before: act.before)
      }
    }
    #expect(byAnswer == [])
    let later = Self.returned { $0.history.entities[0].fields[0].since = 10 }
    #expect(later == [])
  }

  @Test(arguments: Place.allCases)
  func `a parent that a user brings back comes alone`(_ place: Place) {
    let laws = Self.returned { $0.act(11, place, "p", .create, ["tag": "p"]) }
    #expect(laws == [])
  }

  @Test func `a loop takes a system that rewrites`() {
    var told = Told()
    told.act(1, .source, "a", .create, ["name": "x", "boss": nil])
    told.run(2, 3)
    told.stands("a", ["name": "x", "boss": nil])
    told.history.loops = [RecordName(0, "a")]
    #expect(told.laws == ["L14: 0:a is held as a loop, but no system ever rewrote it"])
  }
}

@Suite struct `Recorded losses` {
  private static func lost(before: String) -> [String] {
    var told = Told()
    told.act(1, .source, "a", .create, ["name": "x", "boss": nil])
    told.run(2, 3)
    told.act(4, .source, "a", .update, ["name": "y"], before: ["name": "x"])
    told.run(5, 6, isClean: false)
    told.act(7, .target, "a", .update, ["name": "z"], before: ["name": before])
    told.run(8, 9)
    told.stands("a", ["name": "y", "boss": nil])
    told.history.losses = [
      Loss(
        kind: .edits, record: RecordName(0, "a"), loser: .target, lost: ["name": "z"],
        identity: "1")
    ]
    return told.laws.filter { $0.hasPrefix("L13") }
  }

  /// A key that a user of the target turned from p to q, and that names p again in the end.
  private static func pointed(isDeleted: Bool) -> [String] {
    var told = Told()
    told.act(1, .source, "p", .create, ["name": "x", "boss": nil])
    told.act(1, .source, "q", .create, ["name": "x", "boss": nil])
    told.act(2, .source, "c", .create, ["name": "y", "boss": "p"])
    told.run(3, 4)
    told.act(6, .target, "c", .update, ["boss": "q"])
    if isDeleted { told.act(7, .target, "p", .delete) }
    told.run(8, 9)
    for tag in ["p", "q"] { told.stands(tag, ["name": "x", "boss": nil]) }
    told.stands("c", ["name": "y", "boss": "p"])
    told.history.losses = [
      Loss(
        kind: .edits, record: RecordName(0, "c"), loser: .target, lost: ["boss": "q"],
        identity: "1")
    ]
    return told.laws.filter { $0.hasPrefix("L13") }
  }

  @Test func `a key to a record that came back is written anew`() {
    #expect(Self.pointed(isDeleted: true) == [])
    #expect(
      Self.pointed(isDeleted: false) == [
        "L13: 0:c has a conflict, but its sides never changed at the same time"
      ])
  }

  /// A key that named p, then q, then nothing, where p was deleted before it was emptied and came back.
  private static func emptied(isShownBefore: Bool) -> [String] {
    var told = Told()
    told.act(1, .source, "p", .create, ["name": "x", "boss": nil])
    told.act(1, .source, "q", .create, ["name": "x", "boss": nil])
    told.act(2, .source, "c", .create, ["name": "y", "boss": "p"])
    told.run(3, 4)
    told.act(5, .target, "c", .update, ["boss": "q"])
    told.act(6, .target, "p", .delete)
    if isShownBefore { told.run(7, 8) }
    told.act(9, .target, "c", .update, ["boss": nil])
    told.run(10, 11)
    for tag in ["p", "q"] { told.stands(tag, ["name": "x", "boss": nil]) }
    told.stands("c", ["name": "y", "boss": "p"])
    return told.laws.filter { $0.hasPrefix("L2") && $0.contains("empty") }
  }

  @Test func `what a key named before it was emptied must have been shown`() {
    #expect(Self.emptied(isShownBefore: false) == [])
    #expect(
      Self.emptied(isShownBefore: true) == [
        "L2: empty, written into 0:c.boss of the target at 9, is lost"
      ])
  }

  @Test func `two edits that knew nothing of one another conflict`() {
    #expect(Self.lost(before: "x") == [])
  }

  @Test func `an edit over what had arrived already is none`() {
    #expect(
      Self.lost(before: "y") == [
        "L13: “z” of 0:a.name is recorded as lost, and nothing stood against it",
        "L13: 0:a has a conflict, but its sides never changed at the same time",
      ])
  }

  @Test func `an edit over what stood there before is one beside an edit that was undone`() {
    func lost(run: Bool) -> [String] {
      var told = Told()
      told.act(1, .source, "a", .create, ["name": "x", "boss": nil])
      told.run(2, 3)
      told.act(4, .source, "a", .update, ["name": "y"], before: ["name": "x"])
      told.act(5, .source, "a", .update, ["name": "x"], before: ["name": "y"])
      if run { told.run(6, 7, isClean: false) }
      told.act(8, .target, "a", .update, ["name": "y"], before: ["name": "x"])
      told.run(9, 10)
      told.stands("a", ["name": "x", "boss": nil])
      told.history.losses = [
        Loss(
          kind: .edits, record: RecordName(0, "a"), loser: .target, lost: ["name": "y"],
          identity: "1")
      ]
      return told.laws.filter { $0.hasPrefix("L13") }
    }
    #expect(lost(run: false) == [])
    #expect(
      lost(run: true) == ["L13: “y” of 0:a.name is recorded as lost, and nothing stood against it"])
  }
}
