import SynclineMapping
import SynclineModel
import SynclineOracle
import Testing

@testable import SynclineSimulation

/// What the simulator found where a side is a cloud, each as small as it was shrunk.
@Suite struct `What a seed once found in a cloud` {
  @Test(arguments: ConflictRule.allCases, [true, false])
  func `a child whose delete was not sent comes back with its parent`(
    _ rule: ConflictRule, _ isCounted: Bool
  ) throws {
    let world = World.clouded(rule, CloudRules(knowsCommands: isCounted)) {
      $0.entities[1].fields[3].onDelete = [.cascade, .setNull]
    }
    try world.holds { call in
      [
        .edits(.target, [.create(0, "p"), .create(1, "c", [3: .parent("p")])]), .settle,
        .edits(.source, [.delete(0, "p")]),
        .run([.diesBefore(call: call)], limit: nil),
        .edits(.target, [.update(0, "p", [0: .text("x")])]), .settle,
      ]
    }
  }

  @Test func `an edit that was refused and taken back is not listed any more`() throws {
    for side in Place.allCases {
      try World.clouded(.source, on: side) { _ in }.holds { call in
        [
          .edits(.source, [.create(1, "b", [2: .text("x")])]), .settle,
          .edits(.source, [.update(1, "b", [2: .text("y")])]),
          .run([.refuses(call: call, 0)], limit: nil),
          .edits(.source, [.update(1, "b", [2: .text("x")])]), .settle,
        ]
      }
    }
  }

  @Test(arguments: Place.allCases)
  func `a record that comes back to a place that waits to be filled takes it`(_ side: Place) throws
  {
    let back = Edit(kind: .undelete, record: RecordName(1, "b"))
    try World.clouded(on: side).holds { call in
      [
        .edits(.source, [.create(1, "b", [0: .text("x")])]), .settle,
        .edits(side, [.delete(1, "b")]), .resetLastSync,
        .run([.refuses(call: call, 0)], limit: nil), .edits(side, [back]), .settle,
      ]
    }
  }

  @Test(arguments: ConflictRule.allCases)
  func `a child goes where its parent came back by itself and not with the family`(
    _ rule: ConflictRule
  ) throws {
    let back = Edit(kind: .undelete, record: RecordName(1, "p"))
    let world = World.clouded(rule, on: .target) { shape in
      shape.entities[2].fields[3].onDelete = [.setNull, .cascade]
      shape.entities[2].fields[4].onDelete = [.setNull, .setNull]
    }
    try world.holds { call in
      [
        .edits(.source, [.create(0, "a"), .create(1, "p"), .create(2, "c", [3: .parent("p")])]),
        .edits(.source, [.create(2, "d", [3: .parent("p"), 4: .parent("a")]), .create(2, "e")]),
        .settle, .edits(.target, [.delete(1, "p"), .delete(0, "a")]),
        .edits(.source, [.update(2, "e", [4: .parent("a")])]),
        .run([.diesAfterAppend(call)], limit: nil), .edits(.target, [back]), .settle,
      ]
    }
  }

  @Test(arguments: [true, false])
  func `what was created without an answer is not new, whoever keeps count of it`(
    _ isCounted: Bool
  ) throws {
    try World.clouded(on: .target, CloudRules(knowsCommands: isCounted)).holds { call in
      [
        .edits(.source, [.create(0, "a")]), .run([.failsBefore(call: call)], limit: nil),
        .run([.losesOutcomes(call: 1, 1)], limit: nil), .settle,
      ]
    }
  }

  @Test(arguments: Place.allCases)
  func `a delete without an answer is not sent again after a reset`(_ side: Place) throws {
    try World.clouded(on: side, CloudRules(lateness: 40_000_000)).holds { call in
      [
        .edits(.source, [.create(0, "a"), .create(1, "b", [3: .parent("a")])]), .settle,
        .edits(side.other, [.delete(1, "b"), .delete(0, "a")]),
        .run([.diesBefore(call: call)], limit: nil), .resetLastSync, .run([], limit: nil), .settle,
      ]
    }
  }

  @Test(arguments: Place.allCases)
  func `a record that comes back while its place was to be filled without an answer takes it`(
    _ side: Place
  ) throws {
    let back = Edit(kind: .undelete, record: RecordName(0, "a"))
    try World.clouded(on: side).holds { call in
      [
        .edits(side, [.create(0, "a")]), .settle, .edits(side, [.delete(0, "a")]), .resetLastSync,
        .run([.failsBefore(call: call)], limit: nil), .edits(side, [back]), .settle,
      ]
    }
  }

