import Foundation
import SynclineTesting
import Testing

/// Scenarios 19, 23 to 25, 28 to 30, 37, 38, 40 and 41 of the laws: records that come and go beside a run,
/// that a side writes otherwise, or will not take.
@Suite struct `Laws of an organisation: records` {
  @Test(arguments: Role.allCases, Role.allCases)
  func `law 19: fifty records that are born during the run are in this run or in the next`(
    cloud: Role, role: Role
  ) throws {
    let world = try CloudWorld(cloud: cloud)
    try world.settle(["base x 0"])
    try world.edit(cloud.other, [.score("base", 1)])
    let act: Middleman.Act =
      role == cloud
      ? .people(
        (1...50).map {
          #"{"object": "Account", "fields": {"Tag__c": "n\#($0)", "Name": "new", "NumberOfEmployees": \#($0)}}"#
        })
      : .sql(
        (1...50).map {
          "INSERT INTO Customer (Tag, Company, Score) VALUES ('n\($0)', 'new', \($0));"
        }.joined(), in: world.database)
    let middleman = try Middleman(world.sandbox, "/composite", act)
    try world.writePackage(url: middleman.address)
    try withExtendedLifetime(middleman) {
      for _ in 1...2 { #expect(try world.run().status == 0) }
      try world.expectQuiet()
    }
    try world.expectBoth(["base x 1"] + (1...50).map { "n\($0) new \($0)" })
    #expect(try world.losers() == [])
  }

  @Test(arguments: Role.allCases)
  func `law 23: a record that pages show again and again is one event`(cloud: Role) throws {
    let world = try CloudWorld(cloud: cloud, .init(options: ["--fault", "batch=2"]))
    let five = (1...5).map { "\($0) x 1" }
    try world.edit(cloud, five.map { .make($0) })
    try world.expectRun(is: .wrote(inserts: 5, in: cloud.other))
    try world.edit(cloud, (1...5).map { .score("\($0)", 2) })
    try world.expectRun(is: .wrote(updates: 5, in: cloud.other))
    for _ in 1...2 { try world.expectQuiet() }
    try world.expectBoth((1...5).map { "\($0) x 2" })
    for tag in 1...5 {
      let history = try world.call(
        ["history"], ["Account", try world.key("Account", "\(tag)"), "--json"])
      #expect(
        try history.lines(ListedEvent.self).filter { $0.object == "Account" }.map(\.kind)
          == ["record created", "record changed"], "\(history)")
    }
  }

