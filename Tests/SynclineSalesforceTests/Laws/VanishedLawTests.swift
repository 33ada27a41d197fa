import SynclineTesting
import Testing

/// Scenarios 28 and 29 of the laws, 48 of the semantics: records that are gone, and no feed tells of it.
@Suite struct `Laws of an organisation: records that are gone unseen` {
  /// A world in which a record of the organisation is gone, and neither feed nor recycle bin know of it.
  private func purged(_ cloud: Role, pass seconds: Int = 900) throws -> (CloudWorld, String) {
    let world = try CloudWorld(cloud: cloud)
    try world.settle(["r Ada 1", "s Bob 1"])
    let id = try world.key("Account", "r")
    try world.pass(seconds)
    try world.edit(cloud, [.delete("r")])
    // The feed forgets what is older than the second in which it is told to.
    try world.pass(seconds + 60)
    for act in ["empty-recycle-bin", "purge", "prune-deletions"] {
      try world.sandbox.act(act, "{}")
    }
    return (world, id)
  }

  @Test(arguments: Role.allCases)
  func `semantics 48: what the feed has forgotten is missing, held, and deleted when confirmed`(
    cloud: Role
  ) throws {
    let (world, id) = try purged(cloud, pass: 20 * 86_400)
    let plan = try world.call(["plan"], ["--json"])
    #expect(try plan.outcome == Outcome(status: 1, held: 1), "\(plan)")
    try world.expectQuiet(Outcome(status: 1, held: 1))
    #expect(try world.contents(cloud.other) == ["r Ada 1", "s Bob 1"])
    let listed = try world.call(["missing", "list"])
    #expect(listed.output.contains(id), "\(listed)")
    let confirmed = try world.call(["missing", "confirm"], ["Account", id])
    #expect(confirmed.status == 0, "\(confirmed)")
    try world.expectRun(is: .wrote(deletes: 1, in: cloud.other))
    try world.expectBoth(["s Bob 1"])
    try world.expectQuiet()
  }

  @Test(arguments: Role.allCases)
  func `law 28: an edit of a record that is missing is held, and makes it again when told`(
    cloud: Role
  ) throws {
    let (world, id) = try purged(cloud)
    try world.edit(cloud.other, [.score("r", 2)])
    try world.expectQuiet(Outcome(status: 1, held: 1))
    let kept = try world.call(["missing", "keep"], ["Account", id])
    #expect(kept.status == 0, "\(kept)")
    try world.expectRun(is: .wrote(inserts: 1, in: cloud))
    try world.expectBoth(["r Ada 2", "s Bob 1"])
    try world.expectQuiet()
  }

  @Test(arguments: Role.allCases)
  func `law 29: a delete of a record that is missing is nothing, when that is confirmed`(
    cloud: Role
  ) throws {
    let (world, id) = try purged(cloud)
    try world.edit(cloud.other, [.delete("r")])
    try world.expectQuiet(Outcome(status: 1, held: 1))
    #expect(try world.call(["missing", "confirm"], ["Account", id]).status == 0)
    try world.expectRun(is: .silent)
    try world.expectBoth(["s Bob 1"])
    #expect(try world.losers() == [])
    #expect(try world.links() == [1])
    try world.expectQuiet()
  }

  @Test(arguments: Role.allCases)
  func `laws 28 and 29: rows of the database that are gone unseen`(cloud: Role) throws {
    let world = try CloudWorld(cloud: cloud)
    try world.settle(["q Eve 1", "r Ada 1", "s Bob 1"])
    let triggers = try world.database.rows(
      "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'syncline%'")
    for trigger in triggers { try world.database.execute("DROP TRIGGER \(trigger[0])") }
    try world.edit(cloud.other, [.delete("q"), .delete("r")])
    try world.edit(cloud, [.delete("q"), .score("r", 2)])
    if cloud == .source {
      try world.expectRun(is: .wrote(inserts: 1, in: .target, conflicts: 1))
      try world.expectBoth(["r Ada 2", "s Bob 1"])
      #expect(try world.losers() == ["changedAndDeleted: target lost the record"])
    } else {
      try world.expectRun(is: .wrote(deletes: 1, in: .target, conflicts: 1))
      try world.expectBoth(["s Bob 1"])
      #expect(
        try world.losers()
          == ["deletedAndChanged: target lost name = 'Ada', score = 2, tag = 'r'"])
    }
    try world.expectQuiet()
  }
}
