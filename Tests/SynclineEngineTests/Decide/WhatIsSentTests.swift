import SynclineMapping
import SynclineModel
import Testing

@testable import SynclineEngine

private let a = SmallMapping.a
private let b = SmallMapping.b
private let c = SmallMapping.c

@Suite("What is sent") struct WhatIsSentTests {
  /// `b` is text in the source and a number in the target: `007` arrives as 7 and comes back as `7`.
  static let lossy: SmallMapping = {
    var mapping = SmallMapping()
    mapping.pair(a)
    mapping.pair(b, source: FieldType(.text), target: FieldType(.integer))
    return mapping
  }()

  static let plain: SmallMapping = {
    var mapping = SmallMapping()
    mapping.pair(a)
    mapping.pair(b)
    return mapping
  }()

  static func lossyLink() -> LinkBuilder {
    LinkBuilder(
      source: PackedRow([a: .text("x"), b: .text("007")]),
      target: PackedRow([a: .text("x"), b: .integer(7)]))
  }

  static func rows(_ decision: Decision) -> [Side: PackedRow] {
    Dictionary(uniqueKeysWithValues: decision.sendings.map { ($0.side, $0.row) })
  }

  @Test func `nothing goes for a quiet link whose sides look different`() {
    #expect(decide(Self.lossyLink().facts, Self.lossy.context()).isEmpty)
  }

  @Test func `a lossy field that nobody edited stays when its neighbour travels`() {
    var link = Self.lossyLink()
    link.edit(.target, a, .text("y"))
    let decision = decide(link.facts, Self.lossy.context())
    #expect(Self.rows(decision) == [.source: PackedRow([a: .text("y")])])
    #expect(decision.agreement == nil)
  }

