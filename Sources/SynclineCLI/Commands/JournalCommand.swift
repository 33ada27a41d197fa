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
          throw PackageFailure(
            "\(folder.file) has no journal yet: run it first with `syncline run \(folder.file)`.")
        }
        let report = try Journal.verify(folder: place)
        if output.json { Console.print(report.json) } else { report.lines.forEach(Console.print) }
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
        let stat = try OpenPackage(package).journal.statistics()
        if output.json {
          return Console.print(
            .object([
              "events": .number(stat.events), "blocks": .number(stat.blocks),
              "bytes": .number(stat.bytes), "fileBytes": .number(stat.fileBytes),
              "kinds": .members(stat.kinds.map { ($0.kind.word, .number($0.events)) }),
              "trees": .members(stat.trees.map { ($0.name, .number($0.entries)) }),
            ]))
        }
        Console.print(
          "\(stat.events) events in \(stat.blocks) blocks, \(stat.bytes) bytes; the file has "
            + "\(stat.fileBytes) bytes")
        for kind in stat.kinds {
          Console.print("  \(kind.kind.word): \(kind.events) events, \(kind.bytes) bytes")
        }
        for tree in stat.trees {
          Console.print("  state, \(tree.name): \(tree.entries) entries, \(tree.bytes) bytes")
        }
      }
    }
  }

  struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints every event as a line of JSON; the values are data of your records.",
      discussion: "Example: syncline journal export demo/shop.sync.yaml > events.jsonl")
    @OptionGroup var package: PackageArgument

    func run() async throws {
      try await reporting {
        try OpenPackage(package).journal.export { line in
          Console.print(line)
          return true
        }
      }
    }
  }

  struct Rebuild: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Makes the state anew from the events and prints its hash.",
      discussion: "Example: syncline journal rebuild demo/shop.sync.yaml")
    @OptionGroup var package: PackageArgument
    @OptionGroup var output: JSONOption

    func run() async throws {
      try await reporting {
        let open = try OpenPackage(package, access: .write)
        let lock = try RunLock(folder: open.journal.folder)
        try open.journal.rebuild()
        withExtendedLifetime(lock) {}
        let hash = Hexadecimal.text(try open.journal.stateHash())
        if output.json { return Console.print(.object(["stateHash": .text(hash)])) }
        Console.print("state hash \(hash)")
      }
    }
  }
}

extension VerifyReport {
  fileprivate var json: JSON {
    let damage: JSON = self.damage.map { .text($0.description) } ?? .null
    let pages: JSON = self.pages.map { .text($0) } ?? .null
    return .object([
      "ok": .boolean(isSound), "events": .number(events), "blocks": .number(blocks),
      "head": .number(head.sequence.rawValue), "damage": damage, "state": .text(stateWords),
      "pages": pages,
    ])
  }

  fileprivate var lines: [String] {
    var lines = ["\(events) events in \(blocks) blocks are sound"]
    if let damage { lines.append("damaged: \(damage)") }
    if let pages { lines.append("pages: \(pages)") }
    lines.append("state: \(stateWords)")
    lines.append(isSound ? "the journal is sound" : "the journal is damaged")
    return lines
  }
}

extension VerifyReport {
  /// How the state compares, in words.
  fileprivate var stateWords: String {
    switch state {
    case .equal(let hash): "what the events make, hash \(Hexadecimal.text(hash))"
    case .differs: "not what the events make; `syncline journal rebuild` mends it"
    case .unreadable(let reason): "cannot be read: \(reason)"
    case .unfolded(let reason): "the events cannot be folded: \(reason)"
    case .outdated: "of another version; the next run makes it anew"
    case .notCompared: "not compared, because the events are damaged"
    }
  }
}
