import Foundation
import SynclineJournal
import SynclineMapping
import SynclineModel
import SynclineOracle
import Testing

@testable import SynclineSimulation

/// A small world in which a plan is tried at every call.
struct World {
  static let calls = 1...18

  var shape: Shape
  let calls: [Int]

  init(
    _ rule: ConflictRule = .source, calls: [Int] = Array(World.calls),
    _ change: (inout Shape) -> Void = { _ in }
  ) {
    func entity(_ name: String, _ parents: [(String, Int)]) -> EntityShape {
      EntityShape(
        name: name,
        fields: [
          FieldShape(name: "name", kind: .text), FieldShape(name: "amount", kind: .number),
          FieldShape(name: "note", kind: .text),
        ] + parents.map { FieldShape(name: $0.0, kind: .reference($0.1)) })
    }
    shape = Shape(
      entities: [
        entity("Company", [("boss", 0)]), entity("Person", [("company", 0)]),
        entity("Deal", [("person", 1), ("company", 0)]),
      ], sides: [SideShape(), SideShape()], rule: rule)
    self.calls = calls
    change(&shape)
  }

  /// Expects that no law is broken, wherever the mishap happens.
  func holds(_ steps: (Int) -> [Step]) throws {
    for call in calls {
      try carryOut(steps(call)) { simulation in
        #expect(
          simulation.violations.map(\.description) == [],
          "call \(call):\n\(simulation.log?.joined(separator: "\n") ?? "")")
      }
    }
  }

  /// - Parameter inspect: sees the world at its end; its journal is still open.
  func carryOut(_ steps: [Step], inspect: (Simulation) throws -> Void) throws {
    let folder = TrialFolder(NSTemporaryDirectory() + "syncline-found-\(UUID().uuidString)")
    try folder.make()
    defer { folder.remove() }
    let plan = Plan(seed: 1, shape: shape, steps: steps)
    let simulation = try Simulation(plan, folder: folder.path, isLogged: true)
    defer { simulation.journal.close() }
    try simulation.goOn(steps)
    try inspect(simulation)
  }
}

extension Edit {
  static func create(_ entity: Int, _ tag: String, _ values: [Int: EditValue] = [:]) -> Edit {
    Edit(kind: .create, record: RecordName(entity, tag), values: values)
  }

  static func update(_ entity: Int, _ tag: String, _ values: [Int: EditValue]) -> Edit {
    Edit(kind: .update, record: RecordName(entity, tag), values: values)
  }

  static func delete(_ entity: Int, _ tag: String) -> Edit {
    Edit(kind: .delete, record: RecordName(entity, tag))
  }

  static func rekey(_ entity: Int, _ tag: String) -> Edit {
    Edit(kind: .rekey, record: RecordName(entity, tag))
  }
}
