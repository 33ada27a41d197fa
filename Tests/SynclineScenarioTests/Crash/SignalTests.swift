import Foundation
import SynclineTesting
import Testing

/// SIGINT and SIGTERM ask a run to end at a batch boundary; a second one ends it at once.
struct SignalTests {
  private static let count = 6000

  /// Enough records for a run that writes many batches.
  private func longRun() throws -> Scenario {
    try Companies.scenario(
      tasks: Companies.accounts,
      source: """
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(Self.count))
        INSERT INTO Account (Name, Phone) SELECT 'Name ' || i, i FROM n;
        """)
  }

  /// Both sides hold each record once, and the next run has nothing to do.
  private func expectComplete(_ scenario: Scenario) throws {
    let here = try scenario.source.rows("SELECT Name, Phone FROM Account ORDER BY Id")
    let there = try scenario.target.rows("SELECT name, phone FROM company ORDER BY name")
    #expect(here.count == Self.count)
    #expect(there == here.sorted { $0[0] < $1[0] })
    try scenario.expectQuiet()
    try scenario.expectRebuildable("after the signal")
  }

  @Test(arguments: [(SIGINT, Int32(130)), (SIGTERM, Int32(143))])
  func `a signal ends a run at a batch boundary and the next run finishes`(
    signal: Int32, status: Int32
  ) throws {
    let scenario = try longRun()
    let call = try RunningCall(["run", scenario.package])
    try #require(call.says("writing"))
    let sent = ContinuousClock.now
    call.send(signal)
    #expect(call.ended() == status)
    #expect(ContinuousClock.now - sent < .seconds(4))
    let written = Int(try scenario.target.rows("SELECT count(*) FROM company")[0][0]) ?? 0
    #expect((1..<Self.count).contains(written), "the signal came too early or too late")
    let runs = try scenario.syncline("runs", with: ["--json"]).json
    #expect(runs.map { $0["state"] as? String } == ["Canceled"])

    let rest = try scenario.account()
    #expect(rest == RunAccount(["target inserts": Self.count - written]))
    try expectComplete(scenario)
  }

  @Test func `a second signal ends a run at once and nothing is lost`() throws {
    let scenario = try longRun()
    let call = try RunningCall(["run", scenario.package])
    try #require(call.says("writing"))
    call.send(SIGINT)
    call.send(SIGINT)
    #expect(call.ended() == 130)
    #expect(try scenario.run().status == 0)
    try expectComplete(scenario)
  }
}
