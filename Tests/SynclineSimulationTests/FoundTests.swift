import Foundation
import SynclineMapping
import SynclineModel
import SynclineOracle
import Testing

@testable import SynclineSimulation

/// What the simulator found in the product, each as small as it was shrunk, and tried at every call and
/// every append of its runs.
@Suite struct `What a seed once found` {
  @Test(arguments: ConflictRule.allCases)
  func `a rounded value that is seen after a lost answer is no edit`(_ rule: ConflictRule) throws {
    try World(rule) { $0.entities[0].fields[1].targetScale = 2 }.holds { call in
      [
        .edits(.source, [.create(0, "a", [1: .number("1.127")])]),
        .run([.losesOutcomes(call: call, 1)], limit: nil), .settle,
        .edits(.source, [.update(0, "a", [1: .number("2.127")])]),
        .run([.failsAfter(call: call)], limit: nil), .settle,
      ]
    }
  }

  @Test func `a delete that was not sent before a reset of LastSyncTime is not sent after it`()
    throws
  {
    var refilled = 0
    for call in World.calls {
      let world = World()
      try world.carryOut([
        .edits(.source, [.create(0, "a")]), .settle, .edits(.source, [.delete(0, "a")]),
        .run([.failsBefore(call: call)], limit: nil),
      ]) { simulation in
        let last = try #require(simulation.history.runs.last)
        guard last.writes == 0, !last.isOK else { return }
        try simulation.goOn([.resetLastSync, .settle])
        #expect(simulation.contents()[.source]?.count == 1)
        #expect(simulation.contents()[.target]?.count == 1)
        refilled += 1
      }
    }
    #expect(refilled > 5)
  }

  @Test(arguments: ConflictRule.allCases)
  func `a key that its parent's delete emptied is no conflict with another field`(
    _ rule: ConflictRule
  ) throws {
    try World(rule) { $0.entities[2].fields[4].onDelete = [.refuse, .setNull] }.holds { call in
      [
        .edits(.source, [.create(0, "a"), .create(1, "b"), .create(2, "c", [4: .parent("a")])]),
        .settle, .edits(.target, [.delete(0, "a")]),
        .edits(.source, [.update(2, "c", [3: .parent("b")])]),
        .run([.failsAfter(call: call)], limit: nil), .settle,
      ]
    }
  }

  @Test(arguments: ConflictRule.allCases)
  func `keys that were equal at a first match are agreed beside what was not`(
    _ rule: ConflictRule
  ) throws {
    try World(rule) { shape in
      shape.entities[0].isMatched = true
      shape.entities[1].isMatched = true
      shape.entities[1].fields[2].mapping = .toSource
      shape.entities[1].fields[3].onDelete = [.setNull, .setNull]
    }.holds { call in
      [
        .edits(.source, [.create(0, "a"), .create(1, "b", [3: .parent("a")])]),
        .edits(.target, [.create(0, "a"), .create(1, "b", [2: .text("x"), 3: .parent("a")])]),
        .settle, .edits(.source, [.delete(0, "a")]),
        .run([.diesAfter(call: call)], limit: nil), .settle,
      ]
    }
  }

  @Test(arguments: ConflictRule.allCases, ConflictRule.allCases)
  func `a key to a record that the other side deleted waits for nobody but a person`(
    _ parents: ConflictRule, _ children: ConflictRule
  ) throws {
    try World(parents, calls: [1, 8, 11]) { $0.entities[1].rule = children }.holds { call in
      [
        .edits(.source, [.create(0, "a"), .create(1, "b")]), .settle,
        .edits(.target, [.update(1, "b", [3: .parent("a")])]),
        .edits(.source, [.delete(0, "a")]),
        .run([.failsAfter(call: call)], limit: nil), .settle,
      ]
    }
  }

