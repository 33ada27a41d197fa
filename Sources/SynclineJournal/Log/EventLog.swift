public import SynclineModel

/// Where a run's events go, and where it reads the state that they make. The journal is one; a plan is
/// one that writes nothing into the journal. One owner at a time uses it.
public protocol EventLog {
  /// The newest event and its seal.
  var head: JournalHead { get }

  /// Appends events, all or none. Returns once they are durable. `expecting` is the newest event that
  /// the caller knows of; where the log has moved on, nothing is appended and the failure is
  /// `headMoved`.
  @discardableResult
  func append(
    _ drafts: [EventDraft], expecting: EventSequence
  ) throws(JournalFailure) -> JournalHead

  /// Lets `body` read the state with everything that was appended so far.
  func withState<Result>(_ body: (borrowing JournalView) throws -> Result) throws -> Result
}
