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
    // The run that brings it back meets its delete: another one takes its key, or what points to it is refused.
    try World(.hold) { shape in
      shape.entities[0].fields[3].onDelete = [.setNull, .cascade]
      shape.entities[1].rule = .source
      shape.sides[1].reusesKeys = true
      shape.sides[1].batchLimit = 1
    }.holds { call in
      [
        .edits(
          .source,
          [
            .create(0, "p"), .create(0, "q", [3: .parent("p")]),
            .create(0, "r", [3: .parent("p")]),
          ]), .settle,
        .edits(.target, [.delete(0, "p")]),
        .edits(.source, [.create(0, "c", [3: .parent("q")])]), .run([], limit: nil),
        .edits(.source, [.create(1, "d", [3: .parent("r")])]),
        .run([.edits(call: call, .target, [.delete(0, "q")])], limit: nil), .settle,
      ]
    }
  }

  @Test func `a first match that was refused twice records nothing a third time`() throws {
    for second in World.calls {
      try World { $0.entities[0].isMatched = true }.holds { call in
        [
          .edits(.source, [.create(0, "a", [0: .text("x")]), .create(1, "b")]),
          .edits(.target, [.create(0, "q"), .create(0, "a", [0: .text("y"), 3: .parent("q")])]),
          .run([.refuses(call: 1, 0), .failsBefore(call: call)], limit: nil),
          .edits(.source, [.delete(0, "q")]),
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
