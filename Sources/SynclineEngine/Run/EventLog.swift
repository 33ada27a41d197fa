public import SynclineModel

/// Where a run's events go and its state comes from: a journal, or the scratch of a plan.
public protocol EventLog {
  associatedtype View: StateView & ~Copyable

  /// How far the log has come.
  var head: JournalHead { get throws }

  /// Appends a batch after `head` and folds it, in one transaction. When this returns, the events are
  /// durable. Throws where `head` is not the log's newest event, or the log cannot be written.
  func append(_ drafts: [EventDraft], expecting head: EventSequence) throws -> JournalHead

  /// Reads the state as it is now. The view is valid only inside `body`.
  func withState<Result>(_ body: (borrowing View) throws -> Result) throws -> Result
}
