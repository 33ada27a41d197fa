import CCurl
import Glibc

/// What the callers tell the thread that carries transfers, and the bell that wakes it.
final class Mailbox: Sendable {
  enum Message: Sendable {
    case start(Transfer)
    /// The reader caught up.
    case goOn(Transfer)
    case cancel(Transfer)
    case stop
  }

  /// Rung with every message; the thread polls it beside the connections.
  let bell: Int32
  private let messages = Guarded<[Message]>([])

  init() { bell = syncline_bell_open() }

  deinit { if bell >= 0 { close(bell) } }

  func post(_ message: Message) {
    messages.withLock { $0.append(message) }
    syncline_bell_ring(bell)
  }

  /// Takes all messages, in order.
  func take() -> [Message] {
    syncline_bell_quiet(bell)
    return messages.withLock { messages in
      let taken = messages
      messages.removeAll(keepingCapacity: true)
      return taken
    }
  }
}