  @Test(arguments: ConflictRule.allCases, [Place.source, .target])
  func `an edit that gives a record to a new child of a deleted one waits for nobody either`(
    _ rule: ConflictRule, _ place: Place
  ) throws {
    try World(rule, calls: [1, 9]) { _ in }.holds { call in
      [
        .edits(.target, [.create(0, "a"), .create(2, "c")]), .settle,
        .edits(place.other, [.delete(0, "a")]),
        .edits(place, [.create(1, "b", [3: .parent("a")])]),
        .edits(place, [.update(2, "c", [3: .parent("b")])]),
        .run([.failsBefore(call: call)], limit: nil), .settle,
      ]
    }
  }

  @Test(arguments: ConflictRule.allCases)
  func `a child that its parent's delete took, and that is edited, brings both back or neither`(
    _ rule: ConflictRule
  ) throws {
    try World(rule) { shape in
      shape.entities[0].rule = .target
      shape.entities[1].fields[3].onDelete = [.cascade, .cascade]
      shape.entities[2].fields[3].onDelete = [.setNull, .cascade]
    }.holds { call in
      [
        .edits(.source, [.create(0, "a"), .create(1, "b", [3: .parent("a")]), .create(2, "c")]),
        .settle, .edits(.source, [.update(2, "c", [3: .parent("b")])]),
        .edits(.target, [.delete(0, "a")]), .run([.failsAfter(call: call)], limit: nil), .settle,
      ]
    }
  }

  @Test(arguments: [Place.source, .target])
  func `a record that gets another key while it is written is the same record`(
    _ place: Place
  ) throws {
    try World().holds { call in
      [
        .edits(place, [.create(1, "b", [0: .text("x")])]), .settle,
        .edits(.target, [.update(1, "b", [0: .text("y")])]),
        .edits(.source, [.update(1, "b", [1: .number("5")])]),
        .run([.edits(call: call, place, [.rekey(1, "b")])], limit: nil), .settle,
      ]
    }
    try World().holds { call in
      [
        .edits(place, [.create(1, "b", [0: .text("x")])]),
        .run([.failsAfter(call: call)], limit: nil), .edits(place.other, [.rekey(1, "b")]), .settle,
      ]
    }
  }

  @Test(arguments: [Place.source, .target])
  func `tracking objects whose making ended badly are made and read anew`(_ place: Place) throws {
    for isReset in [true, false] {
      try World().holds { call in
        [
          .edits(place, [.create(0, "a"), .create(1, "b"), .create(2, "c")]), .settle,
          isReset ? .resetTracking : .dropTrigger(place, entity: 1),
          .edits(place, [.create(1, "d"), .delete(2, "c")]),
          .run([.failsAfter(call: call)], limit: nil),
          .edits(place, [.create(1, "e"), .delete(1, "b"), .update(0, "a", [0: .text("x")])]),
          .settle,
        ]
      }
    }
  }

  @Test(arguments: ConflictRule.allCases)
  func `two records that meet while a parent comes or goes have the same parent in the end`(
    _ rule: ConflictRule
  ) throws {
    for isReset in [true, false] {
      try World(rule) { shape in
        shape.entities[0].isMatched = true
        shape.entities[2].isMatched = true
        shape.entities[1].fields[3].onDelete = [.setNull, .setNull]
        shape.entities[2].fields[3].onDelete = [.setNull, .setNull]
        shape.entities[2].fields[4].onDelete = [.setNull, .cascade]
      }.holds { call in
        [
          .edits(.source, [.create(0, "k"), .create(1, "p"), .create(2, "d", [3: .parent("p")])]),
          .edits(.target, [.create(0, "c"), .create(0, "k", [3: .parent("c")])]),
          .edits(.target, [.create(2, "d", [4: .parent("k")])]),
          .run([.edits(call: call, .source, [.delete(1, "p")])], limit: nil),
          .edits(.target, [.delete(0, "k")]), isReset ? .resetLastSync : .settle, .settle,
        ]
      }
    }
  }

