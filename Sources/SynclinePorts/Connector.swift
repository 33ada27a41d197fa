public import SynclineModel

/// One side's system: a thin adapter that turns pages and batches into calls. Pages come in, batches
/// go out, and each record of a batch has an outcome of its own; failures of single records are data.
/// What throws is a failure of the whole call, a `ConnectorFailure`.
///
/// A connector is used by one run at a time, never for reading and writing at once. Cancelling the
/// task of a call ends it within the request's own time limit.
public protocol Connector: Sendable {
  var capabilities: Capabilities { get }

  /// Looks at the system and at `objects`, and changes nothing. An object that does not exist or
  /// cannot be synced is told in `refusals`, not thrown. Idempotent.
  ///
  /// `ourJournal`: whose tracking is looked at; nil before the first run.
  func inspect(_ objects: [ObjectRequest], ourJournal: JournalID?) async throws -> Inspection

  /// Says which numbers stand for which objects and fields; called once after `inspect` and before
  /// any read or write, and again where these change.
  func bind(_ objects: [ObjectBinding]) async throws

  /// Makes the tracking objects, or makes them anew beside the old ones, in one transaction; entries
  /// that still stand in the old queue must have been read and acknowledged before. Returns the
  /// identity that the system now has.
  func createTracking(_ request: TrackingRequest) async throws -> SystemIdentity

  /// One slice of a full read, ascending by key, from a short snapshot of its own.
  func readPage(_ request: PageRequest) async throws -> RecordPage

  /// What stands now under some keys of one object, `pageLimit` of them at most and each named once,
  /// from one short snapshot of its own. Each key has one answer: its record in its newest state, why
  /// that cannot be taken, or that there is none; in any order. Where the answer grows large, the keys
  /// from some place on have none: they are asked for again, and at least one key is answered.
  /// Consumes no change and is never called while a read of changes is open. Idempotent.
  ///
  /// Whether an absence is a deletion the caller must judge, as after a full read.
  func fetch(_ request: FetchRequest) async throws -> FetchedRecords

  /// The next part of the changes. The first call of a read takes the snapshot, in which all its
  /// pages are read; `isLast` ends it and releases the snapshot. `limit`: entries at most.
  func readChanges(limit: Int) async throws -> ChangePage

  /// Forgets what the journal holds. Idempotent.
  func acknowledge(_ acknowledgement: Acknowledgement) async throws

  /// Carries out a batch in one transaction: compares each record's newest state with what is
  /// expected, writes those that are as expected, reads them back, notes the command ids. An id that
  /// is already noted is not written again (`alreadyWritten`). Outcomes may come in any order.
  func write(_ batch: WriteBatch) async throws -> [WriteOutcome]

  /// Tells what became of commands whose outcome is not journaled. Changes nothing.
  func probe(_ commands: [ProbeRequest]) async throws -> [ProbeOutcome]

  /// Ends the session; a snapshot that is still open is released. Idempotent.
  func close() async
}

/// An object that a task names.
public struct ObjectRequest: Hashable, Sendable {
  public var name: ObjectName
  /// Whether the task says that a trigger assigns the key (`key: assigned`).
  public var keyIsAssigned: Bool

  public init(name: ObjectName, keyIsAssigned: Bool = false) {
    self.name = name
    self.keyIsAssigned = keyIsAssigned
  }
}

/// A command whose outcome is asked for.
public struct ProbeRequest: Hashable, Sendable {
  public var object: ObjectNumber
  public var command: WriteCommand

  public init(object: ObjectNumber, command: WriteCommand) {
    self.object = object
    self.command = command
  }
}

/// What a system can do; the core asks these values and never the name of a system.
public struct Capabilities: Hashable, Sendable {
  /// How it tells what changed.
  public var detection: ChangeDetection
  /// What it promises about writes.
  public var writes: WritePromises
  /// Records of one write batch at most.
  public var batchLimit: Int
  /// Records of one page of a full read, and entries of one page of changes.
  public var pageLimit: Int
  /// Whether an edit comes with the system's own time, as rule `newest` needs.
  public var reportsTime: Bool
  /// How fine it tells that time, in microseconds.
  public var timePrecision: Int64
  /// Whether it tells who wrote a record last (`ReadRecord.isLastOurs`), as a dedicated account needs.
  public var tellsLastWriter: Bool

  public init(
    tracksByTriggers: Bool, batchLimit: Int, pageLimit: Int, reportsTime: Bool,
    timePrecision: Int64 = 1000, tellsLastWriter: Bool = false, stamps: StampRules? = nil,
    writes: WritePromises = .transactional
  ) {
    self.tellsLastWriter = tellsLastWriter
    self.timePrecision = timePrecision
    detection = stamps.map { .stamps($0) } ?? (tracksByTriggers ? .queue : .none)
    self.writes = writes
    self.batchLimit = batchLimit
    self.pageLimit = pageLimit
    self.reportsTime = reportsTime
  }

  /// Whether it tracks changes by objects that we create in it (and that `untrack` removes).
  public var tracksByTriggers: Bool { detection == .queue }
}

/// A system whose tracking objects a person can see and remove.
public protocol TrackedSystem: Sendable {
  /// Entries waiting in the queue of `journal`, and the time of the oldest.
  func queue(of journal: JournalID) async throws -> (length: Int, oldest: Timestamp?)
  /// Removes every object that `journal` created, in one transaction; true where there were any.
  func removeTracking(of journal: JournalID) async throws -> Bool
}
