import Foundation
import SynclineTesting
import Testing

/// Scenarios 12, 14, 15, 17, 18 and 34 of the laws: what holds a run back, and what shows it beforehand.
@Suite struct `Laws of an organisation: brakes` {
  private static let limit = CloudWorld.Settings(package: "deletes: {limit: 50%, atLeast: 0}")
  private static let nine = (1...9).map { "\($0) x 1" }
  private static let held = Outcome(status: 2, held: 5, refusals: ["deletes"])

  @Test(arguments: Role.allCases)
  func `law 12: a lost journal is refused, and taken over without a double when allowed`(
    cloud: Role
  ) throws {
    let world = try CloudWorld(cloud: cloud, .init(isMatched: true))
    try world.settle(["r Ada 1", "s Bob 2"])
    let lost = try #require(try world.run().report.journal)
    try FileManager.default.removeItem(atPath: world.sandbox.folder + "/.syncline")
    let text = try String(contentsOfFile: world.package, encoding: .utf8)
    try text.replacing("journal: \(lost)\n", with: "").write(
      toFile: world.package, atomically: true, encoding: .utf8)

    let refused = try world.run()
    #expect(try refused.outcome == Outcome(status: 2, state: "Failed", refusals: ["owner"]))
    #expect(try refused.report.refusals.allSatisfy { $0.message.contains("takeover=\(lost)") })
    let before = try world.writes()
    try world.expectRun("--allow", "takeover=\(lost)", is: .silent)
    #expect(try world.writes() == before)
    try world.expectBoth(["r Ada 1", "s Bob 2"])
    #expect(try world.links() == [2])
    try world.expectQuiet()
  }

  @Test(arguments: Role.allCases, Role.allCases)
  func `law 14: more deletes than the limit are held, with their figures, until allowed`(
    cloud: Role, role: Role
  ) throws {
    let world = try CloudWorld(cloud: cloud, Self.limit)
    try world.settle(Self.nine)
    try world.edit(role, (1...5).map { .delete("\($0)") } + [.score("9", 2)])
    let answer = try world.run()
    var held = Self.held
    held[role.other].updates = 1
    #expect(try answer.outcome == held)
    let told = try answer.report.refusals.map(\.message)
    #expect(told.map { $0.contains("5 of 9") && $0.contains("--allow deletes=5") } == [true])
    #expect(try world.contents(role.other).count == 9)

    try world.expectQuiet(Self.held)
    try world.expectRun("--allow", "deletes=4", is: Self.held)
    try world.expectRun("--allow", "deletes=5", is: .wrote(deletes: 5, in: role.other))
    try world.expectBoth(["6 x 1", "7 x 1", "8 x 1", "9 x 2"])
    try world.expectQuiet()
  }

  @Test(arguments: Role.allCases, Role.allCases)
  func `law 15: deletes that are allowed beforehand are applied at once`(
    cloud: Role, role: Role
  ) throws {
    let world = try CloudWorld(cloud: cloud, Self.limit)
    try world.settle(Self.nine)
    try world.edit(role, (1...5).map { .delete("\($0)") })
    try world.expectRun("--allow", "deletes=5", is: .wrote(deletes: 5, in: role.other))
    try world.expectBoth(["6 x 1", "7 x 1", "8 x 1", "9 x 1"])
    try world.expectQuiet()
  }

  @Test(arguments: Role.allCases)
  func `law 17: another organisation under the name is refused before anything is written`(
    cloud: Role
  ) throws {
    let world = try CloudWorld(cloud: cloud)
    try world.settle(["r Ada 1"])
    let other = try CloudWorld(cloud: cloud)
    try other.edit(cloud, [.make("x Eve 1")])
    try world.edit(cloud.other, [.score("r", 2)])
    let before = try (world.writes(), other.writes())
    try world.writePackage(url: other.sandbox.address)
    try world.expectRun(is: Outcome(status: 2, state: "Failed", refusals: ["identity"]))
    #expect(try (world.writes(), other.writes()) == before)

    try world.writePackage()
    try world.expectRun(is: .wrote(updates: 1, in: cloud))
    try world.expectBoth(["r Ada 2"])
  }

  @Test(arguments: Role.allCases)
  func `law 17: another database under the name is refused before anything is written`(
    cloud: Role
  ) throws {
    let world = try CloudWorld(cloud: cloud)
    try world.settle(["r Ada 1"])
    let other = try CloudWorld(cloud: cloud)
    try other.edit(cloud.other, [.make("x Eve 1")])
    let files = FileManager.default
    try files.removeItem(atPath: world.database.path)
    try files.copyItem(atPath: other.database.path, toPath: world.database.path)
    try world.edit(cloud, [.score("r", 2)])
    let before = try world.writes()
    try world.expectRun(is: Outcome(status: 2, state: "Failed", refusals: ["identity"]))
    #expect(try world.writes() == before)
  }

  @Test(arguments: Role.allCases)
  func `law 18: a plan prints what the run then does, and changes nothing`(cloud: Role) throws {
    let world = try CloudWorld(cloud: cloud, .init(isMatched: true))
    try world.settle(["03", "04", "05", "06", "07", "08", "09", "10", "12"].map { "\($0) x 1" })
    try world.edit(
      .source,
      [.make("01 new 1"), .make("11 both 1"), .touch("10")]
        + ["03", "08", "09"].map { .score($0, 2) } + ["05", "07", "12"].map { .delete($0) })
    try world.edit(
      .target,
      [.make("02 new 1"), .make("11 both 1")]
        + ["04", "08", "10", "12"].map { .score($0, 3) } + ["06", "07", "09"].map { .delete($0) })
    func files() throws -> [Data] {
      try [
        world.database.path, world.sandbox.data, world.package,
        world.sandbox.folder + "/.syncline/shop/data.mdb",
      ].map { try Data(contentsOf: URL(filePath: $0)) }
    }
    let before = try files()
    let plan = try world.call(["plan"], ["--json"])
    #expect(try files() == before)

    let expected = Outcome(
      source: .init(inserts: 1, updates: 2, deletes: 1),
      target: .init(inserts: 2, updates: 2, deletes: 2), conflicts: 3)
    #expect(try plan.outcome == expected, "\(plan)")
    #expect(plan.output.split(separator: "\n").count == 10 + 1)
    try world.expectRun(is: expected)
    try world.expectBoth([
      "01 new 1", "02 new 1", "03 x 2", "04 x 3", "08 x 2", "09 x 2", "10 x 3", "11 both 1",
    ])
    try world.expectQuiet()
  }

  @Test(arguments: Role.allCases)
  func `law 34: an unknown winner is refused with the names there are`(cloud: Role) throws {
    let world = try CloudWorld(cloud: cloud, .init(package: "conflicts: sauce"))
    try world.edit(cloud, [.make("r Ada 1")])
    let before = try world.writes()
    let answer = try world.run()
    #expect(answer.status == 2)
    for word in ["`source`", "`target`", "`merge`"] {
      #expect((answer.output + answer.errors).contains(word), "\(answer)")
    }
    #expect(try world.writes() == before)
  }
}