  @Test func `an edit that was read while a command waited for its answer is not written over`()
    throws
  {
    for crash in [1, 3, 5, 6, 7] {
      try World(.target).holds { call in
        [
          .edits(.source, [.create(1, "b", [0: .text("x")])]), .settle,
          .edits(.target, [.update(1, "b", [0: .text("y")])]),
          .run([.diesAfterAppend(crash)], limit: nil),
          .edits(.source, [.update(1, "b", [0: .text("z")])]),
          .run([.losesOutcomes(call: call, 1)], limit: nil), .settle,
        ]
      }
    }
  }

  @Test func `a conflict that a limit kept back is recorded once`() throws {
    try World(.newest).holds { call in
      [
        .edits(.target, [.create(2, "c"), .create(1, "b")]), .settle,
        .edits(.source, [.delete(2, "c")]),
        .edits(.target, [.create(2, "d", [3: .parent("b")])]), .edits(.source, [.delete(1, "b")]),
        .run([], limit: call % 3), .settle,
      ]
    }
  }

  @Test func `a held delete that a later edit decides is recorded with its loser`() throws {
    try World(.source) { $0.entities[1].rule = .hold }.holds { call in
      [
        .edits(.source, [.create(0, "a"), .create(0, "z"), .create(1, "b")]), .settle,
        .edits(.target, [.delete(0, "a")]),
        .edits(.source, [.update(1, "b", [3: .parent("a")])]),
        .run([.edits(call: call, .source, [.update(0, "z", [3: .parent("a")])])], limit: nil),
        .settle,
      ]
    }
  }

  @Test func `what an insert without an answer made is not taken for new by a read in full`() throws
  {
    try World().holds { call in
      [
        .edits(.source, [.create(0, "z")]), .settle, .edits(.source, [.create(0, "a")]),
        .run([.failsBefore(call: call)], limit: nil), .resetTracking,
        .run([.losesOutcomes(call: 1, 1)], limit: nil), .settle,
      ]
    }
  }

  @Test(arguments: [1, 500])
  func `a key that is given again while a run writes names the newer record`(_ batch: Int) throws {
    try World { shape in
      shape.sides[1].reusesKeys = true
      shape.sides[1].batchLimit = batch
      shape.entities[0].fields[3].onDelete = [.setNull, .setNull]
    }.holds { call in
      [
        .edits(.source, [.create(0, "a"), .create(0, "b"), .create(1, "p", [3: .parent("b")])]),
        .run([.losesOutcomes(call: call, 1)], limit: 2),
        .edits(.source, [.create(0, "c", [3: .parent("b")])]),
        .run([.edits(call: call, .target, [.delete(0, "b")])], limit: nil), .settle,
      ]
    }
  }

  @Test
  func `an edit that was not answered does not bring a record back whose key has another one`()
    throws
  {
    try World { $0.sides[1].reusesKeys = true }.holds { call in
      [
        .edits(.source, [.create(0, "a")]), .settle,
        .edits(.source, [.update(0, "a", [0: .text("x")]), .create(0, "b")]),
        .run(
          [.losesOutcomes(call: 1, 1), .edits(call: call, .target, [.delete(0, "a")])], limit: nil),
        .settle,
      ]
    }
  }

  @Test func `a child moved between two parents that each side deleted one of waits for nobody`()
    throws
  {
    try World(.source) { $0.entities[2].fields[4].onDelete = [.setNull, .setNull] }.holds { call in
      [
        .edits(.source, [.create(0, "a"), .create(0, "b"), .create(2, "c", [4: .parent("a")])]),
        .settle, .edits(.target, [.update(2, "c", [4: .parent("b")])]),
        .edits(.source, [.delete(0, "b")]), .edits(.target, [.delete(0, "a")]),
        .run([.failsAfter(call: call)], limit: nil), .settle,
      ]
    }
  }

