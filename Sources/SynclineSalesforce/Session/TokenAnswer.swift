import SynclineHTTP
import SynclineJSON
import SynclineModel
import SynclinePorts

/// Who is signed in, and where.
struct Membership: Hashable, Sendable {
  /// Both of 18 characters.
  var organization: String
  var user: String
}

/// What the token endpoint said.
struct TokenAnswer {
  var token = ""
  var instance = ""
  /// An address whose last two segments are the ids of the organisation and the user.
  var identity = ""
  var error = ""
  var description = ""

  init(_ body: [UInt8]) throws(JSONFailure) {
    var answer = TokenAnswer()
    try JSONParser.readFields(of: body) { (cursor: inout JSONCursor) throws(JSONFailure) in
      if cursor.isAt("access_token") { answer.token = try cursor.text() }
      if cursor.isAt("instance_url") { answer.instance = try cursor.text() }
      if cursor.isAt("id") { answer.identity = try cursor.text() }
      if cursor.isAt("error") { answer.error = try cursor.text() }
      if cursor.isAt("error_description") { answer.description = try cursor.text() }
    }
    self = answer
  }

  private init() {}

  var membership: Membership? {
    let ids = identity.split(separator: "/").suffix(2).map {
      RecordIdentifier.normalized(String($0))
    }
    guard ids.count == 2, let organization = ids[0], let user = ids[1] else { return nil }
    return Membership(organization: organization, user: user)
  }

  /// Why no token came. Only the service's codes are told.
  func failure(_ answer: HTTPAnswer, _ host: HTTPAddress) -> ConnectorFailure {
    let isBusy = answer.status >= 500 || error == "rate_limit_exceeded"
    let cause = Self.causes[error] ?? "refuses the sign-in"
    return ConnectorFailure(
      code: "signIn", operation: SignInRequest.operation,
      message: "\(host) \(isBusy ? "cannot sign anybody in now" : cause)",
      hint: isBusy ? "Run again later" : Self.mend(error), disposition: isBusy ? .retry : .user)
  }

  private static let causes = [
    "invalid_client_id": "does not know the client id",
    "invalid_client": "refuses the client secret",
    "invalid_grant": "refuses the user, the password or the assertion",
    "unsupported_grant_type": "does not offer this way to sign in",
    "inactive_user": "says that the user is inactive",
    "inactive_org": "says that the organisation is inactive",
  ]

  private static func mend(_ error: String) -> String {
    switch error {
    case "invalid_client_id", "invalid_client":
      "Check `clientId` and `clientSecret` of the connection against the connected app"
    case "invalid_grant":
      "Check the user, its secret, and that the connected app is approved for it"
    case "unsupported_grant_type", "invalid_request":
      "Use the organisation's own host (My Domain) in `url`, and allow the flow in the connected app"
    default: "Check the user and the connected app in the organisation's set-up"
    }
  }
}