  @Test(arguments: Place.allCases)
  func `an update is not taken for applied because somebody entered a part of it`(_ side: Place)
    throws
  {
    try World.clouded(on: side).holds { call in
      [
        .edits(.source, [.create(0, "a", [0: .text("x")])]), .settle,
        .edits(side.other, [.update(0, "a", [0: .text("y"), 1: .number("5")])]),
        .run([.failsBefore(call: call)], limit: nil),
        .edits(side, [.update(0, "a", [1: .number("5")])]), .settle,
      ]
    }
  }

  @Test(arguments: Place.allCases)
  func `what a feed of deletes forgot is found though the run died that looked for it`(
    _ side: Place
  ) throws {
    let pause = [Step](repeating: .edits(side, []), count: 6)
    try World.clouded(on: side, CloudRules(isPrompt: true, feedKeeps: 8_000_000)).holds { call in
      [.edits(.source, [.create(0, "a")]), .run([], limit: nil), .edits(side, [.delete(0, "a")])]
        + pause
        + [
          .run([.diesBefore(call: call)], limit: nil), .run([], limit: nil), .run([], limit: nil),
          .settle,
        ]
    }
  }

  @Test func `what a search shows late of our own write is no edit`() throws {
    let lagging = CloudRules(searchLag: 3_000_000, knowsCommands: true, showsWrites: false)
    try World.clouded(on: .target, lagging).holds { call in
      [
        .edits(.source, [.create(0, "a", [0: .text("x")])]),
        .run([.losesOutcomes(call: 1, 1)], limit: nil),
        .edits(.source, [.update(0, "a", [0: .text("y")])]), .resetLastSync,
        .run([.diesBefore(call: call)], limit: nil), .run([], limit: nil), .settle,
      ]
    }
  }

  // It takes no cloud either.
  @Test func `what a person shall decide keeps the whole family`() throws {
    let world = World(.target, calls: [1]) { shape in
      shape.entities[0].rule = .hold
      shape.entities[2].fields[4].onDelete = [.cascade, .setNull]
    }
    try world.holds { _ in
      [
        .edits(
          .target, [.create(0, "a"), .create(1, "b"), .create(2, "c", [4: .parent("a")])]),
        .settle, .edits(.target, [.update(0, "a", [1: .number("5")])]),
        .edits(.source, [.delete(0, "a")]),
        .edits(.target, [.update(1, "b", [3: .parent("a")])]), .settle,
        .edits(.target, [.delete(0, "a")]), .settle,
      ]
    }
  }

  // First seen after a merge; it takes no cloud.
  @Test(arguments: ConflictRule.allCases, [Place.source, .target])
  func `a key to one of two records of which each side deleted one waits for nobody but a person`(
    _ rule: ConflictRule, _ place: Place
  ) throws {
    try World(rule, calls: [1, 8, 11]) { $0.entities[0].rule = .merge }.holds { call in
      [
        .edits(.source, [.create(0, "a"), .create(0, "b"), .create(2, "c", [4: .parent("b")])]),
        .settle, .edits(place.other, [.delete(0, "a"), .update(2, "c", [0: .text("x")])]),
        .edits(place, [.update(2, "c", [4: .parent("a")]), .delete(0, "b")]),
        .run([.failsAfter(call: call)], limit: nil), .settle,
      ]
    }
  }

  @Test(arguments: [FieldShape.Mapping.toTarget, .both])
  func `an insert that is known only under a newer mapping gets what that maps anew`(
    _ mapping: FieldShape.Mapping
  ) throws {
    let rules = CloudRules(lateness: 40_000_000, hasDeleteFeed: false, knowsCommands: true)
    try World.clouded(on: .target, rules) {
      $0.entities[2].fields[2].defaults = [nil, "as usual"]
      $0.entities[2].restoresDrift = true
      $0.sides[1].batchLimit = 1
    }.holds { call in
      [
        .edits(.source, ["a", "b", "c", "d", "e"].map { .create(2, $0, [2: .text("x")]) }),
        .remap(entity: 2, field: 2, .none), .run([.givesUp(write: call)], limit: nil),
        .remap(entity: 2, field: 2, mapping), .settle,
      ]
    }
  }
}

extension World {
  /// A world with a cloud on one side that promises little.
  static func clouded(
    _ rule: ConflictRule = .source, on side: Place = .target, _ rules: CloudRules = CloudRules(),
    _ change: (inout Shape) -> Void = { _ in }
  ) -> World {
    World(rule) { shape in
      shape.sides[side.rawValue].cloud = rules
      shape.sides[side.rawValue].clockPrecision = CloudRules.precision
      change(&shape)
    }
  }
}
