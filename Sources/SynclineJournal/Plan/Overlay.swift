import SynclineLMDB

/// The changes of a plan over the trees of a journal: a value is marked as such, a deletion is a
/// tombstone, and nothing of the journal is copied.
enum Overlay {
  private static let mark: UInt8 = 1

  /// What stands in the scratch for a value.
  static func entry(_ value: [UInt8]) -> [UInt8] { [mark] + value }

  /// What stands in the scratch for an entry that is gone.
  static let tombstone: [UInt8] = [0]

  /// The value that an entry of the scratch stands for, or nil for a tombstone.
  static func value(of entry: [UInt8]) -> [UInt8]? {
    entry.first == mark ? Array(entry.dropFirst()) : nil
  }

  /// Hands over the entries of both, ascending, those of `scratch` in the place of equal keys.
  static func scan(
    _ scratch: borrowing Cursor, over journal: borrowing Cursor, from start: [UInt8],
    _ body: (_ key: [UInt8], _ value: [UInt8]) -> Bool
  ) throws(LMDBFailure) {
    var changed = try scratch.seek(start)
    var known = try journal.seek(start)
    while changed != nil || known != nil {
      if let old = known, changed.map({ old.key.lexicographicallyPrecedes($0.key) }) ?? true {
        guard body(old.key, old.value) else { return }
        known = try journal.next()
      } else if let new = changed {
        if known?.key == new.key { known = try journal.next() }
        if let value = value(of: new.value), !body(new.key, value) { return }
        changed = try scratch.next()
      }
    }
  }
}
