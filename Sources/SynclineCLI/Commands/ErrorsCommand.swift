import ArgumentParser
import SynclineEngine
import SynclineJournal
import SynclineModel
import SynclineRun

/// `syncline errors`.
struct ErrorsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "errors",
    abstract:
      "Lists the records that could not be carried over, why, and when they are tried again.",
    discussion: "Example: syncline errors demo/shop.sync.yaml")

  @OptionGroup var package: PackageArgument
  @OptionGroup var output: JSONOption

  func run() async throws {
    try await reporting {
      let open = try OpenPackage(package)
      try open.journal.withState { state in
        let presenter = try EventPresenter(state)
        var place: [UInt8]?
        while true {
          let page = try state.failures(after: place, limit: 200)
          for failing in page {
            let record = try state.record(failing.record)
            let name = record.map { "\(presenter.name(of: $0.object)) \($0.key)" } ?? "a record"
            if output.json {
              Console.print(json(failing, record, presenter))
            } else {
              Console.print(
                "\(name.neutral)  \(failing.failure.failure.code)  "
                  + "\(failing.failure.failure.message.neutral)  tried \(failing.failure.count) times, "
                  + "again in run \(failing.failure.retry)"
                  + (failing.failure.isParked ? "; parked" : ""))
            }
          }
          guard let last = page.last else { break }
          place = last.place
        }
      }
    }
  }

  private func json(
    _ failing: FailingRecord, _ record: RecordState?, _ presenter: EventPresenter
  ) -> JSON {
    let failure = failing.failure
    return .object([
      "object": record.map { .text(presenter.name(of: $0.object)) } ?? .null,
      "key": record.map { .text($0.key.description) } ?? .null,
      "task": failure.failure.task == .none ? .null : .text(presenter.task(failure.failure.task)),
      "side": .text(failure.failure.side.description), "code": .text(failure.failure.code),
      "message": .text(failure.failure.message), "count": .number(failure.count),
      "retry": .number(failure.retry.rawValue), "parked": .boolean(failure.isParked),
      "event": .number(failure.event.rawValue),
    ])
  }
}
