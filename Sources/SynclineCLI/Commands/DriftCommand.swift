import ArgumentParser
import SynclineEngine
import SynclineJournal
import SynclineModel

/// `syncline drift`.
struct DriftCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "drift",
    abstract: "Lists values in fields mapped one way that a user changed where they are written.",
    discussion: """
      As the journal knows them since the last run, under the mapping of that run. They are left \
      alone, or put right by the next run where the package says `drift: restore`. The values in the \
      output are data of your records.

      Example: syncline drift demo/shop.sync.yaml
      """)

  @OptionGroup var package: PackageArgument
  @OptionGroup var output: JSONOption

  func run() async throws {
    try await reporting {
      let open = try OpenPackage(package)
      try open.journal.withState { state in
        let presenter = try EventPresenter(state)
        var walk = try DriftWalk(state)
        while let page = try walk.next(limit: 200, state) {
          for drifted in page { show(drifted, presenter) }
        }
      }
    }
  }

  private func show(_ drifted: DriftedField, _ presenter: EventPresenter) {
    let drift = drifted.drift
    let object = presenter.name(of: drifted.object)
    let field = presenter.field(drift.field, of: drifted.object)
    if output.json {
      return Console.print(
        .object([
          "task": .text(presenter.task(drifted.task)), "side": .text(drift.side.description),
          "object": .text(object), "key": .text(drifted.key.description), "field": .text(field),
          "mapped": drift.mapped.map { JSON($0) } ?? .null, "held": JSON(drift.held),
          "restored": .boolean(drifted.isRestored),
        ]))
    }
    Console.print(
      "\(drift.side) \(object.neutral) \(drifted.key)  \(field.neutral): the mapping says "
        + "\(drift.mapped?.onTerminal ?? "nothing yet"), a user wrote \(drift.held.onTerminal)"
        + (drifted.isRestored ? "; the next run puts it right" : ""))
  }
}
