public import SynclineModel

/// What `verify` found.
public struct VerifyReport: Hashable, Sendable {
  /// The first event that is not what was journaled, or cannot be read.
  public struct Damage: Hashable, Sendable, CustomStringConvertible {
    public var sequence: EventSequence
    public var reason: String

    /// For a person to read.
    public var description: String { "event \(sequence): \(reason)" }
  }

  /// How the stored state compares with the one that the events make.
  public enum State: Hashable, Sendable {
    /// Equal, with this hash.
    case equal(hash: [UInt8])
    /// Not equal; `rebuild` mends it.
    case differs(stored: [UInt8], folded: [UInt8])
    /// Its pages cannot be read; the reason names the page.
    case unreadable(String)
    /// The events could not be folded.
    case unfolded(String)
    /// Another version of the fold wrote it, or a rebuild was interrupted; the next run mends it.
    case outdated
    /// The events are damaged, so there is nothing to compare with.
    case notCompared
  }

  /// What is good: events from the first one on, the blocks that hold them, how many of them were
  /// erased, and the head after them.
  public var events: UInt64 = 0
  public var blocks: UInt64 = 0
  public var erased: UInt64 = 0
  public var head = JournalHead.empty
  /// Nil where every event is good.
  public var damage: Damage?
  public var state = State.notCompared
  /// A page that is used twice, or both used and free, or cannot be read; nil where all are in order.
  public var pages: String?

  public init() {}

  /// Whether everything is as it was journaled.
  public var isSound: Bool {
    guard damage == nil, pages == nil else { return false }
    switch state {
    case .equal, .outdated: return true
    case .differs, .unreadable, .unfolded, .notCompared: return false
    }
  }
}
