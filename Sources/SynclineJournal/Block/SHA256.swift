import CCrypto
import SynclineModel

/// SHA-256, by libcrypto.
enum SHA256 {
  static let size = 32

  /// The digest of two runs of bytes, one after the other.
  static func digest(_ first: RawSpan, _ second: RawSpan) -> [UInt8] {
    first.withUnsafeBytes { first in
      second.withUnsafeBytes { second in
        filled { digest in
          syncline_sha256_pair(
            first.baseAddress, first.count, second.baseAddress, second.count, digest)
        }
      }
    }
  }

  /// The digest of `first` and then `second`.
  static func digest(_ first: [UInt8], _ second: [UInt8] = []) -> [UInt8] {
    digest(first.span.bytes, second.span.bytes)
  }

  fileprivate static func filled(_ fill: (UnsafeMutablePointer<UInt8>) -> Int32) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      // Only a machine without memory, or a libcrypto without SHA-256, ends here.
      guard let start = buffer.baseAddress, fill(start) == 1 else {
        preconditionFailure("libcrypto computes no SHA-256")
      }
      count = size
    }
  }
}

/// A digest that is fed piece by piece.
struct SHA256Stream: ~Copyable {
  private let stream: OpaquePointer

  init() {
    guard let stream = syncline_sha256_begin() else {
      preconditionFailure("libcrypto computes no SHA-256")
    }
    self.stream = stream
  }

  mutating func add(_ bytes: [UInt8]) {
    let result = bytes.withUnsafeBytes { syncline_sha256_add(stream, $0.baseAddress, $0.count) }
    precondition(result == 1, "libcrypto computes no SHA-256")
  }

  /// The digest of everything that was added.
  consuming func digest() -> [UInt8] {
    let digest = SHA256.filled { syncline_sha256_finish(stream, $0) }
    discard self
    return digest
  }

  deinit {
    _ = SHA256.filled { syncline_sha256_finish(stream, $0) }
  }
}
