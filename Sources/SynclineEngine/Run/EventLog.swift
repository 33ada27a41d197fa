public import SynclineModel

/// Where a run's events go and its state comes from: a journal, or the scratch of a plan.
public protocol EventLog {
  associatedtype View: StateView & ~Copyable

  /// How far the log has come.
  var head: JournalHead { get throws }

  /// The seal of the block that ends with an event; nil where no block of this log ends there.
  func seal(endingWith sequence: EventSequence) throws -> [UInt8]?

  /// Appends a batch after `head` and folds it, in one transaction. When this returns, the events are
  /// durable. Throws where `head` is not the log's newest event, or the log cannot be written.
  func append(_ drafts: [EventDraft], expecting head: EventSequence) throws -> JournalHead

  /// Reads the state as it is now. The view is valid only inside `body`.
  func withState<Result>(_ body: (borrowing View) throws -> Result) throws -> Result
}

extension EventLog {
  /// The seals of the blocks that end with these events; none where no block of this log ends there.
  public func seals(
    endingWith sequences: [EventSequence]
  ) throws -> [EventSequence: [UInt8]] {
    var seals: [EventSequence: [UInt8]] = [:]
    for sequence in sequences { seals[sequence] = try seal(endingWith: sequence) }
    return seals
  }
}
