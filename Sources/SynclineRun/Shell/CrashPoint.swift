#if DEBUG
  import Foundation
  import Synchronization
#endif

/// Places at which a test may kill the process, named by what has just happened or is about to. In a
/// release build they are nothing.
public enum CrashPoint: String, Sendable {
  case beforeAppend, afterAppend, beforeWrite, afterWrite, beforeAcknowledge, afterAcknowledge
  case beforeTracking, afterTracking, beforeProbe, afterProbe, beforeCommit, afterCommit
  /// The journal stands, and the package file does not name it yet; and after that.
  case afterJournal, afterNaming

  #if DEBUG
    private static let hits = Mutex<[String: Int]>([:])

    /// `SYNCLINE_CRASH=afterWrite:2` kills the process at the second write's answer.
    private static let wanted: (name: String, count: Int)? = {
      guard let text = ProcessInfo.processInfo.environment["SYNCLINE_CRASH"] else { return nil }
      let parts = text.split(separator: ":")
      guard parts.count == 2, let count = Int(parts[1]) else { return nil }
      return (String(parts[0]), count)
    }()
  #endif

  /// The process has come here.
  public static func hit(_ point: CrashPoint) {
    #if DEBUG
      guard let wanted, wanted.name == point.rawValue else { return }
      let count = hits.withLock { hits in
        hits[point.rawValue, default: 0] += 1
        return hits[point.rawValue]
      }
      if count == wanted.count { kill(getpid(), SIGKILL) }
    #endif
  }
}
