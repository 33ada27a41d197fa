import SynclineMapping
import SynclineModel
import Testing

@testable import SynclineEngine

private let a = SmallMapping.a
private let b = SmallMapping.b
private let c = SmallMapping.c

@Suite("A mapping is edited") struct MappingEditTests {
  /// Only `a` is mapped.
  static let narrow: SmallMapping = {
    var mapping = SmallMapping()
    mapping.pair(a)
    return mapping
  }()

  static let wide = WhatIsSentTests.plain

  /// `a` of the source goes to `b` of the target.
  static let moved: SmallMapping = {
    var mapping = SmallMapping()
    mapping.pair(a, to: b)
    return mapping
  }()

  static func context(_ mapping: SmallMapping, after: SmallMapping) -> MappingContext {
    mapping.context(2, older: [1: after])
  }

  static let rows = (
    source: PackedRow([a: .text("x"), b: .text("s")]),
    target: PackedRow([a: .text("x"), b: .text("t")])
  )

  static func link() -> LinkBuilder { LinkBuilder(source: rows.source, target: rows.target) }

  @Test func `moves nothing by itself`() {
    #expect(decide(Self.link().facts, Self.context(Self.wide, after: Self.narrow)).isEmpty)
    #expect(decide(Self.link().facts, Self.context(Self.moved, after: Self.narrow)).isEmpty)
  }

  @Test(arguments: Side.allCases)
  func `a touched link meets in its new pair`(touched: Side) {
    var link = Self.link()
    link.link[touched].isReported = true
    let decision = decide(link.facts, Self.context(Self.wide, after: Self.narrow))
    #expect(WhatIsSentTests.rows(decision) == [.target: PackedRow([b: .text("s")])])
    #expect(decision.conflicts.map(\.kind) == [.firstMatch])
    #expect(decision.conflicts.map(\.lost) == [PackedRow([b: .text("t")])])
  }

