// What a system can do, as values: the core asks these and never the name of a system
// (Docs/Connectors/README.md).

/// How a side tells what changed since it was read.
public enum ChangeDetection: Hashable, Sendable {
  /// By entries that triggers of ours append to a queue, read in one snapshot and then deleted.
  case queue
  /// By the stamps of its records, read from a bound on.
  case stamps(StampRules)
  /// Not at all: every read is a full one.
  case none

  /// How its stamps are, where it tells changes by them.
  public var stamps: StampRules? {
    if case .stamps(let rules) = self { return rules }
    return nil
  }
}

/// What stamps are worth on a side that tells its changes by them.
public struct StampRules: Hashable, Sendable {
  /// How far before the start of a read a record may be stamped that the read does not show yet, in
  /// microseconds: the longest transaction, where the system names no safe bound.
  public var overlap: Int64
  /// Whether it keeps a feed of deletes. Without one, absences are found by a census of keys.
  public var hasDeleteFeed: Bool
  /// Whether searches may show older states than reads by key do.
  public var searchesLag: Bool

  public init(overlap: Int64, hasDeleteFeed: Bool = true, searchesLag: Bool = false) {
    self.overlap = overlap
    self.hasDeleteFeed = hasDeleteFeed
    self.searchesLag = searchesLag
  }
}

/// What a side promises about writes.
public struct WritePromises: Hashable, Sendable {
  /// Whether a create that is sent twice under one id makes one record, and whether it can be asked what
  /// became of an id.
  public var knowsCommands: Bool
  /// For how long after a caller gave up a write of its may still take effect, in microseconds. Of no
  /// meaning where commands are known.
  public var lateness: Int64
  /// Whether each record is compared with what is expected before it is written, so that nobody can edit
  /// it in between.
  public var comparesFirst: Bool
  /// Where nothing is compared: for how long what was read of a record may be trusted before it is
  /// written, in microseconds.
  public var freshness: Int64

  public init(
    knowsCommands: Bool = true, lateness: Int64 = 0, comparesFirst: Bool = true,
    freshness: Int64 = 10_000_000
  ) {
    self.freshness = freshness
    self.knowsCommands = knowsCommands
    self.lateness = lateness
    self.comparesFirst = comparesFirst
  }

  /// Those of a database: transactions, and command ids noted in them.
  public static let transactional = WritePromises()
}
