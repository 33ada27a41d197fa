/// The body of an answer, read once and by one reader. What is not read in time makes the server wait;
/// a body that is let go before its end ends the transfer.
public final class HTTPBody: Sendable {
  private let transfer: Transfer

  init(_ transfer: Transfer) { self.transfer = transfer }

  deinit { transfer.cancel() }

  /// The next bytes, as many as have arrived; nil at the end.
  public func next() async throws(HTTPFailure) -> [UInt8]? { try await transfer.bytes() }

  /// All bytes that are still to come.
  public func collect() async throws(HTTPFailure) -> [UInt8] {
    var bytes: [UInt8] = []
    while let part = try await next() {
      if bytes.isEmpty { bytes = part } else { bytes.append(contentsOf: part) }
    }
    return bytes
  }
}
