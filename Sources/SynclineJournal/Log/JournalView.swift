public import SynclineEngine
public import SynclineLMDB

/// The state at one moment: one snapshot of the journal and, in a plan, what the plan has changed
/// before it.
public struct JournalView: StateView, ~Copyable {
  private let journal: ReadTransaction
  private let scratch: ReadTransaction?

  init(journal: consuming ReadTransaction, scratch: consuming ReadTransaction? = nil) {
    self.journal = journal
    self.scratch = scratch
  }

  /// The value under `key`, or nil.
  public func value(_ tree: StateTree, _ key: [UInt8]) throws(StateFailure) -> [UInt8]? {
    switch scratch {
    case .none: return try journal.value(tree, key)
    case .some(let scratch):
      guard let changed = try scratch.value(tree, key) else { return try journal.value(tree, key) }
      return Overlay.value(of: changed)
    }
  }

  /// Hands over the entries from `start` on, ascending, until `body` returns false.
  public func scan(
    _ tree: StateTree, from start: [UInt8], _ body: (_ key: [UInt8], _ value: [UInt8]) -> Bool
  ) throws(StateFailure) {
    switch scratch {
    case .none: try journal.scan(tree, from: start, body)
    case .some(let scratch):
      do throws(LMDBFailure) {
        try Overlay.scan(
          scratch.cursor(Tree(tree)), over: journal.cursor(Tree(tree)), from: start, body)
      } catch {
        throw StateFailure(error)
      }
    }
  }
}

extension Tree {
  /// The trees of a journal's environment: `meta`, `events`, then those of the state by raw value.
  static let meta = Tree(0)
  static let events = Tree(1)

  init(_ tree: StateTree) { self.init(Int(tree.rawValue) + 1) }

  static let names = ["meta", "events"] + StateTree.allCases.map(\.name)
}

extension ReadTransaction: StateView {
  /// The value under `key`, or nil.
  public func value(_ tree: StateTree, _ key: [UInt8]) throws(StateFailure) -> [UInt8]? {
    do throws(LMDBFailure) { return try value(Tree(tree), key) } catch {
      throw StateFailure(error)
    }
  }

  /// Hands over the entries from `start` on, ascending, until `body` returns false.
  public func scan(
    _ tree: StateTree, from start: [UInt8], _ body: (_ key: [UInt8], _ value: [UInt8]) -> Bool
  ) throws(StateFailure) {
    do throws(LMDBFailure) { try walk(cursor(Tree(tree)), from: start, body) } catch {
      throw StateFailure(error)
    }
  }
}

extension WriteTransaction: StateStore {
  /// The value under `key`, or nil.
  public func value(_ tree: StateTree, _ key: [UInt8]) throws(StateFailure) -> [UInt8]? {
    do throws(LMDBFailure) { return try value(Tree(tree), key) } catch {
      throw StateFailure(error)
    }
  }

  /// Hands over the entries from `start` on, ascending, until `body` returns false.
  public func scan(
    _ tree: StateTree, from start: [UInt8], _ body: (_ key: [UInt8], _ value: [UInt8]) -> Bool
  ) throws(StateFailure) {
    do throws(LMDBFailure) { try walk(cursor(Tree(tree)), from: start, body) } catch {
      throw StateFailure(error)
    }
  }

  /// Puts `value` under `key`.
  public mutating func set(
    _ tree: StateTree, _ key: [UInt8], _ value: [UInt8]
  ) throws(StateFailure) {
    do throws(LMDBFailure) { try set(Tree(tree), key, value) } catch { throw StateFailure(error) }
  }

  /// Removes the entry under `key`, if there is one.
  public mutating func remove(_ tree: StateTree, _ key: [UInt8]) throws(StateFailure) {
    do throws(LMDBFailure) { try remove(Tree(tree), key) } catch { throw StateFailure(error) }
  }
}

private func walk(
  _ cursor: borrowing Cursor, from start: [UInt8],
  _ body: (_ key: [UInt8], _ value: [UInt8]) -> Bool
) throws(LMDBFailure) {
  var entry = try cursor.seek(start)
  while let found = entry {
    guard body(found.key, found.value) else { return }
    entry = try cursor.next()
  }
}
