import SynclineEngine
import SynclineLMDB
public import SynclineModel

/// The records of one object, kept by key in a temporary environment that only the owner may enter,
/// so that memory does not follow the data while two sides are compared.
public final class RowScratch: Sendable {
  /// What was read under a key.
  public enum Entry: Hashable, Sendable {
    case row(PackedRow)
    /// The record is there and cannot be taken; the reason, safe to show.
    case unreadable(String)
  }

  private let scratch: ScratchFolder
  private let tree = Tree(.records)

  /// Makes the temporary folder.
  public init() throws(JournalFailure) {
    do throws(LMDBFailure) { scratch = try ScratchFolder("syncline-compare") } catch {
      throw JournalFailure(error)
    }
  }

  /// Removes the temporary folder. Without this it goes with the object.
  public func close() { scratch.remove() }

  /// Forgets everything.
  public func clear() throws(JournalFailure) {
    try write { transaction throws(LMDBFailure) in try transaction.removeAll(tree) }
  }

  /// Keeps a page.
  public func keep(_ page: [(key: NativeKey, entry: Entry)]) throws(JournalFailure) {
    try write { transaction throws(LMDBFailure) in
      for (key, entry) in page { try transaction.set(tree, key.bytes, entry.encoded) }
    }
  }

  /// Hands out what stands under the keys, in their order, and forgets it.
  public func take(_ keys: [NativeKey]) throws(JournalFailure) -> [Entry?] {
    var taken: [Entry?] = []
    try write { transaction throws(LMDBFailure) in
      // The body is called again where the map had to grow.
      taken = []
      for key in keys {
        let value = try transaction.value(tree, key.bytes)
        if value != nil { try transaction.remove(tree, key.bytes) }
        taken.append(value.flatMap(Entry.init(encoded:)))
      }
    }
    return taken
  }

  /// Up to `limit` of the keys that nobody took, from the one after `after` on.
  public func rest(after: NativeKey?, limit: Int) throws(JournalFailure) -> [NativeKey] {
    do throws(LMDBFailure) {
      let reading = try scratch.environment.beginReading()
      let cursor = try reading.cursor(tree)
      var keys: [NativeKey] = []
      var entry = try cursor.seek(after?.bytes ?? [])
      while let found = entry, keys.count < limit {
        if found.key != after?.bytes { keys.append(NativeKey(encoded: found.key)) }
        entry = try cursor.next()
      }
      return keys
    } catch {
      throw JournalFailure(error)
    }
  }

  private func write(
    _ body: (inout WriteTransaction) throws(LMDBFailure) -> Void
  ) throws(JournalFailure) {
    do throws(LMDBFailure) { try scratch.environment.write(body) } catch {
      throw JournalFailure(error)
    }
  }
}

extension RowScratch.Entry {
  fileprivate var encoded: [UInt8] {
    switch self {
    case .row(let row): [1] + row.bytes
    case .unreadable(let reason): [2] + Array(reason.utf8)
    }
  }

  fileprivate init?(encoded: [UInt8]) {
    switch encoded.first {
    case 1:
      guard let row = try? PackedRow(encoded: Array(encoded.dropFirst())) else { return nil }
      self = .row(row)
    case 2: self = .unreadable(String(decoding: encoded.dropFirst(), as: UTF8.self))
    default: return nil
    }
  }
}
