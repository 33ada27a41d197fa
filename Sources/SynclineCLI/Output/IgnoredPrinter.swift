import SynclineEngine
import SynclineMapping
import SynclineModel

/// Prints the edits that are ignored and did not travel since (`dedicatedAccount`, `duringRun`).
struct IgnoredPrinter {
  let presenter: EventPresenter
  let isJSON: Bool

  func show(_ state: borrowing some StateView & ~Copyable) throws(StateFailure) {
    var after = LinkNumber.none
    while true {
      let page = try state.links(after: after, limit: 1000)
      for (_, link) in page {
        for side in Side.allCases where !link[side].ignored.isEmpty {
          guard let record = try state.record(link[side].record) else { continue }
          show(link, side, record)
        }
      }
      guard let last = page.last else { return }
      after = last.number
    }
  }

  private func show(_ link: LinkState, _ side: Side, _ record: RecordState) {
    let object = record.object
    let fields = link[side].ignored
    let held = record.row.filter { fields.contains($0) }
    let agreed = link[side].base.filter { fields.contains($0) }
    if isJSON {
      return Console.print(
        .object([
          "ignored": presenter.json(held, of: object), "task": .text(presenter.task(link.task)),
          "side": .text(side.description), "object": .text(presenter.name(of: object)),
          "key": .text(record.key.description), "base": presenter.json(agreed, of: object),
        ]))
    }
    Console.print(
      "ignored  \(presenter.task(link.task).neutral)  \(side) \(presenter.name(of: object).neutral) "
        + "\(record.key)  \(presenter.row(held, of: object)); agreed was "
        + presenter.row(agreed, of: object))
  }
}

extension PackageDefinition {
  /// Whether some edits go nowhere by the package's own word.
  var ignoresEdits: Bool { source.isDedicated || target.isDedicated || duringRun == .ignore }
}