  @Test(arguments: Role.allCases)
  func `law 24: both forms of an accented letter match, and the source's bytes stay`(
    cloud: Role
  ) throws {
    let world = try CloudWorld(cloud: cloud, .init(isMatched: true))
    try world.edit(.source, [.make("Zo\u{EB} Ada 1")])
    try world.edit(.target, [.make("Zoe\u{308} Ada 1")])
    try world.expectRun(is: .wrote(updates: 1, in: .target))
    // Strings of Swift are equal in both forms: the bytes tell them apart.
    for role in Role.allCases {
      #expect(
        try world.contents(role).map { Array($0.utf8) } == [Array("Zo\u{EB} Ada 1".utf8)],
        "the \(role)")
    }
    try world.expectQuiet()
  }

  @Test(arguments: Role.allCases)
  func `law 25: where the database folds letter case, one record and no ping-pong`(
    cloud: Role
  ) throws {
    let world = try CloudWorld(
      cloud: cloud, .init(isMatched: true, tag: (column: "COLLATE NOCASE", field: "")))
    try world.edit(.source, [.make("Foo Ada 1")])
    try world.edit(.target, [.make("foo Ada 1")])
    try world.expectRun(is: .wrote(updates: 1, in: .target))
    try world.expectBoth(["Foo Ada 1"])
    try world.expectQuiet()
    try world.edit(.target, [.tag(cloud == .target ? "Foo" : "foo", "fOO")])
    try world.expectRun(is: .wrote(updates: 1, in: .source))
    try world.expectBoth(["fOO Ada 1"])
    try world.expectQuiet()
  }

  @Test(arguments: Role.allCases, Role.allCases)
  func `law 30: a unique value that another record holds is reported, and others go on`(
    cloud: Role, role: Role
  ) throws {
    // The side that is written keeps tags unique; the other takes any.
    let tag =
      role.other == cloud
      ? (column: "", field: #", "unique": true"#) : (column: "UNIQUE", field: "")
    let world = try CloudWorld(cloud: cloud, .init(tag: tag))
    try world.edit(.source, [.make("q Bob 1")])
    try world.expectRun(is: .wrote(inserts: 1, in: .target))
    try world.edit(role.other, [.make("a foreign 1")])
    try world.edit(role, [.make("a own 1"), .make("b next 1")])
    var outcome = Outcome(status: 1, failed: 1)
    outcome[role].inserts = 1
    outcome[role.other].inserts = 1
    try world.expectRun(is: outcome)
    #expect(try world.contents(role.other) == ["a foreign 1", "b next 1", "q Bob 1"])
    #expect(try world.contents(role) == ["a foreign 1", "a own 1", "b next 1", "q Bob 1"])
    #expect(try world.errors() == ["unique"])
  }

  /// Names that hold `bad` are refused by both sides.
  private static let refusing = CloudWorld.Settings(
    schema: #", "validations": [{"object": "Account", "field": "Name", "forbids": "bad"}]"#,
    sql: """
      CREATE TRIGGER refuse BEFORE UPDATE ON Customer
      WHEN NEW.Company = 'bad' AND NEW.Score = 2 AND EXISTS (SELECT 1 FROM gate)
      BEGIN SELECT RAISE(ABORT, 'not this one'); END;
      CREATE TABLE gate (closed);
      """)

  @Test(arguments: Role.allCases)
  func `law 37: of five updates four are applied, and the fifth is reported and tried again`(
    cloud: Role
  ) throws {
    let world = try CloudWorld(cloud: cloud, Self.refusing)
    try world.settle((1...5).map { "\($0) x 1" })
    try world.edit(cloud.other, (1...5).map { .score("\($0)", 2) } + [.name("4", "bad")])
    var outcome = Outcome(status: 1, failed: 1)
    outcome[cloud].updates = 4
    try world.expectRun(is: outcome)
    #expect(try world.contents(cloud) == ["1 x 2", "2 x 2", "3 x 2", "4 x 1", "5 x 2"])
    try world.expectQuiet(Outcome(status: 1, failed: 1))
    #expect(try world.errors() == ["check"])
    try world.edit(cloud.other, [.name("4", "good")])
    try world.expectRun(is: .wrote(updates: 1, in: cloud))
    #expect(try world.errors() == [])
    try world.expectBoth(["1 x 2", "2 x 2", "3 x 2", "4 good 2", "5 x 2"])
    try world.expectQuiet()
  }

  @Test(arguments: Role.allCases)
  func `law 37: the same where the database refuses`(cloud: Role) throws {
    let world = try CloudWorld(cloud: cloud, .init(sql: Self.refusing.sql))
    try world.settle((1...5).map { "\($0) x 1" })
    try world.database.execute("INSERT INTO gate VALUES (1)")
    try world.edit(cloud, (1...5).map { .score("\($0)", 2) } + [.name("4", "bad")])
    var outcome = Outcome(status: 1, failed: 1)
    outcome[cloud.other].updates = 4
    try world.expectRun(is: outcome)
    #expect(try world.contents(cloud.other) == ["1 x 2", "2 x 2", "3 x 2", "4 x 1", "5 x 2"])
    try world.expectQuiet(Outcome(status: 1, failed: 1))
    try world.database.execute("DELETE FROM gate")
    // Tried after two runs now: the first says that it waits, the second brings it.
    try world.expectQuiet(Outcome(status: 1, pending: 1))
    try world.expectRun(is: .wrote(updates: 1, in: cloud.other))
    try world.expectBoth(["1 x 2", "2 x 2", "3 x 2", "4 bad 2", "5 x 2"])
    try world.expectQuiet()
  }

  @Test(arguments: Role.allCases)
  func `law 38: a record that may not be deleted does not stop the others`(cloud: Role) throws {
    let world = try CloudWorld(cloud: cloud)
    try world.settle(["1 a 1", "2 b 1", "3 c 1"])
    let account = try world.key("Account", "1")
    let holding = try world.sandbox.act(
      "write", #"{"object": "Case", "fields": {"Subject": "open", "AccountId": "\#(account)"}}"#)
    try world.edit(cloud.other, [.delete("1"), .delete("2"), .score("3", 2)])
    var outcome = Outcome(status: 1, failed: 1)
    outcome[cloud] = .init(updates: 1, deletes: 1)
    try world.expectRun(is: outcome)
    #expect(try world.contents(cloud) == ["1 a 1", "3 c 2"])
    try world.sandbox.act("write", #"{"object": "Case", "id": "\#(holding)", "delete": true}"#)
    try world.expectRun(is: .wrote(deletes: 1, in: cloud))
    try world.expectBoth(["3 c 2"])
    try world.expectQuiet()
  }

  @Test(arguments: Role.allCases)
  func `law 40: the organisation keeps an empty text as nothing, and neither bounces`(
    cloud: Role
  ) throws {
    let world = try CloudWorld(cloud: cloud)
    try world.settle(["r Ada 1"])
    try world.edit(cloud.other, [.tag("r", "")])
    try world.expectRun(is: .wrote(updates: 1, in: cloud))
    for _ in 1...2 { try world.expectQuiet() }
    #expect(try world.contents(cloud) == ["- Ada 1"])
    #expect(try world.contents(cloud.other) == ["'' Ada 1"])
  }

  @Test(arguments: Role.allCases)
  func `law 40: white space around a text stays in the database, and an edit beside it travels`(
    cloud: Role
  ) throws {
    let world = try CloudWorld(cloud: cloud)
    try world.settle(["r Ada 1"])
    try world.edit(cloud.other, [.name("r", "  Eve ")])
    try world.expectRun(is: .wrote(updates: 1, in: cloud))
    try world.edit(cloud, [.score("r", 2)])
    try world.expectRun(is: .wrote(updates: 1, in: cloud.other))
    try world.expectQuiet()
    #expect(try world.contents(cloud) == ["r Eve 2"])
    #expect(try world.contents(cloud.other) == ["r   Eve  2"])
  }

  @Test(arguments: Role.allCases)
  func `law 40: the default that the database puts for nothing travels back, once`(
    cloud: Role
  ) throws {
    let world = try CloudWorld(
      cloud: cloud, .init(tag: (column: "NOT NULL DEFAULT 'nobody'", field: "")))
    try world.expectRun(is: .silent)
    try world.edit(cloud, [.make("- Ada 1")])
    var outcome = Outcome.wrote(inserts: 1, in: cloud.other)
    outcome[cloud].updates = 1
    try world.expectRun(is: outcome)
    try world.expectBoth(["nobody Ada 1"])
    #expect(try world.losers() == [])
    try world.expectQuiet()
  }

  @Test(arguments: Role.allCases)
  func `law 41: a second run is refused while one goes on, and a dead one's lock is taken over`(
    cloud: Role
  ) throws {
    let world = try CloudWorld(cloud: cloud)
    try world.settle(["r Ada 1"])
    try world.edit(cloud, [.score("r", 2)])
    let lock = world.sandbox.folder + "/.syncline/shop/lock"
    try world.database.locked {
      let first = try world.start(["run"])
      let note = "\(first.identifier)\n"
      while first.isRunning, try String(contentsOfFile: lock, encoding: .utf8) != note {}
      let second = try world.run()
      #expect(second.status == 2)
      #expect((second.output + second.errors).contains("process \(first.identifier)"))
      first.kill()
      #expect(first.finish().status == 128 + 9)
    }
    try world.expectRun(is: .wrote(updates: 1, in: cloud.other))
    try world.expectBoth(["r Ada 2"])
    try world.expectQuiet()
  }
}
