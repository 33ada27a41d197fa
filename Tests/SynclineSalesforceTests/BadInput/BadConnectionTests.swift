import Foundation
import SynclineTesting
import Testing

/// A package that ran once, and then the organisation is another one, cannot be reached, or refuses.
/// Each ends with one message that has the mend, the right exit code, no secret, and nothing lost: what
/// was edited meanwhile travels with the next run.
@Suite struct `A connection to an organisation that is bad` {
  /// Ran once, with an edit that is still to travel.
  private func prepared() throws -> CloudPackage {
    let package = try CloudPackage(isSource: false)
    try package.database.execute("INSERT INTO Customer (Company) VALUES ('Ada')")
    try #require(package.run().status == 0)
    try package.database.execute("UPDATE Customer SET Phone = '7'")
    return package
  }

  /// The run fails as told, and with the connection mended the edit travels.
  private func expect(
    _ status: Int32, _ words: [String], from package: CloudPackage,
    secret: String = "sandbox-secret",
    at location: SourceLocation = #_sourceLocation
  ) throws {
    let answer = try package.run(secret: secret)
    let told = answer.output + answer.errors
    #expect(answer.status == status, "\(told)", sourceLocation: location)
    for word in words { #expect(told.contains(word), "\(told)", sourceLocation: location) }
    for hidden in ["sandbox-secret", "not-the-secret", "hidden-text"] {
      #expect(!told.contains(hidden), sourceLocation: location)
    }
    try package.restore()
    let mended = try package.run()
    #expect(mended.status == 0, "\(mended)", sourceLocation: location)
    #expect(
      package.written(mended).last == "wrote 0 inserts, 1 updates, 0 deletes",
      sourceLocation: location)
  }

  @Test func `a wrong secret`() throws {
    let package = try prepared()
    try expect(
      2, ["refuses the client secret", "Check `clientId` and `clientSecret`"], from: package,
      secret: "not-the-secret")
  }

  @Test func `a host that nobody listens at`() throws {
    let package = try prepared()
    try package.point(to: "http://127.0.0.1:9")
    try expect(3, ["refuses connections", "Check network and address"], from: package)
  }

  @Test func `a host that has no address`() throws {
    let package = try prepared()
    try package.point(to: "https://no-such-host.invalid")
    try expect(3, ["is a name without an address", "Check network and address"], from: package)
  }

  @Test func `a host that answers with a page for people`() throws {
    let package = try prepared()
    let impostor = try Impostor(.page)
    try package.point(to: impostor.address)
    try withExtendedLifetime(impostor) {
      try expect(
        3, ["answered 200 with text/html", "Look whether the address is that of the service"],
        from: package)
    }
  }

  @Test func `a certificate that has expired`() throws {
    let package = try prepared()
    let impostor = try Impostor(.expired)
    try package.point(to: impostor.address, more: "caFile: '\(impostor.authority)'")
    try withExtendedLifetime(impostor) {
      try expect(
        2, ["shows an expired certificate", "Have it renewed by who runs the server"],
        from: package)
    }
  }

  @Test func `an organisation that is another one than last time`() throws {
    let package = try prepared()
    let other = try SandboxProgram()
    try package.point(to: other.address)
    try withExtendedLifetime(other) {
      try expect(
        2, ["is not the system that this package synced so far", "Point the connection at"],
        from: package)
    }
  }

  @Test func `a session that the organisation ends again and again`() throws {
    let package = try prepared()
    try package.sandbox.act("faults", #"{"fault": "expired,match=/sobjects"}"#)
    try expect(2, ["refuses a fresh token", "Check that the user may use the API"], from: package)
  }

  @Test func `a session that ends in the middle is renewed and nobody notices`() throws {
    let package = try prepared()
    try package.sandbox.act("faults", #"{"fault": "expired,match=/composite,times=1"}"#)
    let answer = try package.run()
    #expect(answer.status == 0)
    #expect(package.written(answer).last == "wrote 0 inserts, 1 updates, 0 deletes")
  }

  @Test func `the calls of the day are used up in the middle`() throws {
    let package = try prepared()
    try package.sandbox.act("faults", #"{"fault": "limit,match=/composite"}"#)
    let answer = try package.run()
    #expect(answer.status == 3)
    #expect(answer.errors.contains("has no calls left (REQUEST_LIMIT_EXCEEDED). Run again later"))
    try package.restore()
    // The write did nothing for certain, so nothing is waited for.
    let later = try package.run()
    #expect(later.status == 0)
    #expect(package.written(later).last == "wrote 0 inserts, 1 updates, 0 deletes")
  }

  @Test func `two addresses of one organisation`() throws {
    let package = try CloudPackage(isSource: true)
    let other = package.sandbox.address.replacingOccurrences(of: "127.0.0.1", with: "localhost")
    let keys = "clientId: sandbox-client, clientSecret: env:SYNCLINE_TEST_SECRET"
    try package.write(
      """
      source: {connection: a}
      target: {connection: b}
      connections:
        a: {type: salesforce, url: '\(package.sandbox.address)', \(keys)}
        b: {type: salesforce, url: '\(other)', \(keys)}
      tasks: [{name: T, source: Account, target: Account, columns: {Name: Name}}]

      """)
    for command in ["run", "plan", "check"] {
      let answer = try package.call(command)
      #expect(answer.status == 2)
      #expect(answer.errors.contains("source and target are the same organisation, 00D"))
    }
  }
}

extension CloudPackage {
  /// Another address in the package.
  func point(to address: String, more: String = "") throws {
    var text = try self.text
    text = text.replacingOccurrences(
      of: "url: \(sandbox.address)", with: "url: \(address)" + (more.isEmpty ? "" : "\n    \(more)")
    )
    try write(text)
  }

  /// The right address again, and no faults.
  func restore() throws {
    let lines = try text.split(separator: "\n", omittingEmptySubsequences: false).filter {
      !$0.contains("caFile:")
    }
    try write(
      lines.map { $0.contains("url: ") ? "    url: \(sandbox.address)" : String($0) }
        .joined(separator: "\n"))
    try sandbox.clearFaults()
  }

  var text: String {
    get throws {
      try String(contentsOfFile: sandbox.folder + "/shop.sync.yaml", encoding: .utf8)
    }
  }
}
