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

  /// Whether the same request may be taken in a moment: sign-ins are counted, too.
  var isBusy: Bool {
    error == "rate_limit_exceeded" || description.lowercased().contains("login rate exceeded")
  }

  /// Why no token came. Of the service's words only those that are known are told.
  func failure(_ answer: HTTPAnswer, _ host: HTTPAddress) -> ConnectorFailure {
    if answer.status >= 500 || isBusy {
      return ConnectorFailure(
        code: "signIn", operation: SignInRequest.operation,
        message: "\(host) cannot sign anybody in now", hint: "Run again later",
        disposition: .retry)
    }
    let refusal = SignInRefusal(error: error, description: description)
    return ConnectorFailure(
      code: "signIn", operation: SignInRequest.operation, message: "\(host) \(refusal.cause)",
      hint: refusal.mend, disposition: .user)
  }
}
