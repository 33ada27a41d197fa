public import SynclineModel

/// Folds events into the state, one batch at a time: records and links that the batch touches are
/// held back and written once, sorted, by `finish`. Pure but for the store: no clock, no mapping, no
/// normalisation (Docs/Architecture.md, "Fold").
public struct Projection: Sendable {
  /// The version of the fold. A journal whose state another version wrote rebuilds it at open.
  public static let version: UInt32 = 1

  public init() {}

  /// The newest events that name the record and the link: the pointers of the next event's header.
  public mutating func pointers(
    record: RecordNumber, link: LinkNumber, in store: borrowing some StateStore & ~Copyable
  ) throws(StateFailure) -> (record: EventSequence, link: EventSequence) {
    (.none, .none)
  }

  /// Folds one event. Events come in the order of their sequence.
  public mutating func apply(
    _ event: JournalEvent, to store: inout some StateStore & ~Copyable
  ) throws(StateFailure) {
  }

  /// Writes what was held back; the projection is then as new.
  public mutating func finish(_ store: inout some StateStore & ~Copyable) throws(StateFailure) {
  }
}
