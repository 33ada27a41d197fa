import Glibc

/// The file of a sandbox's records: lines that are only ever added. Each is written by one call before
/// the answer is sent, so a process that is killed leaves at most one unfinished line, of a request that
/// was never answered.
struct DataFile: ~Copyable {
  private let descriptor: Int32
  private let path: String

  /// Opens the file, or makes it, for this process alone.
  init(path: String) throws(SandboxFailure) {
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    self.path = path
    guard descriptor >= 0 else { throw Self.failure("open", path) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let isHeld = errno == EWOULDBLOCK
      throw isHeld
        ? SandboxFailure(
          description: "The data file \(path) is in use by another sandbox; stop that one first.")
        : Self.failure("lock", path)
    }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Everything in it.
  func contents() throws(SandboxFailure) -> [UInt8] {
    let size = lseek(descriptor, 0, SEEK_END)
    guard size >= 0 else { throw Self.failure("read", path) }
    var bytes = [UInt8](repeating: 0, count: Int(size))
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeMutableBytes { buffer in
        pread(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done, off_t(done))
      }
      guard count > 0 else { throw Self.failure("read", path) }
      done += count
    }
    return bytes
  }

  /// Forgets what comes behind the first `length` bytes.
  func cut(to length: Int) throws(SandboxFailure) {
    guard ftruncate(descriptor, off_t(length)) == 0, lseek(descriptor, 0, SEEK_END) >= 0 else {
      throw Self.failure("shorten", path)
    }
  }

  /// Adds bytes at the end.
  func append(_ bytes: [UInt8]) throws(SandboxFailure) {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        write(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done)
      }
      guard count > 0 || errno == EINTR else { throw Self.failure("write", path) }
      done += max(0, count)
    }
  }

  private static func failure(_ act: String, _ path: String) -> SandboxFailure {
    let reason = String(cString: strerror(errno))
    return SandboxFailure(description: "Cannot \(act) the data file \(path): \(reason).")
  }

  /// All bytes of a small file that is only read.
  static func read(_ path: String, as thing: String) throws(SandboxFailure) -> [UInt8] {
    guard let file = fopen(path, "r") else {
      let reason = String(cString: strerror(errno))
      throw SandboxFailure(description: "Cannot read the \(thing) \(path): \(reason).")
    }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = fread(&chunk, 1, chunk.count, file)
      guard count > 0 else { return bytes }
      bytes += chunk[..<count]
    }
  }
}
