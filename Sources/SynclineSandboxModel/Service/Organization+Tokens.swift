import SynclineModel

// Logging in and out, `/services/oauth2/…`.
extension Organization {
  /// Errors of the token endpoint are objects of their own.
  private static func refused(_ status: Int, _ error: String, _ description: String) -> APIResponse
  {
    APIResponse(
      status, .object(["error": .text(error), "error_description": .text(description)]))
  }

  /// Too many sign in at once.
  static let loginRate = refused(400, "rate_limit_exceeded", "login rate exceeded")

  mutating func oauth(
    _ request: APIRequest, _ resource: String, now: Timestamp, secret: String
  ) throws(APIError) -> APIResponse {
    switch resource {
    case "token":
      try allow(request, ["POST"])
      return token(request, now: now, secret: secret)
    case "introspect":
      try allow(request, ["POST"])
      return introspect(request)
    case "revoke":
      try allow(request, ["POST", "GET"])
      sessions.revoke(form(request)["token"] ?? request["token"] ?? "")
      return APIResponse(200)
    case "userinfo": return APIResponse(200, try identity(request, now: now))
    default: throw .notFound
    }
  }

  private func form(_ request: APIRequest) -> [String: String] {
    let pairs = FormText.read(String(decoding: request.body, as: UTF8.self))
    return Dictionary(pairs.map { ($0.name, $0.value) }) { first, _ in first }
  }

  private mutating func token(
    _ request: APIRequest, now: Timestamp, secret: String
  ) -> APIResponse {
    let form = withBasic(form(request), request)
    switch form["grant_type"] {
    case "client_credentials":
      if let refusal = checkClient(form) { return refusal }
      return issue(Self.integrationUser, request, now: now, secret: secret)
    case "password":
      if let refusal = checkClient(form) { return refusal }
      guard let name = form["username"], user(named: name) != nil,
        credentials.accepts(password: form["password"] ?? "")
      else { return Self.refused(400, "invalid_grant", "authentication failure") }
      return issue(name, request, now: now, secret: secret)
    case "urn:ietf:params:oauth:grant-type:jwt-bearer":
      let address = Self.instance(request)
      switch Assertion.check(form["assertion"] ?? "", credentials, address: address, now: now) {
      case .failure(let problem): return Self.refused(400, problem.error, problem.message)
      case .success(let name):
        guard user(named: name) != nil else {
          return Self.refused(400, "invalid_grant", "user hasn't approved this consumer")
        }
        return issue(name, request, now: now, secret: secret)
      }
    case "refresh_token":
      // No flow of the sandbox gives one, so none is good.
      if let refusal = checkClient(form) { return refusal }
      return Self.refused(400, "invalid_grant", "expired access/refresh token")
    case nil: return Self.refused(400, "invalid_request", "missing required parameter: grant_type")
    default: return Self.refused(400, "unsupported_grant_type", "grant type not supported")
    }
  }

  /// The client may name itself by the header for it.
  private func withBasic(_ form: [String: String], _ request: APIRequest) -> [String: String] {
    let words = (request.headers["authorization"] ?? "").split(separator: " ")
    guard words.count == 2, words[0].lowercased() == "basic",
      let bytes = Base64.decoded(words[1])
    else { return form }
    let parts = String(decoding: bytes, as: UTF8.self).split(separator: ":", maxSplits: 1)
    guard parts.count == 2 else { return form }
    return form.merging(["client_id": String(parts[0]), "client_secret": String(parts[1])]) { $1 }
  }

  private func checkClient(_ form: [String: String]) -> APIResponse? {
    guard form["client_id"] == credentials.clientID else {
      return Self.refused(400, "invalid_client_id", "client identifier invalid")
    }
    guard form["client_secret"] == credentials.clientSecret else {
      return Self.refused(401, "invalid_client", "invalid client credentials")
    }
    return nil
  }

  private mutating func issue(
    _ name: String, _ request: APIRequest, now: Timestamp, secret: String
  ) -> APIResponse {
    guard let user = user(named: name) else {
      return Self.refused(400, "invalid_grant", "authentication failure")
    }
    let token = "\(identifier.prefix(15))!\(secret)"
    sessions.issue(
      token, user: user.id, expires: now.adding(seconds: credentials.sessionSeconds))
    let instance = Self.instance(request)
    return APIResponse(
      200,
      .object([
        "access_token": .text(token), "instance_url": .text(instance),
        "id": .text("\(instance)/id/\(identifier)/\(user.id)"),
        "token_type": .text("Bearer"),
        "issued_at": .text("\(now.microseconds / 1000)"), "scope": .text("api"),
      ]))
  }

  /// Where the caller reached the sandbox.
  private static func instance(_ request: APIRequest) -> String {
    let scheme = request.headers["x-sandbox-scheme"] ?? "http"
    return "\(scheme)://\(request.headers["host"] ?? "127.0.0.1")"
  }

  private func introspect(_ request: APIRequest) -> APIResponse {
    let form = withBasic(form(request), request)
    if let refusal = checkClient(form) { return refusal }
    guard let token = form["token"], let session = sessions.open[token] else {
      return APIResponse(200, .object(["active": .boolean(false)]))
    }
    return APIResponse(
      200,
      .object([
        "active": .boolean(true), "scope": .text("api"), "client_id": .text(credentials.clientID),
        "username": .text(store.record(session.user, of: "User")?.values["Username"]?.text ?? ""),
        "token_type": .text("access_token"),
        "exp": .number(session.expires.microseconds / 1_000_000),
      ]))
  }

  /// Who is logged in.
  mutating func identity(_ request: APIRequest, now: Timestamp) throws(APIError) -> JSON {
    let token = try session(of: request)
    guard let session = sessions.use(token, now: now, lifetime: credentials.sessionSeconds),
      let user = store.record(session.user, of: "User")
    else { throw .sessionExpired }
    func text(_ field: String) -> JSON { .text(user.values[field]?.text ?? "") }
    let address = "\(Self.instance(request))/id/\(identifier)/\(user.id)"
    return .object([
      "sub": .text(address), "id": .text(address), "user_id": .text(user.id.text),
      "organization_id": .text(identifier), "preferred_username": text("Username"),
      "username": text("Username"), "name": text("Name"), "display_name": text("Name"),
      "email": text("Email"), "zoneinfo": text("TimeZoneSidKey"),
      "timezone": text("TimeZoneSidKey"),
      "locale": text("LocaleSidKey"), "language": text("LanguageLocaleKey"),
      "active": .boolean(true), "utcOffset": .number(0),
    ])
  }
}
