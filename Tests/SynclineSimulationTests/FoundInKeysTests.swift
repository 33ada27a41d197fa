import SynclineMapping
import SynclineModel
import SynclineOracle
import Testing

@testable import SynclineSimulation

/// Worlds in which seeds broke a law, of foreign keys that had not gone yet (Docs/Decisions, 0020).
@Suite("What the simulator found of keys on their way") struct FoundInKeysTests {
  @Test(arguments: ConflictRule.allCases)
  func `an edit beside a key that is on its way is in conflict with nothing`(_ rule: ConflictRule)
    throws
  {
    try World(rule) { $0.entities[0].isMatched = true }.holds { call in
      [
        .edits(
          .source, [.create(0, "a"), .create(0, "b", [3: .parent("a")])]),
        .run([.edits(call: call, .target, [.update(0, "b", [2: .text("x")])])], limit: nil),
        .settle,
      ]
    }
  }

  @Test(arguments: ConflictRule.allCases)
  func `a key to a deleted record is taken back beside one that both sides gave`(
    _ rule: ConflictRule
  ) throws {
    try World(rule).holds { _ in
      [
        .edits(.target, [.create(1, "a"), .create(1, "b"), .create(2, "d")]),
        .edits(.source, [.create(0, "c")]), .settle,
        .edits(.source, [.update(2, "d", [3: .parent("b")])]),
        .edits(.target, [.update(2, "d", [3: .parent("a")]), .update(2, "d", [4: .parent("c")])]),
        .edits(.source, [.delete(0, "c")]), .settle,
      ]
    }
  }
}
