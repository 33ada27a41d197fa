import Foundation
import SynclineHTTP
import SynclineModel
import SynclinePorts
import SynclineSalesforce
import SynclineTesting
import Testing

@Suite struct `Signing in to an organisation` {
  private func failure(_ world: World) async -> ConnectorFailure? {
    do {
      _ = try await world.connector.inspect([ObjectRequest(name: "Account")], ourJournal: nil)
      return nil
    } catch {
      return error as? ConnectorFailure
    }
  }

  @Test func `a wrong secret is told once, without the secret, and with the mend`() async throws {
    let world = try World(
      signIn: .clientCredentials(client: "sandbox-client", secret: Secret("not-the-secret")))
    #expect(
      await failure(world)
        == ConnectorFailure(
          code: "signIn", operation: "sign in to Salesforce",
          message: "\(world.sandbox.address) refuses the client secret",
          hint: "Check `clientId` and `clientSecret` of the connection against the connected app",
          disposition: .user))
  }

  struct Refusal: CustomTestStringConvertible {
    var error: String
    var description: String
    var cause: String
    var mend: String
    var testDescription: String { description }
  }

  static let refusals = [
    Refusal(
      error: "invalid_grant", description: "no client credentials user enabled",
      cause: "knows no user to run as for this app",
      mend: "Choose the user of the client credentials flow in the policies of the connected app"),
    Refusal(
      error: "invalid_grant", description: "user hasn't approved this consumer",
      cause: "says that the app is not approved for the user",
      mend: "Let the connected app be approved by administrators, and give its permission set or "
        + "profile to the user"),
    Refusal(
      error: "invalid_grant", description: "audience is invalid",
      cause: "refuses the audience of the assertion",
      mend: "Set `audience` of the connection to https://login.salesforce.com, or to "
        + "https://test.salesforce.com for a sandbox"),
    Refusal(
      error: "invalid_grant", description: "expired access/refresh token",
      cause: "says that the approval of the app has expired",
      mend: "Approve the connected app for the user again, and look at the app's token policy"),
    Refusal(
      error: "invalid_grant", description: "authentication failure - Invalid Password",
      cause: "refuses the user or the password",
      mend: "Check `user` and `password` (with the security token behind it), and that the "
        + "organisation lets this machine's address sign in"),
    Refusal(
      error: "inactive_org", description: "hidden-text",
      cause: "says that the organisation is inactive",
      mend: "Check the user and the connected app in the organisation's set-up"),
  ]

  private func world(_ status: Int, _ body: String, times: Int) throws -> World {
    let sandbox = try SandboxProgram()
    return try World(
      sandbox,
      through: Middleman(
        sandbox, "/oauth2/token", .refuse(status: status, body: body, times: times)))
  }

  @Test(arguments: refusals)
  func `a refusal is told with the cause and the mend`(refusal: Refusal) async throws {
    let world = try world(
      400,
      #"{"error": "\#(refusal.error)", "error_description": "\#(refusal.description)"}"#,
      times: .max)
    #expect(
      await failure(world)
        == ConnectorFailure(
          code: "signIn", operation: "sign in to Salesforce",
          message: "\(world.host) \(refusal.cause)", hint: refusal.mend, disposition: .user))
    #expect(await world.calls == 1)
  }

  static let hurries = [
    #"{"error": "rate_limit_exceeded", "error_description": "too many"}"#,
    #"{"error": "invalid_grant", "error_description": "login rate exceeded"}"#,
  ]

  @Test(arguments: hurries)
  func `too many sign-ins are waited out in the run`(body: String) async throws {
    let world = try world(400, body, times: 2)
    try await world.open()
    #expect(await world.calls == 4)
  }

  @Test(arguments: hurries)
  func `too many sign-ins for long are not told as wrong credentials`(body: String)
    async throws
  {
    let world = try world(400, body, times: .max)
    #expect(
      await failure(world)
        == ConnectorFailure(
          code: "signIn", operation: "sign in to Salesforce",
          message: "\(world.host) cannot sign anybody in now", hint: "Run again later",
          disposition: .retry))
  }

  @Test func `a user with a password signs in`() async throws {
    let world = try World(
      signIn: .password(
        client: "sandbox-client", secret: Secret("sandbox-secret"), user: "ana@sandbox.test",
        password: Secret("sandbox-password")))
    try await world.open()
    #expect(try await world.names() == [])
  }

  @Test func `an assertion that is signed with the key of the app signs in`() async throws {
    let file = NSTemporaryDirectory() + "key-\(UUID().uuidString).pem"
    try TestKey.publicPEM.write(toFile: file, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: file) }
    let world = try World(
      options: ["--assertion-key", file],
      signIn: .assertion(
        client: "sandbox-client", user: "integration@sandbox.test",
        key: Secret(TestKey.privatePEM), audience: "https://login.salesforce.com"))
    try await world.open()
    #expect(try await world.names() == [])
  }

  @Test func `a key that is none is refused before anything is sent`() async throws {
    let world = try World(
      signIn: .assertion(
        client: "sandbox-client", user: "integration@sandbox.test", key: Secret("no key"),
        audience: "https://login.salesforce.com"))
    #expect(await failure(world)?.message == "The private key cannot be used")
  }

  @Test func `the calls of the day and those of a run have an end`() async throws {
    let world = try World(options: ["--fault", "limit,match=/sobjects"])
    let limited = await failure(world)
    #expect(limited?.code == "limit")
    #expect(limited?.disposition == .retry)
    let modest = try World(callsMax: 2)
    try await modest.open()
    await #expect(throws: ConnectorFailure.self) { try await modest.names() }
  }

  @Test func `a page for people is no answer`() async throws {
    let world = try World(options: ["--fault", "html,match=/describe"])
    #expect(await failure(world)?.disposition == .retry)
  }
}
