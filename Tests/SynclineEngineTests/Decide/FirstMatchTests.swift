import SynclineMapping
import SynclineModel
import Testing

@testable import SynclineEngine

private let a = SmallMapping.a
private let b = SmallMapping.b
private let c = SmallMapping.c

@Suite("Two records meet for the first time") struct FirstMatchTests {
  static func met(source: PackedRow, target: PackedRow) -> LinkBuilder {
    LinkBuilder(source: source, target: target, revision: 0)
  }

  @Test func `equal records are agreed in all fields and nothing is sent`() {
    let row = PackedRow([a: .text("x"), b: .null])
    let decision = decide(
      Self.met(source: row, target: row).facts, WhatIsSentTests.plain.context())
    var expected = Decision(.noAncestor)
    expected.agreement = Agreed(
      reason: .matched, revision: MappingRevision(1), slots: Side.allCases, sourceFields: [a, b],
      targetFields: [a, b])
    expected.restsOn = EventCauses(EventSequence(11), EventSequence(12))
    #expect(decision == expected)
  }

  @Test func `a null is filled and never sent`() {
    let link = Self.met(
      source: PackedRow([a: .text("x"), b: .null]), target: PackedRow([a: .null, b: .text("y")]))
    let decision = decide(link.facts, WhatIsSentTests.plain.context())
    #expect(
      WhatIsSentTests.rows(decision) == [
        .target: PackedRow([a: .text("x")]), .source: PackedRow([b: .text("y")]),
      ])
    #expect(decision.conflicts.isEmpty)
    #expect(decision.agreement == nil)
  }

  @Test func `a slot does not agree beside a new key where the other one has already`() {
    // A one-way field of the target was carried before the key could go.
    var mapping = SmallMapping()
    mapping.pair(a)
    mapping.relation(b, to: SmallMapping.task)
    var link = Self.met(
      source: PackedRow([a: .text("x"), b: .integer(5)]),
      target: PackedRow([a: .text("x"), b: .null]))
    func slots() -> [Side]? {
      var facts = link.facts
      let parent = Relative.linked(
        link: LinkNumber(7), record: RecordNumber(70), key: NativeKey(integer: 700))
      facts.relatives = [Slot(.target): [b: parent]]
      return decide(facts, mapping.context()).agreement?.slots
    }
    #expect(slots() == [.source])
    link.link.target.revision = MappingRevision(1)
    #expect(slots() == [])
  }

  @Test func `where both hold a value the source's goes and the other is recorded`() {
    let link = Self.met(
      source: PackedRow([a: .text("x"), b: .text("z")]),
      target: PackedRow([a: .text("y"), b: .text("z")]))
    let decision = decide(link.facts, WhatIsSentTests.plain.context())
    #expect(WhatIsSentTests.rows(decision) == [.target: PackedRow([a: .text("x")])])
    #expect(
      decision.conflicts == [
        ConflictOpened(
          task: SmallMapping.task, kind: .firstMatch, rule: ConflictRule.source.rawValue,
          loser: .target, lost: PackedRow([a: .text("y")]), base: PackedRow([a: .text("y")]),
          won: PackedRow([a: .text("x")]))
      ])
  }

  @Test(arguments: Side.allCases)
  func `a value that a one-way field overwrites is recorded`(side: Side) {
    var mapping = WhatIsSentTests.plain
    mapping.oneWay(c, to: side)
    let row = PackedRow([a: .text("x"), b: .text("x")])
    var link = Self.met(source: row, target: row)
    link[side.other] = row.setting(c, to: .text("new"))
    link[side] = row.setting(c, to: .text("old"))
    let decision = decide(link.facts, mapping.context())
    #expect(WhatIsSentTests.rows(decision) == [side: PackedRow([c: .text("new")])])
    #expect(decision.conflicts.map(\.kind) == [.firstMatch])
    #expect(decision.conflicts.map(\.loser) == [side])
    #expect(decision.conflicts.map(\.lost) == [PackedRow([c: .text("old")])])
    #expect(decision.conflicts.map(\.won) == [PackedRow([c: .text("new")])])
  }

  @Test(arguments: Side.allCases)
  func `a one-way null overwrites nothing`(side: Side) {
    var mapping = WhatIsSentTests.plain
    mapping.oneWay(c, to: side)
    let row = PackedRow([a: .text("x"), b: .text("x")])
    var link = Self.met(source: row, target: row)
    link[side.other] = row.setting(c, to: .null)
    link[side] = row.setting(c, to: .text("old"))
    #expect(decide(link.facts, mapping.context()).sendings.isEmpty)
  }

  // MARK: - One pair is carried, another refused

  /// Both sides hold `x` in `a`, which a command carried; `b` is still to go to the source.
  private static var halfMet: LinkBuilder {
    var link = met(
      source: PackedRow([a: .text("x"), b: .null]),
      target: PackedRow([a: .text("x"), b: .text("y")]))
    link.link.target.revision = MappingRevision(1)
    return link
  }

  @Test(arguments: ConflictRule.allCases)
  func `an edit of what was carried goes to the other side`(rule: ConflictRule) {
    var mapping = WhatIsSentTests.plain
    mapping.conflicts = rule
    var link = Self.halfMet
    link.edit(.target, a, .text("z"))
    let decision = decide(link.facts, mapping.context())
    #expect(
      WhatIsSentTests.rows(decision) == [.source: PackedRow([a: .text("z"), b: .text("y")])])
    #expect(decision.conflicts.isEmpty)
  }

  @Test func `edits of what was carried are a conflict of their own`() {
    var link = Self.halfMet
    link.edit(.target, a, .text("z"))
    link.edit(.source, a, .text("w"))
    let decision = decide(link.facts, WhatIsSentTests.plain.context())
    #expect(
      WhatIsSentTests.rows(decision) == [
        .target: PackedRow([a: .text("w")]), .source: PackedRow([b: .text("y")]),
      ])
    #expect(decision.conflicts.map(\.kind) == [.bothChanged])
    #expect(decision.conflicts.map(\.lost) == [PackedRow([a: .text("z")])])
  }

  @Test func `a drift from what was carried one way is left alone`() {
    var mapping = WhatIsSentTests.plain
    mapping.oneWay(c, to: .target)
    var link = Self.halfMet
    for side in Side.allCases { link[side] = link[side].setting(c, to: .text("v")) }
    link.edit(.target, c, .text("by hand"))
    let decision = decide(link.facts, mapping.context())
    #expect(WhatIsSentTests.rows(decision) == [.source: PackedRow([b: .text("y")])])
    #expect(decision.conflicts.isEmpty)
  }
}
