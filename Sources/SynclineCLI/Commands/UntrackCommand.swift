import ArgumentParser
import SynclineEngine
import SynclineJournal
import SynclineMapping
import SynclineModel
import SynclinePorts
import SynclineRun

/// `syncline untrack`.
struct UntrackCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "untrack",
    abstract: "Removes every object that Syncline created in both databases.",
    discussion: """
      The journal stays. The next run creates the tracking objects anew and reads everything.

      Example: syncline untrack demo/shop.sync.yaml
      """)

  @OptionGroup var package: PackageArgument

  @OptionGroup var output: JSONOption

  func run() async throws {
    try await reporting {
      let open = try OpenPackage(package, access: .write)
      let state = try open.journal.withState { try $0.package() }
      // The fact goes first: tables that a crash leaves standing are made anew by the next run, while
      // tables that are gone without a word would look like another database.
      let facts = Side.allCases.map { side in
        EventBody.trackingCreated(
          TrackingCreated(
            side: side, generation: state[side].generation.next, identity: SystemIdentity(""),
            objects: []))
      }
      let reset = EventBody.parameterReset(ParameterReset(parameter: .initTrackingObjects))
      try await open.append(facts + [reset]) {
        for side in Side.allCases {
          let connector = try Connectors.make(
            open.definition[side], of: open.definition, in: open.folder)
          let removed = try await connector.removeTracking(of: open.journal.id)
          await connector.close()
          show(side, removed)
        }
      }
    }
  }

  private func show(_ side: Side, _ removed: Bool) {
    if output.json {
      return Console.print(
        .object(["side": .text(side.description), "removed": .boolean(removed)]))
    }
    Console.print("\(side): \(removed ? "removed" : "nothing to remove")")
  }
}
