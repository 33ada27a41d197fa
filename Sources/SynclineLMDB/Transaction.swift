import CLMDB
import Glibc

// A transaction cannot be copied and ends with its owner. Nothing read through it is a pointer into
// the map: keys and values are copied, or seen as a span that cannot leave its closure.

/// A snapshot of an environment.
public struct ReadTransaction: ~Copyable {
  private let environment: Environment
  private let handle: OpaquePointer

  init(environment: Environment, handle: OpaquePointer) {
    self.environment = environment
    self.handle = handle
  }

  deinit {
    mdb_txn_abort(handle)
    environment.ended()
  }

  /// Which of the environment's commits it shows.
  public var id: UInt64 { UInt64(bitPattern: Int64(mdb_txn_id(handle))) }

  /// The value under `key`, or nil.
  public func value(_ tree: Tree, _ key: [UInt8]) throws(LMDBFailure) -> [UInt8]? {
    try read(handle, tree, key)
  }

  /// A place in a tree.
  @_lifetime(borrow self)
  public func cursor(_ tree: Tree) throws(LMDBFailure) -> Cursor {
    Cursor(handle: try openCursor(handle, tree))
  }

  /// How many entries and pages a tree has.
  public func statistics(_ tree: Tree) throws(LMDBFailure) -> TreeStatistics {
    var statistics = MDB_stat()
    try check(mdb_stat(handle, tree.number, &statistics), "Reading a tree")
    return TreeStatistics(
      entries: UInt64(clamping: statistics.ms_entries),
      pages: UInt64(clamping: statistics.ms_branch_pages)
        &+ UInt64(clamping: statistics.ms_leaf_pages)
        &+ UInt64(clamping: statistics.ms_overflow_pages),
      pageSize: UInt64(statistics.ms_psize))
  }
}

/// The size of a tree.
public struct TreeStatistics: Hashable, Sendable {
  public var entries: UInt64
  public var pages: UInt64
  /// In bytes.
  public var pageSize: UInt64

  /// In bytes.
  public var size: UInt64 { pages &* pageSize }
}

/// Changes to an environment, all or none of which come to stand.
public struct WriteTransaction: ~Copyable {
  private let environment: Environment
  private let handle: OpaquePointer
  private var isOpen = true
  /// Whether a change failed because the map is too small.
  var needsRoom = false

  init(environment: Environment, handle: OpaquePointer) {
    self.environment = environment
    self.handle = handle
  }

  deinit {
    if isOpen {
      mdb_txn_abort(handle)
      environment.ended()
    }
  }

  /// The value under `key`, or nil.
  public func value(_ tree: Tree, _ key: [UInt8]) throws(LMDBFailure) -> [UInt8]? {
    try read(handle, tree, key)
  }

  /// A place in a tree.
  @_lifetime(borrow self)
  public func cursor(_ tree: Tree) throws(LMDBFailure) -> Cursor {
    Cursor(handle: try openCursor(handle, tree))
  }

  /// Puts `value` under `key`.
  public mutating func set(_ tree: Tree, _ key: [UInt8], _ value: [UInt8]) throws(LMDBFailure) {
    try put(tree, key, value, 0)
  }

  /// Puts `value` under `key`, which must be greater than every key of the tree.
  public mutating func append(_ tree: Tree, _ key: [UInt8], _ value: [UInt8])
    throws(LMDBFailure)
  {
    try put(tree, key, value, MDB_APPEND)
  }

  private mutating func put(
    _ tree: Tree, _ key: [UInt8], _ value: [UInt8], _ flags: Int32
  ) throws(LMDBFailure) {
    let result = withValue(key) { key in
      withValue(value) { value in mdb_put(handle, tree.number, &key, &value, UInt32(flags)) }
    }
    try note(result)
  }

  /// Removes the entry under `key`, if there is one.
  public mutating func remove(_ tree: Tree, _ key: [UInt8]) throws(LMDBFailure) {
    let result = withValue(key) { key in mdb_del(handle, tree.number, &key, nil) }
    if result != MDB_NOTFOUND { try note(result) }
  }

