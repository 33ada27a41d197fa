import SynclineMapping
import SynclineModel
import Testing

@testable import SynclineEngine

private let a = SmallMapping.a
private let b = SmallMapping.b
private let c = SmallMapping.c

@Suite("Drift") struct DriftTests {
  @Test func `values that are overwritten on both sides at once are both recorded`() {
    var mapping = SmallMapping()
    mapping.pair(a)
    mapping.oneWay(b, to: .source)
    mapping.oneWay(c, to: .target)
    var link = LinkBuilder(PackedRow([a: .text("x"), b: .text("x"), c: .text("x")]))
    link.edit(.target, b, .text("new b"))
    link.edit(.source, b, .text("drifted b"))
    link.edit(.source, c, .text("new c"))
    link.edit(.target, c, .text("drifted c"))
    let decision = decide(link.facts, mapping.context())
    #expect(
      WhatIsSentTests.rows(decision) == [
        .source: PackedRow([b: .text("new b")]), .target: PackedRow([c: .text("new c")]),
      ])
    #expect(decision.conflicts.map(\.kind) == [.drift, .drift])
    #expect(
      Set(decision.conflicts.map(\.lost)) == [
        PackedRow([b: .text("drifted b")]), PackedRow([c: .text("drifted c")]),
      ])
  }

  @Test(arguments: Side.allCases)
  func `is over where the user puts what the field would get, and its base with it`(side: Side) {
    var mapping = SmallMapping()
    mapping.pair(a)
    mapping.oneWay(b, to: side)
    var link = LinkBuilder(PackedRow([a: .text("x"), b: .text("x")]))
    link.edit(side, b, .text("y"))
    link.edit(side.other, b, .text("y"))
    let decision = decide(link.facts, mapping.context())
    #expect(decision.sendings.isEmpty)
    #expect(decision.agreement?.sourceFields == [b])
    #expect(decision.agreement?.targetFields == [b])
  }

  @Test func `a constant that a user changed is left alone unless it shall be restored`() {
    var mapping = SmallMapping()
    mapping.pair(a)
    mapping.constant(SmallMapping.d, .text("D"), to: .target)
    var link = LinkBuilder(
      source: PackedRow([a: .text("x")]),
      target: PackedRow([a: .text("x"), SmallMapping.d: .text("D")]))
    link.edit(.target, SmallMapping.d, .text("mine"))
    #expect(decide(link.facts, mapping.context()).isEmpty)
    mapping.drift = .restore
    let decision = decide(link.facts, mapping.context())
    #expect(
      WhatIsSentTests.rows(decision) == [.target: PackedRow([SmallMapping.d: .text("D")])])
    #expect(decision.conflicts.map(\.lost) == [PackedRow([SmallMapping.d: .text("mine")])])
  }

  @Test func `is what a user put where the mapping writes and does not read`() {
    var mapping = SmallMapping()
    mapping.pair(a)
    mapping.oneWay(b, to: .source)
    mapping.oneWay(c, to: .target)
    mapping.constant(SmallMapping.d, .text("D"), to: .target)
    var link = LinkBuilder(
      source: PackedRow([a: .text("x"), b: .text("x"), c: .text("x")]),
      target: PackedRow([
        a: .text("x"), b: .text("x"), c: .text("x"), SmallMapping.d: .text("D"),
      ]))
    #expect(drift(link.facts, mapping.context()) == [])
    link.edit(.source, a, .text("edit"))
    link.edit(.source, b, .text("mine"))
    link.edit(.source, c, .text("new"))
    link.edit(.target, SmallMapping.d, .text("mine"))
    #expect(
      drift(link.facts, mapping.context()) == [
        Drift(side: .target, field: SmallMapping.d, mapped: .text("D"), held: .text("mine")),
        Drift(side: .source, field: b, mapped: .text("x"), held: .text("mine")),
      ])
  }

  @Test func `is over where the user writes what the mapping says, or a record is gone`() {
    var mapping = SmallMapping()
    mapping.oneWay(c, to: .target)
    var link = LinkBuilder(PackedRow([c: .text("x")]))
    link.edit(.target, c, .text("mine"))
    var facts = link.facts
    facts.source?.presence = .deleted
    #expect(drift(facts, mapping.context()) == [])
    link.edit(.target, c, .text("x"))
    #expect(drift(link.facts, mapping.context()) == [])
  }
}