  @Test func `an edit that leads to the same value is agreed`() {
    var link = Self.lossyLink()
    link.edit(.source, b, .text("07"))
    let decision = decide(link.facts, Self.lossy.context())
    #expect(decision.sendings.isEmpty)
    #expect(
      decision.agreement
        == Agreed(
          reason: .nothingToSend, revision: MappingRevision(1), slots: [.target],
          sourceFields: [b], targetFields: []))
  }

  @Test func `an edit that leads to the same value takes nothing back under merge`() {
    var mapping = Self.lossy
    mapping.conflicts = .merge
    var link = Self.lossyLink()
    // What stands in the target was accepted as the counterpart of 007, though it looks otherwise.
    link.target = link.target.setting(b, to: .integer(8))
    link.edit(.source, b, .text("07"))
    link.edit(.target, a, .text("y"))
    let decision = decide(link.facts, mapping.context())
    #expect(Self.rows(decision) == [.source: PackedRow([a: .text("y")])])
  }

  @Test func `an edit on both sides to the same is agreed in the spelling of each`() {
    var link = Self.lossyLink()
    link.edit(.source, b, .text("08"))
    link.edit(.target, b, .integer(8))
    let decision = decide(link.facts, Self.lossy.context())
    #expect(decision.situation == .convergent)
    #expect(decision.sendings.isEmpty)
    #expect(decision.agreement?.reason == .converged)
  }

  @Test(arguments: [
    (FieldType(.text), Value.text("1.50")), (FieldType(.decimal), Value.integer(1)),
  ])
  func `a clean field is never made like the other side`(type: FieldType, held: Value) {
    var mapping = SmallMapping()
    mapping.pair(a)
    mapping.pair(b, source: FieldType(.text), target: type)
    var link = LinkBuilder(
      source: PackedRow([a: .text("x"), b: .text("1.5")]),
      target: PackedRow([a: .text("x"), b: held]))
    link.edit(.source, a, .text("y"))
    let decision = decide(link.facts, mapping.context())
    #expect(Self.rows(decision) == [.target: PackedRow([a: .text("y")])])
  }

  @Test func `an insert carries every value and leaves out nulls that can come back`() {
    var mapping = Self.plain
    mapping.oneWay(c, to: .target)
    mapping.constant(SmallMapping.d, .text("D"), to: .target)
    var link = LinkBuilder(
      source: PackedRow([a: .text("x"), b: .null, c: .null]), target: PackedRow())
    link.link.target = SlotState()
    var facts = link.facts
    facts.target = nil
    let decision = decide(facts, mapping.context())
    #expect(
      decision.sendings == [
        Decision.Sending(
          side: .target, operation: .insert,
          row: PackedRow([a: .text("x"), c: .null, SmallMapping.d: .text("D")]))
      ])
  }

  @Test func `an insert leaves out what a new record takes no value for, and it follows`() {
    var mapping = Self.plain
    mapping.toTarget[1].goesWithInserts = false
    var link = LinkBuilder(PackedRow([a: .text("x"), b: .text("y")]))
    link.link.target = SlotState()
    var facts = link.facts
    facts.target = nil
    #expect(
      Self.rows(decide(facts, mapping.context())) == [.target: PackedRow([a: .text("x")])])
    var later = LinkBuilder(
      source: PackedRow([a: .text("x"), b: .text("y")]),
      target: PackedRow([a: .text("x"), b: .null]))
    later.link.source.base = PackedRow([b: .null])
    #expect(
      Self.rows(decide(later.facts, mapping.context())) == [.target: PackedRow([b: .text("y")])])
  }

  @Test func `a null that a field does not take is left out of an insert`() {
    var mapping = Self.plain
    mapping.oneWay(c, to: .target, takesNull: false)
    var link = LinkBuilder(source: PackedRow([a: .text("x"), c: .null]), target: PackedRow())
    link.link.target = SlotState()
    var facts = link.facts
    facts.target = nil
    #expect(
      Self.rows(decide(facts, mapping.context())) == [.target: PackedRow([a: .text("x")])])
  }

  @Test func `an edit of an unmapped field leads to nothing`() {
    var link = LinkBuilder(PackedRow([a: .text("x"), b: .text("y"), SmallMapping.unmapped: .null]))
    link.source = link.source.setting(SmallMapping.unmapped, to: .text("z"))
    #expect(decide(link.facts, Self.plain.context()).isEmpty)
  }

  @Test func `a value that cannot be carried stops the link and agrees on nothing`() {
    var link = Self.lossyLink()
    link.edit(.source, a, .text("y"))
    link.edit(.source, b, .text("seven"))
    let decision = decide(link.facts, Self.lossy.context())
    #expect(decision.problem?.field == b)
    #expect(decision.problem?.side == .target)
    #expect(decision.sendings.isEmpty)
    #expect(decision.agreement == nil)
  }

  @Test func `what a system made of our write goes to the other side`() {
    var link = LinkBuilder(
      source: PackedRow([a: .text("x"), b: .text("y")]),
      target: PackedRow([a: .text("X"), b: .text("y")]))
    link.link.target.derived = PackedRow([a: .text("x")])
    #expect(
      Self.rows(decide(link.facts, Self.plain.context())) == [
        .source: PackedRow([a: .text("X")])
      ])
  }

  @Test func `what a system made of our write yields to an edit, without a conflict`() {
    var link = LinkBuilder(
      source: PackedRow([a: .text("x"), b: .text("y")]),
      target: PackedRow([a: .text("X"), b: .text("y")]))
    link.link.target.derived = PackedRow([a: .text("x")])
    link.edit(.source, a, .text("z"))
    let decision = decide(link.facts, Self.plain.context())
    #expect(Self.rows(decision) == [.target: PackedRow([a: .text("z")])])
    #expect(decision.conflicts.isEmpty)
  }

  @Test func `what a system made of our write goes beside a conflict about another field`() {
    var link = LinkBuilder(
      source: PackedRow([a: .text("x"), b: .text("y")]),
      target: PackedRow([a: .text("X"), b: .text("y")]))
    link.link.target.derived = PackedRow([a: .text("x")])
    link.edit(.source, b, .text("1"))
    link.edit(.target, b, .text("2"))
    let decision = decide(link.facts, Self.plain.context())
    #expect(
      Self.rows(decision) == [
        .target: PackedRow([b: .text("1")]), .source: PackedRow([a: .text("X")]),
      ])
    #expect(decision.conflicts.map(\.lost) == [PackedRow([b: .text("2")])])
    #expect(decision.agreement == nil)
  }

  @Test func `an ignored edit goes nowhere, and with the next edit of somebody else it goes along`()
  {
    var link = LinkBuilder(PackedRow([a: .text("x"), b: .text("x")]))
    link.edit(.source, a, .text("by hand"))
    link.link.source.ignored = [a]
    #expect(decide(link.facts, Self.plain.context()).isEmpty)
    var other = link
    other.edit(.target, b, .text("theirs"))
    let beside = decide(other.facts, Self.plain.context())
    #expect(Self.rows(beside) == [.source: PackedRow([b: .text("theirs")])])
    #expect(beside.agreement == nil)
    link.edit(.source, b, .text("jane"))
    #expect(
      Self.rows(decide(link.facts, Self.plain.context())) == [
        .target: PackedRow([a: .text("by hand"), b: .text("jane")])
      ])
  }
}
