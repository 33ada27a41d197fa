import Foundation
import SynclineTesting
import Testing

@Suite struct `The help` {
  static let commands = [
    "", "new", "check", "run", "plan", "status", "runs", "params", "params show", "params reset",
    "conflicts", "conflicts list", "conflicts show", "errors", "drift", "missing",
    "missing list", "missing confirm", "missing keep", "history", "explain", "compare", "journal",
    "journal verify",
    "journal stat", "journal export", "journal rebuild", "untrack",
    "sandbox", "sandbox salesforce",
  ]
  static let snapshots = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "Snapshots")

  /// A snapshot is recorded by hand: `syncline COMMAND --help > Snapshots/syncline-COMMAND.txt`.
  @Test(arguments: commands) func `of a command is as in its snapshot`(_ command: String) throws {
    let words = command.split(separator: " ").map(String.init)
    let answer = try Scenario.run(
      Scenario.program, words + ["--help"], environment: ["COLUMNS": "80"],
      in: NSTemporaryDirectory())
    let name = (["syncline"] + words).joined(separator: "-")
    let snapshot = try String(
      contentsOf: Self.snapshots.appending(path: name + ".txt"), encoding: .utf8)
    #expect(answer == Scenario.Answer(status: 0, output: snapshot, errors: ""))
  }

  /// A command that only leads to others has no example of its own.
  static let leaves = commands.filter {
    !["", "params", "conflicts", "missing", "journal", "sandbox"].contains($0)
  }

  @Test(arguments: leaves) func `says one sentence and one example`(_ command: String) throws {
    let words = command.split(separator: " ").map(String.init)
    let answer = try Scenario.run(
      Scenario.program, words + ["--help"], environment: ["COLUMNS": "80"],
      in: NSTemporaryDirectory())
    let paragraphs = answer.output.components(separatedBy: "\n\n")
    let overview = paragraphs[0].replacingOccurrences(of: "\n", with: " ")
    #expect(overview.wholeMatch(of: /OVERVIEW: [A-Z][^.!?]*(\.sync\.yaml[^.]*)?\./) != nil)
    let examples = paragraphs.filter { $0.hasPrefix("Example: syncline \(command) ") }
    #expect(examples.count == 1)
  }

  @Test func `shows the history of the very record whose history the demo shows`() throws {
    let help = try Scenario.run(
      Scenario.program, ["history", "--help"], in: NSTemporaryDirectory())
    let example = try #require(help.output.firstMatch(of: /shop\.sync\.yaml (Customer \d+)/))
    let demo = try String(
      contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Tools/demo"), encoding: .utf8)
    #expect(demo.contains("syncline history \"$demo/shop.sync.yaml\" \(example.1)"))
  }

  @Test func `is what the program says without a command`() throws {
    let help = try Scenario.run(Scenario.program, ["--help"], in: NSTemporaryDirectory())
    let bare = try Scenario.run(Scenario.program, [], in: NSTemporaryDirectory())
    #expect(bare == help)
  }

  @Test func `has a version`() throws {
    let answer = try Scenario.run(Scenario.program, ["--version"], in: NSTemporaryDirectory())
    #expect(answer == Scenario.Answer(status: 0, output: "0.1.0\n", errors: ""))
  }
}
