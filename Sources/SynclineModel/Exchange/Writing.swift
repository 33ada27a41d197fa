// What a run writes to a side, and what the side answers.

/// What an apply-command does.
public enum Operation: UInt8, Hashable, Sendable {
  case insert = 1
  case update = 2
  case delete = 3
}

/// One apply-command on its way to a system. Its intent stands in the journal.
public struct WriteCommand: Hashable, Sendable {
  public var id: CommandID
  public var operation: Operation
  /// Nil for an insert.
  public var key: NativeKey?
  /// The values to write; empty for a delete.
  public var row: PackedRow
  /// The row as the journal knows it, compared with the system's newest state before the write;
  /// empty for an insert. Only the fields that stand in it are compared.
  public var expected: PackedRow
  /// The records to which the row's keys point. A key can be given again: a database with a queue
  /// writes nothing where an entry that waits there tells that one of them ended.
  public var parents: [ObjectKey]

  public init(
    id: CommandID, operation: Operation, key: NativeKey?, row: PackedRow, expected: PackedRow,
    parents: [ObjectKey] = []
  ) {
    self.id = id
    self.operation = operation
    self.key = key
    self.row = row
    self.expected = expected
    self.parents = parents
  }
}

/// Commands for one object, in the order in which they must be carried out.
public struct WriteBatch: Hashable, Sendable {
  public var object: ObjectNumber
  public var commands: [WriteCommand]
  /// What the owner row is renewed to in the same transaction.
  public var head: JournalHead

  public init(object: ObjectNumber, commands: [WriteCommand], head: JournalHead) {
    self.object = object
    self.commands = commands
    self.head = head
  }
}

/// How far a journal has come.
public struct JournalHead: Hashable, Sendable {
  /// The newest event; 0 for an empty journal.
  public var sequence: EventSequence
  /// The seal of the block that ends with it; 32 bytes, zeros for an empty journal.
  public var seal: [UInt8]

  public init(sequence: EventSequence, seal: [UInt8]) {
    self.sequence = sequence
    self.seal = seal
  }

  public static let empty = JournalHead(
    sequence: .none, seal: [UInt8](repeating: 0, count: 32))
}

/// What became of one command. A command of a batch for which no outcome comes back is *unknown*.
public struct WriteOutcome: Hashable, Sendable {
  public enum Result: Hashable, Sendable {
    /// Written in this request. `key`: that of the record now. `stored`: every captured field as read
    /// back in the same transaction or request (empty for a delete, or where the system returns nothing:
    /// then the record is read by its key before the run closes).
    case written(key: NativeKey, stored: PackedRow)
    /// An earlier request under the same id did it. `current`: the record as it is now, or nil where
    /// it is gone; it may hold later edits.
    case alreadyWritten(key: NativeKey, current: PackedRow?)
    /// The record is not as expected; nothing was written. `current`: as it is, or nil where no row
    /// stands under the key.
    case changed(current: PackedRow?)
    /// One of the command's `parents` ended, as an entry says that waits in the queue, or its own record
    /// did and another one stands under the key; nothing was written.
    case outdated
    /// This record was refused; nothing of it was written.
    case refused(RecordProblem)
    /// Nothing was done and nothing is under way: the request never reached the side, or was refused as a
    /// whole. It says nothing about the record, which is decided anew.
    case notDone
  }

  public var id: CommandID
  public var result: Result
  /// For what was written: the highest number of a tracking entry before it. Entries up to it that name
  /// the key of a record which the command inserted are about an earlier record under that key.
  public var mark: Int64
  /// For what was written without a precondition: every captured field as it was read in the same
  /// request, just before. Where it is not as expected, the write took an edit back.
  public var before: PackedRow?
  /// What the system says of the record as it is now.
  public var stamp: Stamp

  public init(
    id: CommandID, result: Result, mark: Int64 = 0, before: PackedRow? = nil,
    stamp: Stamp = Stamp()
  ) {
    self.id = id
    self.result = result
    self.mark = mark
    self.before = before
    self.stamp = stamp
  }
}

/// Why one record could not be written, converted or read: data, not an exception.
public struct RecordProblem: Hashable, Sendable {
  /// A short word of ours, such as `unique`, `foreignKey`, `notNull`, `check`, `value`.
  public var code: String
  /// Says what happened and names object and field; no value, no SQL argument.
  public var message: String
  /// Whether the same command can succeed once another record has changed or gone.
  public var mayPass: Bool

  public init(code: String, message: String, mayPass: Bool) {
    self.code = code
    self.message = message
    self.mayPass = mayPass
  }
}

/// What a probe found about a command whose outcome is not journaled.
public struct ProbeOutcome: Hashable, Sendable {
  public enum Result: Hashable, Sendable {
    case applied(key: NativeKey, current: PackedRow?)
    /// Nothing of it can have happened. It is sent again under the same id.
    case notApplied
    case unknown
  }

  public var id: CommandID
  public var result: Result
  /// As in `WriteOutcome`.
  public var mark: Int64

  public init(id: CommandID, result: Result, mark: Int64 = 0) {
    self.id = id
    self.result = result
    self.mark = mark
  }
}

/// What a side may forget: the journal holds it.
public struct Acknowledgement: Hashable, Sendable {
  /// Tracking entries to delete.
  public var entries: [EntryRange]
  /// Command ids below this one have a journaled outcome.
  public var commandsBelow: CommandID
  /// What the owner row is renewed to in the same transaction.
  public var head: JournalHead

  public init(entries: [EntryRange], commandsBelow: CommandID, head: JournalHead) {
    self.entries = entries
    self.commandsBelow = commandsBelow
    self.head = head
  }
}

/// Tracking objects to be made, or made anew.
public struct TrackingRequest: Hashable, Sendable {
  public var objects: [ObjectBinding]
  /// As the owner row shall be.
  public var owner: OwnerRow
  /// The vanished journal whose tracking becomes ours, where a person allowed it.
  public var takeover: JournalID?

  public init(objects: [ObjectBinding], owner: OwnerRow, takeover: JournalID? = nil) {
    self.objects = objects
    self.owner = owner
    self.takeover = takeover
  }
}
