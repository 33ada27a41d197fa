import SynclineMapping
import SynclineModel
import Testing

@testable import SynclineEngine

@Suite("Rule newest") struct NewestTests {
  /// Who wins where both sides edited a field, the target `later` microseconds after the source by their
  /// own stamps.
  private func winner(
    later: Int64, clocks: ClockOffsets = ClockOffsets(), precision: Int64 = 0
  ) -> Side? {
    let field = SmallMapping.a
    var mapping = SmallMapping()
    mapping.pair(field)
    var link = LinkBuilder(PackedRow([field: .text("base")]))
    link.edit(.source, field, .text("s"))
    link.edit(.target, field, .text("t"))
    var facts = link.facts
    facts.source?.stamp.time = Timestamp(microseconds: 1_000_000)
    facts.target?.stamp.time = Timestamp(microseconds: 1_000_000 + later)
    var context = mapping.context()
    context.current.conflicts = .newest
    context.clocks = clocks
    context.timePrecision = precision
    return decide(facts, context).sendings.first?.side.other
  }

  @Test func `the later stamp wins, and the source where they are equal`() {
    #expect(winner(later: 1) == .target)
    #expect(winner(later: 0) == .source)
    #expect(winner(later: -1) == .source)
  }

  @Test func `stamps are corrected by what was measured of the clocks`() {
    let fast = ClockOffsets(source: 0, target: 5_000, error: 0)
    #expect(winner(later: 4_000, clocks: fast) == .source)
    #expect(winner(later: 6_000, clocks: fast) == .target)
    let slow = ClockOffsets(source: 5_000, target: 0, error: 0)
    #expect(winner(later: -4_000, clocks: slow) == .target)
  }

  @Test func `the source wins where the stamps are nearer than the error and the precision`() {
    let vague = ClockOffsets(source: 0, target: 0, error: 300)
    #expect(winner(later: 1_299, clocks: vague, precision: 1_000) == .source)
    #expect(winner(later: 1_300, clocks: vague, precision: 1_000) == .target)
  }
}
