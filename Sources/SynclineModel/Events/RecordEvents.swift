/// What a system reports about an edit, where it reports it. It serves the audit and rule `newest`,
/// never the question whether something changed.
public struct Stamp: Hashable, Sendable {
  public var time: Timestamp?
  /// The user, as the system names it; empty where it names none.
  public var author: String
  /// The record's version, which grows with each of its edits; 0 where the system tells none. A read
  /// whose version is older than what is known shows nothing new.
  public var version: Int64

  public init(time: Timestamp? = nil, author: String = "", version: Int64 = 0) {
    self.time = time
    self.author = author
    self.version = version
  }
}

/// A record was seen for the first time. The event's header bears its number from now on.
public struct RecordCreated: Hashable, Sendable {
  public var object: ObjectNumber
  public var key: NativeKey
  public var row: PackedRow
  public var stamp: Stamp

  public init(object: ObjectNumber, key: NativeKey, row: PackedRow, stamp: Stamp = Stamp()) {
    self.object = object
    self.key = key
    self.row = row
    self.stamp = stamp
  }
}

/// A record was seen with other content.
public struct RecordChanged: Hashable, Sendable {
  /// Only the fields that differ from what was known.
  public var row: PackedRow
  public var stamp: Stamp
  /// Whether the content came back with a backup of its system: no edit, and to be written over.
  public var isRestored: Bool
  /// Whether the package's own user wrote the record last, as its system tells: it rewrote what was
  /// written, or somebody edited it under that name.
  public var isRewritten: Bool

  public init(
    row: PackedRow, stamp: Stamp = Stamp(), isRestored: Bool = false, isRewritten: Bool = false
  ) {
    self.row = row
    self.stamp = stamp
    self.isRestored = isRestored
    self.isRewritten = isRewritten
  }
}

/// A record was reported as changed and has the content that was known. Noted only while its link
/// stands under another mapping revision than the one in force.
public struct RecordTouched: Hashable, Sendable {
  public var stamp: Stamp
  public init(stamp: Stamp = Stamp()) { self.stamp = stamp }
}

/// A record is gone.
public struct RecordDeleted: Hashable, Sendable {
  /// Whether its system says so; otherwise it is *missing*.
  public var isConfirmed: Bool
  public var stamp: Stamp

  public init(isConfirmed: Bool, stamp: Stamp = Stamp()) {
    self.isConfirmed = isConfirmed
    self.stamp = stamp
  }
}

/// The same record stands under another key.
public struct RecordRekeyed: Hashable, Sendable {
  public var key: NativeKey
  public init(key: NativeKey) { self.key = key }
}

/// A record could not be read, mapped or written.
public struct RecordFailed: Hashable, Sendable {
  /// The task that cannot carry it; none where the record could not even be read.
  public var task: TaskNumber
  /// Where it failed.
  public var side: Side
  /// A short word, as in `RecordProblem`.
  public var code: String
  /// Names object and field; holds no value.
  public var message: String

  public init(task: TaskNumber, side: Side, code: String, message: String) {
    self.task = task
    self.side = side
    self.code = code
    self.message = message
  }
}
