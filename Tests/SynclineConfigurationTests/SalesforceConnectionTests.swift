import SynclineConfiguration
import SynclineMapping
import Testing

@Suite struct `A connection to Salesforce` {
  private func text(_ keys: String) -> String {
    """
    source: {connection: a}
    target: {connection: b}
    connections:
      a: {type: sqlite, file: a.db}
      b: {type: salesforce, \(keys)}
    tasks: [{name: T, source: S, target: D, columns: {x: y}}]
    """
  }

  private func read(_ keys: String) throws(PackageErrors) -> ReadPackage {
    try PackageReader.readWhole(Array(text(keys).utf8), fileName: "P.sync.yaml")
  }

  @Test func `is read with references to secrets`() throws {
    let package = try read(
      "url: https://acme.my.salesforce.com, clientId: me, clientSecret: env:SECRET, "
        + "apiVersion: 61.0, maxCalls: 500, caFile: ca.pem, writes: strict")
    #expect(
      package.salesforce == [
        "b": SalesforceConnection(
          url: "https://acme.my.salesforce.com", client: "me",
          clientSecret: .environment("SECRET"), version: "61.0", caFile: "ca.pem", callsMax: 500,
          isStrict: true,
          location: FileLocation(line: 5, column: 3))
      ])
    #expect(package.definition.connections.keys.sorted() == ["a"])
  }

  @Test(arguments: [("true", true), ("false", false)])
  func `may have an account that is dedicated, and edits during runs that are ignored`(
    word: String, isDedicated: Bool
  ) throws {
    let connection = "url: https://acme.my.salesforce.com, clientId: me, clientSecret: env:SECRET"
    let text = text(connection).replacing(
      "target: {connection: b}", with: "target: {connection: b, dedicatedAccount: \(word)}")
    let package = try PackageReader.readWhole(
      Array((text + "\nduringRun: ignore\n").utf8), fileName: "P.sync.yaml")
    #expect(package.definition.target.isDedicated == isDedicated)
    #expect(!package.definition.source.isDedicated)
    #expect(package.definition.duringRun == .ignore)
  }

  @Test func `needs what its way to sign in needs, and never holds a secret itself`() {
    let rows: [(keys: String, problems: [String])] = [
      (
        "url: u",
        ["the connection `b` has no `clientId`", "the connection `b` has no `clientSecret`"]
      ),
      (
        "url: u, clientId: c, signIn: jwtBearer",
        ["the connection `b` has no `user`", "the connection `b` has no `privateKey`"]
      ),
      (
        "url: u, clientId: c, clientSecret: hunter2",
        [
          "`clientSecret` must be `env:NAME` or `file:PATH`: where the secret is, never the secret itself"
        ]
      ),
      (
        "url: u, clientId: c, clientSecret: env:S, apiVersion: 12",
        ["`apiVersion` must be a version from `46.0` on"]
      ),
    ]
    for row in rows {
      do throws(PackageErrors) {
        _ = try read(row.keys)
        Issue.record("read: \(row.keys)")
      } catch {
        #expect(error.problems.map(\.message) == row.problems)
      }
    }
  }
}
