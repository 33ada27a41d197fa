import SynclineTesting
import Testing

/// `run --only OBJECT/ID` beside an organisation.
@Suite struct `A run for one record of an organisation` {
  /// How a person writes an id.
  enum Spelling: CaseIterable {
    case whole
    /// The 15 characters of an address or a report.
    case short
    /// As programs write it that change cases.
    case folded

    func callAsFunction(_ id: String) -> String {
      switch self {
      case .whole: id
      case .short: String(id.prefix(15))
      case .folded: id.lowercased()
      }
    }
  }

  @Test(arguments: Role.allCases, Spelling.allCases)
  func `sends it alone, by its id`(cloud: Role, spelling: Spelling) throws {
    let world = try CloudWorld(cloud: cloud)
    try world.settle(["r Ada 1", "s Bob 1"])
    try world.edit(cloud, [.score("r", 2), .score("s", 2)])
    let id = spelling(try world.key("Account", "r"))
    for command in ["history", "explain"] {
      let told = try world.call([command], ["Account", id])
      #expect(told.status == 0, "\(told)")
    }
    let answer = try world.run("--only", "Account/\(id)")
    let outcome = try answer.outcome
    #expect(outcome.status == 1, "\(answer)")
    #expect(outcome.pending == 1)
    #expect(try world.contents(cloud.other) == ["r Ada 2", "s Bob 1"])
    try world.run()
    #expect(try world.contents(cloud.other) == ["r Ada 2", "s Bob 2"])
  }

  @Test(arguments: Role.allCases)
  func `finds it by the key of the database too`(cloud: Role) throws {
    let world = try CloudWorld(cloud: cloud)
    try world.settle(["r Ada 1", "s Bob 1"])
    try world.edit(cloud.other, [.name("r", "Eve"), .name("s", "Eve")])
    let id = try #require(
      world.database.rows("SELECT Id FROM Customer WHERE Tag = 's'").first?.first)
    #expect(try world.run("--only", "Customer/\(id)").outcome.pending == 1)
    #expect(try world.contents(cloud) == ["r Ada 1", "s Eve 1"])
  }

  @Test func `with an id that the organisation does not hold writes nothing and says so`() throws {
    let world = try CloudWorld(cloud: .target)
    try world.settle(["r Ada 1"])
    let answer = try world.run("--only", "Account/001000000000099AAA")
    #expect(try answer.outcome.refusals == ["only"], "\(answer)")
    #expect(try answer.outcome.status == 2)
  }
}
