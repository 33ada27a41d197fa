import SynclineMapping
import SynclineModel
import SynclineOracle
import Testing

@testable import SynclineSimulation

/// What the simulator, and a suspicion, found of records of which something is refused for good while the
/// rest goes on.
@Suite struct `What was once found beside what is refused` {
  /// Another record of the source has the value already that a field of the met one is to get there.
  private static let meeting: [Step] = [
    .edits(.source, [.create(1, "other", [2: .text("n")]), .create(1, "met", [0: .text("x")])]),
    .edits(.target, [.create(1, "met", [2: .text("n")])]), .settle,
  ]

  /// The other record gives the value up, so that nothing is refused any more.
  private static let release: [Step] = [
    .edits(.source, [.update(1, "other", [2: .null])]), .settle,
  ]

  private static func meet(_ shape: inout Shape) {
    shape.entities[1].isMatched = true
    shape.entities[1].fields[2].isUnique = true
  }

  /// The names of the record on both sides.
  private static func names(_ record: RecordName, _ simulation: Simulation) -> [String??] {
    Place.allCases.map { simulation.contents()[$0]?[record]?.first?["name"] }
  }

  private static let mark = OwnerTrigger.marksLater(field: Shape.ownFields, after: 20_000_000)

  @Test(arguments: ConflictRule.allCases, Place.allCases)
  func `an edit of what was carried at a first match is not overwritten`(
    _ rule: ConflictRule, _ place: Place
  ) throws {
    let edits = [Edit.update(1, "met", [0: .text("y")])]
    let steps = Self.meeting + [.edits(place, edits), .settle] + Self.release
    try World(rule, calls: [], Self.meet).carryOut(steps) { simulation in
      #expect(simulation.violations.map(\.description) == [])
      #expect(Self.names(RecordName(1, "met"), simulation) == ["y", "y"])
    }
  }

  @Test(arguments: ConflictRule.allCases)
  func `what an automation makes of it later goes to the other side`(_ rule: ConflictRule) throws {
    let world = World.clouded(rule, on: .target) { shape in
      Self.meet(&shape)
      shape.entities[1].triggers[1] = [Self.mark]
    }
    try world.carryOut(Self.meeting + [.settle] + Self.release) { simulation in
      #expect(simulation.violations.map(\.description) == [])
      #expect(Self.names(RecordName(1, "met"), simulation) == ["x!", "x!"])
    }
  }

  @Test(arguments: ConflictRule.allCases)
  func `a key whose parent is refused contests no other field`(_ rule: ConflictRule) throws {
    let world = World.clouded(rule, on: .target) { shape in
      shape.entities[0].fields[2].isUnique = true
      shape.entities[0].triggers[1] = [Self.mark]
    }
    let steps: [Step] = [
      .edits(.target, [.create(0, "d", [2: .text("n")])]),
      .edits(
        .source,
        [.create(0, "p"), .create(0, "c", [3: .parent("p")]), .create(0, "q", [2: .text("n")])]),
      .settle, .edits(.source, [.update(0, "c", [0: .text("x"), 3: .parent("q")])]), .settle,
    ]
    try world.carryOut(steps) { simulation in
      #expect(simulation.violations.map(\.description) == [])
      #expect(Self.names(RecordName(0, "c"), simulation) == ["x!", "x!"])
    }
  }
}
