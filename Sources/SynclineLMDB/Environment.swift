import CLMDB
import Glibc
import Synchronization

/// One LMDB environment: a folder with a data file and a lock file, and the trees in it. At most one
/// per folder is open in a process, since closing a second one would drop the first one's locks.
///
/// No WRITEMAP (a full disk would be a SIGBUS), no NOSYNC but for scratch data, no thread-local
/// readers. The file is checked before it is mapped (`PageFile`).
// SAFETY: LMDB lets several threads use one environment; writers wait for one another inside LMDB,
// readers are free of threads (MDB_NOTLS); the map changes only while `use` counts no transaction.
public final class Environment: @unchecked Sendable {
  /// What the environment is opened for.
  public enum Access: Hashable, Sendable {
    case read
    case write
    /// For data that is thrown away: not synced.
    case scratch
  }

  static let dataName = "data.mdb"
  static let lockName = "lock.mdb"
  private static let open = Mutex<Set<FolderIdentity>>([])

  public let folder: String
  public let access: Access
  private let identity: FolderIdentity
  private let handle: OpaquePointer
  private let use = Mutex(Use())

  /// What goes on in the environment.
  private struct Use {
    var transactions = 0
    var isBroken = false
    var isClosed = false
  }

  /// Opens the environment in `folder`, which is made where `access` is to write and nothing is there.
  /// - Parameters:
  ///   - trees: the names of all trees, always in the same order: a tree is named by its index.
  ///   - inspect: sees the file, if it holds anything, before LMDB looks at more than its meta pages;
  ///     it refuses by throwing, and nothing has been written then.
  public init<Failure: LMDBFailing>(
    folder: String, trees: [String], access: Access,
    inspect: (inout PageWalk) throws(Failure) -> Void
  ) throws(Failure) {
    let identity: FolderIdentity
    do throws(LMDBFailure) { identity = try Self.register(folder, access) } catch {
      throw Failure(error)
    }
    do throws(Failure) {
      handle = try Self.prepare(folder, trees: trees, access: access, inspect: inspect)
    } catch {
      Self.unregister(identity)
      throw error
    }
    self.folder = folder
    self.access = access
    self.identity = identity
  }

  /// Notes that this process has the folder open.
  static func register(
    _ folder: String, _ access: Access
  ) throws(LMDBFailure) -> FolderIdentity {
    if access != .read { try Folder.make(folder) }
    try Folder.check(folder)
    let identity = try Folder.identity(folder)
    guard open.withLock({ $0.insert(identity).inserted }) else {
      throw LMDBFailure(
        .alreadyOpen, operation: "Opening \(folder)", message: "this process has it open already")
    }
    return identity
  }

  static func unregister(_ identity: FolderIdentity) {
    _ = open.withLock { $0.remove(identity) }
  }

  deinit { close() }

  /// Closes the environment. No transaction may be under way.
  public func close() {
    let mayClose = use.withLock { use in
      precondition(use.transactions == 0, "an environment is closed after its transactions")
      defer { use.isClosed = true }
      return !use.isClosed
    }
    guard mayClose else { return }
    mdb_env_close(handle)
    Self.unregister(identity)
  }

  /// Removes the slots of readers that died, so that their pages can be used again.
  public func removeDeadReaders() throws(LMDBFailure) {
    try checkUsable()
    var dead: Int32 = 0
    try check(mdb_reader_check(handle, &dead), "Looking for dead readers")
  }

  /// Whether a failed write has made the environment unusable.
  public var isBroken: Bool { use.withLock { $0.isBroken } }

  /// The size of the data file, in bytes.
  public func size() throws(LMDBFailure) -> UInt64 {
    var status = stat()
    guard stat("\(folder)/\(Self.dataName)", &status) == 0 else {
      throw .system("Opening \(folder)")
    }
    return UInt64(status.st_size)
  }

  // MARK: - Transactions

  /// Begins to read; the snapshot stands until the transaction goes.
  public func beginReading() throws(LMDBFailure) -> ReadTransaction {
    ReadTransaction(environment: self, handle: try begin(MDB_RDONLY))
  }

  /// Begins to write; what is not committed (`commit`) is undone.
  public func beginWriting() throws(LMDBFailure) -> WriteTransaction {
    try reserveWhereNeeded()
    return WriteTransaction(environment: self, handle: try begin(0))
  }

