/// One request on its way, between its caller and the thread that carries it. The thread writes what
/// arrives; the caller takes it; above a limit of waiting bytes the thread is told to pause.
final class Transfer: Sendable {
  let request: HTTPRequest
  let settings: ClientSettings
  private let mailbox: Mailbox
  private let state = Guarded(State())

  private struct State {
    var head: HTTPHead?
    var waiting: [UInt8] = []
    /// Bytes of the body so far, unpacked.
    var received = 0
    var isPaused = false
    var isHandedOver = false
    /// Nil until the end.
    var end: Result<Void, HTTPFailure>?
    /// The one caller that waits for the head or for bytes.
    var waiter: CheckedContinuation<Void, Never>?

    mutating func wake() {
      waiter?.resume()
      waiter = nil
    }
  }

  init(_ request: HTTPRequest, settings: ClientSettings, mailbox: Mailbox) {
    self.request = request
    self.settings = settings
    self.mailbox = mailbox
  }

  // MARK: - The thread's side

  func headArrived(_ head: HTTPHead) {
    state.withLock { state in
      state.head = head
      state.wake()
    }
  }

  /// What becomes of bytes that arrived.
  enum Taking: Hashable {
    case taken
    /// They must come again, after `goOn`.
    case later
    case tooMany
  }

  /// `bytes` of the body arrived.
  func bodyArrived(_ bytes: UnsafeRawBufferPointer) -> Taking {
    state.withLock { state in
      if state.received + bytes.count > settings.limits.bodyBytesMax { return .tooMany }
      if !state.waiting.isEmpty,
        state.waiting.count + bytes.count > settings.limits.waitingBytesMax
      {
        state.isPaused = true
        return .later
      }
      state.received += bytes.count
      state.waiting.append(contentsOf: bytes)
      state.wake()
      return .taken
    }
  }

  /// Bytes of the body so far, unpacked.
  var received: Int { state.withLock { $0.received } }

  func ended(_ end: Result<Void, HTTPFailure>) {
    state.withLock { state in
      if state.end == nil { state.end = end }
      state.wake()
    }
  }

  // MARK: - The caller's side

  /// Waits for the head.
  func head() async throws(HTTPFailure) -> HTTPHead {
    while true {
      let step: Result<HTTPHead, HTTPFailure>? = state.withLock { state in
        if let head = state.head { return .success(head) }
        if case .failure(let failure) = state.end { return .failure(failure) }
        return nil
      }
      if let step { return try step.get() }
      await change { $0.head != nil || $0.end != nil }
    }
  }

  /// The bytes that have arrived since the last call; nil at the end. Waits where there are none.
  func bytes() async throws(HTTPFailure) -> [UInt8]? {
    while true {
      let (step, wasPaused) = take()
      if wasPaused { mailbox.post(.goOn(self)) }
      if let step { return try step.get() }
      await change { !$0.waiting.isEmpty || $0.end != nil }
    }
  }

  private func take() -> (step: Result<[UInt8]?, HTTPFailure>?, wasPaused: Bool) {
    state.withLock { state in
      if !state.waiting.isEmpty {
        let bytes = state.waiting
        state.waiting = []
        defer { state.isPaused = false }
        return (.success(bytes), state.isPaused)
      }
      guard let end = state.end else { return (nil, false) }
      return (end.map { nil }, false)
    }
  }

  func cancel() { mailbox.post(.cancel(self)) }

  private func change(_ isThere: @Sendable (borrowing State) -> Bool) async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        state.withLock { state in
          if isThere(state) {
            continuation.resume()
          } else {
            precondition(state.waiter == nil, "one caller reads an answer")
            state.waiter = continuation
          }
        }
      }
    } onCancel: {
      cancel()
    }
  }
}
