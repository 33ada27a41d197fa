import CSQLite
import Synchronization

/// Ends the statement that a database is at, from any thread. It holds the address of the open
/// database under a lock, so that an interrupt never meets one that is being closed.
final class Interrupter: Sendable {
  private let address = Mutex<UInt>(0)

  func attach(_ handle: OpaquePointer) {
    address.withLock { $0 = UInt(bitPattern: handle) }
  }

  func detach() { address.withLock { $0 = 0 } }

  func interrupt() {
    address.withLock { address in
      if let handle = OpaquePointer(bitPattern: address) { sqlite3_interrupt(handle) }
    }
  }
}
