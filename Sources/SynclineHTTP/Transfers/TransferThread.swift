import CCurl
import Glibc

/// The thread that carries transfers. All handles of libcurl live and die on it, so nothing of them
/// needs a lock.
final class TransferThread {
  private let mailbox: Mailbox
  private let settings: ClientSettings
  private let multi: UnsafeMutableRawPointer
  /// Transfers under way, by the address of their handle.
  private var carried: [UnsafeMutableRawPointer: EasyTransfer] = [:]

  private struct Start {
    let mailbox: Mailbox
    let settings: ClientSettings
  }

  /// Starts the thread; false where the system gives none.
  static func start(_ mailbox: Mailbox, _ settings: ClientSettings) -> Bool {
    let start = UnsafeMutablePointer<Start>.allocate(capacity: 1)
    start.initialize(to: Start(mailbox: mailbox, settings: settings))
    var thread = pthread_t()
    let result = pthread_create(
      &thread, nil,
      { pointer in
        guard let start = pointer?.assumingMemoryBound(to: Start.self) else { return nil }
        let arguments = start.move()
        start.deallocate()
        TransferThread(arguments.mailbox, arguments.settings)?.run()
        return nil
      }, start)
    guard result == 0 else {
      start.deinitialize(count: 1)
      start.deallocate()
      return false
    }
    pthread_detach(thread)
    return true
  }

  private init?(_ mailbox: Mailbox, _ settings: ClientSettings) {
    guard let multi = curl_multi_init() else { return nil }
    self.mailbox = mailbox
    self.settings = settings
    self.multi = multi
    let connections = settings.limits.connectionsMax
    syncline_curl_multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, connections)
    syncline_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, connections * 2)
    syncline_curl_multi_set_long(multi, CURLMOPT_PIPELINING, Int(CURLPIPE_NOTHING))
  }

  deinit { curl_multi_cleanup(multi) }

  private func run() {
    var bell = curl_waitfd(fd: mailbox.bell, events: Int16(CURL_WAIT_POLLIN), revents: 0)
    while read() {
      var running: Int32 = 0
      curl_multi_perform(multi, &running)
      settle()
      curl_multi_poll(multi, &bell, 1, 60_000, nil)
    }
    for transfer in carried.values { end(transfer, .failure(.stopped(transfer))) }
  }

  /// Reads the mailbox; false at the end.
  private func read() -> Bool {
    for message in mailbox.take() {
      switch message {
      case .start(let transfer): begin(transfer)
      case .goOn(let transfer):
        if let easy = easy(of: transfer) { goOn(easy) }
      case .cancel(let transfer):
        if let easy = easy(of: transfer) {
          end(easy, .failure(.cancelled(transfer.request, reach: easy.reach)))
        }
      case .stop: return false
      }
    }
    return true
  }

  /// libcurl hands over what it holds back while it is told to go on; where that is refused, only this
  /// call tells.
  private func goOn(_ easy: EasyTransfer) {
    let result = curl_easy_pause(easy.handle, CURLPAUSE_CONT)
    if result != CURLE_OK { end(easy, .failure(easy.failure(result))) }
  }

  private func begin(_ transfer: Transfer) {
    guard let easy = EasyTransfer(transfer) else {
      return transfer.ended(.failure(.noHandle(transfer.request)))
    }
    carried[easy.handle] = easy
    let result = curl_multi_add_handle(multi, easy.handle)
    if result != CURLM_OK { end(easy, .failure(.noHandle(transfer.request))) }
  }

  /// Takes leave of the transfers that have ended.
  private func settle() {
    var rest: Int32 = 0
    while let message = curl_multi_info_read(multi, &rest) {
      guard message.pointee.msg == CURLMSG_DONE,
        let handle = message.pointee.easy_handle, let easy = carried[handle]
      else { continue }
      let result = message.pointee.data.result
      end(easy, result == CURLE_OK ? .success(()) : .failure(easy.failure(result)))
    }
  }

  private func end(_ easy: EasyTransfer, _ end: Result<Void, HTTPFailure>) {
    curl_multi_remove_handle(multi, easy.handle)
    carried[easy.handle] = nil
    easy.transfer.ended(end)
  }

  private func easy(of transfer: Transfer) -> EasyTransfer? {
    carried.values.first { $0.transfer === transfer }
  }
}
