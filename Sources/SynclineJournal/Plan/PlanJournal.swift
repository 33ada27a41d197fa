import Synchronization
public import SynclineEngine
import SynclineLMDB
public import SynclineModel

/// A log for a plan: it goes on from a journal's head and folds what is appended, in a temporary
/// environment that is removed at the end. The journal is read and never written.
public final class PlanJournal: EventLog, Sendable {
  private let journal: Journal
  private let scratch: ScratchFolder
  private let newest: Mutex<JournalHead>

  /// Begins at the head of `journal`, which must not be appended to while the plan lasts.
  public init(over journal: Journal) throws(JournalFailure) {
    self.journal = journal
    newest = Mutex(journal.head)
    do throws(LMDBFailure) { scratch = try ScratchFolder("syncline-plan") } catch {
      throw JournalFailure(error)
    }
  }

  /// The newest event of the plan. The seal stays the journal's: a plan seals nothing.
  public var head: JournalHead { newest.withLock { $0 } }

  /// That of the journal: a plan seals nothing.
  public func seal(endingWith sequence: EventSequence) throws(JournalFailure) -> [UInt8]? {
    try journal.seal(endingWith: sequence)
  }

  /// Folds the events that the journal would be given.
  @discardableResult
  public func append(
    _ drafts: [EventDraft], expecting: EventSequence
  ) throws(JournalFailure) -> JournalHead {
    try newest.withLock { head throws(JournalFailure) in
      guard head.sequence == expecting else {
        throw JournalFailure(
          .headMoved, operation: "Planning", message: "the plan's newest event is another one")
      }
      head.sequence = try fold(drafts, after: head.sequence)
      return head
    }
  }

  private func fold(
    _ drafts: [EventDraft], after last: EventSequence
  ) throws(JournalFailure) -> EventSequence {
    var store = try beginFolding()
    var projection = Projection()
    var sequence = last
    do throws(StateFailure) {
      for draft in drafts {
        sequence = sequence.next
        var writer = ByteWriter()
        draft.body.encode(to: &writer)
        let event = try projection.event(
          draft, sequence: sequence, payloadLength: writer.count, in: store)
        try projection.apply(event, to: &store)
      }
      try projection.finish(&store)
    } catch {
      throw JournalFailure(error)
    }
    do throws(LMDBFailure) { try store.commit() } catch { throw JournalFailure(error) }
    return sequence
  }

  private func beginFolding() throws(JournalFailure) -> ScratchStore {
    do throws(LMDBFailure) {
      let writing = try scratch.environment.beginWriting()
      return ScratchStore(scratch: writing, journal: try journal.environment.beginReading())
    } catch {
      throw JournalFailure(error)
    }
  }

  /// Lets `body` read the state with everything that was planned so far.
  public func withState<Result>(
    _ body: (borrowing JournalView) throws -> Result
  ) throws -> Result {
    let planned: ReadTransaction
    do throws(LMDBFailure) { planned = try scratch.environment.beginReading() } catch {
      throw JournalFailure(error)
    }
    return try body(JournalView(journal: try journal.beginReading(), scratch: planned))
  }

  /// Removes the plan's temporary folder. Without this it goes with the object.
  public func close() { scratch.remove() }
}
