import SynclineTesting
import Testing

/// kill -9 at every place where a run has just done, or is about to do, something that lasts. Whatever
/// was under way, the following runs end where an undisturbed run would have ended (laws, L10).
struct KillTests {
  /// The places that a run over edits passes, as `SYNCLINE_CRASH` names them.
  static let points = [
    "beforeAppend", "afterAppend", "beforeWrite", "afterWrite", "beforeCommit", "afterCommit",
    "beforeAcknowledge", "afterAcknowledge",
  ]

  /// Those that only a first run passes besides.
  static let firstPoints = ["afterJournal", "afterNaming", "beforeTracking", "afterTracking"]

  /// Kills a run of a copy of `start` at each visit of `point`, and hands each copy to `check`.
  private func killing(
    _ start: Scenario, at point: String, check: (Scenario, Comment) throws -> Void
  ) throws {
    var visit = 1
    while visit < 200 {
      let scenario = try Scenario(copyOf: start)
      let answer = try scenario.run(environment: ["SYNCLINE_CRASH": "\(point):\(visit)"])
      if answer.status != 128 + 9 {
        #expect(answer.status == 0, "\(point):\(visit) \(answer)")
        break
      }
      try check(scenario, "killed at \(point):\(visit)")
      visit += 1
    }
    #expect(visit > 1, "\(point) was never visited")
  }

  @Test(arguments: firstPoints + points)
  func `a first run killed anywhere ends as if nothing had happened`(point: String) throws {
    let start = try CrashWorkload.unsynced()
    let undisturbed = try Scenario(copyOf: start)
    try #require(undisturbed.run().status == 0)
    let expected = try Ending(undisturbed)
    #expect(expected.contents == CrashWorkload.synced)
    #expect(expected.conflicts == [])
    try killing(start, at: point) { scenario, comment in
      try scenario.runUntilQuiet(comment)
      #expect(try Ending(scenario) == expected, comment)
      try scenario.expectRebuildable(comment)
    }
  }

  @Test(arguments: points)
  func `a run over edits killed anywhere ends as if nothing had happened`(point: String) throws {
    let start = try CrashWorkload.edited()
    let undisturbed = try Scenario(copyOf: start)
    try #require(undisturbed.run().status == 0)
    let expected = try Ending(undisturbed)
    #expect(expected.contents == CrashWorkload.settled)
    #expect(expected.conflicts.count == 2)
    try killing(start, at: point) { scenario, comment in
      try scenario.runUntilQuiet(comment)
      #expect(try Ending(scenario) == expected, comment)
      try scenario.expectRebuildable(comment)
    }
  }

  @Test(arguments: points)
  func `edits of the very records that were under way are not lost either`(point: String) throws {
    let start = try CrashWorkload.edited()
    try killing(start, at: point) { scenario, comment in
      try CrashWorkload.editFurther(scenario)
      try scenario.runUntilQuiet(comment)
      #expect(try Contents(scenario) == CrashWorkload.settledFurther, comment)
      let conflicts = try scenario.conflicts()
      let lost = conflicts.filter {
        $0.contains("bothChanged source target decided") && $0.contains("lost(phone=4t)")
      }
      #expect(lost.count == 1, "\(comment): \(conflicts)")
      try scenario.expectRebuildable(comment)
    }
  }

  @Test(arguments: [
    "beforeProbe", "afterProbe", "beforeAppend", "afterAppend", "beforeWrite", "afterCommit",
  ])
  func `a run that settles what a killed one left may be killed as well`(point: String) throws {
    let start = try CrashWorkload.edited()
    let undisturbed = try Scenario(copyOf: start)
    try #require(undisturbed.run().status == 0)
    let expected = try Ending(undisturbed)
    for first in ["beforeWrite:1", "afterCommit:2", "afterWrite:2", "afterWrite:4"] {
      let killed = try Scenario(copyOf: start)
      #expect(try killed.run(environment: ["SYNCLINE_CRASH": first]).status == 128 + 9)
      for second in 1...3 {
        let scenario = try Scenario(copyOf: killed)
        _ = try scenario.run(environment: ["SYNCLINE_CRASH": "\(point):\(second)"])
        let comment: Comment = "killed at \(first), then at \(point):\(second)"
        try scenario.runUntilQuiet(comment)
        #expect(try Ending(scenario) == expected, comment)
        try scenario.expectRebuildable(comment)
      }
    }
  }
}
