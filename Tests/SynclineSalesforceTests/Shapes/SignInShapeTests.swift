import SynclineHTTP
import SynclineModel
import SynclinePorts
import SynclineSalesforce
import Testing

/// What is sent to sign in, and the forms of its answer (reference of the interface, section 2).
@Suite struct `The shapes of a sign-in` {
  private func signIn(
    _ flow: SalesforceSettings.SignIn, _ answers: [ScriptedOrganisation.Answer] = [.token]
  ) async throws -> (ScriptedOrganisation, Inspection) {
    let server = try ScriptedOrganisation(answers)
    let inspection = try await server.connector(signIn: flow).inspect([], ourJournal: nil)
    return (server, inspection)
  }

  @Test func `client credentials go in a form`() async throws {
    let (server, inspection) = try await signIn(
      .clientCredentials(client: "3MVG9.x", secret: Secret("s&cret=1")))
    #expect(
      try server.requests == [
        """
        POST /services/oauth2/token
        grant_type=client_credentials&client_id=3MVG9.x&client_secret=s%26cret%3D1
        """
      ])
    #expect(inspection.identity == SystemIdentity("00D4W0000001AbCUAU"))
  }

  @Test func `a password goes with the token behind it`() async throws {
    let (server, _) = try await signIn(
      .password(
        client: "3MVG9.x", secret: Secret("s"), user: "sync@acme.com", password: Secret("pw+TOKEN"))
    )
    #expect(
      try server.requests == [
        """
        POST /services/oauth2/token
        grant_type=password&client_id=3MVG9.x&client_secret=s&username=sync%40acme.com&password=pw%2BTOKEN
        """
      ])
  }

  /// Its answer has neither `issued_at` nor `signature`, and its ids may have 15 characters.
  @Test func `an assertion goes in the place of a secret`() async throws {
    let (server, inspection) = try await signIn(
      .assertion(
        client: "3MVG9.x", user: "sync@acme.com", key: Secret(TestKey.privatePEM),
        audience: "https://login.salesforce.com"),
      [
        .init(
          """
          {"access_token": "00D!x", "scope": "api", "instance_url": "SERVER", "token_type": "Bearer",
           "id": "https://login.salesforce.com/id/00D4W0000001AbC/0054W00000AbCdE"}
          """)
      ])
    let request = try #require(server.requests.first)
    #expect(
      request.hasPrefix(
        "POST /services/oauth2/token\ngrant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer"
          + "&assertion="))
    #expect(request.split(separator: "=").last?.split(separator: ".").count == 3)
    #expect(inspection.identity == SystemIdentity("00D4W0000001AbCUAU"))
  }

  @Test func `an expired token is renewed once, and the request sent again`() async throws {
    let server = try ScriptedOrganisation([
      .token,
      .init(
        #"[{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}]"#,
        status: 401, headers: ["WWW-Authenticate": "Token"]),
      .token, .init(ObjectShapes.account),
    ])
    let inspection = try await server.connector().inspect(
      [ObjectRequest(name: "Account")], ourJournal: nil)
    #expect(inspection.objects.keys.sorted() == ["Account"])
    #expect(
      try server.requests.map { $0.split(separator: "\n")[0] } == [
        "POST /services/oauth2/token", "GET /services/data/v60.0/sobjects/Account/describe",
        "POST /services/oauth2/token", "GET /services/data/v60.0/sobjects/Account/describe",
      ])
  }
}
