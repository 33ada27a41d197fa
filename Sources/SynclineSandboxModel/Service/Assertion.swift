import SynclineModel

/// A signed claim of a program that it may act for a user.
enum Assertion {
  struct Problem: Error {
    let error: String
    let message: String
  }

  /// An assertion may be good for so long.
  private static let secondsMax: Int64 = 300

  /// The user's name, where everything about the assertion is right.
  static func check(
    _ text: String, _ credentials: Credentials, now: Timestamp
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
    guard let audience = claims["aud"]?.textValue, isKnown(audience) else {
      return invalid("audience is invalid")
    }
    let seconds = now.microseconds / 1_000_000
    guard let expires = expiry(claims["exp"]), expires > seconds, expires <= seconds + secondsMax
    else { return invalid("assertion expired") }
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

  private static func isKnown(_ audience: String) -> Bool {
    ["https://login.salesforce.com", "https://test.salesforce.com"].contains(audience)
      || audience.hasPrefix("http://127.0.0.1") || audience.hasPrefix("http://localhost")
      || audience.hasPrefix("https://127.0.0.1") || audience.hasPrefix("https://localhost")
  }
}
