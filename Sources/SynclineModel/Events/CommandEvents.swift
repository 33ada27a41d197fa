/// A command is about to be sent: the intent. The event's sequence is the command's id; its header
/// names the link, the written record (none for an insert) and, as causes, the observations of source
/// and target that the command rests on.
public struct CommandIssued: Hashable, Sendable {
  public var task: TaskNumber
  /// The slot that is written.
  public var slot: Slot
  public var operation: Operation
  public var revision: MappingRevision
  /// The values that are sent, of the written object; empty for a delete.
  public var row: PackedRow
  /// For an insert into a link that does not exist yet: the record it is made for.
  public var origin: RecordNumber
  /// The conflict that this command decides, or none.
  public var conflict: EventSequence
  /// A stopgap: it writes a third value where two records want one another's unique values, moves no
  /// agreement, and is followed by the value itself.
  public var isInterim: Bool

  public init(
    task: TaskNumber, slot: Slot, operation: Operation, revision: MappingRevision, row: PackedRow,
    origin: RecordNumber = .none, conflict: EventSequence = .none, isInterim: Bool = false
  ) {
    self.task = task
    self.slot = slot
    self.operation = operation
    self.revision = revision
    self.row = row
    self.origin = origin
    self.conflict = conflict
    self.isInterim = isInterim
  }
}

/// A command was carried out. The first cause is the command. The header's record is the written one;
/// for an insert, the number that the new record bears from now on.
public struct CommandConfirmed: Hashable, Sendable {
  /// The new record's key, for an insert; nil otherwise.
  public var key: NativeKey?
  /// The fields whose stored value is not the one that was sent, or that were not sent.
  public var stored: PackedRow
  /// The carried fields among them that the system (an automation) gave another value than it would
  /// by itself: they are sent to the other side.
  public var derived: [FieldNumber]
  /// For an insert: the highest number of a tracking entry before it (`WriteOutcome.mark`).
  public var mark: Int64
  /// The record's version since, where the system tells one. Its time is that of no edit.
  public var version: Int64

  public init(
    key: NativeKey? = nil, stored: PackedRow = PackedRow(), derived: [FieldNumber] = [],
    mark: Int64 = 0, version: Int64 = 0
  ) {
    self.version = version
    self.key = key
    self.stored = stored
    self.derived = derived
    self.mark = mark
  }
}

/// A command was not carried out. The first cause is the command.
public struct CommandRejected: Hashable, Sendable {
  public enum Disposition: UInt8, Hashable, Sendable, CaseIterable {
    /// The record was not as expected; its newest state was observed and is decided again.
    case stale = 1
    /// This record was refused; it is tried again later.
    case record = 2
    /// It never reached the system, and shall not any more.
    case withdrawn = 3
  }
  public var disposition: Disposition
  public var code: String
  /// Names object and field; holds no value.
  public var message: String

  public init(disposition: Disposition, code: String = "", message: String = "") {
    self.disposition = disposition
    self.code = code
    self.message = message
  }
}

/// Both sides changed what cannot stand on both. The header names the link; the causes are the two
/// observations it stands between, by which it is known.
public struct ConflictOpened: Hashable, Sendable {
  public enum Kind: UInt8, Hashable, Sendable, CaseIterable {
    case bothChanged = 1
    /// Deleted in the source, changed in the target.
    case deletedAndChanged = 2
    /// Changed in the source, deleted in the target.
    case changedAndDeleted = 3
    /// Not a conflict: both sides held a value when they first met, and one was overwritten.
    case firstMatch = 4
    /// Not a conflict: a value that a user had put in the place of a one-way one was overwritten.
    case drift = 5
  }
  public var task: TaskNumber
  public var kind: Kind
  /// The rule's number as in the mapping (1 source, 2 target, 3 newest, 4 merge, 5 hold).
  public var rule: UInt8
  /// The side whose act is taken back; nil while nobody has decided.
  public var loser: Side?
  /// What the loser had written, by fields of its object; what stood there at base; and what comes in
  /// its place (empty where the record goes).
  public var lost: PackedRow
  public var base: PackedRow
  public var won: PackedRow

  public init(
    task: TaskNumber, kind: Kind, rule: UInt8, loser: Side?, lost: PackedRow, base: PackedRow,
    won: PackedRow
  ) {
    self.task = task
    self.kind = kind
    self.rule = rule
    self.loser = loser
    self.lost = lost
    self.base = base
    self.won = won
  }
}

/// A new observation took the place of one that the conflict stood between. The first cause is the
/// conflict.
public struct ConflictSuperseded: Hashable, Sendable {
  public init() {}
}

/// A conflict is over: its command was confirmed, or both sides came to agree. The first cause is the
/// conflict, the second what decided it.
public struct ConflictDecided: Hashable, Sendable {
  public init() {}
}

/// A person decided something.
public struct OverrideRequested: Hashable, Sendable {
  public enum Kind: UInt8, Hashable, Sendable, CaseIterable {
    /// A missing record is deleted indeed.
    case missingConfirmed = 1
    /// A missing record is still there, or shall be made again.
    case missingKept = 2
    /// A side was put back from a backup: what the journal knows is written back to it.
    case sourceRestored = 3
    case targetRestored = 4
    /// The journal was put back from a backup: both sides are read in full and matched.
    case journalRestored = 5
  }
  public var kind: Kind
  public init(kind: Kind) { self.kind = kind }
}
