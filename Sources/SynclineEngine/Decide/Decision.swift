public import SynclineMapping
public import SynclineModel

/// What is to be done about one link, why, and the observations it rests on. A decision is data: it
/// causes nothing until the run machine journals it and sends it.
public struct Decision: Hashable, Sendable {
  /// Why nothing is done now.
  public enum Delay: Hashable, Sendable {
    /// A command to the link has no outcome yet.
    case unsettled
    /// The parent that a relation names is not on the other side yet.
    case parent(task: TaskNumber)
    /// A conflict that a person must decide (rule `hold`).
    case conflict
    /// A record is missing without a confirmation.
    case missing
    /// A brake holds what would be sent.
    case brake
    /// Our writes keep being rewritten.
    case bounce
    /// Records that are there still point to the one that would be deleted.
    case children
  }

  /// A value of the link that cannot be carried.
  public struct Problem: Hashable, Sendable {
    /// The side that would have been written, and its field.
    public var side: Side
    public var field: FieldNumber
    public var code: String
    public var message: String
  }

  /// One command that shall be sent.
  public struct Sending: Hashable, Sendable {
    public var side: Side
    public var operation: Operation
    public var row: PackedRow
    /// Whether it carries out what a conflict decided.
    public var decidesConflict: Bool
    /// A stopgap that moves no agreement (`CommandIssued.isInterim`).
    public var isInterim: Bool

    public init(
      side: Side, operation: Operation, row: PackedRow, decidesConflict: Bool = false,
      isInterim: Bool = false
    ) {
      self.side = side
      self.operation = operation
      self.row = row
      self.decidesConflict = decidesConflict
      self.isInterim = isInterim
    }
  }

  /// A slot that shall be filled again.
  public struct Vacating: Hashable, Sendable {
    public var side: Side
    public var reason: SlotVacated.Reason
  }

  public var situation: Situation
  public var delay: Delay?
  public var problem: Problem?
  /// At most one for each side.
  public var sendings: [Sending] = []
  public var agreement: Agreed?
  public var conflicts: [ConflictOpened] = []
  public var vacating: Vacating?
  public var unlinks = false
  /// The newest observations of source and target.
  public var restsOn = EventCauses()

  public init(_ situation: Situation) { self.situation = situation }

  /// Whether there is nothing to journal and nothing to send.
  public var isEmpty: Bool {
    sendings.isEmpty && agreement == nil && conflicts.isEmpty && vacating == nil && !unlinks
      && problem == nil
  }
}

/// All that a decision about a link rests on, besides the mapping.
public struct LinkFacts: Hashable, Sendable {
  public var link: LinkState
  public var source: RecordState?
  public var target: RecordState?
  /// Whether LastSyncTime was reset and no run has succeeded since: no delete is sent.
  public var isInEpoch: Bool
  /// What the foreign keys of the other side's record point to, by written slot and written field.
  public var relatives: [Slot: [FieldNumber: Relative]]
  /// Foreign keys of a side that name another record than when they were agreed, which was given the very key
  /// of that one: an edit that changed no value.
  public var regiven: [Side: Set<FieldNumber>] = [:]

  public init(
    link: LinkState, source: RecordState?, target: RecordState?, isInEpoch: Bool,
    relatives: [Slot: [FieldNumber: Relative]] = [:]
  ) {
    self.link = link
    self.source = source
    self.target = target
    self.isInEpoch = isInEpoch
    self.relatives = relatives
  }

  public subscript(side: Side) -> RecordState? { side == .source ? source : target }
}

/// The mappings that a decision needs: the one in force and, by revision, those of old agreements.
public struct MappingContext: Sendable {
  public var current: TaskMapping
  public var revision: MappingRevision
  /// The same task under older revisions; nil there where the task was not in the mapping.
  public var older: [MappingRevision: TaskMapping]
  /// Written relation fields whose parents can depend on the child, by side: left empty at an insert
  /// and set afterwards.
  public var cyclic: [Side: Set<FieldNumber>]
  /// How the systems' stamps compare.
  public var clocks = ClockOffsets()
  /// How fine the coarser of both systems tells the time, in microseconds.
  public var timePrecision: Int64 = 0

  public init(
    current: TaskMapping, revision: MappingRevision,
    older: [MappingRevision: TaskMapping] = [:], cyclic: [Side: Set<FieldNumber>] = [:]
  ) {
    self.current = current
    self.revision = revision
    self.older = older
    self.cyclic = cyclic
  }

  func task(_ revision: MappingRevision) -> TaskMapping? {
    revision == self.revision ? current : older[revision]
  }
}

/// What a foreign key points to.
public enum Relative: Hashable, Sendable {
  /// The parent's link, its record on the written side, and that record's key.
  case linked(link: LinkNumber, record: RecordNumber, key: NativeKey)
  /// No record of the parent task, or one whose counterpart is not there yet.
  case unresolved(link: LinkNumber)
  /// The parent was deleted on the written side, as the stamp and the event say, and its counterpart is to
  /// follow.
  case doomed(link: LinkNumber, deleted: Stamp, observed: EventSequence)
  /// The key is null because its parent was deleted on that side and comes back.
  case orphaned
}
