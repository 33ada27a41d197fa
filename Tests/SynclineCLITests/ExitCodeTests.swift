import Foundation
import SynclineTesting
import Testing

@Suite struct `The exit code` {
  @Test func `is 0 when nothing is left to do`() throws {
    let shop = try Shop.scenario()
    #expect(
      try shop.run().neutral
        == Scenario.Answer(
          status: 0,
          output: report(1, source: [2, 0, 0, 1, 0, 0], target: [1, 0, 0, 2, 0, 0]), errors: ""))
    let all = [["'Anna'", "'1'"], ["'Bert'", "'2'"], ["'Zoe'", "'9'"]]
    #expect(try shop.contents == Contents(source: all, target: all))
    #expect(
      try shop.run().neutral == Scenario.Answer(status: 0, output: quiet(2), errors: ""))
    #expect(try shop.queued == 0)
  }

  @Test func `is 1 when a record fails`() throws {
    let shop = try Shop.scenario(
      target:
        "CREATE TABLE Client (cid INTEGER PRIMARY KEY, title TEXT, tel TEXT CHECK (tel <> '2'))")
    let first = try shop.run()
    #expect(
      first.neutral
        == Scenario.Answer(
          status: 1,
          output: report(1, source: [2, 0, 0, 0, 0, 0], target: [0, 0, 0, 1, 0, 0], failed: 1),
          errors: ""))
    #expect(try shop.contents.target == [["'Anna'", "'1'"]])
    let second = try shop.run()
    #expect(
      second.neutral == Scenario.Answer(status: 1, output: report(2, failed: 1), errors: ""))
    try shop.source.execute("UPDATE Customer SET phone = '3' WHERE id = 2")
    #expect(try shop.run().status == 0)
    #expect(try shop.contents.target == [["'Anna'", "'1'"], ["'Bert'", "'3'"]])
  }

  @Test func `is 1 when a limit leaves something pending, and ends no sooner`() throws {
    let shop = try Shop.scenario()
    let pilot = try shop.run("--limit", "1")
    #expect(pilot.status == 1)
    #expect(pilot.json[0]["pending"] as? Int == 2)
    #expect(try shop.run().status == 0)
    let contents = try shop.contents
    #expect(contents.source == contents.target)
  }

  @Test func `is 2 when a brake holds deletes, and beats 1`() throws {
    let rows = (1...60).map { "(\($0), 'name \($0)', '1')" }.joined(separator: ",")
    let shop = try Shop.scenario(
      source: """
        CREATE TABLE Customer (id INTEGER PRIMARY KEY, name TEXT, phone TEXT);
        INSERT INTO Customer VALUES \(rows);
        """,
      target: "CREATE TABLE Client (cid INTEGER PRIMARY KEY, title TEXT, tel TEXT)")
    #expect(try shop.run().status == 0)
    try shop.source.execute("DELETE FROM Customer WHERE id > 5")
    let braked = try shop.syncline("run")
    #expect(braked.status == 2)
    #expect(braked.errors.contains("--allow deletes=55"))
    #expect(try shop.contents.target.count == 60)
    #expect(try shop.run("--allow", "deletes=55").status == 0)
    #expect(try shop.contents.target.count == 5)
    #expect(try shop.run().neutral.output == quiet(4))
  }

  static let wrong: [([String], String)] = [
    (["run", "shop.sync.yaml", "--frob"], "Unknown option '--frob'"),
    (["frob"], "Unexpected argument 'frob'"),
    (["run"], "Missing expected argument '<package>'"),
    (
      ["run", "shop.sync.yaml", "--limit", "few"],
      "The value 'few' is invalid for '--limit <limit>'"
    ),
    (["run", "shop.sync.yaml", "--allow", "all"], "--allow all: write emptied=OBJECT"),
    (["run", "shop.sync.yaml", "--allow", "deletes=many"], "--allow deletes=many: write"),
    (
      ["run", "shop.sync.yaml", "--allow", "restored=everything"],
      "--allow restored=everything: write emptied=OBJECT"
    ),
    (
      ["run", "shop.sync.yaml", "--allow", "emptied=Clients"],
      "--allow emptied=Clients: no task syncs an object of that name. Write one of Client, Customer."
    ),
    (["plan", "shop.sync.yaml", "--allow", "emptied=Clients"], "--allow emptied=Clients: no task"),
    (["run", "."], ". is a folder. Name the package file in it, F.sync.yaml."),
    (
      ["check", "shop.yaml"],
      "shop.yaml is not called as a package file is. Call it shop.sync.yaml."
    ),
    (
      ["new", "goods.yml"], "goods.yml is not called as a package file is. Call it goods.sync.yaml."
    ),
    (["new", "goods"], "Call it goods.sync.yaml."),
    (["run", "nothere.sync.yaml"], "cannot read nothere.sync.yaml: there is no such file."),
    (["status", "nothere.sync.yaml"], "`syncline new nothere.sync.yaml`"),
    (["status", "shop.sync.yaml"], "run it first with `syncline run shop.sync.yaml`"),
    (["params", "reset", "shop.sync.yaml", "Frob"], "write LastSyncTime or InitTrackingObjects"),
    (["conflicts", "show", "shop.sync.yaml", "x"], "The value 'x' is invalid for '<conflict>'"),
  ]

  @Test(arguments: wrong) func `is 2 for what was said wrongly`(
    _ arguments: [String], _ message: String
  ) throws {
    let shop = try Shop.scenario()
    let answer = try Scenario.run(Scenario.program, arguments, in: shop.folder)
    #expect(answer.status == 2)
    #expect(answer.output == "")
    #expect(answer.errors.contains(message), "\(answer.errors)")
    #expect(!FileManager.default.fileExists(atPath: shop.file(".syncline")))
  }

  @Test func `is 3 when a database stays locked, and the next run goes on`() throws {
    let shop = try Shop.synced()
    try shop.source.execute("UPDATE Customer SET phone = '7' WHERE id = 1")
    let lock = try shop.target.lock()
    let locked = try shop.syncline("run")
    #expect(locked.status == 3)
    #expect(locked.errors.contains("target.db is locked by another program"))
    lock.release()
    #expect(try shop.run().status == 0)
    let contents = try shop.contents
    #expect(contents.source == contents.target)
    #expect(try shop.run().neutral.output == quiet(4))
  }

  /// So many records that a run is still writing when the signal comes.
  static let many = """
    CREATE TABLE Customer (id INTEGER PRIMARY KEY, name TEXT, phone TEXT);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 8000)
    INSERT INTO Customer (name, phone) SELECT 'name ' || i, i FROM n;
    """

  @Test(arguments: [(SIGINT, Int32(130)), (SIGTERM, Int32(143))])
  func `is that of the signal that ended a run, which the next run finishes`(
    _ signal: Int32, _ status: Int32
  ) throws {
    let shop = try Shop.scenario(source: Self.many)
    let run = try WatchedProgram(Scenario.program, ["run", "shop.sync.yaml"], in: shop.folder)
    #expect(run.waitForErrors("writing"))
    run.send(signal)
    let answer = run.finish()
    #expect(answer.status == status)
    #expect(answer.output.hasPrefix("Run 1: Canceled\n"))
    let partly = try shop.contents.target.count
    #expect(partly < 8001)
    #expect(try shop.run().status == 0)
    let contents = try shop.contents
    #expect(contents.source == contents.target)
    #expect(contents.source.count == 8001)
    #expect(try shop.run().neutral.output == quiet(3))
    let runs = try shop.syncline("runs").output
    #expect(runs.contains("Canceled"))
  }

  @Test func `of a second signal comes at once, and the next run finishes`() throws {
    let shop = try Shop.scenario(source: Self.many)
    let run = try WatchedProgram(Scenario.program, ["run", "shop.sync.yaml"], in: shop.folder)
    #expect(run.waitForErrors("reading"))
    while run.isRunning { run.send(SIGINT) }
    #expect(run.finish().status == 130)
    #expect(try shop.run().status == 0)
    let contents = try shop.contents
    #expect(contents.source == contents.target)
    #expect(contents.source.count == 8001)
  }
}
