import Synchronization

/// A mutex whose handing over the thread sanitizer sees, too. Where threads contend for a `Mutex`, the
/// kernel hands it over, which the sanitizer does not notice; the flag beside it tells.
struct Guarded<Value: Sendable>: ~Copyable, Sendable {
  private let value: Mutex<Value>
  private let wasHeld = Atomic(false)

  init(_ value: Value) { self.value = Mutex(value) }

  borrowing func withLock<Result: Sendable>(_ body: (inout Value) -> Result) -> Result {
    value.withLock { value in
      _ = wasHeld.load(ordering: .acquiring)
      defer { wasHeld.store(true, ordering: .releasing) }
      return body(&value)
    }
  }
}
