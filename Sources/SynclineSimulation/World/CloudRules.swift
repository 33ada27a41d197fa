import SynclineModel

/// What an invented system is like that tells its changes by stamps, as clouds do. All spans are in
/// microseconds.
struct CloudRules: Sendable {
  /// For how long a transaction may hold back what it stamped, and a call may take effect after its caller
  /// gave up.
  var lateness: Int64 = 4_000_000
  /// Whether no transaction holds back what it stamped: a read goes on from the very second of the one before,
  /// and what was stamped later in that second counts on the bound being included.
  var isPrompt = false
  var namesSafeBound = true
  var hasDeleteFeed = true
  /// How long the feed remembers; nil for ever.
  var feedKeeps: Int64?
  /// For how long a search may show what was there before.
  var searchLag: Int64 = 0
  /// Whether it compares a record with what is expected before it writes it.
  var comparesFirst = false
  /// Whether a create under an id that it knows makes nothing new.
  var knowsCommands = false
  /// Whether it reads a record in the request that writes it, before and after.
  var showsWrites = true
  /// How long a run trusts what it read before it writes.
  var freshness: Int64 = 0

  /// Whether the user as which we write belongs to the package alone.
  var isDedicated = false

  /// How fine its stamps are.
  static let precision: Int64 = 1_000_000

  /// For how long a transaction may hold back what it stamped.
  var holdBack: Int64 { isPrompt ? 0 : lateness }

  var stamps: StampRules {
    StampRules(
      overlap: holdBack + searchLag + (isPrompt ? 0 : 2 * Self.precision),
      hasDeleteFeed: hasDeleteFeed, searchesLag: searchLag > 0)
  }

  var writes: WritePromises {
    WritePromises(
      knowsCommands: knowsCommands, lateness: lateness + Self.precision,
      comparesFirst: comparesFirst, freshness: freshness)
  }

  /// Whether an edit between a run's read and its write may be overwritten without a trace
  /// (Docs/Guarantees.md, "Windows").
  var hasBlindWindow: Bool { !comparesFirst && !showsWrites }
}

/// What a cloud knows of one record beside its fields.
struct RecordMark {
  /// Cut to the second; grows with each edit of the record.
  var stamp: Timestamp
  var created: Timestamp
  var isOurs: Bool
  /// Whether our user changed it last.
  var isLastOurs: Bool
}

/// A record that was deleted, as long as the system remembers it.
struct DeletedRecord {
  var object: Int
  var key: Int64
  var row: [Value]
  var mark: RecordMark
  /// When the feed says that it was deleted.
  var time: Timestamp
}
