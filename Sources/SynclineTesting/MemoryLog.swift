import Synchronization
public import SynclineEngine
public import SynclineModel

/// A journal in memory that a run can write to.
public final class MemoryLog: EventLog, Sendable {
  private let held = Mutex(MemoryJournal())

  public init() {}

  /// What it holds now.
  public var journal: MemoryJournal { held.withLock { $0 } }

  public var head: JournalHead { journal.head }

  /// Zeros for every event that is there: it seals nothing, and each may have ended a block.
  public func seal(endingWith sequence: EventSequence) -> [UInt8]? {
    sequence <= head.sequence ? JournalHead.empty.seal : nil
  }

  public func append(
    _ drafts: [EventDraft], expecting head: EventSequence
  ) throws -> JournalHead {
    try held.withLock { journal in
      precondition(journal.head.sequence == head, "somebody else appended")
      try journal.append(drafts)
      return journal.head
    }
  }

  public func withState<Result>(_ body: (borrowing MemoryTrees) throws -> Result) throws -> Result {
    try body(journal.state)
  }
}
