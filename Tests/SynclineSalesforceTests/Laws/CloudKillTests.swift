import SynclineTesting
import Testing

/// kill -9 of a run, or of the organisation's server, at every place where something lasts has just been
/// done or is about to be. The following runs end where an undisturbed run would have ended (laws, L10).
@Suite struct `A run beside an organisation` {
  /// Where a run dies, as `SYNCLINE_CRASH` names it, and the part of the organisation.
  struct Death: Sendable, CustomTestStringConvertible {
    var place: String
    var cloud: Role
    var testDescription: String { "\(place), the organisation is the \(cloud)" }

    init(_ place: String, _ cloud: Role) {
      self.place = place
      self.cloud = cloud
    }
  }

  /// The places that a run over edits passes. To die before an append or a write is to die after what
  /// happened last, which is among these.
  static let deaths = [
    Death("afterAppend", .target), Death("afterWrite", .source), Death("afterWrite", .target),
    Death("beforeCommit", .source), Death("afterCommit", .target),
    Death("beforeAcknowledge", .source), Death("afterAcknowledge", .target),
  ]

  /// Those that only a first run passes, and one that it passes, too.
  static let firstDeaths = [
    Death("afterJournal", .source), Death("afterNaming", .target), Death("beforeTracking", .source),
    Death("afterTracking", .target), Death("afterWrite", .source),
  ]

  private static let settled = [
    "a x 2", "b x 3", "d x 2", "e x 1", "f x 1", "q @ b", "r @ e", "s @ f",
  ]

  /// Records on both sides, and no run so far.
  private func unsynced(_ cloud: Role) throws -> CloudWorld {
    let world = try CloudWorld(cloud: cloud, .init(isFamily: true))
    try world.edit(.source, ["a x 1", "b x 1", "c x 1"].map { .make($0) } + [.person("p", "a")])
    try world.edit(.target, [.make("d x 1"), .person("q", "d")])
    return world
  }

  /// Inserts, updates and deletes on both sides, a conflict, and parents with children.
  private func edited(_ cloud: Role) throws -> CloudWorld {
    let world = try unsynced(cloud)
    try #require(world.run().status == 0)
    try world.edit(
      .source,
      [.score("a", 2), .delete("c"), .score("d", 2), .make("e x 1"), .person("r", "e")])
    try world.edit(
      .target,
      [.score("b", 3), .score("d", 3), .make("f x 1"), .person("s", "f"), .leave("p")]
        + [.move("q", "b")])
    return world
  }

  /// Kills a run of a copy of `start` at each visit of `point`, and hands each copy to `check`.
  private func killing(
    _ start: CloudWorld, at point: String, check: (CloudWorld, Comment) throws -> Void
  ) throws {
    for visit in 1..<100 {
      let world = try CloudWorld(copyOf: start)
      let answer = try world.run(crash: "\(point):\(visit)")
      if answer.status != 128 + 9 {
        #expect(answer.status == 0, "\(point):\(visit) \(answer)")
        #expect(visit > 1, "\(point) was never visited")
        return
      }
      try check(world, "killed at \(point):\(visit)")
    }
    Issue.record("\(point) is visited without an end")
  }

  /// Runs until a run finds nothing to do. What was perhaps never sent waits in the first run, and is sent
  /// again when the organisation's own bound has passed.
  private func rest(_ world: CloudWorld, _ comment: Comment) throws {
    let first = try world.run()
    #expect([0, 1].contains(first.status), "\(comment): \(first)")
    try world.pass(900)
    for _ in 1...2 {
      let answer = try world.run()
      #expect(answer.status == 0, "\(comment): \(answer)")
      if try answer.outcome == .silent { break }
    }
    let before = try world.writes()
    let last = try world.run()
    #expect(try last.outcome == .silent, "\(comment): \(last)")
    #expect(try world.writes() == before, comment)
  }

  private func expect(
    _ contents: [String], losers: [String], in world: CloudWorld, _ comment: Comment
  ) throws {
    try rest(world, comment)
    for role in Role.allCases { #expect(try world.contents(role) == contents, comment) }
    #expect(try world.losers() == losers, comment)
  }

  @Test(arguments: firstDeaths)
  func `killed in its first run leaves no double and loses nothing`(death: Death) throws {
    try killing(try unsynced(death.cloud), at: death.place) { world, comment in
      try expect(
        ["a x 1", "b x 1", "c x 1", "d x 1", "p @ a", "q @ d"], losers: [], in: world, comment)
    }
  }

  @Test(arguments: deaths)
  func `killed over edits ends as if nothing had happened`(death: Death) throws {
    try killing(try edited(death.cloud), at: death.place) { world, comment in
      try expect(
        Self.settled, losers: ["bothChanged: target lost score = 3"], in: world, comment)
    }
  }

  @Test(arguments: [Death("beforeWrite", .target), Death("afterWrite", .source)])
  func `killed over edits loses no edit of the very records that were under way`(
    death: Death
  ) throws {
    try killing(try edited(death.cloud), at: death.place) { world, comment in
      try world.edit(.source, [.score("a", 7), .score("d", 7)])
      try world.edit(.target, [.score("b", 8), .score("f", 9)])
      try rest(world, comment)
      for role in Role.allCases {
        #expect(
          try world.contents(role) == [
            "a x 7", "b x 8", "d x 7", "e x 1", "f x 9", "q @ b", "r @ e", "s @ f",
          ], comment)
      }
      #expect(
        try world.losers().filter { $0 == "bothChanged: target lost score = 3" }.count == 1,
        comment)
    }
  }

  @Test(arguments: zip([false, true], Role.allCases))
  func `whose server is killed at a write and comes back ends as if nothing had happened`(
    isServed: Bool, cloud: Role
  ) throws {
    let start = try edited(cloud)
    for skipped in 0..<20 {
      let world = try CloudWorld(copyOf: start)
      let comment: Comment = "killed at write \(skipped + 1), served \(isServed)"
      let middleman = try Middleman(
        world.sandbox, "/composite", skipping: skipped, .hold(isServed: isServed))
      try world.writePackage(url: middleman.address)
      let run = try world.start(["run"])
      while run.isRunning, !middleman.isHolding {}
      guard middleman.isHolding else {
        #expect(run.finish().status == 0)
        #expect(skipped > 3, "the run wrote less than it should")
        return
      }
      try world.sandbox.restart()
      try middleman.letGo()
      let answer = run.finish()
      #expect([0, 1, 3].contains(answer.status), "\(comment): \(answer)")
      try world.writePackage()
      try expect(
        Self.settled, losers: ["bothChanged: target lost score = 3"], in: world, comment)
    }
  }
}
