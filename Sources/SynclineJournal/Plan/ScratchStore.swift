import SynclineEngine
import SynclineLMDB

/// The state of a plan while events are folded into it: changes go into the scratch, what is not
/// changed there is read from the journal.
struct ScratchStore: StateStore, ~Copyable {
  private var scratch: WriteTransaction
  private let journal: ReadTransaction

  init(scratch: consuming WriteTransaction, journal: consuming ReadTransaction) {
    self.scratch = scratch
    self.journal = journal
  }

  func value(_ tree: StateTree, _ key: [UInt8]) throws(StateFailure) -> [UInt8]? {
    guard let changed = try scratch.value(tree, key) else { return try journal.value(tree, key) }
    return Overlay.value(of: changed)
  }

  func scan(
    _ tree: StateTree, from start: [UInt8], _ body: (_ key: [UInt8], _ value: [UInt8]) -> Bool
  ) throws(StateFailure) {
    do throws(LMDBFailure) {
      try Overlay.scan(
        scratch.cursor(Tree(tree)), over: journal.cursor(Tree(tree)), from: start, body)
    } catch {
      throw StateFailure(error)
    }
  }

  mutating func set(
    _ tree: StateTree, _ key: [UInt8], _ value: [UInt8]
  ) throws(StateFailure) {
    try scratch.set(tree, key, Overlay.entry(value))
  }

  mutating func remove(_ tree: StateTree, _ key: [UInt8]) throws(StateFailure) {
    try scratch.set(tree, key, Overlay.tombstone)
  }

  mutating func commit() throws(LMDBFailure) { try scratch.commit() }
}
