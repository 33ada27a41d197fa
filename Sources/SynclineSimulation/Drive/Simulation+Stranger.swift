// A second package over the same objects.

import SynclineEngine
import SynclineJournal
import SynclineModel
import SynclineOracle

extension Simulation {
  /// A run of another package over the same objects: refused, with nothing written.
  func letStrangerTry() throws {
    guard systems.allSatisfy({ $0.state.tracking != nil }) else { return }
    let (own, before) = (journal, systems.map(\.state.changes.count))
    let place = TrialFolder("\(folder)/stranger")
    try place.make()
    defer { place.remove() }
    journal = try Journal.create(
      folder: place.path, id: JournalID(bytes: [UInt8](repeating: 8, count: 16)),
      created: clock.now, secrets: Self.secrets(~plan.seed))
    var driver = RunDriver(simulation: self, intrusions: [], limit: nil)
    let result = try driver.drive()
    journal.close()
    journal = own
    note("another package tries: \(result.state) \(result.refusals.map(\.code))")
    let owners = systems.map(\.state.tracking?.owner.journal)
    if result.state == .succeeded || systems.map(\.state.changes.count) != before
      || owners.contains(where: { $0 != own.id })
    {
      violations.append(Violation("L12", "another package over the same objects was let in"))
    }
  }
}
