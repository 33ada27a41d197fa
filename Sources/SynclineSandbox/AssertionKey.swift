import CSandboxCrypto

/// The public key or certificate of the connected app.
struct AssertionKey {
  private let pem: [UInt8]

  init(path: String) throws(SandboxFailure) {
    pem = try DataFile.read(path, as: "assertion key")
    guard check([], []) >= 0 else {
      throw SandboxFailure(
        description: "\(path) holds no RSA public key and no certificate in PEM.")
    }
  }

  /// Whether a signature is that of a message.
  var verifies: @Sendable ([UInt8], [UInt8]) -> Bool {
    { [self] message, signature in check(message, signature) == 1 }
  }

  private func check(_ message: [UInt8], _ signature: [UInt8]) -> Int32 {
    pem.withUnsafeBytes { pem in
      syncline_verify_rs256(
        pem.baseAddress?.assumingMemoryBound(to: CChar.self), pem.count, message, message.count,
        signature, signature.count)
    }
  }
}
