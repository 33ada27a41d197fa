import CCrypto
import SynclineHTTP
import SynclineModel
import SynclinePorts

/// The signed text of the JWT bearer flow: who signs in, by which app, to whom, until when.
struct Assertion {
  let client: String
  let user: String
  let audience: String

  /// At most five minutes are allowed.
  private static let seconds: Int64 = 180

  /// The text, signed with RS256. `key`: a private key as PEM.
  func signed(by key: Secret, now: Timestamp) throws(ConnectorFailure) -> String {
    let claims = JSON.object([
      "iss": .text(client), "sub": .text(user), "aud": .text(audience),
      "exp": .number(now.microseconds / 1_000_000 + Self.seconds),
    ])
    let header = JSON.object(["alg": .text("RS256"), "typ": .text("JWT")])
    let text = [header, claims].map { Base64URL.text(Array($0.line.utf8)) }.joined(separator: ".")
    guard let signature = Self.signature(of: text, key) else {
      throw ConnectorFailure(
        code: "signIn", operation: SignInRequest.operation,
        message: "The private key cannot be used",
        hint: "Give an RSA key without a password, as PEM, in `privateKey`", disposition: .user)
    }
    return "\(text).\(Base64URL.text(signature))"
  }

  private static func signature(of text: String, _ key: Secret) -> [UInt8]? {
    let pem = Array(key.revealed.utf8)
    let bytes = Array(text.utf8)
    // Keys of up to 16,384 bits.
    var signature = [UInt8](repeating: 0, count: 2048)
    var length = signature.count
    let isSigned = syncline_rs256_sign(
      pem, pem.count, bytes, bytes.count, &signature, &length)
    return isSigned == 1 ? Array(signature.prefix(length)) : nil
  }
}

/// Base64 with the alphabet for addresses, without padding.
enum Base64URL {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  static func text(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let part = bytes[start..<min(start + 3, bytes.count)]
      var bits = part.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << (8 * (3 - part.count))
      bits <<= 8
      for _ in 0...part.count {
        text.append(alphabet[Int(bits >> 26)])
        bits <<= 6
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
