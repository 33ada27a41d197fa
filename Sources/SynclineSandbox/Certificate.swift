import CSandboxCrypto
import Glibc
import HummingbirdTLS
import NIOSSL

/// The certificate of a sandbox that speaks TLS: made at its first start, signed by itself, for the
/// loopback addresses only. Clients are told to trust its file.
struct Certificate {
  let keyPath: String
  let certificatePath: String
  private static let days: Int32 = 365

  init(folder: String) throws(SandboxFailure) {
    keyPath = folder + "/sandbox-key.pem"
    certificatePath = folder + "/sandbox-certificate.pem"
    if access(keyPath, R_OK) == 0, access(certificatePath, R_OK) == 0 { return }
    guard syncline_write_self_signed(keyPath, certificatePath, Self.days) == 1 else {
      throw SandboxFailure(
        description: "Cannot write \(keyPath) and \(certificatePath); does the folder exist?")
    }
  }

  func configuration() throws -> TLSConfiguration {
    let chain = try NIOSSLCertificate.fromPEMFile(certificatePath).map {
      NIOSSLCertificateSource.certificate($0)
    }
    return TLSConfiguration.makeServerConfiguration(
      certificateChain: chain,
      privateKey: .privateKey(try NIOSSLPrivateKey(file: keyPath, format: .pem)))
  }
}