  /// Removes every entry of a tree.
  public mutating func removeAll(_ tree: Tree) throws(LMDBFailure) {
    try note(mdb_drop(handle, tree.number, 0))
  }

  /// Brings the changes to the disk. The transaction is over, also where this throws.
  public mutating func commit() throws(LMDBFailure) {
    precondition(isOpen, "a transaction is committed once")
    isOpen = false
    let result = mdb_txn_commit(handle)
    environment.ended()
    if result == 0 { return }
    let operation = "Writing to \(environment.folder)"
    // Only what LMDB says of itself leaves the disk's state known.
    if result > 0 { environment.broke() }
    // LMDB calls a write that fell short an I/O error; mostly the disk is full then.
    if result == EIO {
      throw LMDBFailure(
        .full, operation: operation, message: "the disk took less than was written",
        hint: "Make room, or lift the limit; where there is room, have the disk looked at")
    }
    throw LMDBFailure(result: result, operation: operation)
  }

  private mutating func note(_ result: Int32) throws(LMDBFailure) {
    if result == 0 { return }
    if result == MDB_MAP_FULL { needsRoom = true }
    throw LMDBFailure(result: result, operation: "Writing to \(environment.folder)")
  }
}

/// A place in a tree, from which it goes on in the order of the keys.
public struct Cursor: ~Copyable, ~Escapable {
  private let handle: OpaquePointer

  @_lifetime(immortal)
  init(handle: OpaquePointer) { self.handle = handle }

  deinit { mdb_cursor_close(handle) }

  /// An entry, copied.
  public struct Entry: Hashable, Sendable {
    public var key: [UInt8]
    public var value: [UInt8]
  }

  /// The first entry whose key is `key` or greater.
  public func seek(_ key: [UInt8]) throws(LMDBFailure) -> Entry? {
    // LMDB knows no empty key.
    key.isEmpty ? try move(MDB_FIRST) : try move(MDB_SET_RANGE, key)
  }

  /// The entry after the one before.
  public func next() throws(LMDBFailure) -> Entry? { try move(MDB_NEXT) }

  /// The entry before it.
  public func previous() throws(LMDBFailure) -> Entry? { try move(MDB_PREV) }

  /// The last entry.
  public func last() throws(LMDBFailure) -> Entry? { try move(MDB_LAST) }

  private func move(_ step: MDB_cursor_op, _ key: [UInt8] = []) throws(LMDBFailure) -> Entry? {
    var found = MDB_val()
    var value = MDB_val()
    let result = withValue(key) { wanted in
      found = wanted
      return mdb_cursor_get(handle, &found, &value, step)
    }
    if result == MDB_NOTFOUND { return nil }
    try check(result, "Reading a tree")
    return Entry(key: copy(found), value: copy(value))
  }
}

private func read(_ handle: OpaquePointer, _ tree: Tree, _ key: [UInt8])
  throws(LMDBFailure) -> [UInt8]?
{
  var value = MDB_val()
  let result = withValue(key) { key in mdb_get(handle, tree.number, &key, &value) }
  if result == MDB_NOTFOUND { return nil }
  try check(result, "Reading a tree")
  return copy(value)
}

private func openCursor(_ handle: OpaquePointer, _ tree: Tree) throws(LMDBFailure) -> OpaquePointer
{
  var cursor: OpaquePointer?
  try check(mdb_cursor_open(handle, tree.number, &cursor), "Reading a tree")
  guard let cursor else { throw LMDBFailure(result: ENOMEM, operation: "Reading a tree") }
  return cursor
}

private func copy(_ value: MDB_val) -> [UInt8] {
  [UInt8](UnsafeRawBufferPointer(start: value.mv_data, count: value.mv_size))
}

private func withValue(_ bytes: [UInt8], _ body: (inout MDB_val) -> Int32) -> Int32 {
  bytes.withUnsafeBytes { buffer in
    // LMDB reads through the pointer and never writes.
    var value = MDB_val(
      mv_size: buffer.count, mv_data: UnsafeMutableRawPointer(mutating: buffer.baseAddress))
    return body(&value)
  }
}
