// What a run reads from a side: full reads by key, and changes.

/// A record as its system holds it at the moment of a read.
public struct ReadRecord: Hashable, Sendable {
  public var key: NativeKey
  /// Every captured field, the key field among them.
  public var row: PackedRow
  /// What the system says of the newest edit, where it says anything.
  public var stamp: Stamp
  /// Whether the user as which we write made the record, as far as the system tells.
  public var isOurs: Bool
  /// Whether that user changed it last, as far as the system tells.
  public var isLastOurs: Bool

  public init(
    key: NativeKey, row: PackedRow, stamp: Stamp = Stamp(), isOurs: Bool = false,
    isLastOurs: Bool = false
  ) {
    self.key = key
    self.row = row
    self.stamp = stamp
    self.isOurs = isOurs
    self.isLastOurs = isLastOurs
  }
}

/// Asks for one slice of a full read.
public struct PageRequest: Hashable, Sendable {
  public var object: ObjectNumber
  /// The last key of the slice before, or nil for the first slice.
  public var after: NativeKey?
  /// Records at most.
  public var limit: Int

  public init(object: ObjectNumber, after: NativeKey?, limit: Int) {
    self.object = object
    self.after = after
    self.limit = limit
  }
}

/// One slice of a full read, ascending by key.
public struct RecordPage: Hashable, Sendable {
  public var records: [ReadRecord]
  /// Records that are there but cannot be taken (a value above the limit): reason, safe to show.
  public var failures: [ReadFailure]
  public var isLast: Bool

  public init(records: [ReadRecord], failures: [ReadFailure] = [], isLast: Bool) {
    self.records = records
    self.failures = failures
    self.isLast = isLast
  }
}

/// Asks for records of one object by their keys.
public struct FetchRequest: Hashable, Sendable {
  public var object: ObjectNumber
  /// Each key once.
  public var keys: [NativeKey]

  public init(object: ObjectNumber, keys: [NativeKey]) {
    self.object = object
    self.keys = keys
  }
}

/// What stands under keys that were asked for. A key that is named nowhere has no answer yet.
public struct FetchedRecords: Hashable, Sendable {
  public var records: [ReadRecord]
  /// Records that are there but cannot be taken.
  public var failures: [ReadFailure]
  /// Keys under which no record stands.
  public var absent: [NativeKey]
  /// Keys whose record the system says was deleted.
  public var deleted: [NativeKey]

  public init(
    records: [ReadRecord] = [], failures: [ReadFailure] = [], absent: [NativeKey] = [],
    deleted: [NativeKey] = []
  ) {
    self.records = records
    self.failures = failures
    self.absent = absent
    self.deleted = deleted
  }

  /// The keys that have an answer.
  public var answered: Set<NativeKey> {
    Set(records.map(\.key) + failures.map(\.key) + absent + deleted)
  }
}

/// A record that could not be taken from its system.
public struct ReadFailure: Hashable, Sendable {
  public var key: NativeKey
  public var code: String
  public var message: String

  public init(key: NativeKey, code: String, message: String) {
    self.key = key
    self.code = code
    self.message = message
  }
}

/// Numbers of tracking entries, first and last included.
public struct EntryRange: Hashable, Sendable {
  public var first: Int64
  public var last: Int64

  public init(first: Int64, last: Int64) {
    precondition(first <= last, "a range of entries begins before it ends")
    self.first = first
    self.last = last
  }
}

/// One entry of a tracking queue: what a trigger noted. The operation is a hint; presence in the
/// snapshot decides (Docs/Connectors/SQLite.md, "Reading").
public struct TrackingEntry: Hashable, Sendable {
  public enum Operation: UInt8, Hashable, Sendable {
    case insert = 1
    case update = 2
    case delete = 3
    /// An insert or update by another program may have displaced this row (REPLACE).
    case displaced = 4
  }

  public var number: Int64
  public var object: ObjectNumber
  public var operation: Operation
  /// Nil for an insert.
  public var keyBefore: NativeKey?
  /// Nil for a delete or a displaced row.
  public var keyAfter: NativeKey?
  /// The server's time, where the trigger noted it.
  public var time: Timestamp?

  public init(
    number: Int64, object: ObjectNumber, operation: Operation, keyBefore: NativeKey?,
    keyAfter: NativeKey?, time: Timestamp? = nil
  ) {
    self.number = number
    self.object = object
    self.operation = operation
    self.keyBefore = keyBefore
    self.keyAfter = keyAfter
    self.time = time
  }
}

/// A key of one object.
public struct ObjectKey: Hashable, Sendable {
  public var object: ObjectNumber
  public var key: NativeKey

  public init(object: ObjectNumber, key: NativeKey) {
    self.object = object
    self.key = key
  }
}

/// A part of the changes since the last read, in the order of their numbers, with the rows that the
/// keys they name have in the same snapshot. All pages of one read come from ONE snapshot.
public struct ChangePage: Hashable, Sendable {
  public var entries: [TrackingEntry]
  /// The row of every key that an entry of this page names, where the snapshot has one.
  public var rows: [ObjectKey: PackedRow]
  /// Keys whose row is there but cannot be taken.
  public var failures: [ObjectKey: ReadFailure]
  /// The numbers of the entries of this page.
  public var ranges: [EntryRange]
  public var isLast: Bool

  public init(
    entries: [TrackingEntry], rows: [ObjectKey: PackedRow],
    failures: [ObjectKey: ReadFailure] = [:], ranges: [EntryRange], isLast: Bool
  ) {
    self.entries = entries
    self.rows = rows
    self.failures = failures
    self.ranges = ranges
    self.isLast = isLast
  }
}
