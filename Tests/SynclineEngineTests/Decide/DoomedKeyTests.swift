import SynclineMapping
import SynclineModel
import Testing

@testable import SynclineEngine

/// A foreign key that is mapped anew: its pair has no ancestor. One of the keys points to a record
/// that the other side has deleted.
@Suite("A new pair whose key points to a deleted record") struct DoomedKeyTests {
  private static let name = SmallMapping.a
  private static let boss = SmallMapping.b
  private static let parent = SmallMapping.task

  /// Records with these keys in `boss`, of which revision 1 did not know.
  private static func facts(
    source: Value, target: Value, doomed side: Side, isEdited: Bool
  ) -> LinkFacts {
    var link = LinkBuilder(
      source: PackedRow([name: .text("x"), boss: source]),
      target: PackedRow([name: .text("x"), boss: target]))
    for side in Side.allCases { link.link[side].isReported = true }
    if isEdited { link.link[side].base = PackedRow([boss: .integer(1)]) }
    var facts = link.facts
    let there = Relative.linked(
      link: LinkNumber(7), record: RecordNumber(70), key: NativeKey(integer: 700))
    // What stands on a side is resolved for the slot that it would be written to.
    facts.relatives = [
      Slot(.target): [
        boss: side == .source
          ? .doomed(link: LinkNumber(8), deleted: Stamp(), observed: .none) : there
      ],
      Slot(.source): [
        boss: side == .target
          ? .doomed(link: LinkNumber(8), deleted: Stamp(), observed: .none) : there
      ],
    ]
    return facts
  }

  private static func context(_ rule: ConflictRule) -> MappingContext {
    var old = SmallMapping()
    old.pair(name)
    var new = old
    new.conflicts = rule
    new.relation(boss, to: parent)
    return new.context(2, older: [1: old])
  }

  private static func overwritten(_ lost: Int64, by won: Value, _ rule: ConflictRule, _ loser: Side)
    -> [ConflictOpened]
  {
    [
      ConflictOpened(
        task: parent, kind: .firstMatch, rule: rule.rawValue, loser: loser,
        lost: PackedRow([boss: .integer(lost)]), base: PackedRow([boss: .integer(lost)]),
        won: PackedRow([boss: won]))
    ]
  }

  @Test(arguments: [ConflictRule.source, .newest, .merge], [false, true])
  func `the source's key goes once, over one whose parent the source deleted`(
    rule: ConflictRule, isEdited: Bool
  ) {
    let decision = decide(
      Self.facts(source: .integer(5), target: .integer(6), doomed: .target, isEdited: isEdited),
      Self.context(rule))
    #expect(
      WhatIsSentTests.rows(decision) == [.target: PackedRow([Self.boss: .integer(700)])])
    #expect(decision.delay == nil)
    #expect(decision.conflicts.map(\.kind) == [.firstMatch])
    #expect(decision.conflicts.map(\.lost) == [PackedRow([Self.boss: .integer(6)])])
  }

  @Test(arguments: [false, true])
  func `a null goes over a key whose parent the source deleted`(isEdited: Bool) {
    let decision = decide(
      Self.facts(source: .null, target: .integer(6), doomed: .target, isEdited: isEdited),
      Self.context(.source))
    #expect(WhatIsSentTests.rows(decision) == [.target: PackedRow([Self.boss: .null])])
    #expect(decision.delay == nil)
    #expect(decision.conflicts.map(\.lost) == [PackedRow([Self.boss: .integer(6)])])
  }

  @Test func `under rule target the target's key goes over one whose parent the target deleted`() {
    let decision = decide(
      Self.facts(source: .integer(5), target: .integer(6), doomed: .source, isEdited: false),
      Self.context(.target))
    #expect(
      WhatIsSentTests.rows(decision) == [.source: PackedRow([Self.boss: .integer(700)])])
    #expect(
      decision.conflicts
        == Self.overwritten(5, by: .integer(700), .target, .source))
  }

  @Test func `a key whose deleted parent comes back waits for it`() {
    let decision = decide(
      Self.facts(source: .integer(5), target: .integer(6), doomed: .source, isEdited: false),
      Self.context(.source))
    #expect(decision.sendings == [])
    #expect(decision.delay == .parent(task: Self.parent))
  }

  @Test(arguments: [false, true])
  func `a key moved from one deleted parent to another becomes empty where the deletes win`(
    isContest: Bool
  ) {
    var mapping = SmallMapping()
    mapping.pair(Self.name)
    mapping.conflicts = .target
    mapping.relation(Self.boss, to: Self.parent)
    var link = LinkBuilder(
      source: PackedRow([Self.name: .text("x"), Self.boss: .integer(5)]),
      target: PackedRow([Self.name: .text("x"), Self.boss: .integer(6)]))
    link.edit(.source, Self.boss, .integer(8))
    link.edit(.target, Self.boss, .null)
    if isContest { link.edit(.target, Self.name, .text("y")) }
    var facts = link.facts
    facts.relatives = [
      Slot(.target): [Self.boss: .doomed(link: LinkNumber(8), deleted: Stamp(), observed: .none)],
      Slot(.source): [Self.boss: .orphaned],
    ]
    let decision = decide(facts, mapping.context())
    let name = isContest ? PackedRow([Self.name: .text("y")]) : PackedRow()
    #expect(
      WhatIsSentTests.rows(decision) == [.source: name.setting(Self.boss, to: .null)])
    #expect(decision.delay == nil)
    #expect(decision.conflicts.map(\.lost) == [PackedRow([Self.boss: .integer(8)])])
  }

  @Test func `a conflict that a person decides stands between the key and its parent's delete`() {
    var mapping = SmallMapping()
    mapping.pair(Self.name)
    mapping.conflicts = .hold
    mapping.relation(Self.boss, to: Self.parent)
    var link = LinkBuilder(
      source: PackedRow([Self.name: .text("x"), Self.boss: .integer(5)]),
      target: PackedRow([Self.name: .text("x"), Self.boss: .integer(6)]))
    link.edit(.source, Self.boss, .integer(8))
    var facts = link.facts
    facts.relatives = [
      Slot(.target): [
        Self.boss: .doomed(
          link: LinkNumber(8), deleted: Stamp(), observed: EventSequence(40))
      ]
    ]
    let decision = decide(facts, mapping.context())
    #expect(decision.delay == .conflict)
    #expect(decision.restsOn == EventCauses(facts.observations.first, EventSequence(40)))
  }
}

