// A world of one record, small enough that all of its kind can be carried out: who edits it on which
// side, in which order, and between which edits a run goes.

import SynclineMapping
import SynclineModel
import SynclineOracle

/// One of all the small worlds.
struct SmallWorld: Hashable, Sendable {
  /// What is there before the first edit.
  enum Beginning: Hashable, Sendable, CaseIterable {
    /// No record, and no run yet.
    case nothing
    /// The record on both sides, agreed.
    case agreed
  }

  /// What a user does to the record.
  enum Deed: Hashable, Sendable, CaseIterable { case create, writeA, writeB, resize, delete }

  struct Move: Hashable, Sendable {
    /// Whether a run goes before it.
    var isAfterRun: Bool
    var place: Place
    var deed: Deed
  }

  /// Where the process dies: in which step, and of what.
  struct Crash: Hashable, Sendable {
    var step: Int
    var cause: Intrusion
  }

  var rule: ConflictRule
  var beginning: Beginning
  var moves: [Move] = []

  static let tag = "k"
}

extension SmallWorld {
  /// The worlds without an edit, from which all others grow.
  static func roots(rules: [ConflictRule]) -> [SmallWorld] {
    rules.flatMap { rule in Beginning.allCases.map { SmallWorld(rule: rule, beginning: $0) } }
  }

  /// All worlds that have one edit more.
  var longer: [SmallWorld] {
    // What is agreed has just been run.
    let gaps = moves.isEmpty && beginning == .agreed ? [false] : [false, true]
    return gaps.flatMap { gap in
      Place.allCases.flatMap { place in
        Deed.allCases.map { deed in
          var world = self
          world.moves.append(Move(isAfterRun: gap, place: place, deed: deed))
          return world
        }
      }
    }
  }

  /// What happens in the world.
  /// - Parameter crash: the run in its step dies, and one that nothing disturbs follows at once.
  func plan(crash: Crash? = nil) -> Plan {
    var steps: [Step] = []
    if beginning == .agreed {
      steps = [.edits(.source, [Move.edit(.create, .source)]), .run([], limit: nil)]
    }
    for move in moves {
      if move.isAfterRun { steps.append(.run([], limit: nil)) }
      steps.append(.edits(move.place, [Move.edit(move.deed, move.place)]))
    }
    steps += [.run([], limit: nil), .settle]
    if let crash {
      steps[crash.step] = .run([crash.cause], limit: nil)
      steps.insert(.run([], limit: nil), at: crash.step + 1)
    }
    return Plan(seed: 0, shape: shape, steps: steps)
  }

  private var shape: Shape {
    let fields = [
      FieldShape(name: "name", kind: .text), FieldShape(name: "size", kind: .number),
    ]
    return Shape(
      entities: [EntityShape(name: "Thing", fields: fields, isMatched: true)],
      sides: [SideShape(), SideShape()], rule: rule)
  }
}

extension SmallWorld.Move {
  /// Both sides give the record birth with something of their own; later they write the same.
  fileprivate static func edit(_ deed: SmallWorld.Deed, _ place: Place) -> Edit {
    let record = RecordName(0, SmallWorld.tag)
    switch deed {
    case .create:
      let values: [Int: EditValue] =
        place == .source ? [0: .text("s"), 1: .number("1")] : [0: .text("t")]
      return Edit(kind: .create, record: record, values: values)
    case .writeA: return Edit(kind: .update, record: record, values: [0: .text("a")])
    case .writeB: return Edit(kind: .update, record: record, values: [0: .text("b")])
    case .resize: return Edit(kind: .update, record: record, values: [1: .number("2")])
    case .delete: return Edit(kind: .delete, record: record)
    }
  }
}

extension SmallWorld: CustomStringConvertible {
  var description: String {
    let words = moves.map { "\($0.isAfterRun ? "run, " : "")\($0.place) \($0.deed)" }
    return (["rule \(rule)", "\(beginning)"] + words).joined(separator: ", ")
  }
}
