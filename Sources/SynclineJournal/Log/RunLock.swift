import Glibc
import SynclineLMDB

/// The right to run a package: a lock of the operating system on a file in the journal's folder, which
/// dies with the process that holds it. The file may stay; it means nothing by itself.
public final class RunLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock of the journal in `folder`, which is made where it is missing. Refused, with the
  /// holder's process id, while another process has it.
  public init(folder: String) throws(JournalFailure) {
    let path = "\(folder)/lock"
    let descriptor: Int32
    do throws(LMDBFailure) {
      try Folder.make(folder)
      descriptor = try Folder.openFile(path)
    } catch {
      throw JournalFailure(error)
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let holder = Self.holder(descriptor)
      let reason = errno
      Glibc.close(descriptor)
      throw Self.refusal(path, holder: holder, reason: reason)
    }
    Self.note(descriptor)
    self.descriptor = descriptor
  }

  deinit { Glibc.close(descriptor) }

  private static func refusal(_ path: String, holder: String, reason: Int32) -> JournalFailure {
    let operation = "Taking the lock \(path)"
    guard reason == EWOULDBLOCK else {
      return JournalFailure(
        .system, operation: operation, message: String(cString: strerror(reason)))
    }
    let who = holder.isEmpty ? "another process" : "process \(holder)"
    return JournalFailure(
      .inUse, operation: operation, message: "\(who) is running this package",
      hint: "Wait until it has ended, or end it")
  }

  private static func note(_ descriptor: Int32) {
    // Only a message depends on it, so a full disk is no reason to refuse the lock.
    let text = Array("\(getpid())\n".utf8)
    guard ftruncate(descriptor, 0) == 0 else { return }
    _ = pwrite(descriptor, text, text.count, 0)
  }

  private static func holder(_ descriptor: Int32) -> String {
    let saved = errno
    defer { errno = saved }
    var bytes = [UInt8](repeating: 0, count: 20)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    let digits = bytes.prefix(max(0, count)).prefix { (0x30...0x39).contains($0) }
    return String(decoding: digits, as: UTF8.self)
  }
}
