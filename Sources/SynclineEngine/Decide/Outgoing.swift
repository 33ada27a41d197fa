import SynclineMapping
import SynclineModel

/// What would go in both directions, by written side.
struct Travels {
  let toTarget: [Travel]
  let toSource: [Travel]

  subscript(side: Side) -> [Travel] { side == .target ? toTarget : toSource }

  /// The other direction of the pair that `travel`, which writes `side`, is half of.
  func pair(of travel: Travel, to side: Side) -> Travel? {
    guard travel.assignment.isTwoWay else { return nil }
    return self[side.other].first { $0.isPair(of: travel) }
  }

  /// What does not meet for the first time.
  var known: Travels {
    Travels(toTarget: toTarget.filter { !$0.isMet }, toSource: toSource.filter { !$0.isMet })
  }

  /// Whether a pair meets for the first time.
  var holdNewPair: Bool { toTarget.contains { $0.isMet } }

  /// Whether an edit points to a record that the other side has deleted.
  var holdDoomed: Bool {
    (toTarget + toSource).contains { $0.assignment.isTwoWay && $0.isDoomed }
  }

  /// Whether a field that is mapped both ways was edited on `side`, or a key that is still on its way is
  /// contested by an edit of the same key.
  func isDirty(_ side: Side) -> Bool {
    self[side.other].contains { travel in
      travel.assignment.isTwoWay && travel.inputIsDirty
        && !(travel.isPending && pair(of: travel, to: side.other)?.inputIsDirty != true)
    }
  }

  /// Whether a field that is mapped both ways was edited on `side`. A key that is still on its way is no
  /// edit that other fields could be in conflict with.
  func isEdited(_ side: Side) -> Bool {
    self[side.other].contains { travel in
      travel.assignment.isTwoWay && travel.inputIsDirty && !travel.isPending
    }
  }
}

/// The travels that were chosen, by written side.
struct Outgoing {
  /// Values that are overwritten, and what comes in their place.
  struct Taken {
    var lost = PackedRow()
    var won = PackedRow()

    mutating func take(_ travel: Travel, held: Value) {
      lost = lost.setting(travel.assignment.field, to: held)
      won = won.setting(travel.assignment.field, to: travel.value ?? .null)
    }
  }

  private var toTarget: [Travel] = []
  private var toSource: [Travel] = []
  /// What is overwritten where fields meet for the first time, by written side.
  private(set) var met: [Side: Taken] = [:]

  subscript(side: Side) -> [Travel] { side == .target ? toTarget : toSource }

  /// Adds a travel. A field is written once, as the first reason to write it says.
  mutating func add(_ travel: Travel, to side: Side) {
    if self[side].contains(where: { $0.assignment.field == travel.assignment.field }) { return }
    if side == .target { toTarget.append(travel) } else { toSource.append(travel) }
  }

  /// Adds a travel to a field that it meets for the first time, and notes what the field holds: also where
  /// a key waits for its parent, since it then travels like any edit.
  mutating func overwrite(_ travel: Travel, to side: Side, held: Value) {
    add(travel, to: side)
    if !held.isNull { met[side, default: Taken()].take(travel, held: held) }
  }

  /// Whether the pair that `travel` is half of is on its way already, in either direction.
  func carries(_ travel: Travel, to side: Side) -> Bool {
    self[side.other].contains { $0.isPair(of: travel) }
      || self[side].contains { $0.assignment.field == travel.assignment.field }
  }

  /// Whether a pair that meets for the first time is on its way, in either direction.
  var carriesNewPair: Bool { (toTarget + toSource).contains { $0.isMet } }

  /// Whether a foreign key is among them.
  var carriesNewKey: Bool {
    (toTarget + toSource).contains {
      guard case .relation = $0.assignment.expression else { return false }
      return $0.isMet
    }
  }

  /// The fields of `side` whose base a command of these moves: inputs of what goes from it, and what
  /// is written on it.
  func fields(of side: Side) -> Set<FieldNumber> {
    Set(self[side.other].compactMap(\.assignment.input))
      .union(self[side].map(\.assignment.field))
  }
}

extension Travel {
  /// Whether the two are the two directions of one pair of fields.
  func isPair(of other: Travel) -> Bool {
    assignment.input == other.assignment.field && other.assignment.input == assignment.field
  }

  /// A pair mapped both ways that has no ancestor: its values meet for the first time.
  var isMet: Bool { assignment.isTwoWay && !hasAncestor }
}
