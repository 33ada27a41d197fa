import ArgumentParser
import SynclineEngine
import SynclineJournal
import SynclineModel

/// `syncline runs`.
struct RunsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "Lists runs, newest first.",
    discussion: "Example: syncline runs demo/shop.sync.yaml")

  @OptionGroup var package: PackageArgument
  @OptionGroup var output: JSONOption

  @Option(help: "How many runs.")
  var last = 20

  func run() async throws {
    try await reporting {
      let open = try OpenPackage(package)
      let runs = try open.journal.withState { try $0.runs(before: nil, limit: last) }
      for (number, run) in runs {
        if output.json {
          Console.print(json(number, run))
        } else {
          Console.print(line(number, run))
        }
      }
    }
  }

  private func line(_ number: RunNumber, _ run: RunSummary) -> String {
    let wrote = Side.allCases.map { "\(run.tally[$0].written) to \($0)" }.joined(separator: ", ")
    let reason = run.reason.isEmpty ? "" : "; \(run.reason.neutral)"
    return "\(number)  \(run.opened)Z  \(run.state.word)  wrote \(wrote); "
      + "\(run.tally.conflicts) conflicts, \(run.tally.failed) failed, \(run.tally.held) held, "
      + "\(run.tally.pending) pending\(reason)"
  }

  private func json(_ number: RunNumber, _ run: RunSummary) -> JSON {
    .object([
      "run": .number(number.rawValue), "opened": .text("\(run.opened)Z"),
      "closed": run.closed.map { .text("\($0)Z") } ?? .null, "state": .text(run.state.word),
      "source": run.tally.source.json, "target": run.tally.target.json,
      "conflicts": .number(run.tally.conflicts), "failed": .number(run.tally.failed),
      "held": .number(run.tally.held), "pending": .number(run.tally.pending),
      "untouched": .number(run.tally.untouched),
      "reason": .text(run.reason),
    ])
  }
}