  @Test(arguments: ConflictRule.allCases)
  func `a retry of a first match records what it overwrites beyond the first try`(
    _ rule: ConflictRule
  ) throws {
    try World(rule) { $0.entities[0].isMatched = true }.holds { call in
      [
        .edits(
          .source,
          [.create(0, "p"), .create(0, "a", [0: .text("x")]), .update(0, "a", [3: .parent("p")])]),
        .edits(.target, [.create(0, "q"), .create(0, "a", [0: .text("y"), 3: .parent("q")])]),
        .run([.refuses(call: call, 0)], limit: nil), .settle,
      ]
    }
  }

  @Test func `a key that a younger record took is not given back to one that is gone`() throws {
    let world = World { shape in
      shape.sides[1].reusesKeys = true
      shape.sides[1].batchLimit = 1
    }
    try world.holds { call in
      [
        .edits(.source, [.create(0, "a"), .create(0, "b"), .create(0, "c")]),
        .run(
          [
            .losesOutcomes(call: call, 1), .edits(call: call + 1, .target, [.delete(0, "a")]),
            .edits(call: call + 1, .target, [.delete(0, "b")]),
          ], limit: nil),
        .settle,
      ]
    }
  }

  @Test func `what failed of a record that left its link is not listed any more`() throws {
    try World().holds { call in
      [
        .edits(.source, [.create(1, "b", [2: .text("x")])]), .settle,
        .edits(.target, [.delete(1, "b")]), .run([.refuses(call: call, 0)], limit: nil),
        .edits(.source, [.update(1, "b", [2: .null])]), .settle,
      ]
    }
  }

  @Test func `a key that a row had for a while names what a run inserted under it`() throws {
    try World { $0.sides[0].reusesKeys = true }.holds { call in
      [
        .edits(.source, [.create(2, "a"), .create(2, "z")]),
        .edits(.target, [.create(2, "b"), .create(2, "c"), .create(2, "d")]),
        .run([.edits(call: call, .source, [.rekey(2, "a"), .delete(2, "a")])], limit: nil),
        .settle,
      ]
    }
  }

  @Test func `a run after a reset that died once its close was journaled had come to its end`()
    throws
  {
    try World().holds { append in
      [
        .edits(.source, [.create(0, "a")]), .settle, .resetLastSync,
        .run([.diesAfterAppend(append)], limit: nil), .edits(.target, [.delete(0, "a")]), .settle,
      ]
    }
  }

  @Test func `a key that leads out of a family that waits to go is not emptied`() throws {
    try World { shape in
      shape.entities[0].fields[3].onDelete = [.cascade, .refuse]
      shape.entities[2].fields[4].onDelete = [.setNull, .refuse]
      shape.sides[1].batchLimit = 1
    }.holds { call in
      [
        .edits(
          .target,
          [
            .create(0, "a"), .create(0, "b", [3: .parent("a")]),
            .create(2, "c", [4: .parent("b")]), .create(0, "d"),
          ]),
        .settle, .edits(.target, [.update(0, "a", [3: .parent("d")])]),
        .edits(.source, [.delete(0, "a")]),
        .run([.losesOutcomes(call: call, 1)], limit: nil), .resetLastSync, .settle,
      ]
    }
  }

  @Test(arguments: ConflictRule.allCases)
  func `a child whose parent was to come back and goes for good goes with it`(
    _ rule: ConflictRule
  ) throws {
    try World(rule) { shape in
      shape.entities[1].fields[3].onDelete = [.setNull, .cascade]
      shape.entities[2].fields[4].onDelete = [.cascade, .cascade]
    }.holds { call in
      [
        .edits(.source, [.create(0, "a"), .create(1, "b", [3: .parent("a")]), .create(1, "d")]),
        .settle, .edits(.target, [.delete(1, "d"), .delete(0, "a")]),
        .edits(.source, [.create(2, "c", [4: .parent("a")])]),
        .run([.failsBefore(call: call)], limit: nil), .edits(.source, [.delete(0, "a")]), .settle,
      ]
    }
  }
}
