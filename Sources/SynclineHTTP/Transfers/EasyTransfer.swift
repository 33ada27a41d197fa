import CCurl
import Glibc

/// One transfer in libcurl's hands, on the thread that carries it.
final class EasyTransfer {
  let handle: UnsafeMutableRawPointer
  let transfer: Transfer
  private var lines: UnsafeMutablePointer<curl_slist>?
  private var head = HeadReader()
  /// How many times the request was about to be sent.
  private var sendings = 0
  /// Why we ended the transfer ourselves.
  private(set) var refusal: Refusal?

  enum Refusal: Hashable {
    case bodyTooLarge
    case headTooLarge
    case unpacksTooMuch
    /// A connection that was kept ended without an answer; libcurl would have sent a write twice.
    case wouldRepeat
    /// A name of this machine led to another one.
    case notLoopback
  }

  /// Nil where memory is short or libcurl lacks an option.
  init?(_ transfer: Transfer) {
    guard let handle = curl_easy_init() else { return nil }
    self.handle = handle
    self.transfer = transfer
    guard setUp() else { return nil }
  }

  deinit {
    curl_easy_cleanup(handle)
    curl_slist_free_all(lines)
  }

  /// Whether the server may have seen the request.
  var reach: HTTPFailure.Reach {
    head.isComplete ? .answered : sendings == 0 ? .notSent : .perhaps
  }

  // MARK: - What libcurl calls

  /// A connection stands, and the request is about to be sent.
  fileprivate func isAllowedToSend(to peer: String) -> Bool {
    let request = transfer.request
    if request.address.scheme == "http", !HTTPAddress.isLoopback(peer) {
      refusal = .notLoopback
      return false
    }
    if sendings > 0, request.repetition == .onlyIfNotDone {
      refusal = .wouldRepeat
      return false
    }
    sendings += 1
    return true
  }

  fileprivate func headLineArrived(_ bytes: UnsafeRawBufferPointer) -> Bool {
    switch head.take(bytes) {
    case .goesOn: return true
    case .complete(let head):
      if let length = head.headers["Content-Length"].flatMap({ Int($0) }),
        length > transfer.settings.limits.bodyBytesMax, transfer.request.method != .head
      {
        refusal = .bodyTooLarge
        return false
      }
      transfer.headArrived(head)
      return true
    case .tooLarge:
      refusal = .headTooLarge
      return false
    }
  }

  fileprivate func bodyArrived(_ bytes: UnsafeRawBufferPointer) -> Int {
    if unpacksTooMuch(bytes.count) {
      refusal = .unpacksTooMuch
      return 0
    }
    switch transfer.bodyArrived(bytes) {
    case .taken: return bytes.count
    case .later: return Int(CURL_WRITEFUNC_PAUSE)
    case .tooMany:
      refusal = .bodyTooLarge
      return 0
    }
  }

  private func unpacksTooMuch(_ count: Int) -> Bool {
    let received = transfer.received + count
    guard received > 4 << 20 else { return false }
    var wire: curl_off_t = 0
    syncline_curl_get_offset(handle, CURLINFO_SIZE_DOWNLOAD_T, &wire)
    return wire > 0 && received / Int(wire) > transfer.settings.limits.unpackingMax
  }

  // MARK: - Options

  private func setUp() -> Bool {
    setProtection() && setProxy() && setRequest() && setLimits() && setReceivers()
  }

  private func set(_ option: CURLoption, _ value: Int) -> Bool {
    syncline_curl_set_long(handle, option, value) == CURLE_OK
  }

  private func set(_ option: CURLoption, _ text: String?) -> Bool {
    syncline_curl_set_text(handle, option, text) == CURLE_OK
  }

  private func setProtection() -> Bool {
    guard set(CURLOPT_PROTOCOLS_STR, transfer.request.address.scheme),
      set(CURLOPT_FOLLOWLOCATION, 0), set(CURLOPT_SSL_VERIFYPEER, 1),
      set(CURLOPT_SSL_VERIFYHOST, 2), set(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2),
      set(CURLOPT_PROXY_SSL_VERIFYPEER, 1), set(CURLOPT_PROXY_SSL_VERIFYHOST, 2),
      set(CURLOPT_PROXY_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
    else { return false }
    guard let file = transfer.settings.caFile else { return true }
    return set(CURLOPT_CAINFO, file) && set(CURLOPT_CAPATH, nil)
      && set(CURLOPT_PROXY_CAINFO, file) && set(CURLOPT_PROXY_CAPATH, nil)
  }

  /// An empty proxy keeps libcurl from reading the environment itself.
  private func setProxy() -> Bool {
    let settings = transfer.settings.proxies
    guard let proxy = settings.proxy, !transfer.request.address.isLoopback else {
      return set(CURLOPT_PROXY, "")
    }
    return set(CURLOPT_PROXY, proxy.address) && set(CURLOPT_NOPROXY, settings.exceptions)
      && set(CURLOPT_PROXYUSERNAME, proxy.user?.revealed)
      && set(CURLOPT_PROXYPASSWORD, proxy.password?.revealed)
      && set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1) && set(CURLOPT_HTTPPROXYTUNNEL, 1)
  }

