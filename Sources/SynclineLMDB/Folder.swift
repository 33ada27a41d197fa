import Glibc

// Files and folders of an environment belong to their owner alone, whatever the umask; a symbolic link
// in their place is refused, since it could lead a privileged run elsewhere.

/// The folder of an environment.
public enum Folder {
  /// Makes the folder, and those above it that are missing, for the owner alone.
  public static func make(_ path: String) throws(LMDBFailure) {
    var status = stat()
    if lstat(path, &status) == 0 { return try check(path) }
    if let parent = parent(of: path) { try make(parent, isParent: true) }
    try makeOne(path)
  }

  private static func make(_ path: String, isParent: Bool) throws(LMDBFailure) {
    var status = stat()
    if stat(path, &status) == 0 { return }
    if let parent = parent(of: path) { try make(parent, isParent: true) }
    try makeOne(path)
  }

  private static func makeOne(_ path: String) throws(LMDBFailure) {
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
      throw .system("Making the folder \(path)")
    }
    guard chmod(path, 0o700) == 0 else { throw .system("Making the folder \(path)") }
  }

  private static func parent(of path: String) -> String? {
    guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return nil }
    return String(path[..<slash])
  }

  /// Refuses what is no folder, what is a symbolic link, and what others may write.
  public static func check(_ path: String) throws(LMDBFailure) {
    let status = try status(path)
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw LMDBFailure(
        .unsafe, operation: "Opening the folder \(path)", message: "it is no folder",
        hint: "Put a folder there; a symbolic link is not followed")
    }
    try checkWriters(path, status)
  }

  /// Refuses a file that is a symbolic link or that others may write; false where none is there.
  static func checkFile(_ path: String) throws(LMDBFailure) -> Bool {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      if errno == ENOENT { return false }
      throw .system("Opening \(path)")
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw LMDBFailure(
        .unsafe, operation: "Opening \(path)", message: "it is no plain file",
        hint: "A symbolic link is not followed: put the file itself there")
    }
    try checkWriters(path, status)
    return true
  }

  private static func checkWriters(_ path: String, _ status: stat) throws(LMDBFailure) {
    guard status.st_mode & 0o022 == 0 else {
      throw LMDBFailure(
        .unsafe, operation: "Opening \(path)", message: "other users may write it",
        hint: "Take their right away: chmod go-w \(path)")
    }
  }

  private static func status(_ path: String) throws(LMDBFailure) -> stat {
    var status = stat()
    guard lstat(path, &status) == 0 else { throw .system("Opening the folder \(path)") }
    return status
  }

  /// Makes an empty file for the owner alone, unless a file is there.
  static func makeFile(_ path: String) throws(LMDBFailure) {
    if try checkFile(path) { return }
    close(try openFile(path))
  }

  /// Opens a file to read and write; one that is missing is made for the owner alone.
  public static func openFile(_ path: String) throws(LMDBFailure) -> Int32 {
    let exists = try checkFile(path)
    let descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .system("Opening \(path)") }
    guard exists || fchmod(descriptor, 0o600) == 0 else {
      let failure = LMDBFailure.system("Making \(path)")
      close(descriptor)
      throw failure
    }
    return descriptor
  }

  /// What tells this folder from every other one of the machine.
  static func identity(_ path: String) throws(LMDBFailure) -> FolderIdentity {
    let status = try status(path)
    return FolderIdentity(device: UInt64(status.st_dev), node: UInt64(status.st_ino))
  }

  /// Makes a folder of a new name for the owner alone, below the system's folder for such.
  public static func makeTemporary(_ name: String) throws(LMDBFailure) -> String {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(base)/\(name)-XXXXXX".utf8CString)
    let made = template.withUnsafeMutableBufferPointer { buffer -> String? in
      guard let start = buffer.baseAddress, let path = mkdtemp(start) else { return nil }
      return String(cString: path)
    }
    guard let made else { throw .system("Making a temporary folder in \(base)") }
    return made
  }

  /// Removes a folder of `makeTemporary` with the files of the environment in it.
  public static func removeTemporary(_ path: String) {
    for name in [Environment.dataName, Environment.lockName] { unlink("\(path)/\(name)") }
    rmdir(path)
  }
}

/// Device and node of a folder.
struct FolderIdentity: Hashable, Sendable {
  let device: UInt64
  let node: UInt64
}
