import Dispatch
import Glibc
import Synchronization

/// SIGINT and SIGTERM: the first one asks, the second one ends the process at once, which is a crash and
/// safe.
final class SignalWatch: Sendable {
  private let state = Mutex<Int32?>(nil)

  /// The first signal that came, or nil.
  var received: Int32? { state.withLock { $0 } }

  /// Calls `ask` at the first signal.
  func watch(_ ask: @escaping @Sendable () -> Void) {
    // Whoever reads the output may leave; the run goes on.
    signal(SIGPIPE, SIG_IGN)
    for number in [SIGINT, SIGTERM] {
      signal(number, SIG_IGN)
      // A source lives as long as its handler, which holds it: the process's signals are watched to
      // its end.
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { [self, source] in
        _ = source
        let isFirst = state.withLock { state in
          defer { state = state ?? number }
          return state == nil
        }
        if isFirst { ask() } else { _exit(128 + number) }
      }
      source.resume()
    }
  }
}
