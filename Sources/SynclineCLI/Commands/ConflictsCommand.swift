import ArgumentParser
import SynclineEngine
import SynclineJournal
import SynclineModel
import SynclineRun

/// `syncline conflicts`.
struct ConflictsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "conflicts",
    abstract: "Shows conflicts: what each side had written, who won, by which rule.",
    subcommands: [List.self, Show.self], defaultSubcommand: List.self)

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists conflicts, oldest first, and then the edits that are ignored.",
      discussion: "Example: syncline conflicts list demo/shop.sync.yaml")

    @OptionGroup var package: PackageArgument
    @OptionGroup var output: JSONOption
    @Flag(help: "Only those that wait for a person.") var open = false

    func run() async throws {
      try await reporting {
        let package = try OpenPackage(self.package)
        try package.journal.withState { state in
          let printer = ConflictPrinter(presenter: try EventPresenter(state), isJSON: output.json)
          var after = EventSequence.none
          while true {
            let page = try state.conflicts(after: after, limit: 200)
            for (sequence, conflict) in page where !open || conflict.status == .open {
              printer.show(sequence, conflict)
            }
            guard let last = page.last else { break }
            after = last.sequence
          }
          if !open, package.definition.ignoresEdits {
            try IgnoredPrinter(presenter: printer.presenter, isJSON: output.json).show(state)
          }
        }
      }
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Shows one conflict with base and both values.",
      discussion: "Example: syncline conflicts show demo/shop.sync.yaml 48")

    @OptionGroup var package: PackageArgument
    @Argument(help: "The conflict's number, as the list shows it.") var conflict: UInt64
    @OptionGroup var output: JSONOption

    func run() async throws {
      try await reporting {
        let package = try OpenPackage(self.package)
        try package.journal.withState { state in
          guard let found = try state.conflict(EventSequence(conflict)) else {
            throw PackageFailure(
              "There is no conflict \(conflict). `syncline conflicts list` shows their numbers.")
          }
          let printer = ConflictPrinter(presenter: try EventPresenter(state), isJSON: output.json)
          printer.show(EventSequence(conflict), found, isFull: true)
        }
      }
    }
  }
}

/// Prints conflicts.
struct ConflictPrinter {
  let presenter: EventPresenter
  let isJSON: Bool

  func show(_ sequence: EventSequence, _ conflict: ConflictState, isFull: Bool = false) {
    let opened = conflict.conflict
    let loser = opened.loser ?? .target
    // Where one side deleted, all that is shown is what the other one holds.
    let shown: Side =
      switch opened.kind {
      case .deletedAndChanged: .target
      case .changedAndDeleted: .source
      default: loser
      }
    let object = presenter.object(of: opened.task, on: shown)
    if isJSON {
      return Console.print(
        .object([
          "conflict": .number(sequence.rawValue), "status": .text("\(conflict.status)"),
          "kind": .text("\(opened.kind)"), "task": .text(presenter.task(opened.task)),
          "rule": .text(rule(opened.rule)),
          "loser": opened.loser.map { .text($0.description) } ?? .null,
          "run": .number(conflict.run.rawValue), "time": .text("\(conflict.time)Z"),
          "link": .number(conflict.link.rawValue), "base": presenter.json(opened.base, of: object),
          "lost": presenter.json(opened.lost, of: object),
          "won": presenter.json(opened.won, of: object),
          "between": .list([
            .number(conflict.between.first.rawValue), .number(conflict.between.second.rawValue),
          ]),
        ]))
    }
    Console.print(
      "\(sequence)  run \(conflict.run)  \(presenter.task(opened.task).neutral)  "
        + "\(presenter.words(opened.kind)); rule \(rule(opened.rule)); "
        + (opened.loser.map { "the \($0) lost" } ?? "waits for a person")
        + " (\(conflict.status))")
    if isFull {
      Console.print("  base  \(presenter.row(opened.base, of: object))")
      Console.print("  lost  \(presenter.row(opened.lost, of: object))")
      Console.print("  won   \(presenter.row(opened.won, of: object))")
    }
  }

  private func rule(_ raw: UInt8) -> String {
    ["", "source", "target", "newest", "merge", "hold"][min(Int(raw), 5)]
  }
}
