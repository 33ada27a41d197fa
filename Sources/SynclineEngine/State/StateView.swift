// The state is what the fold makes of the events: trees of keys and values, each the product of a pure
// function over the journal. They can be deleted and rebuilt at any time (Docs/Architecture.md,
// "State"). Who holds the trees (LMDB, arrays in a test, a scratch beside a journal in a plan) is not
// the engine's business.

/// The trees of the state. Raw values order them in the state hash.
public enum StateTree: UInt8, Hashable, Sendable, CaseIterable {
  /// Single values: counters, parameters, the versions in force, cursors.
  case facts = 1
  /// Object number to its description.
  case objects = 2
  /// Mapping revision to mapping.
  case mappings = 3
  /// Run number to its summary.
  case runs = 4
  /// Record number to record.
  case records = 5
  /// Object number and native key to record number, for records that are there or missing.
  case keys = 6
  /// Link number to link.
  case links = 7
  /// What is to be decided: task, class, and record or link number.
  case agenda = 8
  /// Command id to the unsettled intent.
  case intents = 9
  /// Conflict's sequence to conflict.
  case conflicts = 10
  /// Parent object, parent key, task, field, child record: who points to a record.
  case references = 11
  /// Task, side, loose key, record: what a match rule may find.
  case candidates = 12
  /// Task, side and record of what failed.
  case failures = 13
  /// Object and record of what is missing.
  case missing = 14

  /// The tree's name in an LMDB environment.
  public var name: String {
    switch self {
    case .facts: "facts"
    case .objects: "objects"
    case .mappings: "mappings"
    case .runs: "runs"
    case .records: "records"
    case .keys: "keys"
    case .links: "links"
    case .agenda: "agenda"
    case .intents: "intents"
    case .conflicts: "conflicts"
    case .references: "references"
    case .candidates: "candidates"
    case .failures: "failures"
    case .missing: "missing"
    }
  }
}

/// Why the state could not be read or written. `description` is safe to show.
public struct StateFailure: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Code: Hashable, Sendable {
    /// The disk is full, or a limit of the process was met.
    case full
    /// The bytes are not what a journal holds.
    case damaged
    /// The operating system refused.
    case system
  }
  public var code: Code
  /// Names the thing, the cause and the mend.
  public var description: String

  public init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}

/// Reads the state. Keys are compared byte by byte.
public protocol StateView: ~Copyable {
  /// The value under `key`, or nil.
  func value(_ tree: StateTree, _ key: [UInt8]) throws(StateFailure) -> [UInt8]?

  /// Hands over the entries from `start` (included) on, ascending, until `body` returns false.
  func scan(
    _ tree: StateTree, from start: [UInt8], _ body: (_ key: [UInt8], _ value: [UInt8]) -> Bool
  ) throws(StateFailure)
}

/// Reads and writes the state, within one transaction of its holder.
public protocol StateStore: StateView, ~Copyable {
  mutating func set(_ tree: StateTree, _ key: [UInt8], _ value: [UInt8]) throws(StateFailure)
  /// Removes the entry, if there is one.
  mutating func remove(_ tree: StateTree, _ key: [UInt8]) throws(StateFailure)
}