/// A foreign key to a record of its own task goes behind what else was edited, once that record is there.
@Suite("A key that waits alone for its parent") struct WaitingKeyTests {
  private static let name = SmallMapping.a
  private static let boss = SmallMapping.b

  private static func decision(isCyclic: Bool) -> Decision {
    var mapping = SmallMapping()
    mapping.pair(name)
    mapping.relation(boss, to: SmallMapping.task)
    var link = LinkBuilder(PackedRow([name: .text("x"), boss: .integer(1)]))
    let base = SlotState.RelationBase(
      field: boss, link: LinkNumber(7), record: RecordNumber(70))
    for side in Side.allCases { link.link[side].relations = [base] }
    link.edit(.source, boss, .integer(2))
    link.edit(.target, name, .text("y"))
    var facts = link.facts
    let old = Relative.linked(
      link: LinkNumber(7), record: RecordNumber(70), key: NativeKey(integer: 1))
    facts.relatives = [
      Slot(.target): [boss: .unresolved(link: LinkNumber(8))], Slot(.source): [boss: old],
    ]
    var context = mapping.context()
    if isCyclic { context.cyclic = [.target: [boss], .source: [boss]] }
    return decide(facts, context)
  }

  @Test func `contests no edit of another field`() {
    let decision = Self.decision(isCyclic: true)
    #expect(decision.situation == .targetChanged)
    #expect(WhatIsSentTests.rows(decision) == [.source: PackedRow([Self.name: .text("y")])])
    #expect(decision.conflicts.isEmpty)
    #expect(decision.agreement == nil)
  }

  @Test func `holds back the whole record where it goes with the rest`() {
    let decision = Self.decision(isCyclic: false)
    #expect(decision.situation == .bothChanged)
    #expect(decision.sendings.isEmpty)
    #expect(decision.delay == .parent(task: SmallMapping.task))
  }

  @Test(arguments: [ConflictRule.source, .target, .merge])
  func `contests nothing but itself where the other side gave another key`(_ rule: ConflictRule) {
    var mapping = SmallMapping()
    mapping.pair(Self.name)
    mapping.conflicts = rule
    mapping.relation(Self.boss, to: SmallMapping.task)
    var link = LinkBuilder(PackedRow([Self.name: .text("x"), Self.boss: .null]))
    link.edit(.target, Self.boss, .integer(2))
    link.edit(.source, Self.boss, .integer(5))
    link.edit(.source, Self.name, .text("y"))
    var facts = link.facts
    let theirs = Relative.linked(
      link: LinkNumber(8), record: RecordNumber(80), key: NativeKey(integer: 3))
    let ours = Relative.linked(
      link: LinkNumber(9), record: RecordNumber(90), key: NativeKey(integer: 6))
    facts.relatives = [
      Slot(.source): [Self.boss: theirs], Slot(.target): [Self.boss: ours],
    ]
    let decision = decide(facts, mapping.context())
    let name = PackedRow([Self.name: .text("y")])
    let isLost = rule == .target
    #expect(
      WhatIsSentTests.rows(decision)
        == (isLost
          ? [.target: name, .source: PackedRow([Self.boss: .integer(3)])]
          : [.target: name.setting(Self.boss, to: .integer(6))]))
    #expect(
      decision.conflicts.map(\.lost)
        == [PackedRow([Self.boss: .integer(isLost ? 5 : 2)])])
  }
}
