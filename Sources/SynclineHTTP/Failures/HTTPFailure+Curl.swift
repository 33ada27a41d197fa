import CCurl
import Glibc

// What the codes of libcurl and of OpenSSL mean for a person. libcurl's own words are never shown:
// they can hold the address with its query.

extension EasyTransfer {
  /// The failure of a transfer that ended with `result`.
  func failure(_ result: CURLcode) -> HTTPFailure {
    if let refusal { return refused(refusal) }
    return connectionFailure(result) ?? protectionFailure(result) ?? answerFailure(result)
  }

  private func failure(
    _ code: HTTPFailure.Code, _ message: String, _ hint: String
  ) -> HTTPFailure {
    HTTPFailure(code, transfer.request, message, hint, reach: reach)
  }

  private func refused(_ refusal: Refusal) -> HTTPFailure {
    switch refusal {
    case .bodyTooLarge:
      failure(
        .tooLarge, "sends an answer of more than \(transfer.settings.limits.bodyBytesMax) bytes",
        "Look whether the address is that of the service, or read fewer fields")
    case .headTooLarge:
      failure(
        .tooLarge, "sends headers of more than \(HeadReader.bytesMax) bytes",
        "Look whether the address is that of the service")
    case .unpacksTooMuch:
      failure(
        .tooLarge,
        "sends an answer that unpacks to more than \(transfer.settings.limits.unpackingMax) times"
          + " its size", "Look whether the address is that of the service")
    case .wouldRepeat:
      failure(
        .interrupted, "ended the connection before it answered",
        "What became of the request is not known; the next run finds out")
    case .notLoopback:
      failure(
        .address, "is another machine, to which http would send everything in the clear",
        "Write https://, or mend the name's entry in the hosts file")
    }
  }

  private func connectionFailure(_ result: CURLcode) -> HTTPFailure? {
    let later = "Check network and address, then run again"
    switch result {
    case CURLE_COULDNT_RESOLVE_HOST:
      return failure(.unknownHost, "is a name without an address", later)
    case CURLE_COULDNT_CONNECT:
      let why = systemError == ECONNREFUSED ? "refuses connections" : "cannot be reached"
      guard let proxy else { return failure(.unreachable, why, later) }
      return failure(
        .unreachable, "cannot be reached through the proxy \(proxy)",
        "Check https_proxy and no_proxy, then run again")
    case CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY:
      return proxyFailure
    case CURLE_RECV_ERROR where proxyStatus >= 300, CURLE_COULDNT_CONNECT where proxyStatus >= 300:
      return proxyFailure
    case CURLE_OPERATION_TIMEDOUT: return timeFailure
    case CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_GOT_NOTHING:
      return reach == .answered
        ? failure(.truncated, "ended the connection inside its answer", "Run again")
        : failure(
          .interrupted, "ended the connection before it answered",
          reach == .notSent ? "Run again" : "What became of the request is not known; run again")
    default: return nil
    }
  }

  private var timeFailure: HTTPFailure {
    let limits = transfer.settings.limits
    let later = "Run again later"
    guard reach != .notSent else {
      return failure(
        .timeout, "gave no connection within \(Self.seconds(limits.connectMilliseconds))",
        "Check network and address, then run again")
    }
    var elapsed: curl_off_t = 0
    syncline_curl_get_offset(handle, CURLINFO_TOTAL_TIME_T, &elapsed)
    // libcurl rounds its own clock; which of two limits was reached needs no more than this.
    return Int(elapsed / 1000) + 50 >= limits.wholeMilliseconds
      ? failure(
        .timeout, "had not answered whole within \(Self.seconds(limits.wholeMilliseconds))", later)
      : failure(.timeout, "sent nothing for \(limits.idleSeconds) s", later)
  }

  private var proxyFailure: HTTPFailure {
    let name = proxy ?? "of this machine"
    let cause =
      proxyStatus == 407
      ? "wants another user or password" : proxyStatus >= 300 ? "answered \(proxyStatus)" : "fails"
    return HTTPFailure(
      .proxy, transfer.request, "cannot be reached: the proxy \(name) \(cause)",
      "Check https_proxy and no_proxy", reach: .notSent)
  }

