import SynclineTesting
import Testing

/// The golden scenarios of the laws between a database and an organisation, in both parts.
@Suite struct `Laws of an organisation` {
  @Test(arguments: Law.rows, Role.allCases)
  func `a scenario of the laws holds, and the next run is quiet`(law: Law, cloud: Role) throws {
    try law.carryOut(cloud: cloud)
  }

  @Test(arguments: Role.allCases)
  func `law 9: the list of conflicts names the fields of the side whose content it shows`(
    cloud: Role
  ) throws {
    let world = try CloudWorld(cloud: cloud)
    try world.settle(["r Ada 1"])
    try world.edit(.source, [.score("r", 2)])
    try world.edit(.target, [.delete("r")])
    try world.expectRun(is: .wrote(inserts: 1, in: .target, conflicts: 1))
    let listed = try world.call(["conflicts", "list"], ["--json"]).lines(ListedConflict.self)
    let score = cloud == .source ? "NumberOfEmployees" : "Score"
    #expect(listed.map { $0.base[score] } == ["1"])
    #expect(listed.map { $0.won[score] } == ["2"])
  }
}
