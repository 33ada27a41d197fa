import Foundation
import SynclineTesting
import Testing

/// The list of bad input: one clear message that names the thing and the mend, the right exit
/// code, and nothing is lost.
@Suite struct `Bad input` {
  @Test(arguments: BadInput.packages + BadInput.databases + BadInput.journals)
  func `is told clearly, loses nothing, and can be mended`(_ row: BadInput) throws {
    let shop = try row.isSynced ? Shop.synced() : Shop.scenario()
    let files = shop.package
    try row.make(shop)
    var held = try row.hold(shop)
    let package = row.command.count > 1 ? shop.file(row.command[1]) : files
    let answer = try Scenario.run(
      Scenario.program, [row.command[0], package], in: shop.folder)
    #expect(answer.status == row.status, "\(answer.errors)")
    for part in row.says { #expect(answer.errors.contains(part), "\(answer.errors)") }
    withExtendedLifetime(held) { held = nil }

    try row.mend(shop)
    let run = try Scenario.run(
      Scenario.program, ["run", files, "--json"] + row.allow(shop), in: shop.folder)
    #expect(run.status == 0, "\(run)")
    // Whatever was known before is there, once, on both sides.
    let contents = try shop.contents
    #expect(contents.source == contents.target)
    #expect(contents.source.map(\.[0]) == ["'Anna'", "'Bert'", "'Zoe'"])
    let second = try Scenario.run(Scenario.program, ["run", files, "--json"], in: shop.folder)
    #expect(second.status == 0)
    #expect(second.json.first?["source"] as? [String: Int] == Self.nothing)
    #expect(second.json.first?["target"] as? [String: Int] == Self.nothing)
    #expect(try shop.queued == 0)
  }

  static let nothing = [
    "created": 0, "changed": 0, "deleted": 0, "inserts": 0, "updates": 0, "deletes": 0,
  ]
}
