import CCurl
import Glibc

/// The client over libcurl: one multi handle on a thread of its own, which keeps connections for the
/// next request. The thread ends with this object; transfers that are under way then fail.
public final class CurlClient: HTTPClient {
  private let settings: ClientSettings
  private let mailbox: Mailbox

  public init(settings: ClientSettings = ClientSettings()) throws(HTTPFailure) {
    self.settings = settings
    mailbox = Mailbox()
    guard Self.library == CURLE_OK, mailbox.bell >= 0, TransferThread.start(mailbox, settings)
    else {
      throw HTTPFailure(
        .system, operation: "start HTTP", host: "this machine", message: "gives no thread",
        hint: "Free memory or raise the limits of processes and open files", reach: .notSent)
    }
  }

  deinit { mailbox.post(.stop) }

  /// libcurl is set up once for the process.
  private static let library = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

  public func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
    if let name = request.headers.malformedName {
      throw HTTPFailure(
        .header, request, "cannot be sent the header \(name): its value is no single line",
        "Look for a line break in the secret or setting that it comes from", reach: .notSent)
    }
    if Task.isCancelled { throw .cancelled(request, reach: .notSent) }
    let transfer = Transfer(request, settings: settings, mailbox: mailbox)
    mailbox.post(.start(transfer))
    let body = HTTPBody(transfer)
    return HTTPResponse(head: try await transfer.head(), body: body)
  }
}
