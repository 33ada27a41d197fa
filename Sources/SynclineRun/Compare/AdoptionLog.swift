import SynclineEngine
import SynclineJournal
import SynclineModel
import SynclinePorts

/// Journals what a comparison finds otherwise than the journal knows. The caller holds the run lock.
struct AdoptionLog {
  /// Payload bytes of one transaction.
  private static let transactionBytes = 1 << 20

  let journal: Journal
  let clock: @Sendable () -> Timestamp
  private(set) var adoption: Adoption

  init(_ comparison: Comparison, _ journal: Journal, clock: @escaping @Sendable () -> Timestamp) {
    self.journal = journal
    self.clock = clock
    adoption = Adoption(comparison)
  }

  mutating func take(_ page: RecordPage, _ request: PageRequest, on side: Side) throws {
    try append { adoption, now, state throws(StateFailure) in
      try adoption.pageRead(page, request, on: side, at: now, state)
    }
  }

  /// The queue of a side, where it has one. Read before the pages, it tells a record with a new key from
  /// one that is gone; read after them, it tells what moved meanwhile.
  mutating func takeQueue(of side: Side, _ connector: any Connector) async throws {
    guard try journal.withState({ try adoption.hasQueue(on: side, $0) }) else { return }
    while true {
      try Task.checkCancellation()
      let page = try await connector.readChanges(limit: connector.capabilities.pageLimit)
      try append { adoption, now, state throws(StateFailure) in
        try adoption.changesRead(page, on: side, at: now, state)
      }
      if page.isLast { return }
    }
  }

  /// All pages of a side and then its queue are read: what is still missing is gone.
  mutating func takeAbsences(on side: Side) throws {
    try append { adoption, now, state throws(StateFailure) in
      try adoption.absences(on: side, at: now, state)
    }
  }

  private mutating func append(
    _ observe: (inout Adoption, Timestamp, borrowing JournalView) throws(StateFailure)
      -> [EventDraft]
  ) throws {
    let now = clock()
    let drafts = try journal.withState { try observe(&adoption, now, $0) }
    guard !drafts.isEmpty else { return }
    try journal.append(
      drafts, expecting: journal.head.sequence, dividingAt: Self.transactionBytes)
  }
}