  @Test func `a changed link meets in its new pair beside the change`() {
    var link = Self.link()
    link.edit(.target, a, .text("y"))
    let decision = decide(link.facts, Self.context(Self.wide, after: Self.narrow))
    #expect(
      WhatIsSentTests.rows(decision) == [
        .source: PackedRow([a: .text("y")]), .target: PackedRow([b: .text("s")]),
      ])
  }

  @Test func `a touched link sends what the new mapping makes of it`() {
    var link = Self.link()
    link.link.source.isReported = true
    let decision = decide(link.facts, Self.context(Self.moved, after: Self.narrow))
    #expect(WhatIsSentTests.rows(decision) == [.target: PackedRow([b: .text("x")])])
  }

  @Test func `an edit beats what the new mapping would make of the same field`() {
    // `b` was text on both sides, and the target now keeps it as a number.
    let row = PackedRow([a: .text("x"), b: .text("007")])
    var link = LinkBuilder(row)
    link.link.source.isReported = true
    link.edit(.target, b, .integer(9))
    let decision = decide(link.facts, Self.context(WhatIsSentTests.lossy, after: Self.wide))
    #expect(WhatIsSentTests.rows(decision) == [.source: PackedRow([b: .text("9")])])
    #expect(decision.conflicts.isEmpty)
  }

  @Test func `a pair that was mapped one way sends an edit the other way, and nothing else`() {
    var before = Self.narrow
    before.toTarget.append(
      Assignment(
        field: b, type: FieldType(.integer), expression: .column(b, from: FieldType(.text)),
        isTwoWay: false))
    var link = WhatIsSentTests.lossyLink()
    for side in Side.allCases { link.link[side].isReported = true }
    let context = Self.context(WhatIsSentTests.lossy, after: before)
    #expect(decide(link.facts, context).sendings.isEmpty)
    link.edit(.target, b, .integer(8))
    #expect(
      WhatIsSentTests.rows(decide(link.facts, context)) == [.source: PackedRow([b: .text("8")])])
  }

  @Test(arguments: [Value.null, .text("t")])
  func `what was changed where it was only written meets the other value once both ways are mapped`(
    other: Value
  ) {
    var before = Self.narrow
    before.oneWay(b, to: .source)
    var link = Self.link()
    link.target = link.target.setting(b, to: other)
    #expect(decide(link.facts, Self.context(Self.wide, after: before)).isEmpty)
    link.link.source.isReported = true
    let decision = decide(link.facts, Self.context(Self.wide, after: before))
    #expect(WhatIsSentTests.rows(decision) == [.target: PackedRow([b: .text("s")])])
    let lost = other.isNull ? [] : [PackedRow([b: other])]
    #expect(decision.conflicts.map(\.lost) == lost)
  }

  @Test func `no slot agrees while a new pair is on its way`() {
    var link = Self.link()
    link.source = link.source.setting(b, to: .null)
    link.link.source.isReported = true
    let decision = decide(link.facts, Self.context(Self.wide, after: Self.narrow))
    #expect(WhatIsSentTests.rows(decision) == [.source: PackedRow([b: .text("t")])])
    #expect(decision.agreement == nil)
  }

  @Test func `both slots agree where a new pair is equal already`() {
    var link = Self.link()
    link.target = link.target.setting(b, to: .text("s"))
    link.link.source.isReported = true
    let decision = decide(link.facts, Self.context(Self.wide, after: Self.narrow))
    #expect(decision.sendings.isEmpty)
    #expect(decision.agreement?.slots == Side.allCases)
  }

  @Test func `a new pair is new until both slots have agreed`() {
    var link = Self.link()
    link.link.target.revision = MappingRevision(2)
    link.source = link.source.setting(b, to: .null)
    link.link.source.isReported = true
    let decision = decide(link.facts, Self.context(Self.wide, after: Self.narrow))
    #expect(WhatIsSentTests.rows(decision) == [.source: PackedRow([b: .text("t")])])
  }

  @Test func `what the new mapping makes goes beside a conflict about another field`() {
    var before = Self.wide
    before.oneWay(c, to: .target)
    // `b` was text on both sides, and the target now keeps it as a number.
    var after = SmallMapping()
    after.pair(a)
    after.pair(b, source: FieldType(.text), target: FieldType(.integer))
    let row = PackedRow([a: .text("x"), b: .text("7")])
    var link = LinkBuilder(row)
    link.edit(.source, a, .text("1"))
    link.edit(.target, a, .text("2"))
    let decision = decide(link.facts, Self.context(after, after: before))
    #expect(
      WhatIsSentTests.rows(decision) == [.target: PackedRow([a: .text("1"), b: .integer(7)])])
  }

  @Test func `a touched link that is as the new mapping wants it agrees silently`() {
    var link = Self.link()
    link.target = link.target.setting(b, to: .text("s"))
    for side in Side.allCases { link.link[side].isReported = true }
    let decision = decide(link.facts, Self.context(Self.wide, after: Self.narrow))
    #expect(decision.sendings.isEmpty)
    #expect(decision.agreement?.slots == Side.allCases)
    #expect(decision.agreement?.revision == MappingRevision(2))
  }

  @Test func `a field newly mapped one way goes, and what it overwrites is recorded`() {
    var mapping = Self.narrow
    mapping.oneWay(b, to: .target)
    var link = Self.link()
    link.link.source.isReported = true
    let decision = decide(link.facts, Self.context(mapping, after: Self.narrow))
    #expect(WhatIsSentTests.rows(decision) == [.target: PackedRow([b: .text("s")])])
    #expect(decision.conflicts.map(\.lost) == [PackedRow([b: .text("t")])])
  }

  @Test func `a mapping edit and its inverse without a touch between send nothing`() {
    var link = Self.link()
    link.link.source.isReported = true
    let context = Self.narrow.context(3, older: [1: Self.narrow, 2: Self.moved])
    #expect(decide(link.facts, context).sendings.isEmpty)
  }
}
