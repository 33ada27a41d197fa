import SynclineMapping
import SynclineModel
import SynclineOracle
import Testing

@testable import SynclineSimulation

/// What the simulator found of edits by hand of a dedicated account, each as small as it was shrunk.
@Suite struct `What a seed once found of edits by hand` {
  static let world = World.clouded(on: .target, CloudRules(isDedicated: true)) {
    $0.entities[1].fields[3].onDelete = [.cascade, .setNull]
  }

  static func byHand(_ edit: Edit) -> Step {
    var edit = edit
    edit.isDedicated = true
    return .edits(.target, [edit])
  }

  /// After so many edits elsewhere no run can have written what follows.
  static let later = (1...8).map { Step.edits(.source, [.create(2, "later\($0)")]) }

  @Test(arguments: ConflictRule.allCases)
  func `a child that was given to a record by hand does not keep it from its delete`(
    _ rule: ConflictRule
  ) throws {
    var world = Self.world
    world.shape.rule = rule
    try world.holds { call in
      [
        .edits(.source, [.create(0, "p"), .create(1, "c")]), .settle,
      ] + Self.later + [
        Self.byHand(.update(1, "c", [3: .parent("p")])),
        .edits(.source, [.delete(0, "p")]), .run([.refuses(call: call, 0)], limit: nil), .settle,
      ]
    }
  }

  @Test(arguments: ConflictRule.allCases)
  func `a child that was taken from a record by hand does not keep it from its delete`(
    _ rule: ConflictRule
  ) throws {
    var world = Self.world
    world.shape.rule = rule
    try world.holds { call in
      [
        .edits(
          .source, [.create(0, "p"), .create(0, "q"), .create(1, "c", [3: .parent("p")])]),
        .settle,
      ] + Self.later + [
        Self.byHand(.update(1, "c", [3: .parent("q")])),
        .edits(.target, [.delete(0, "p")]), .run([.refuses(call: call, 0)], limit: nil), .settle,
      ]
    }
  }

  @Test func `an edit by hand that changes nothing hides the one before it`() throws {
    try Self.world.holds { call in
      [
        .edits(.source, [.create(1, "c")]), .settle,
      ] + Self.later + [
        .edits(.target, [.update(1, "c", [0: .text("x")])]),
        Self.byHand(.update(1, "c", [0: .same])), .run([.refuses(call: call, 0)], limit: nil),
        .settle,
      ]
    }
  }
}