  /// Carries out `body` in one transaction, which is on the disk when this returns. Where the map is
  /// too small it is reserved anew and `body` is called once more.
  public func write<Result, Failure: LMDBFailing>(
    _ body: (inout WriteTransaction) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    if case .done(let result) = try attempt(body) { return result }
    do throws(LMDBFailure) {
      try checkUsable()
      try reserve(mapSize * 2)
    } catch {
      throw Failure(error)
    }
    if case .done(let result) = try attempt(body) { return result }
    throw Failure(LMDBFailure(result: MDB_MAP_FULL, operation: "Writing to \(folder)"))
  }

  private enum Attempt<Result> {
    case done(Result)
    case needsRoom
  }

  private func attempt<Result, Failure: LMDBFailing>(
    _ body: (inout WriteTransaction) throws(Failure) -> Result
  ) throws(Failure) -> Attempt<Result> {
    var transaction: WriteTransaction
    do throws(LMDBFailure) { transaction = try beginWriting() } catch { throw Failure(error) }
    let result: Result
    do throws(Failure) { result = try body(&transaction) } catch {
      if transaction.needsRoom { return .needsRoom }
      throw error
    }
    do throws(LMDBFailure) { try transaction.commit() } catch {
      if error.code == .mapFull { return .needsRoom }
      throw Failure(error)
    }
    return .done(result)
  }

  private func begin(_ flags: Int32) throws(LMDBFailure) -> OpaquePointer {
    try checkUsable { $0.transactions += 1 }
    var transaction: OpaquePointer?
    var result = mdb_txn_begin(handle, nil, UInt32(flags), &transaction)
    if result == MDB_MAP_RESIZED {
      // Another process has let the file grow beyond our map.
      result = mdb_env_set_mapsize(handle, 0)
      if result == 0 { result = mdb_txn_begin(handle, nil, UInt32(flags), &transaction) }
    }
    guard result == 0, let transaction else {
      ended()
      throw LMDBFailure(result: result, operation: "Using \(folder)")
    }
    return transaction
  }

  /// Throws where the environment is closed or broken, and nothing may touch its handle.
  private func checkUsable(_ change: (inout Use) -> Void = { _ in }) throws(LMDBFailure) {
    try use.withLock { use throws(LMDBFailure) in
      guard !use.isBroken, !use.isClosed else {
        throw LMDBFailure(
          .closed, operation: "Using \(folder)",
          message: use.isBroken ? "a write to it failed" : "it is closed",
          hint: "Start again once the disk is in order")
      }
      change(&use)
    }
  }

  /// A transaction has ended.
  func ended() { use.withLock { $0.transactions -= 1 } }

  /// A write to the disk failed. What the kernel still holds of it is unknown, so nothing more is done
  /// with this map and these descriptors.
  func broke() { use.withLock { $0.isBroken = true } }

  // MARK: - The map

  /// The size of the map; the handle is open.
  private var mapSize: Int {
    var info = MDB_envinfo()
    return mdb_env_info(handle, &info) == 0 ? info.me_mapsize : 0
  }

  private func reserveWhereNeeded() throws(LMDBFailure) {
    try checkUsable()
    var info = MDB_envinfo()
    try check(mdb_env_info(handle, &info), "Using \(folder)")
    let used = (info.me_last_pgno + 1) * Int(getpagesize())
    if used > info.me_mapsize / 2 { try reserve(Self.wantedMap(forFile: used)) }
  }

  /// Reserves the map anew, unless a transaction stands in it: then it stays until the next time.
  private func reserve(_ wanted: Int) throws(LMDBFailure) {
    try use.withLock { use throws(LMDBFailure) in
      guard use.transactions == 0, !use.isClosed, !use.isBroken else { return }
      let old = mapSize
      var size = wanted
      while size > old {
        if mdb_env_set_mapsize(handle, size) == 0 { return }
        size /= 2
      }
      // A failed reservation has given the old one up.
      let result = mdb_env_set_mapsize(handle, old)
      if result != 0 {
        use.isBroken = true
        throw LMDBFailure(result: result, operation: "Reserving the map of \(folder)")
      }
    }
  }

  /// 64 GiB, or eight times the file, whichever is more.
  static func wantedMap(forFile size: Int) -> Int { max(64 << 30, size * 8) }
}
