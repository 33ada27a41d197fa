/// Two records are the same thing, or a link's slot moved to another record. The event's header bears
/// the link's number.
public struct Linked: Hashable, Sendable {
  public var task: TaskNumber
  /// None leaves the slot as it is.
  public var source: RecordNumber
  public var target: RecordNumber

  public init(task: TaskNumber, source: RecordNumber, target: RecordNumber) {
    self.task = task
    self.source = source
    self.target = target
  }
}

/// A link has ended.
public struct Unlinked: Hashable, Sendable {
  public init() {}
}

/// Both sides agree in these fields without a command.
public struct Agreed: Hashable, Sendable {
  public enum Reason: UInt8, Hashable, Sendable, CaseIterable {
    /// Both sides changed to the same.
    case converged = 1
    /// First seen equal on both sides.
    case matched = 2
    /// What changed leads to nothing that must be sent.
    case nothingToSend = 3
    /// A side shows what it made of a value that was written into it.
    case represented = 4
  }
  public var reason: Reason
  /// The mapping revision under which they agree.
  public var revision: MappingRevision
  /// The written slots that agree under it.
  public var slots: [Side]
  /// The fields of each side whose base moves to what is known now.
  public var sourceFields: [FieldNumber]
  public var targetFields: [FieldNumber]

  public init(
    reason: Reason, revision: MappingRevision, slots: [Side], sourceFields: [FieldNumber],
    targetFields: [FieldNumber]
  ) {
    self.reason = reason
    self.revision = revision
    self.slots = slots
    self.sourceFields = sourceFields
    self.targetFields = targetFields
  }

  public func fields(_ side: Side) -> [FieldNumber] {
    side == .source ? sourceFields : targetFields
  }
}

/// A slot has no record any more and shall be filled again by an insert, never answered by a delete.
public struct SlotVacated: Hashable, Sendable {
  public enum Reason: UInt8, Hashable, Sendable, CaseIterable {
    /// A reset of LastSyncTime.
    case epoch = 1
    /// The other side changed the record that this side deleted.
    case changedElsewhere = 2
    /// Its parent comes back.
    case parentReturns = 3
    /// A person decided so.
    case decided = 4
  }
  public var slot: Slot
  public var reason: Reason

  public init(slot: Slot, reason: Reason) {
    self.slot = slot
    self.reason = reason
  }
}

/// An edit was seen and goes nowhere.
public struct Ignored: Hashable, Sendable {
  public enum Rule: UInt8, Hashable, Sendable, CaseIterable {
    /// A value that the mapping writes and does not read back was changed by a user.
    case drift = 1
    /// The user as which we write made it by hand, and the package calls that account dedicated.
    case dedicated = 2
    /// It was made while a run went on, and the package ignores those.
    case duringRun = 3
  }
  public var rule: Rule
  public var slot: Slot
  /// The values that were ignored.
  public var row: PackedRow

  public init(rule: Rule, slot: Slot, row: PackedRow) {
    self.rule = rule
    self.slot = slot
    self.row = row
  }
}

/// A record is tried once a day only, after too many failures, until something changes that may mend it.
public struct Parked: Hashable, Sendable {
  public init() {}
}
