import ArgumentParser
import SynclineEngine
import SynclineJournal
import SynclineModel
import SynclineRun

/// `syncline params`.
struct ParametersCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "params",
    abstract: "Shows and resets the two parameters, LastSyncTime and InitTrackingObjects.",
    subcommands: [Show.self, Reset.self], defaultSubcommand: Show.self)

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Shows both parameters.",
      discussion: "Example: syncline params show demo/shop.sync.yaml")
    @OptionGroup var package: PackageArgument
    @OptionGroup var output: JSONOption

    func run() async throws {
      try await reporting {
        let folder = package.folder
        guard try JournalPlace(folder, try folder.definition()).existing() != nil else {
          // A package that never ran: its first run reads everything and makes the tracking objects.
          return show(lastSyncTime: nil, initTrackingObjects: true)
        }
        let open = try OpenPackage(package)
        let state = try open.journal.withState { try $0.package() }
        let times = state.tasks.map { task in
          Side.allCases.compactMap { state[$0].lastSync(task) }.min()
        }
        let last = times.contains { $0 == nil } ? nil : times.compactMap { $0 }.min()
        show(lastSyncTime: last, initTrackingObjects: state.initTrackingObjects)
      }
    }

    private func show(lastSyncTime: Timestamp?, initTrackingObjects: Bool) {
      let time = lastSyncTime.map { "\($0)Z" }
      if output.json {
        Console.print(
          .object([
            "LastSyncTime": time.map { .text($0) } ?? .null,
            "InitTrackingObjects": .boolean(initTrackingObjects),
          ]))
      } else {
        Console.print("LastSyncTime         \(time ?? "empty")")
        Console.print("InitTrackingObjects  \(initTrackingObjects)")
      }
    }
  }

  struct Reset: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Resets a parameter; the next run acts on it.",
      discussion: """
        LastSyncTime: the next run reads everything, keeps all links, sends no delete, and fills what is \
        missing on one side from the other. InitTrackingObjects: the next run makes the tracking objects \
        anew and reads everything.

        Example: syncline params reset demo/shop.sync.yaml LastSyncTime
        """)
    @OptionGroup var package: PackageArgument
    @Argument(help: "LastSyncTime or InitTrackingObjects.") var name: String

    func run() async throws {
      try await reporting {
        guard let parameter = Parameter.allCases.first(where: { $0.name == name }) else {
          throw PackageFailure(
            "There is no parameter “\(name.neutral)”: write LastSyncTime or InitTrackingObjects.")
        }
        try await OpenPackage(package, access: .write)
          .append([.parameterReset(ParameterReset(parameter: parameter))])
      }
    }
  }
}
