import CSandboxZip
import SynclineSandboxModel

/// Packs answers for clients that take them packed, as the real service does: a client that says it
/// unpacks and does not shows here.
enum Compression {
  /// Smaller bodies are sent as they are.
  private static let bytesMin = 2048

  /// The answer with its body packed, where the request takes gzip and it is worth it.
  static func apply(to response: APIResponse, for request: APIRequest) -> APIResponse {
    guard response.body.count > bytesMin, takesGzip(request.headers["accept-encoding"] ?? ""),
      let packed = packed(response.body)
    else { return response }
    var response = response
    response.body = packed
    response.headers.append(("Content-Encoding", "gzip"))
    response.headers.append(("Vary", "Accept-Encoding"))
    return response
  }

  /// `gzip` and not `gzip;q=0`.
  private static func takesGzip(_ header: String) -> Bool {
    header.lowercased().split(separator: ",").contains { choice in
      let parts = choice.split(separator: ";").map { $0.filter { $0 != " " } }
      guard parts.first == "gzip" else { return false }
      return !parts.dropFirst().contains { $0.hasPrefix("q=0") && !$0.contains { "1"..."9" ~= $0 } }
    }
  }

  private static func packed(_ body: [UInt8]) -> [UInt8]? {
    let packed = [UInt8](unsafeUninitializedCapacity: syncline_gzip_bound(body.count)) {
      buffer, count in
      count = syncline_gzip(body, body.count, buffer.baseAddress, buffer.count)
    }
    return packed.isEmpty ? nil : packed
  }
}
