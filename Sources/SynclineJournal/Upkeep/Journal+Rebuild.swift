import SynclineEngine
import SynclineLMDB
import SynclineModel

extension Journal {
  /// Deletes the state and folds all events anew. While that goes on the journal says so: one that was
  /// interrupted begins again at the next open. Refused where the file has damaged pages: LMDB would
  /// end the process on them.
  public func rebuild() throws(JournalFailure) {
    try environment.inspect { walk throws(JournalFailure) in
      do throws(LMDBFailure) { try walk.checkPages() } catch { throw JournalFailure(error) }
    }
    try write { transaction throws(JournalFailure) in
      do throws(LMDBFailure) {
        try transaction.set(.meta, JournalMeta.Key.fold, JournalMeta.number(UInt32(0)))
        for tree in StateTree.allCases { try transaction.removeAll(Tree(tree)) }
      } catch {
        throw JournalFailure(error)
      }
    }
    var next = EventSequence(1)
    while next <= head.sequence {
      let first = next
      next = try write { transaction throws(JournalFailure) in
        try self.fold(from: first, into: &transaction)
      }
    }
    try write { transaction throws(JournalFailure) in
      do throws(LMDBFailure) {
        let version = JournalMeta.number(Projection.version)
        try transaction.set(.meta, JournalMeta.Key.fold, version)
      } catch {
        throw JournalFailure(error)
      }
    }
  }

  /// Folds events of about this size in one transaction.
  private static let rebuildSize = 8 << 20

  /// Folds some blocks from `first` on; the event after them.
  private func fold(
    from first: EventSequence, into transaction: inout WriteTransaction
  ) throws(JournalFailure) -> EventSequence {
    var projection = Projection()
    var next = first
    var size = 0
    while size < Self.rebuildSize, next <= head.sequence {
      guard let block = try block(with: next) else { throw missing(next) }
      try projection.fold(block, into: &transaction, folder: folder)
      size += block.size
      next = block.last.next
    }
    do throws(StateFailure) { try projection.finish(&transaction) } catch {
      throw JournalFailure(error)
    }
    return next
  }

  /// SHA-256 over all trees of the state, in the order of trees and keys: for each tree its number,
  /// for each entry the lengths of key and value before them, and a mark where the tree ends.
  public func stateHash() throws(JournalFailure) -> [UInt8] {
    try StateHash.digest(of: try beginReading())
  }
}

extension Projection {
  /// Folds the events of a block.
  mutating func fold(
    _ block: Block, into store: inout some StateStore & ~Copyable, folder: String
  ) throws(JournalFailure) {
    let events: [JournalEvent]
    do throws(Block.Damage) { events = try block.events() } catch {
      throw JournalFailure(error, folder: folder)
    }
    do throws(StateFailure) {
      for event in events { try apply(event, to: &store) }
    } catch {
      throw JournalFailure(error)
    }
  }
}

/// The state as one digest.
struct StateHash: ~Copyable {
  private var stream = SHA256Stream()

  static func digest(
    of state: borrowing some StateView & ~Copyable
  ) throws(JournalFailure) -> [UInt8] {
    var hash = StateHash()
    do throws(StateFailure) {
      for tree in StateTree.allCases {
        hash.begin(tree)
        try state.scan(tree, from: []) { key, value in
          hash.add(key, value)
          return true
        }
        hash.end()
      }
    } catch {
      throw JournalFailure(error)
    }
    return hash.digest()
  }

  mutating func begin(_ tree: StateTree) { stream.add([tree.rawValue]) }

  mutating func add(_ key: [UInt8], _ value: [UInt8]) {
    stream.add(JournalMeta.number(UInt32(key.count)))
    stream.add(key)
    stream.add(JournalMeta.number(UInt32(value.count)))
    stream.add(value)
  }

  mutating func end() { stream.add(JournalMeta.number(UInt32.max)) }

  consuming func digest() -> [UInt8] { stream.digest() }
}
