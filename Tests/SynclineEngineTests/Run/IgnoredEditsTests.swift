import SynclineMapping
import SynclineModel
import Testing

@testable import SynclineEngine

/// Which edits go nowhere, by their stamp and author (semantics, "dedicated account", "edits made during a run").
@Suite struct `An edit` {
  private static func ignored(
    dedicated: Bool = false, _ duringRun: DuringRun = .sync, earliest: Int64 = .min
  ) -> IgnoredEdits {
    IgnoredEdits(
      isDedicated: dedicated, duringRun: duringRun, runs: [1000 ... .max, 500...600, 100...200],
      lateness: 50,
      earliest: earliest)
  }

  private static func stamp(_ time: Int64) -> Stamp {
    Stamp(time: Timestamp(microseconds: time))
  }

  @Test(arguments: [99, 100, 250, 251, 499, 500, 651, 999, 1000, 1001] as [Int64])
  func `by hand of the dedicated account is ignored where no run may have written it`(time: Int64) {
    let isByHand = [99, 251, 499, 651, 999].contains(time)
    let rules = Self.ignored(dedicated: true)
    #expect(rules.rule(Self.stamp(time), isLastOurs: true) == (isByHand ? .dedicated : nil))
    #expect(rules.rule(Self.stamp(time), isLastOurs: false) == nil)
    #expect(Self.ignored().rule(Self.stamp(time), isLastOurs: true) == nil)
  }

  @Test(arguments: [99, 100, 200, 201] as [Int64], [true, false])
  func `made during a run is ignored where the package says so, whoever made it`(
    time: Int64, isLastOurs: Bool
  ) {
    let isDuring = [100, 200].contains(time)
    #expect(
      Self.ignored(.ignore).rule(Self.stamp(time), isLastOurs: isLastOurs)
        == (isDuring ? .duringRun : nil))
  }

  @Test func `without a time, or from before what is known of runs, counts`() {
    let rules = Self.ignored(dedicated: true, .ignore, earliest: 90)
    #expect(rules.rule(Stamp(), isLastOurs: true) == nil)
    #expect(rules.rule(Self.stamp(89), isLastOurs: true) == nil)
    #expect(rules.rule(Self.stamp(90), isLastOurs: true) == .dedicated)
  }
}
