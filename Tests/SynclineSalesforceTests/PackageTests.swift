import Foundation
import SynclineTesting
import Testing

/// A package of an SQLite database and a sandbox, run by the real program.
final class CloudPackage {
  let sandbox: SandboxProgram
  let database: SQLiteFile

  /// `isSource`: whether the organisation is the source.
  init(
    isSource: Bool, isStrict: Bool = false, schema: String? = nil, options: [String] = []
  ) throws {
    sandbox = try SandboxProgram(schema: schema, options: options)
    database = SQLiteFile(sandbox.folder + "/shop.db")
    try database.execute(
      "CREATE TABLE Customer (Id INTEGER PRIMARY KEY, Company TEXT, Phone TEXT, Revenue NUMERIC)")
    let pairs = [("Company", "Name"), ("Phone", "Phone"), ("Revenue", "AnnualRevenue")]
    let columns = pairs.map { isSource ? "\($0.1): \($0.0)" : "\($0.0): \($0.1)" }
    let text = """
      source: {connection: \(isSource ? "crm" : "shop")}
      target: {connection: \(isSource ? "shop" : "crm")}
      connections:
        shop: {type: sqlite, file: shop.db}
        crm:
          type: salesforce
          url: \(sandbox.address)
          clientId: sandbox-client
          clientSecret: env:SYNCLINE_TEST_SECRET
          writes: \(isStrict ? "strict" : "batched")
      tasks:
        - name: Customers
          source: \(isSource ? "Account" : "Customer")
          target: \(isSource ? "Customer" : "Account")
          match: {\(isSource ? "Name: Company" : "Company: Name")}
          columns: {\(columns.joined(separator: ", "))}

      """
    try write(text)
  }

  /// Writes another package in the place of the first.
  func write(_ text: String) throws {
    try text.write(
      toFile: sandbox.folder + "/shop.sync.yaml", atomically: true, encoding: .utf8)
  }

  /// A run; its exit code, and what it did as one line for each side.
  /// `crash`: where it is to end at once, if anywhere.
  func run(secret: String = "sandbox-secret", crash: String = "") throws -> Scenario.Answer {
    try call("run", secret: secret, crash: crash)
  }

  /// A command about the package.
  func call(
    _ command: String, _ options: [String] = [], secret: String = "sandbox-secret",
    crash: String = ""
  ) throws -> Scenario.Answer {
    try Scenario.run(
      Scenario.program, [command, "shop.sync.yaml"] + options,
      environment: ["SYNCLINE_TEST_SECRET": secret, "SYNCLINE_CRASH": crash], in: sandbox.folder)
  }

  /// What a run wrote, side by side; the numbers alone.
  func written(_ answer: Scenario.Answer) -> [String] {
    answer.output.split(separator: "\n").compactMap { line in
      line.split(separator: ";").dropFirst().first.map {
        $0.trimmingCharacters(in: .whitespaces)
      }
    }.filter { $0.hasPrefix("wrote") }
  }

  var customers: [String] {
    get throws {
      try database.rows(
        "SELECT Company || '|' || ifnull(Phone, '') || '|' || ifnull(Revenue, '') FROM Customer "
          + "ORDER BY Company"
      ).map { String($0[0].dropFirst().dropLast()) }
    }
  }
}

@Suite struct `A database and an organisation` {
  private static let nothing = "wrote 0 inserts, 0 updates, 0 deletes"

