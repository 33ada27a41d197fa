import CLMDB
import Glibc

// Opening looks at the file before LMDB does: first its size and meta pages, then, while a reader's
// slot keeps the newest commit from being overwritten, whatever the caller inspects.

extension Environment {
  static func prepare<Failure: LMDBFailing>(
    _ folder: String, trees: [String], access: Access,
    inspect: (inout PageWalk) throws(Failure) -> Void
  ) throws(Failure) -> OpaquePointer {
    let handle: OpaquePointer
    let file: PageFile?
    do throws(LMDBFailure) {
      file = try look(at: folder, access)
      handle = try openMapped(
        folder, trees: trees.count, access: access, size: Int(file?.size ?? 0))
    } catch {
      throw Failure(error)
    }
    do throws(Failure) {
      if let file { try pin(handle, file, inspect) }
      do throws(LMDBFailure) { try openTrees(handle, trees, access: access) } catch {
        throw Failure(error)
      }
    } catch {
      mdb_env_close(handle)
      throw error
    }
    return handle
  }

  /// The data file, if it holds anything; files that are missing are made where that is allowed.
  private static func look(
    at folder: String, _ access: Access
  ) throws(LMDBFailure) -> PageFile? {
    let data = "\(folder)/\(dataName)"
    let lock = "\(folder)/\(lockName)"
    let exists = try Folder.checkFile(data)
    if access == .read {
      guard exists else { throw LMDBFailure(result: ENOENT, operation: "Opening \(data)") }
      _ = try Folder.checkFile(lock)
    } else {
      try Folder.makeFile(data)
      try Folder.makeFile(lock)
    }
    return try PageFile(path: data)
  }

  /// Lets `inspect` walk the pages of one commit, which a reader's slot keeps from being used again.
  private static func pin<Result, Failure: LMDBFailing>(
    _ handle: OpaquePointer, _ file: PageFile, _ inspect: (inout PageWalk) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var transaction: OpaquePointer?
    let result = mdb_txn_begin(handle, nil, UInt32(MDB_RDONLY), &transaction)
    guard result == 0 else {
      throw Failure(LMDBFailure(result: result, operation: "Opening \(file.path)"))
    }
    defer { mdb_txn_abort(transaction) }
    var walk: PageWalk
    do throws(LMDBFailure) {
      try file.readMetas()
      walk = try PageWalk(file, transaction: UInt64(bitPattern: Int64(mdb_txn_id(transaction))))
    } catch {
      throw Failure(error)
    }
    return try inspect(&walk)
  }

  /// Opens with the wanted map, or with the largest half of a half of it that the process may have.
  private static func openMapped(
    _ folder: String, trees: Int, access: Access, size: Int
  ) throws(LMDBFailure) -> OpaquePointer {
    var flags = MDB_NOTLS
    if access == .read { flags |= MDB_RDONLY }
    if access == .scratch { flags |= MDB_NOSYNC }
    var map = wantedMap(forFile: size)
    while true {
      var created: OpaquePointer?
      var result = mdb_env_create(&created)
      guard result == 0, let handle = created else {
        throw LMDBFailure(result: result, operation: "Opening \(folder)")
      }
      mdb_env_set_maxdbs(handle, UInt32(trees))
      mdb_env_set_mapsize(handle, map)
      result = mdb_env_open(handle, folder, UInt32(flags), 0o600)
      if result == 0 { return handle }
      mdb_env_close(handle)
      guard result == ENOMEM, map / 2 > max(size, 1 << 20) else {
        throw LMDBFailure(result: result, operation: "Opening \(folder)")
      }
      map /= 2
    }
  }

  /// Opens all trees, in order: LMDB then numbers them so, beginning at `Tree.base`.
  private static func openTrees(
    _ handle: OpaquePointer, _ names: [String], access: Access
  ) throws(LMDBFailure) {
    let operation = "Opening the trees"
    var transaction: OpaquePointer?
    let flags = access == .read ? MDB_RDONLY : 0
    try check(mdb_txn_begin(handle, nil, UInt32(flags), &transaction), operation)
    for (index, name) in names.enumerated() {
      var number: MDB_dbi = 0
      let create = access == .read ? 0 : MDB_CREATE
      let result = mdb_dbi_open(transaction, name, UInt32(create), &number)
      guard result == 0, number == Tree.base + UInt32(index) else {
        mdb_txn_abort(transaction)
        throw LMDBFailure(
          result == 0 || result == MDB_NOTFOUND ? .damaged : .system, operation: operation,
          message: "there is no tree \(name)")
      }
    }
    try check(mdb_txn_commit(transaction), operation)
  }

  // MARK: - Looking without opening

  /// Whether `folder` has a data file with something in it.
  public static func exists(in folder: String) -> Bool {
    var status = stat()
    return stat("\(folder)/\(dataName)", &status) == 0 && status.st_size > 0
  }

  /// Lets `body` walk the pages of the newest commit without opening a tree.
  public static func inspect<Result, Failure: LMDBFailing>(
    folder: String, _ body: (inout PageWalk) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let identity: FolderIdentity
    let file: PageFile?
    let handle: OpaquePointer
    do throws(LMDBFailure) { identity = try register(folder, .read) } catch { throw Failure(error) }
    defer { unregister(identity) }
    do throws(LMDBFailure) {
      file = try look(at: folder, .read)
      handle = try openMapped(folder, trees: 0, access: .read, size: Int(file?.size ?? 0))
    } catch {
      throw Failure(error)
    }
    defer { mdb_env_close(handle) }
    guard let file else {
      throw Failure(LMDBFailure(result: ENOENT, operation: "Reading \(folder)"))
    }
    return try pin(handle, file, body)
  }

  /// Lets `body` walk the pages of the newest commit.
  public func inspect<Result, Failure: LMDBFailing>(
    _ body: (inout PageWalk) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let transaction: ReadTransaction
    do throws(LMDBFailure) { transaction = try beginReading() } catch { throw Failure(error) }
    var walk: PageWalk
    do throws(LMDBFailure) {
      guard let file = try PageFile(path: "\(folder)/\(Self.dataName)") else {
        throw LMDBFailure(result: ENOENT, operation: "Reading \(folder)")
      }
      walk = try PageWalk(file, transaction: transaction.id)
    } catch {
      throw Failure(error)
    }
    return try body(&walk)
  }
}
