import SynclineMapping
import SynclineModel

@testable import SynclineEngine

/// What is to be decided in a small world, worked out from the sentences of Docs/Conflicts.md and not
/// by the code under test.
struct Expectation: Hashable {
  struct Command: Hashable {
    var operation: Operation
    var row: PackedRow
  }

  var situation: Situation
  var delay: Decision.Delay?
  var commands: [Side: Command] = [:]
  /// What is taken back, by loser; `conflicts` counts those that nobody has decided, too.
  var lost: [Side: PackedRow] = [:]
  var drifted: [Side: PackedRow] = [:]
  var conflicts = 0
  var vacated: Side?
  var unlinks = false
  /// The fields whose edits lead to nothing.
  var agreed: [Side: [FieldNumber]] = [:]

  /// A decision by its outcome.
  init(_ decision: Decision) {
    situation = decision.situation
    delay = decision.delay
    for sending in decision.sendings {
      commands[sending.side] = Command(operation: sending.operation, row: sending.row)
    }
    for conflict in decision.conflicts where conflict.kind != .drift {
      conflicts += 1
      if let loser = conflict.loser, !conflict.lost.isEmpty { lost[loser] = conflict.lost }
    }
    for conflict in decision.conflicts where conflict.kind == .drift {
      if let loser = conflict.loser { drifted[loser] = conflict.lost }
    }
    vacated = decision.vacating?.side
    unlinks = decision.unlinks
    for side in Side.allCases {
      if let fields = decision.agreement?.fields(side), !fields.isEmpty { agreed[side] = fields }
    }
  }

  init(_ situation: Situation) { self.situation = situation }

  /// The oracle.
  init(of world: SmallWorld) {
    switch (world.source, world.target) {
    case (.missing, _), (_, .missing):
      self.init(.missing)
      delay = .missing
    case (.deleted, .deleted), (.deleted, .vacant), (.vacant, .deleted), (.vacant, .vacant):
      self.init(.bothDeleted)
      unlinks = true
    case (.vacant, _): self.init(filling: .source, of: world)
    case (_, .vacant): self.init(filling: .target, of: world)
    case (.deleted, _): self.init(deletedIn: .source, of: world)
    case (_, .deleted): self.init(deletedIn: .target, of: world)
    default: self.init(bothThere: world)
    }
  }

  private init(filling side: Side, of world: SmallWorld) {
    self.init(side == .target ? .targetEmpty : .sourceEmpty)
    let fields = side == .target ? SmallWorld.fields : [SmallMapping.a, SmallMapping.b]
    commands[side] = Command(
      operation: .insert, row: world.row(side.other).filter { fields.contains($0) })
  }

  private init(deletedIn side: Side, of world: SmallWorld) {
    let isDirty = !world.act(side.other).edits.isEmpty
    if world.isInEpoch || !isDirty {
      self.init(side == .source ? .sourceDeleted : .targetDeleted)
      if world.isInEpoch {
        vacated = side
      } else {
        commands[side.other] = Command(operation: .delete, row: PackedRow())
      }
      return
    }
    self.init(side == .source ? .deletedAndChanged : .changedAndDeleted)
    conflicts = 1
    switch Self.winner(world.rules.task, world, onlyTarget: false) {
    case nil: delay = .conflict
    case side?:
      commands[side.other] = Command(operation: .delete, row: PackedRow())
      lost[side.other] = world.row(side.other)
    case _?: vacated = side
    }
  }

  /// Who wins under a rule; `onlyTarget`: the source did not change the field.
  private static func winner(
    _ rule: ConflictRule, _ world: SmallWorld, onlyTarget: Bool
  ) -> Side? {
    switch rule {
    case .source: .source
    case .target: .target
    case .newest: world.sourceIsLater ? .source : .target
    case .merge: onlyTarget ? .target : .source
    case .hold: nil
    }
  }

  private init(bothThere world: SmallWorld) {
    let edits = (source: world.source.edits, target: world.target.edits)
    let differing = edits.source.union(edits.target).filter {
      world.row(.source)[$0] != world.row(.target)[$0]
    }
    var carried: [Side: PackedRow] = [.source: PackedRow(), .target: PackedRow()]
    if edits.source.isEmpty || edits.target.isEmpty {
      self.init(
        !edits.source.isEmpty
          ? .sourceChanged : !edits.target.isEmpty ? .targetChanged : .quiet)
      for field in differing {
        carry(field, to: edits.source.isEmpty ? .source : .target, of: world, &carried)
      }
    } else {
      self.init(differing.isEmpty ? .convergent : .bothChanged)
      for field in differing.sorted() {
        guard
          let winner = Self.winner(
            world.rules.rule(field), world, onlyTarget: !edits.source.contains(field))
        else {
          self.init(.bothChanged)
          delay = .conflict
          conflicts = 1
          return
        }
        let loser = winner.other
        carry(field, to: loser, of: world, &carried)
        if world.act(loser).edits.contains(field), let value = world.row(loser)[field] {
          lost[loser, default: PackedRow()] =
            (lost[loser] ?? PackedRow()).setting(field, to: value)
        }
      }
      conflicts = lost.count
    }
    carryOneWay(world, &carried)
    finish(world, carried)
  }

  private func carry(
    _ field: FieldNumber, to side: Side, of world: SmallWorld, _ carried: inout [Side: PackedRow]
  ) {
    let value = world.row(side.other)[field] ?? .null
    carried[side] = (carried[side] ?? PackedRow()).setting(field, to: value)
  }

  /// Fields mapped one way travel beside the row, and overwrite what a user put there.
  private mutating func carryOneWay(_ world: SmallWorld, _ carried: inout [Side: PackedRow]) {
    let field = SmallMapping.c
    let isEdited = world.source == .oneWay
    let isDrifted = world.target == .oneWay
    guard world.row(.source)[field] != world.row(.target)[field] else { return }
    guard isEdited || (isDrifted && world.drift == .restore) else { return }
    carry(field, to: .target, of: world, &carried)
    if isDrifted { drifted[.target] = world.row(.target).filter { $0 == field } }
  }

  private mutating func finish(_ world: SmallWorld, _ carried: [Side: PackedRow]) {
    for (side, row) in carried where !row.isEmpty {
      commands[side] = Command(operation: .update, row: row)
    }
    let under = Set(carried.values.flatMap(\.fields))
    for side in Side.allCases {
      var edits = world.act(side).edits
      if side == .source, world.source == .oneWay { edits = [SmallMapping.c] }
      // A drift to what the field would get is over.
      let isOver = world.row(.source)[SmallMapping.c] == world.row(.target)[SmallMapping.c]
      if side == .target, world.target == .oneWay, isOver { edits.insert(SmallMapping.c) }
      let rest = edits.subtracting(under).sorted()
      if !rest.isEmpty { agreed[side] = rest }
    }
  }
}
