import Foundation
import SynclineTesting
import Testing

/// Scenarios 19 and 41 of the laws: what happens beside a run.
@Suite struct ConcurrencyTests {
  private static let many = 1500

  @Test(arguments: Role.allCases)
  func `law 19: records that are born during the run are in this run or in the next`(_ role: Role)
    throws
  {
    let world = try World(busyTimeout: "60 seconds")
    try world.settle(.init("base", "x", 0))
    try world.edit(
      .source,
      """
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(Self.many))
      INSERT INTO {table} ({tag}, {name}, {score}) SELECT 'old ' || i, 'x', i FROM n
      """)
    let run = try world.scenario.start()
    // One transaction for each, from the moment at which the run writes.
    while run.isRunning, try world.records(.target).count < 2 {}
    for number in 1...50 { try world.insert(role, .init("new \(number)", "x", number)) }
    let answer = run.finish()
    #expect(answer.status == 0, "\(answer.output)\(answer.errors)")
    let old = (1...Self.many).map { (n: Int) in World.Record("old \(n)", "x", n) }
    try Self.expectNoneLost(world, [.init("base", "x", 0)] + old)
  }

  @Test(arguments: Role.allCases)
  func `law 19: records that are committed while the run waits for their side are not lost`(
    _ role: Role
  ) throws {
    let world = try World(busyTimeout: "60 seconds")
    try world.settle(.init("base", "x", 0))
    try world.edit(role, "UPDATE {table} SET {score} = 1")
    let born = (1...50).map { "('new \($0)', 'x', \($0))" }.joined(separator: ", ")
    let run = try world.file(role).locked(
      committing: world.named(role, "INSERT INTO {table} ({tag}, {name}, {score}) VALUES \(born)")
    ) {
      let run = try world.scenario.start()
      try Self.waitForLock(of: run, world)
      return run
    }
    let answer = run.finish()
    #expect(answer.status == 0, "\(answer.output)\(answer.errors)")
    try Self.expectNoneLost(world, [.init("base", "x", 1)])
  }

  /// After the run and another one both sides hold `others` and the fifty that were born.
  private static func expectNoneLost(
    _ world: World, _ others: [World.Record], location: SourceLocation = #_sourceLocation
  ) throws {
    try world.run()
    try world.expectQuiet(location: location)
    let born = (1...50).map { (n: Int) in World.Record("new \(n)", "x", n) }
    let expected = (others + born).sorted()
    for role in Role.allCases {
      #expect(try world.records(role) == expected, "the \(role)", sourceLocation: location)
    }
    #expect(try world.conflicts() == [], sourceLocation: location)
    #expect(try world.errors() == [], sourceLocation: location)
  }

  private static func lock(_ world: World) -> String {
    world.scenario.folder + "/.syncline/shop/lock"
  }

  /// Waits until the run has the package's lock.
  private static func waitForLock(of run: RunningProgram, _ world: World) throws {
    let note = "\(run.identifier)\n"
    while run.isRunning, try String(contentsOfFile: lock(world), encoding: .utf8) != note {}
    #expect(run.isRunning)
  }

  @Test func `law 41: a second run of one package is refused while the first one runs`() throws {
    let world = try World(busyTimeout: "60 seconds")
    try world.settle(.init("r", "Ada", 1))
    try world.edit(.source, "UPDATE {table} SET {score} = 2")
    let first = try world.file(.target).locked {
      let first = try world.scenario.start()
      try Self.waitForLock(of: first, world)
      let second = try world.scenario.run()
      #expect(second.status == 2)
      #expect((second.output + second.errors).contains("process \(first.identifier)"))
      return first
    }
    let answer = first.finish()
    #expect(
      try answer.outcome == .wrote(updates: 1, in: .target), "\(answer.output)\(answer.errors)")
    try world.expectBoth(.init("r", "Ada", 2))
    try world.expectQuiet()
  }

  @Test func `law 41: the lock of a process that was killed is taken over`() throws {
    let world = try World(busyTimeout: "60 seconds")
    try world.settle(.init("r", "Ada", 1))
    try world.edit(.source, "UPDATE {table} SET {score} = 2")
    try world.file(.target).locked {
      let first = try world.scenario.start()
      try Self.waitForLock(of: first, world)
      first.kill()
      #expect(first.finish().status == 128 + 9)
      #expect(
        try String(contentsOfFile: Self.lock(world), encoding: .utf8) == "\(first.identifier)\n")
    }
    try world.expectRun(is: .wrote(updates: 1, in: .target))
    try world.expectBoth(.init("r", "Ada", 2))
    #expect(try world.conflicts() == [])
    try world.expectQuiet()
  }
}
