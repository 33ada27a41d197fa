public import SynclineModel

/// The names of what one journal creates in an SQLite database. They carry the first eight digits
/// of the journal's id, so that several journals can track one database.
public struct SQLiteTrackingNames: Hashable, Sendable {
  /// `syncline_` and the journal's short id.
  public let prefix: String

  public init(journal: JournalID) { prefix = "syncline_\(journal.short)" }

  /// The names of the journal whose owner table is `name`, or nil where it is no owner table.
  public init?(ownerTable name: String) {
    let head = "syncline_"
    let tail = "_owner"
    guard name.hasPrefix(head), name.hasSuffix(tail) else { return nil }
    let short = name.dropFirst(head.count).dropLast(tail.count)
    guard short.utf8.count == 8, Hexadecimal.bytes(short.utf8) != nil else { return nil }
    prefix = "syncline_\(short)"
  }

  /// What the triggers noted.
  public var queue: String { "\(prefix)_queue" }
  /// One row: whose the tracking objects are, and how far the journal had come.
  public var owner: String { "\(prefix)_owner" }
  /// The pairs of objects that the journal syncs.
  public var pairs: String { "\(prefix)_pairs" }
  /// The ids of the commands that were carried out.
  public var commands: String { "\(prefix)_commands" }

  /// The one table that all journals share: the identity of the database.
  public static let identity = "syncline_identity"

  /// Whether a table or trigger bears a name of ours, whichever journal's.
  public static func isReserved(_ name: String) -> Bool {
    let lowered = name.lowercased()
    return lowered.hasPrefix("syncline_") || lowered.hasPrefix("sqlite_")
  }

  /// The name of an object's trigger.
  public func trigger(_ kind: SQLiteTrigger.Kind, of object: ObjectNumber) -> String {
    "\(prefix)_\(object)_\(kind.rawValue)"
  }

  /// The object whose trigger bears this name, or nil where it is no trigger of this journal.
  public func object(ofTrigger name: String) -> ObjectNumber? {
    guard name.hasPrefix(prefix + "_") else { return nil }
    let digits = name.dropFirst(prefix.count + 1).prefix { $0 != "_" }
    return UInt16(digits).map { ObjectNumber($0) }
  }
}