  private func setRequest() -> Bool {
    let request = transfer.request
    // HTTP/2 would buffer up to 32 MiB for a paused reader (Docs/Decisions/0040).
    guard set(CURLOPT_URL, request.address.text),
      set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1)),
      set(CURLOPT_USERAGENT, transfer.settings.userAgent), set(CURLOPT_ACCEPT_ENCODING, "gzip"),
      setMethod()
    else { return false }
    // libcurl would ask first whether a large body is welcome, and wait a second for the answer.
    guard append("Expect:") else { return false }
    for line in request.headers.lines {
      let value = line.content.revealed
      guard append(value.isEmpty ? "\(line.name);" : "\(line.name): \(value)") else { return false }
    }
    return syncline_curl_set_pointer(handle, CURLOPT_HTTPHEADER, lines) == CURLE_OK
  }

  private func append(_ line: String) -> Bool {
    guard let longer = curl_slist_append(lines, line) else { return false }
    lines = longer
    return true
  }

  private func setMethod() -> Bool {
    let request = transfer.request
    switch request.method {
    case .get where request.body.isEmpty: return set(CURLOPT_HTTPGET, 1)
    case .head: return set(CURLOPT_NOBODY, 1)
    case .delete where request.body.isEmpty: return set(CURLOPT_CUSTOMREQUEST, "DELETE")
    case .get, .post, .put, .patch, .delete: return setBody() && setVerb()
    }
  }

  private func setVerb() -> Bool { set(CURLOPT_CUSTOMREQUEST, transfer.request.method.rawValue) }

  /// libcurl copies the body: it outlives the caller's.
  private func setBody() -> Bool {
    let body = transfer.request.body
    guard set(CURLOPT_POST, 1),
      syncline_curl_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
        == CURLE_OK
    else { return false }
    return body.withUnsafeBytes { bytes in
      let start = UnsafeMutableRawPointer(mutating: bytes.baseAddress)
      guard let start else { return set(CURLOPT_COPYPOSTFIELDS, "") }
      return syncline_curl_set_pointer(handle, CURLOPT_COPYPOSTFIELDS, start) == CURLE_OK
    }
  }

  private func setLimits() -> Bool {
    let limits = transfer.settings.limits
    // What one such buffer unpacks to, 16 MiB at worst, libcurl holds for a reader that is behind.
    return set(CURLOPT_BUFFERSIZE, 16 << 10) && set(CURLOPT_NOSIGNAL, 1)
      && set(CURLOPT_CONNECTTIMEOUT_MS, limits.connectMilliseconds)
      && set(CURLOPT_LOW_SPEED_LIMIT, 1) && set(CURLOPT_LOW_SPEED_TIME, limits.idleSeconds)
      && set(CURLOPT_TIMEOUT_MS, limits.wholeMilliseconds) && set(CURLOPT_TCP_KEEPALIVE, 1)
      && set(CURLOPT_MAXAGE_CONN, limits.keptSeconds)
  }

  private func setReceivers() -> Bool {
    let this = Unmanaged.passUnretained(self).toOpaque()
    return syncline_curl_set_receiver(handle, CURLOPT_HEADERFUNCTION, receiveHeadLine) == CURLE_OK
      && syncline_curl_set_pointer(handle, CURLOPT_HEADERDATA, this) == CURLE_OK
      && syncline_curl_set_receiver(handle, CURLOPT_WRITEFUNCTION, receiveBody) == CURLE_OK
      && syncline_curl_set_pointer(handle, CURLOPT_WRITEDATA, this) == CURLE_OK
      && syncline_curl_set_prerequisite(handle, askToSend) == CURLE_OK
      && syncline_curl_set_pointer(handle, CURLOPT_PREREQDATA, this) == CURLE_OK
  }
}

private func easyTransfer(_ pointer: UnsafeMutableRawPointer?) -> EasyTransfer? {
  pointer.map { Unmanaged<EasyTransfer>.fromOpaque($0).takeUnretainedValue() }
}

private func receiveHeadLine(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int,
  _ this: UnsafeMutableRawPointer?
) -> Int {
  let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
  return easyTransfer(this)?.headLineArrived(line) == true ? line.count : 0
}

private func receiveBody(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int,
  _ this: UnsafeMutableRawPointer?
) -> Int {
  easyTransfer(this)?.bodyArrived(UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? 0
}

private func askToSend(
  _ this: UnsafeMutableRawPointer?, _ peer: UnsafeMutablePointer<CChar>?,
  _ local: UnsafeMutablePointer<CChar>?, _ peerPort: Int32, _ localPort: Int32
) -> Int32 {
  let isAllowed = easyTransfer(this)?.isAllowedToSend(to: peer.map { String(cString: $0) } ?? "")
  return isAllowed == true ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
}
