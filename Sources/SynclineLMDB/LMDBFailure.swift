import CLMDB
import Glibc

/// Why LMDB, or the operating system below it, refused. `description` is safe to show and log: it
/// names paths and causes, never a key or a value.
public struct LMDBFailure: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Code: Hashable, Sendable {
    /// The disk, a quota or a limit of the process is full.
    case full
    /// The reserved map is full; it is reserved anew between transactions.
    case mapFull
    /// The bytes are not what an LMDB file holds.
    case damaged
    /// The file ends before its last page.
    case truncated
    /// The file is no LMDB file, or one of another architecture.
    case foreign
    /// The operating system does not permit it.
    case denied
    /// The folder or file is not there.
    case absent
    /// A symbolic link, or a file or folder that others may write.
    case unsafe
    /// This process has the environment open already.
    case alreadyOpen
    /// The key is there already.
    case exists
    /// An earlier write to the disk failed: the environment must be closed and opened again.
    case closed
    /// The operating system refused for another reason.
    case system
  }

  public var code: Code
  /// What was being done.
  public var operation: String
  /// What happened.
  public var message: String
  /// What mends it; empty where nothing can be said.
  public var hint: String

  public init(_ code: Code, operation: String, message: String, hint: String = "") {
    self.code = code
    self.operation = operation
    self.message = message
    self.hint = hint
  }

  public var description: String {
    let cause = "\(operation): \(message)"
    return hint.isEmpty ? cause : "\(cause). \(hint)"
  }

  /// The failure that a result of LMDB or an `errno` stands for.
  init(result: Int32, operation: String) {
    let code = Self.code(of: result)
    let message =
      result == EIO
      ? "the disk is full or broken, or a limit is met" : String(cString: mdb_strerror(result))
    self.init(
      code, operation: operation, message: message,
      hint: Self.hint(for: code))
  }

  /// The failure that the last system call left in `errno`.
  static func system(_ operation: String) -> LMDBFailure {
    LMDBFailure(result: errno, operation: operation)
  }

  private static func code(of result: Int32) -> Code {
    switch result {
    // LMDB calls a write that was cut short, as on a full disk, EIO.
    case ENOSPC, EDQUOT, EFBIG, EIO: .full
    case MDB_MAP_FULL: .mapFull
    case MDB_CORRUPTED, MDB_PAGE_NOTFOUND, MDB_PANIC: .damaged
    case MDB_INVALID, MDB_VERSION_MISMATCH: .foreign
    case EACCES, EPERM, EROFS: .denied
    case ENOENT, ENOTDIR: .absent
    case ELOOP: .unsafe
    case MDB_KEYEXIST: .exists
    default: .system
    }
  }

  private static func hint(for code: Code) -> String {
    switch code {
    case .full: "Make room on the disk, or lift the limit, and start again"
    case .denied: "Give the user who runs this the right to read and write the folder"
    case .mapFull: "Let the process use more address space (ulimit -v) and start again"
    default: ""
    }
  }
}
