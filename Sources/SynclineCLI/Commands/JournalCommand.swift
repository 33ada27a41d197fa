import ArgumentParser
import SynclineEngine
import SynclineJournal
import SynclineModel
import SynclineRun

/// `syncline journal`.
struct JournalCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "journal",
    abstract: "Looks after the journal: rebuild.",
    subcommands: [Rebuild.self])

  struct Rebuild: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Makes the state anew from the events.",
      discussion: "Example: syncline journal rebuild demo/shop.sync.yaml")
    @OptionGroup var package: PackageArgument

    func run() async throws {
      try await reporting {
        let open = try OpenPackage(package, access: .write)
        let lock = try RunLock(folder: open.journal.folder)
        try open.journal.rebuild()
        withExtendedLifetime(lock) {}
        Console.print("state hash \(Hexadecimal.text(try open.journal.stateHash()))")
      }
    }
  }
}
