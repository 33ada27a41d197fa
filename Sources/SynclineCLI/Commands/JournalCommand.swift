import ArgumentParser
import SynclineEngine
import SynclineJournal
import SynclineModel
import SynclineRun

/// `syncline journal`.
struct JournalCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "journal",
    abstract: "Looks after the journal: verify, stat, export, rebuild.",
    subcommands: [Verify.self, Stat.self, Export.self, Rebuild.self])

  struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Checks every event, digest and seal, and that the state is what the events make.",
      discussion: "Example: syncline journal verify demo/shop.sync.yaml")
    @OptionGroup var package: PackageArgument
    @OptionGroup var output: JSONOption

    func run() async throws {
      try await reporting {
        let folder = package.folder
        guard let place = try JournalPlace(folder, try folder.definition()).existing() else {
          throw PackageFailure("\(folder.file) has no journal yet.")
        }
        let report = try Journal.verify(folder: place)
        if output.json {
          Console.print(
            .object([
              "ok": .boolean(report.isSound), "events": .number(report.events),
              "firstBad": report.firstBad.map { .number($0.rawValue) } ?? .null,
              "stateHash": report.stateHash.map { .text(Hexadecimal.text($0)) } ?? .null,
              "message": .text(report.description),
            ]))
        } else {
          Console.print(report.description)
        }
        if !report.isSound { throw ExitStatus.failed.code }
      }
    }
  }

  struct Stat: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Shows how many events of which kind there are, and what they weigh.",
      discussion: "Example: syncline journal stat demo/shop.sync.yaml")
    @OptionGroup var package: PackageArgument
    @OptionGroup var output: JSONOption

    func run() async throws {
      try await reporting {
        let open = try OpenPackage(package)
        let stat = try open.journal.stat()
        if output.json {
          Console.print(
            .object([
              "events": .number(stat.events), "blocks": .number(stat.blocks),
              "eventBytes": .number(stat.eventBytes), "fileBytes": .number(stat.fileBytes),
              "kinds": .members(
                stat.kinds.sorted { $0.key.rawValue < $1.key.rawValue }
                  .map { ($0.key.word, .number($0.value)) }),
            ]))
        } else {
          Console.print(
            "\(stat.events) events in \(stat.blocks) blocks, \(stat.eventBytes) bytes; the file has "
              + "\(stat.fileBytes) bytes")
          for (kind, count) in stat.kinds.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            Console.print("  \(kind.word): \(count)")
          }
        }
      }
    }
  }

  struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints every event as a line of JSON.",
      discussion: "Example: syncline journal export demo/shop.sync.yaml > events.jsonl")
    @OptionGroup var package: PackageArgument

    func run() async throws {
      try await reporting {
        let open = try OpenPackage(package)
        try open.journal.export { line in Console.print(line) }
      }
    }
  }

  struct Rebuild: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Makes the state anew from the events.",
      discussion: "Example: syncline journal rebuild demo/shop.sync.yaml")
    @OptionGroup var package: PackageArgument

    func run() async throws {
      try await reporting {
        let open = try OpenPackage(package)
        let lock = try RunLock(folder: open.journal.folder)
        defer { lock.release() }
        try open.journal.rebuild()
        Console.print("state hash \(Hexadecimal.text(try open.journal.stateHash()))")
      }
    }
  }
}
