import SynclineMapping
public import SynclineModel

/// A value that the mapping writes but does not read back, and that a user changed on the written
/// side (design, section 4): listed, and left alone or put right.
public struct Drift: Hashable, Sendable {
  /// The side that the field is written on.
  public var side: Side
  public var field: FieldNumber
  /// What the mapping makes of the other side; nil where it cannot make a value of it now.
  public var mapped: Value?
  /// What the user put there.
  public var held: Value

  public init(side: Side, field: FieldNumber, mapped: Value?, held: Value) {
    self.side = side
    self.field = field
    self.mapped = mapped
    self.held = held
  }
}

/// The drift of one link, that of the target first; none unless both records are there.
public func drift(_ facts: LinkFacts, _ context: MappingContext) -> [Drift] {
  guard facts.source?.isThere == true, facts.target?.isThere == true else { return [] }
  let planner = TravelPlanner(facts: facts, context: context)
  return [Side.target, .source].flatMap { side in
    planner.travels(to: side).filter(\.isDrift).map { travel in
      Drift(
        side: side, field: travel.assignment.field, mapped: travel.value,
        held: facts[side]?.row[travel.assignment.field] ?? .null)
    }
  }
}

extension Travel {
  /// Whether a user changed the field, which the mapping writes and does not read back.
  var isDrift: Bool { !assignment.isTwoWay && fieldIsDirty && differs }
}
