import SynclineTesting
import Testing

/// The rows about HTTP of the laws' table of faults, each with its promised answer.
@Suite struct `An organisation with faults` {
  struct Row: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var faults: [String]
    /// How the run with the fault ends.
    var status: Int32

    init(_ name: String, _ faults: String..., status: Int32) {
      testDescription = name
      self.faults = faults
      self.status = status
    }
  }

  private static let create = "match=/composite/sobjects,method=POST,times=1"

  static let rows = [
    Row(
      "a read that is never answered is asked again", "cut-before,match=/query,times=1", status: 0),
    Row("a read whose answer ends in the middle", "truncate,match=/query,times=1", status: 0),
    Row("a read that is answered with a page for people", "html,match=/query,times=1", status: 0),
    Row("a read that is answered 503", "unavailable,match=/query,times=1", status: 0),
    Row("a describe that ends in the middle", "truncate,match=/describe,times=1", status: 0),
    Row("the session ends before a write", "expired,match=/composite,times=1", status: 0),
    Row("the session ends before a create", "expired,\(create)", status: 0),
    Row("the session ends before a read", "expired,match=/query,times=1", status: 0),
    Row("too many long requests, for a moment", "concurrent,match=/composite,times=1", status: 0),
    Row("the day's calls are used up before a write", "limit,match=/composite", status: 3),
    Row(
      "the day's calls are used up before a create", "limit,match=/composite/sobjects", status: 3),
    Row("the day's calls are used up before a read", "limit,match=/query", status: 3),
    Row("records that are locked for a moment", "lock,times=1", status: 0),
    Row("what is written is seen later", "late-visibility=120,match=/composite", status: 1),
    Row("what is written is answered and seen later", "late-commit=1,\(create)", status: 0),
    Row("a clock that is ahead", "clock=3600", status: 0),
    Row("a clock that is behind", "clock=-3600", status: 0),
    Row("pages that are smaller than asked for", "batch=1", status: 0),
  ]

  /// Edits on both sides, of which each asks for a write.
  private static func edited(_ cloud: Role) throws -> CloudWorld {
    let world = try CloudWorld(cloud: cloud)
    try world.settle(["a x 1", "b x 1", "c x 1"])
    try world.edit(cloud.other, [.score("a", 2), .make("n x 1"), .delete("b")])
    try world.edit(cloud, [.make("m x 1"), .score("c", 3)])
    return world
  }

  private static let settled = ["a x 2", "c x 3", "m x 1", "n x 1"]

  @Test(arguments: zip(rows, (0..<rows.count).map { Role.allCases[$0 % 2] }))
  func `loses nothing and makes nothing twice`(row: Row, cloud: Role) throws {
    let world = try Self.edited(cloud)
    for fault in row.faults { try world.sandbox.fault(fault) }
    let answer = try world.run()
    #expect(answer.status == row.status, "\(answer)")
    try expectRest(world, "\(row.testDescription)")
  }

  /// Without faults, and when the organisation's bound has passed, everything is once on both sides.
  private func expectRest(_ world: CloudWorld, _ comment: Comment) throws {
    try world.sandbox.clearFaults()
    try world.pass(7200)
    for _ in 1...2 {
      let later = try world.run()
      #expect(later.status == 0, "\(comment): \(later)")
    }
    let before = try world.writes()
    let last = try world.run()
    #expect(try last.outcome == .silent, "\(comment): \(last)")
    #expect(try world.writes() == before, comment)
    for role in Role.allCases { #expect(try world.contents(role) == Self.settled, comment) }
    #expect(try world.losers() == [], comment)
    #expect(try world.errors() == [], comment)
    #expect(try world.links() == [4], comment)
  }

  /// The places of a run at which records are read by key or written: the fault hits one after the other.
  @Test(arguments: ["cut-before", "cut-after", "html"], Role.allCases)
  func `at one request after the other that writes loses nothing and makes nothing twice`(
    fault: String, cloud: Role
  ) throws {
    let start = try Self.edited(cloud)
    var statuses: [Int32] = []
    for place in 0..<5 {
      let world = try CloudWorld(copyOf: start)
      try world.sandbox.fault("\(fault),match=/composite,method=POST,after=\(place),times=1")
      statuses.append(try world.run().status)
      try expectRest(world, "\(fault) at \(place)")
    }
    // Reads are asked again; a write whose outcome is not known ends the run.
    #expect(Set(statuses) == [0, 3], "\(statuses)")
  }

  @Test(arguments: Role.allCases)
  func `semantics 46: which answers 503 throughout fails the run, and the next one brings it all`(
    cloud: Role
  ) throws {
    let world = try Self.edited(cloud)
    let parameters = try world.call(["params"])
    try world.sandbox.fault("unavailable,match=/query")
    try world.sandbox.fault("unavailable,match=/updated")
    try world.sandbox.fault("unavailable,match=/deleted")
    let before = try world.writes()
    let answer = try world.run()
    #expect(try answer.outcome == Outcome(status: 3, state: "Failed"), "\(answer)")
    #expect(try world.writes() == before)
    #expect(try world.call(["params"]) == parameters)
    try world.sandbox.clearFaults()
    try world.expectRun(
      is: .both(
        cloud, of: .init(inserts: 1, updates: 1, deletes: 1),
        other: .init(inserts: 1, updates: 1)))
    try world.expectBoth(Self.settled)
    try world.expectQuiet()
  }

  @Test(arguments: Role.allCases)
  func `semantics 47: whose calls run out keeps what was written, and the rest follows`(
    cloud: Role
  ) throws {
    let world = try CloudWorld(cloud: cloud)
    try world.expectRun(is: .silent)
    try world.database.execute(
      """
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
      INSERT INTO Customer (Tag, Company, Score) SELECT 't' || i, 'x', i FROM n
      """)
    try world.sandbox.fault("limit,match=/composite/sobjects,method=POST,after=2")
    let answer = try world.run()
    #expect(answer.status == 3, "\(answer)")
    let applied = try world.contents(cloud).count
    #expect(applied == 200 || applied == 400, "\(applied)")
    try world.sandbox.clearFaults()
    try world.expectRun(is: .wrote(inserts: 500 - applied, in: cloud))
    try world.expectBoth((1...500).map { "t\($0) x \($0)" })
    try world.expectQuiet()
  }

  @Test(arguments: Role.allCases)
  func `law 28: which shows nothing of what it had is not taken for one that was emptied`(
    cloud: Role
  ) throws {
    let world = try CloudWorld(cloud: cloud)
    try world.settle((1...12).map { "\($0) x 1" })
    #expect(
      try world.call(["params", "reset"], ["LastSyncTime"]).status == 0)
    let middleman = try Middleman(
      world.sandbox, at: "GET", "/query", .answer(#"{"totalSize": 0, "done": true, "records": []}"#)
    )
    try world.writePackage(url: middleman.address)
    let before = try world.writes()
    let answer = try withExtendedLifetime(middleman) { try world.run() }
    #expect(try world.writes() == before, "\(answer)")
    try world.writePackage()
    try world.expectQuiet()
    try world.expectBoth((1...12).map { "\($0) x 1" })
  }

  @Test(arguments: Role.allCases)
  func `in which somebody edits between two pages loses nothing`(cloud: Role) throws {
    let world = try CloudWorld(cloud: cloud, .init(options: ["--fault", "batch=2"]))
    try world.settle((1...6).map { "\($0) x 1" })
    try world.edit(cloud, (1...6).map { .score("\($0)", 2) })
    let ids = try ["1", "6"].map { try world.key("Account", $0) }
    let middleman = try Middleman(
      world.sandbox, at: "GET", "/query", skipping: 1,
      .people(
        ids.map {
          #"{"object": "Account", "id": "\#($0)", "fields": {"NumberOfEmployees": 3}}"#
        } + [#"{"object": "Account", "fields": {"Tag__c": "7", "Name": "x"}}"#]))
    try world.writePackage(url: middleman.address)
    try withExtendedLifetime(middleman) {
      for _ in 1...2 { #expect(try world.run().status == 0) }
      try world.expectQuiet()
    }
    try world.expectBoth(["1 x 3", "2 x 2", "3 x 2", "4 x 2", "5 x 2", "6 x 3", "7 x -"])
    #expect(try world.losers() == [])
  }
}

extension Outcome {
  /// Writes on a side and on the one across.
  fileprivate static func both(_ role: Role, of writes: Writes, other: Writes) -> Outcome {
    var outcome = Outcome()
    outcome[role] = writes
    outcome[role.other] = other
    return outcome
  }
}
