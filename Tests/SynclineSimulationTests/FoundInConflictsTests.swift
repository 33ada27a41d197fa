import SynclineMapping
import SynclineModel
import SynclineOracle
import Testing

@testable import SynclineSimulation

/// What the simulator found about conflicts and first matches: each stands on record once, and is about what
/// somebody wrote.
@Suite struct `What a seed once found in conflicts` {
  @Test func `a parent that comes back and is deleted again is another conflict of the same key`()
    throws
  {
    try World(.hold) { $0.entities[0].fields[3].onDelete = [.setNull, .setNull] }.holds { call in
      [
        .edits(.source, [.create(0, "p")]), .settle, .edits(.target, [.delete(0, "p")]),
        .edits(.source, [.create(0, "c", [3: .parent("p")])]), .run([], limit: nil),
        .resetLastSync, .run([.edits(call: call, .target, [.delete(0, "p")])], limit: nil),
        .settle,
      ]
    }
  }

  @Test func `a first match that was refused twice records nothing a third time`() throws {
    for second in World.calls {
      try World { $0.entities[0].isMatched = true }.holds { call in
        [
          .edits(.source, [.create(0, "a", [0: .text("x")])]),
          .edits(.target, [.create(0, "q"), .create(0, "a", [0: .text("y"), 3: .parent("q")])]),
          .run([.refuses(call: call, 0)], limit: nil), .edits(.source, [.delete(0, "q")]),
          .run([.refuses(call: second, 0)], limit: nil), .settle,
        ]
      }
    }
  }

  @Test func `a stopgap is no value that wins a conflict`() throws {
    try World(calls: [1]) { shape in
      shape.entities[0].fields[0].rule = .target
      shape.entities[0].fields[2].isUnique = true
    }.holds { _ in
      [
        .edits(.source, [.create(0, "a", [2: .text("v")])]), .edits(.target, [.create(0, "b")]),
        .settle, .edits(.target, [.delete(0, "a")]),
        .edits(.target, [.update(0, "b", [2: .text("v")])]),
        .edits(.source, [.create(1, "c", [3: .parent("a")])]), .run([], limit: nil),
        .edits(.source, [.update(0, "b", [0: .text("x")])]), .run([], limit: nil),
        .run([], limit: nil), .edits(.source, [.update(0, "b", [0: .text("y")])]),
        .run([], limit: nil), .edits(.source, [.update(0, "a", [2: .text("w")])]), .settle,
      ]
    }
  }
}
