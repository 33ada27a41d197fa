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

  func run() async throws {
    try await reporting {
      let open = try OpenPackage(package, access: .write)
      for side in Side.allCases {
        let connector = try Connectors.make(
          open.definition[side], of: open.definition, in: open.folder)
        let removed = try await connector.removeTracking(of: open.journal.id)
        await connector.close()
        Console.print("\(side): \(removed ? "removed" : "nothing to remove")")
      }
      try open.append(.parameterReset(ParameterReset(parameter: .initTrackingObjects)))
    }
  }
}
