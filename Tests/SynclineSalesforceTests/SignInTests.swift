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
