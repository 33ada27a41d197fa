import ArgumentParser
import SynclineEngine
import SynclineJournal
import SynclineModel
import SynclineRun

/// `syncline explain`.
struct ExplainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Tells why a record did or did not travel, and what it waits for.",
    discussion: """
      One sentence for each event, with the events that it rests on, then how the record stands now. \
      OBJECT is a table's name, or source.NAME or target.NAME where both sides have one of that name. \
      The values in the output are data of your records.

      Example: syncline explain demo/shop.sync.yaml Customer 3
      """)

  @OptionGroup var record: RecordArguments
  @OptionGroup var output: JSONOption

  func run() async throws {
    try await reporting {
      let open = try OpenPackage(record.package)
      try open.journal.withState { state in
        let finder = RecordFinder(journal: open.journal)
        let found = try finder.records(named: record.object, key: record.id, state)
        if found.isEmpty { throw unknown(try state.objects(), try state.package().lastRun) }
        let presenter = try EventPresenter(state)
        for event in try finder.history(of: found, state) { tell(event, presenter, state) }
        for number in found {
          guard let known = try state.record(number) else { continue }
          for sentence in try Standing(presenter).sentences(of: known, number, state) {
            Console.print(
              output.json ? JSON.object(["now": .text(sentence)]).line : "now: \(sentence)")
          }
        }
      }
    }
  }

  /// Why the journal may know nothing of a record.
  private func unknown(_ objects: [ObjectObserved], _ run: RunNumber) -> PackageFailure {
    let names = objects.map { $0.name.rawValue.neutral }.sorted().joined(separator: ", ")
    guard objects.contains(where: { $0.matches(record.object) }) else {
      return PackageFailure(
        "No task syncs an object “\(record.object.neutral)”, so nothing of it travels. Known are \(names)."
      )
    }
    return PackageFailure(
      "The journal knows no record \(record.id.neutral) of “\(record.object.neutral)”: up to run \(run) its system "
        + "showed none under this key. It was made since, stands under another key, or the user of the "
        + "connection may not see it. Run the package and ask again.")
  }

  private func tell(
    _ event: JournalEvent, _ presenter: EventPresenter,
    _ state: borrowing some StateView & ~Copyable
  ) {
    let header = event.header
    let object = (try? state.record(header.record))?.object ?? .none
    let causes = [header.causes.first, header.causes.second].filter { $0 != .none }
    let sentence = presenter.sentence(event, object: object)
    if output.json {
      return Console.print(
        .object([
          "event": .number(header.sequence.rawValue), "run": .number(header.run.rawValue),
          "says": .text(sentence), "causes": .list(causes.map { .number($0.rawValue) }),
        ]))
    }
    let name = object == .none ? "" : "\(presenter.name(of: object).neutral): "
    let reasons = causes.map(\.description).joined(separator: " and ")
    Console.print(
      "\(header.sequence)  run \(header.run)  \(name)\(sentence)"
        + (reasons.isEmpty ? "" : ", because of \(reasons)"))
  }
}
