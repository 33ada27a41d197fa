// What a connector tells when a run (or `check`) opens its side.

/// What a journal wrote down in a database that it tracks: whose the tracking objects are and how far
/// the journal had come (Docs/Guarantees.md, "Backups").
public struct OwnerRow: Hashable, Sendable {
  public var journal: JournalID
  public var side: Side
  public var generation: TrackingGeneration
  /// The journal's newest event when the row was renewed.
  public var sequence: EventSequence
  /// The seal of the block that ends with that event; 32 bytes.
  public var seal: [UInt8]
  /// The identities of both sides, and the pairs of objects (source, target) that are synced.
  public var identities: [Side: SystemIdentity]
  public var pairs: [ObjectPair]

  public init(
    journal: JournalID, side: Side, generation: TrackingGeneration, sequence: EventSequence,
    seal: [UInt8], identities: [Side: SystemIdentity], pairs: [ObjectPair]
  ) {
    self.journal = journal
    self.side = side
    self.generation = generation
    self.sequence = sequence
    self.seal = seal
    self.identities = identities
    self.pairs = pairs
  }
}

/// A source object and the target object that a task keeps the same.
public struct ObjectPair: Hashable, Sendable {
  public var source: ObjectName
  public var target: ObjectName

  public init(source: ObjectName, target: ObjectName) {
    self.source = source
    self.target = target
  }
}

/// The condition of one object's tracking.
public enum TrackingCondition: Hashable, Sendable {
  /// The system keeps no tracking objects (a cloud).
  case notNeeded
  case missing
  /// As this version would create them.
  case intact
  /// There, but a trigger is missing or is not as we wrote it; `what` names it.
  case damaged(what: String)
}

/// What one side is, found at its opening.
public struct Inspection: Hashable, Sendable {
  /// Nil where the system has none yet (a database that no journal tracked so far).
  public var identity: SystemIdentity?
  /// The schemas of the objects asked for; one that is missing here does not exist or is refused.
  public var objects: [ObjectName: ObjectSchema]
  /// Why an object cannot be synced, with the mend; safe to show.
  public var refusals: [ObjectName: String]
  /// The rows of all journals that track objects of this system, ours among them.
  public var owners: [OwnerRow]
  /// By object asked for.
  public var tracking: [ObjectName: TrackingCondition]
  /// The system's clock, where it has one.
  public var now: Timestamp?

  public init(
    identity: SystemIdentity?, objects: [ObjectName: ObjectSchema],
    refusals: [ObjectName: String] = [:], owners: [OwnerRow] = [],
    tracking: [ObjectName: TrackingCondition] = [:], now: Timestamp? = nil
  ) {
    self.identity = identity
    self.objects = objects
    self.refusals = refusals
    self.owners = owners
    self.tracking = tracking
    self.now = now
  }
}
