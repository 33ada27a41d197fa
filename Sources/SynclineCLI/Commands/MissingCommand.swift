import ArgumentParser
import SynclineEngine
import SynclineJournal
import SynclineModel
import SynclineRun

/// `syncline missing`.
struct MissingCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "missing",
    abstract:
      "Decides about records that are gone without their system saying that they were deleted.",
    subcommands: [List.self, Confirm.self, Keep.self], defaultSubcommand: List.self)

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists the records that are missing, with the partners that are held for them.",
      discussion: "Example: syncline missing list demo/shop.sync.yaml")
    @OptionGroup var package: PackageArgument
    @OptionGroup var output: JSONOption

    func run() async throws {
      try await reporting {
        let open = try OpenPackage(package)
        try open.journal.withState { state in
          let presenter = try EventPresenter(state)
          for object in try state.objects() {
            for number in try state.missing(object.object) {
              guard let record = try state.record(number) else { continue }
              let missing = MissingRecord(
                side: object.side, record: record, partners: try partners(of: record, state))
              Console.print(
                output.json
                  ? missing.json(presenter).line : missing.line(presenter))
            }
          }
        }
      }
    }

    private func partners(
      of record: RecordState, _ state: borrowing some StateView & ~Copyable
    ) throws -> [RecordState] {
      var partners: [RecordState] = []
      for membership in record.memberships {
        guard let link = try state.link(membership.link) else { continue }
        for side in Side.allCases {
          guard let other = try state.record(link[side].record), other.object != record.object
          else { continue }
          partners.append(other)
        }
      }
      return partners
    }
  }

  struct Confirm: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "The record was deleted: its partner is deleted by the next run.",
      discussion: "Example: syncline missing confirm demo/shop.sync.yaml Customer 3")
    @OptionGroup var package: PackageArgument
    @Argument(help: "The object, such as Customer or target.Customer.") var object: String
    @Argument(help: "The record's key.") var id: String

    func run() async throws {
      try await reporting {
        try await Override(package: package).decide(.missingConfirmed, object: object, id: id)
      }
    }
  }

  struct Keep: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "The record shall be there: the next run makes it again from its partner.",
      discussion: "Example: syncline missing keep demo/shop.sync.yaml Customer 3")
    @OptionGroup var package: PackageArgument
    @Argument(help: "The object, such as Customer or target.Customer.") var object: String
    @Argument(help: "The record's key.") var id: String

    func run() async throws {
      try await reporting {
        try await Override(package: package).decide(.missingKept, object: object, id: id)
      }
    }
  }
}

/// Journals what a person decided, under the package's lock.
struct Override {
  let package: PackageArgument

  func decide(_ kind: OverrideRequested.Kind, object: String, id: String) async throws {
    let open = try OpenPackage(package, access: .write)
    let found = try open.journal.withState { state in
      try RecordFinder(journal: open.journal).records(named: object, key: id, state)
        .filter { try state.record($0)?.presence == .missing }
    }
    guard let record = found.first else {
      throw PackageFailure(
        "No record \(id.neutral) of “\(object.neutral)” is missing. `syncline missing list "
          + "\(package.package)` shows those that are.")
    }
    try await open.append([.overrideRequested(OverrideRequested(kind: kind))], record: record)
  }
}

/// A record that is gone without a word, and what is held for it.
private struct MissingRecord {
  let side: Side
  let record: RecordState
  let partners: [RecordState]

  func line(_ presenter: EventPresenter) -> String {
    let held = partners.map { "\(presenter.name(of: $0.object)) \($0.key)".neutral }
    return "\(side) " + "\(presenter.name(of: record.object)) \(record.key)".neutral
      + "  missing since event \(record.observed)"
      + (held.isEmpty ? "" : "; held: " + held.joined(separator: ", "))
  }

  func json(_ presenter: EventPresenter) -> JSON {
    .object([
      "side": .text(side.description), "object": .text(presenter.name(of: record.object)),
      "key": .text(record.key.description), "event": .number(record.observed.rawValue),
      "held": .list(
        partners.map { partner in
          .object([
            "object": .text(presenter.name(of: partner.object)),
            "key": .text(partner.key.description),
          ])
        }),
    ])
  }
}