  @Test(arguments: [true, false], [false, true])
  func `are kept the same in both roles, and a quiet run writes nothing`(
    isSource: Bool, isStrict: Bool
  ) throws {
    let package = try CloudPackage(isSource: isSource, isStrict: isStrict)
    try package.database.execute(
      "INSERT INTO Customer (Company, Phone, Revenue) VALUES ('Ada', '1', 1000), ('Bob', '2', 7)")
    let cyd = try package.sandbox.act(
      "write", #"{"object": "Account", "fields": {"Name": "Cyd", "Phone": "3"}}"#)
    #expect(try package.run().status == 0)
    #expect(try package.customers == ["Ada|1|1000", "Bob|2|7", "Cyd|3|"])
    #expect(package.written(try package.run()) == [Self.nothing, Self.nothing])

    try package.database.execute("UPDATE Customer SET Phone = '11' WHERE Company = 'Ada'")
    try package.database.execute("DELETE FROM Customer WHERE Company = 'Bob'")
    try package.sandbox.act(
      "write", #"{"object": "Account", "id": "\#(cyd)", "fields": {"AnnualRevenue": 12.5}}"#)
    #expect(try package.run().status == 0)
    #expect(try package.customers == ["Ada|11|1000", "Cyd|3|13"])
    #expect(package.written(try package.run()) == [Self.nothing, Self.nothing])

    try package.sandbox.act("write", #"{"object": "Account", "id": "\#(cyd)", "delete": true}"#)
    #expect(try package.run().status == 0)
    #expect(try package.customers == ["Ada|11|1000"])

    try package.sandbox.act("undelete", #"{"id": "\#(cyd)"}"#)
    #expect(try package.run().status == 0)
    #expect(try package.customers == ["Ada|11|1000", "Cyd|3|13"])
    #expect(package.written(try package.run()) == [Self.nothing, Self.nothing])
  }

  @Test func `an organisation has no queue to tell of`() throws {
    let package = try CloudPackage(isSource: false)
    #expect(try package.run().status == 0)
    let status = try package.call("status")
    #expect(status.errors == "")
    #expect(
      status.output.split(separator: "\n").suffix(2) == [
        "task Customers: 0 links, 0 on the agenda", "source: 0 entries in the queue",
      ])
  }

  @Test func `a create whose answer is lost makes one record`() throws {
    let package = try CloudPackage(
      isSource: false,
      options: ["--fault", "cut-after,match=/composite/sobjects,method=POST,times=1"])
    try package.database.execute("INSERT INTO Customer (Company) VALUES ('Ada'), ('Bob')")
    for _ in 0..<3 { _ = try package.run() }
    #expect(try package.customers == ["Ada||", "Bob||"])
    #expect(package.written(try package.run()) == [Self.nothing, Self.nothing])
  }

  @Test(
    arguments: [
      "beforeWrite:1", "afterWrite:1", "beforeWrite:2", "afterWrite:2", "beforeWrite:3",
      "afterWrite:3", "beforeAppend:2", "afterAppend:3", "beforeAppend:5", "afterAppend:6",
    ])
  func `a run that is killed leaves no double and loses nothing`(crash: String) async throws {
    let package = try CloudPackage(isSource: false)
    try package.database.execute(
      "INSERT INTO Customer (Company, Phone) VALUES ('Ada', '1'), ('Bob', '2')")
    #expect(try package.run().status == 0)
    try package.database.execute(
      "INSERT INTO Customer (Company) VALUES ('Cyd'); DELETE FROM Customer WHERE Company = 'Bob'; "
        + "UPDATE Customer SET Phone = '11' WHERE Company = 'Ada'")
    try package.sandbox.act("write", #"{"object": "Account", "fields": {"Name": "Dan"}}"#)
    _ = try package.run(crash: crash)
    _ = try package.run()
    // What was perhaps never sent is sent again only when the server's own bound has passed.
    try package.sandbox.act("faults", #"{"fault": "clock=900"}"#)
    _ = try package.run()
    #expect(try package.run().status == 0)
    #expect(package.written(try package.run()) == [Self.nothing, Self.nothing])
    #expect(try package.customers == ["Ada|11|", "Cyd||", "Dan||"])
    let world = try World(package.sandbox)
    try await world.open()
    #expect(try await world.names().sorted() == ["Ada", "Cyd", "Dan"])
  }

  @Test func `a merge is a delete of the loser, and a purged record is deleted`() throws {
    let package = try CloudPackage(isSource: false)
    try package.database.execute(
      "INSERT INTO Customer (Company) VALUES ('Ada')")
    let ids = try ["Bob", "Cyd", "Dan"].map {
      try package.sandbox.act("write", #"{"object": "Account", "fields": {"Name": "\#($0)"}}"#)
    }
    #expect(try package.run().status == 0)
    try package.sandbox.act("merge", #"{"master": "\#(ids[0])", "loser": "\#(ids[1])"}"#)
    try package.sandbox.act(
      "write", #"{"object": "Account", "id": "\#(ids[2])", "delete": true}"#)
    try package.sandbox.act("empty-recycle-bin", "{}")
    try package.sandbox.act("purge", "{}")
    #expect(try package.run().status == 0)
    #expect(try package.customers == ["Ada||", "Bob||"])
  }

  @Test func `an organisation is not synced with itself`() throws {
    let package = try CloudPackage(isSource: true)
    try package.write(
      """
      source: {connection: a}
      target: {connection: b}
      connections:
        a: {type: salesforce, \(package.sandbox.keys)}
        b: {type: salesforce, \(package.sandbox.keys)}
      tasks: [{name: T, source: Account, target: Account, columns: {Name: Name}}]

      """)
    let answer = try package.run()
    #expect(answer.status == 2)
    #expect(answer.errors.contains("source and target are the same organisation"))
  }

  @Test func `a wrong secret ends the run with the mend and shows no secret`() throws {
    let package = try CloudPackage(isSource: false)
    let answer = try package.run(secret: "hunter2")
    #expect(answer.status == 2)
    #expect(answer.errors.contains("refuses the client secret"))
    #expect(!(answer.errors + answer.output).contains("hunter2"))
  }

  @Test func `a secret that is not set is named by its variable`() throws {
    let package = try CloudPackage(isSource: false)
    let answer = try package.run(secret: "")
    #expect(answer.status == 2)
    #expect(answer.errors.contains("the variable SYNCLINE_TEST_SECRET is not set"))
  }
}

extension SandboxProgram {
  /// The keys of a connection to it.
  var keys: String {
    "url: '\(address)', clientId: sandbox-client, clientSecret: env:SYNCLINE_TEST_SECRET"
  }
}
