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
    private struct Wish {
      let point: CrashPoint
      var visits: Int
    }

    private static let wish = Mutex<Wish?>(nil)
  #endif

  /// Takes a wish: `afterWrite:2` kills the process at the second write's answer. Of no effect in a
  /// release build.
  public static func arm(_ text: String?) {
    #if DEBUG
      let parts = text?.split(separator: ":") ?? []
      guard parts.count == 2, let point = CrashPoint(rawValue: String(parts[0])),
        let visits = Int(parts[1])
      else { return }
      wish.withLock { $0 = Wish(point: point, visits: visits) }
    #endif
  }

  /// The process has come here.
  public static func hit(_ point: CrashPoint) {
    #if DEBUG
      let isDue = wish.withLock { wish in
        guard wish?.point == point else { return false }
        wish?.visits -= 1
        return wish?.visits == 0
      }
      if isDue { kill(getpid(), SIGKILL) }
    #endif
  }
}
