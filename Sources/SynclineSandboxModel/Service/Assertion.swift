import SynclineModel

/// A signed claim of a program that it may act for a user.
enum Assertion {
  struct Problem: Error {
    let error: String
    let message: String
  }

  /// An assertion may be good for so long.
  private static let secondsMax: Int64 = 300

  /// Where every organisation's users log in.
  private static let loginAddresses = [
    "https://login.salesforce.com", "https://test.salesforce.com",
  ]

  /// The user's name, where everything about the assertion is right.
  /// `address`: where the organisation is reached.
  static func check(
    _ text: String, _ credentials: Credentials, address: String, now: Timestamp
  ) -> Result<String, Problem> {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, let header = json(parts[0]), let claims = json(parts[1]),
      let signature = Base64.decoded(parts[2]), header["alg"]?.textValue == "RS256"
    else { return invalid("invalid assertion") }
    let message = Array("\(parts[0]).\(parts[1])".utf8)
    guard claims["iss"]?.textValue == credentials.clientID else {
      return .failure(Problem(error: "invalid_client_id", message: "client identifier invalid"))
    }
    guard credentials.verifies?(message, signature) == true else {
      return invalid("invalid assertion")
    }
    guard let audience = claims["aud"]?.textValue,
      (loginAddresses + [address]).contains(audience)
    else {
      return invalid("audience is invalid")
    }
    let seconds = now.microseconds / 1_000_000
    guard let expires = expiry(claims["exp"]), expires > seconds, expires <= seconds + secondsMax
    else { return invalid("expired authorization code") }
    guard let name = claims["sub"]?.textValue ?? claims["prn"]?.textValue else {
      return invalid("invalid assertion")
    }
    return .success(name)
  }

  private static func invalid(_ message: String) -> Result<String, Problem> {
    .failure(Problem(error: "invalid_grant", message: message))
  }

  private static func json(_ part: Substring) -> JSON? {
    Base64.decoded(part).flatMap { try? JSONReader.read($0) }
  }

  /// Clients send a number or its text.
  private static func expiry(_ json: JSON?) -> Int64? {
    switch json {
    case .number(let digits): Int64(digits.prefix { $0 != "." })
    case .text(let digits): Int64(digits)
    default: nil
    }
  }
}