  private func protectionFailure(_ result: CURLcode) -> HTTPFailure? {
    switch result {
    case CURLE_PEER_FAILED_VERIFICATION:
      let (message, hint) = certificateWords
      return failure(.certificate, message, hint)
    case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_USE_SSL_FAILED:
      return failure(
        .handshake, "makes no protected connection (TLS 1.2 or later)",
        "Check that the address speaks https; an old server must be renewed")
    case CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM:
      let file = transfer.settings.caFile ?? "of the system"
      return HTTPFailure(
        .certificate, transfer.request,
        "cannot be verified: the file of certificates \(file) cannot be read as PEM",
        "Name a readable file of certificates in caFile", reach: .notSent)
    case CURLE_URL_MALFORMAT:
      return failure(.address, "cannot be called", "Write https://host in the package")
    default: return nil
    }
  }

  /// OpenSSL tells why it refused; where it did not, the name was wrong.
  private var certificateWords: (message: String, hint: String) {
    var verification = 0
    syncline_curl_get_long(handle, CURLINFO_SSL_VERIFYRESULT, &verification)
    let own = "A server of your own: name its certificate authority in caFile"
    switch verification {
    case X509.expired:
      return ("shows an expired certificate", "Have it renewed by who runs the server")
    case X509.notYetValid:
      return ("shows a certificate of the future", "Check this machine's clock")
    case X509.selfSigned, X509.selfSignedInChain:
      return ("shows a certificate that it signed itself", own)
    case X509.noIssuer, X509.noIssuerLocally, X509.unverifiable:
      return ("shows a certificate of an authority that is not trusted here", own)
    case X509.fine, X509.unjudged, X509.wrongHost:
      return (
        "shows a certificate for another host",
        "Call the server by a name that its certificate holds"
      )
    default:
      return ("shows a certificate that does not verify (OpenSSL code \(verification))", own)
    }
  }

  private func answerFailure(_ result: CURLcode) -> HTTPFailure {
    switch result {
    case CURLE_PARTIAL_FILE:
      failure(.truncated, "ended the connection inside its answer", "Run again")
    case CURLE_BAD_CONTENT_ENCODING, CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL,
      CURLE_HTTP2, CURLE_WRITE_ERROR:
      failure(
        .garbled, "sends an answer that cannot be unpacked or is no HTTP",
        "Check that the address is that of the service, then run again")
    case CURLE_OUT_OF_MEMORY:
      failure(.system, "needs more memory than there is", "Free memory, then run again")
    default:
      failure(
        .interrupted, "could not be asked (libcurl code \(result.rawValue))", "Run again later")
    }
  }

  private var systemError: Int32 {
    var number = 0
    syncline_curl_get_long(handle, CURLINFO_OS_ERRNO, &number)
    return Int32(truncatingIfNeeded: number)
  }

  /// What the proxy answered when it was asked for the host.
  private var proxyStatus: Int {
    var status = 0
    syncline_curl_get_long(handle, CURLINFO_HTTP_CONNECTCODE, &status)
    return status
  }

  private var proxy: String? {
    transfer.request.address.isLoopback ? nil : transfer.settings.proxies.proxy?.address
  }

  private static func seconds(_ milliseconds: Int) -> String {
    milliseconds % 1000 == 0 ? "\(milliseconds / 1000) s" : "\(milliseconds) ms"
  }
}

/// OpenSSL's reasons, by its numbers (x509_vfy.h).
private enum X509 {
  static let fine = 0
  /// What libcurl leaves where the name was wrong, which it judges before it asks OpenSSL.
  static let unjudged = 1
  static let noIssuer = 2
  static let notYetValid = 9
  static let expired = 10
  static let selfSigned = 18
  static let selfSignedInChain = 19
  static let noIssuerLocally = 20
  static let unverifiable = 21
  static let wrongHost = 62
}

extension HTTPFailure {
  static func cancelled(_ request: HTTPRequest, reach: Reach) -> HTTPFailure {
    HTTPFailure(
      .cancelled, request, "was not waited for: the run is ending", "Run again", reach: reach)
  }

  static func stopped(_ easy: EasyTransfer) -> HTTPFailure {
    .cancelled(easy.transfer.request, reach: easy.reach)
  }

  static func noHandle(_ request: HTTPRequest) -> HTTPFailure {
    HTTPFailure(
      .system, request, "cannot be asked: libcurl takes no further transfer",
      "Free memory; libcurl 7.85 or later is needed", reach: .notSent)
  }
}
