// What a run reads from a side that tells its changes by stamps.

/// A place in a read that is ordered by stamp, then key.
public struct PageMark: Hashable, Sendable {
  public var time: Timestamp
  public var key: NativeKey

  public init(time: Timestamp, key: NativeKey) {
    self.time = time
    self.key = key
  }
}

/// A part of a delete feed. A record that it names may have come back since.
public struct DeletionPage: Hashable, Sendable {
  public struct Deletion: Hashable, Sendable {
    public var key: NativeKey
    public var stamp: Stamp

    public init(key: NativeKey, stamp: Stamp = Stamp()) {
      self.key = key
      self.stamp = stamp
    }
  }

  public var deletions: [Deletion]
  /// From when on the feed is complete; nil where it forgets nothing.
  public var reachesBackTo: Timestamp?
  /// How far the read covers its object.
  public var coverage: Coverage
  public var next: PageMark?
  public var isLast: Bool

  public init(
    deletions: [Deletion], reachesBackTo: Timestamp? = nil, coverage: Coverage,
    next: PageMark? = nil, isLast: Bool
  ) {
    self.deletions = deletions
    self.reachesBackTo = reachesBackTo
    self.coverage = coverage
    self.next = next
    self.isLast = isLast
  }
}

/// Up to when a read shows everything, in the server's time.
public struct Coverage: Hashable, Sendable {
  /// The server's time when the page was made.
  public var now: Timestamp
  /// The bound that the system names itself: all that is stamped earlier can be seen by now.
  public var safeBound: Timestamp?

  public init(now: Timestamp, safeBound: Timestamp? = nil) {
    self.now = now
    self.safeBound = safeBound
  }
}

/// Asks for what is stamped at a moment or later, by stamp, then key: records of one object, or its deletes.
public struct StampedRequest: Hashable, Sendable {
  public var object: ObjectNumber
  /// The server's time, included.
  public var since: Timestamp
  /// Where the page before ended, as it said so; nil for the first.
  public var after: PageMark?
  public var limit: Int

  public init(object: ObjectNumber, since: Timestamp, after: PageMark?, limit: Int) {
    self.object = object
    self.since = since
    self.after = after
    self.limit = limit
  }
}

/// A part of the records that changed. A record that changes while its object is read may come twice.
public struct StampedPage: Hashable, Sendable {
  public var records: [ReadRecord]
  /// Records that are there but cannot be taken.
  public var failures: [ReadFailure]
  public var coverage: Coverage
  /// Where the next page begins; nil with the last page.
  public var next: PageMark?

  public init(
    records: [ReadRecord], failures: [ReadFailure] = [], coverage: Coverage, next: PageMark?
  ) {
    self.records = records
    self.failures = failures
    self.coverage = coverage
    self.next = next
  }

  public var isLast: Bool { next == nil }
}

/// A slice of a census: the keys under which records stand, ascending.
public struct KeyPage: Hashable, Sendable {
  public var keys: [NativeKey]
  public var isLast: Bool

  public init(keys: [NativeKey], isLast: Bool) {
    self.keys = keys
    self.isLast = isLast
  }
}

/// Asks what may tell of commands to one object whose outcome is not known, page by page.
public struct EvidenceRequest: Hashable, Sendable {
  public var object: ObjectNumber
  /// Records created by our user at this moment of the server's or later; nil where none is asked for.
  public var createdSince: Timestamp?
  /// The last of them that the page before showed; nil for the first page.
  public var after: NativeKey?
  /// How many of them a page may hold.
  public var limit: Int
  /// Records that updates and deletes were meant for.
  public var keys: [NativeKey]

  public init(
    object: ObjectNumber, createdSince: Timestamp?, after: NativeKey? = nil, limit: Int,
    keys: [NativeKey]
  ) {
    self.object = object
    self.createdSince = createdSince
    self.after = after
    self.limit = limit
    self.keys = keys
  }
}

/// A page of what a system shows of commands whose outcome is not known.
public struct Evidence: Hashable, Sendable {
  public var object: ObjectNumber
  /// What our user created since, ascending by key, those that are deleted by now among them.
  public var created: [ReadRecord]
  /// Those of `created` that are deleted.
  public var deleted: Set<NativeKey>
  /// What stands under the keys that were asked for.
  public var found: FetchedRecords
  /// How far the page covers its object: up to then nothing is missing from it.
  public var coverage: Coverage
  /// Where the next page begins; nil with the last page.
  public var next: NativeKey?

  public init(
    object: ObjectNumber, created: [ReadRecord] = [], deleted: Set<NativeKey> = [],
    found: FetchedRecords = FetchedRecords(), coverage: Coverage, next: NativeKey? = nil
  ) {
    self.object = object
    self.created = created
    self.deleted = deleted
    self.found = found
    self.coverage = coverage
    self.next = next
  }
}
