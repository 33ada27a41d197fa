import SynclineHTTP
import SynclineModel
import SynclinePorts

/// The requests that get a token, one form for each way to sign in.
struct SignInRequest {
  let settings: SalesforceSettings

  static let operation = "sign in to Salesforce"

  func request(now: Timestamp) throws(ConnectorFailure) -> HTTPRequest {
    let address: HTTPAddress
    do { address = try settings.host.at(["services", "oauth2", "token"]) } catch {
      throw ConnectorFailure(
        code: "address", operation: Self.operation, message: "\(error)",
        hint: "Correct `url` of the connection", disposition: .user)
    }
    let form = try form(now: now).map { "\(HTTPAddress.encode($0))=\(HTTPAddress.encode($1))" }
    return HTTPRequest(
      Self.operation, .post, address,
      headers: ["Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"],
      body: Array(form.joined(separator: "&").utf8), repetition: .harmless)
  }

  private func form(now: Timestamp) throws(ConnectorFailure) -> [(String, String)] {
    switch settings.signIn {
    case .clientCredentials(let client, let secret):
      return [
        ("grant_type", "client_credentials"), ("client_id", client),
        ("client_secret", secret.revealed),
      ]
    case .assertion(let client, let user, let key, let audience):
      let assertion = Assertion(client: client, user: user, audience: audience)
      return [
        ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
        ("assertion", try assertion.signed(by: key, now: now)),
      ]
    case .password(let client, let secret, let user, let password):
      return [
        ("grant_type", "password"), ("client_id", client), ("client_secret", secret.revealed),
        ("username", user), ("password", password.revealed),
      ]
    }
  }
}
