// What a world came to, without the numbers and stamps that a crash may change (law L10).

import SynclineEngine
import SynclineJournal
import SynclineModel
import SynclineOracle

/// What must be the same whether or not a run died on the way.
struct Outcome: Hashable, Sendable {
  var contents: [Place: [RecordName: [Content]]] = [:]
  var losses: Set<Loss> = []
  /// Each link as the records in its slots.
  var links: [String] = []
  var listed: Set<RecordName> = []

  init(_ simulation: Simulation) throws {
    contents = simulation.history.contents
    for var loss in simulation.history.losses {
      loss.identity = ""
      losses.insert(loss)
    }
    listed = simulation.history.runs.last?.listed ?? []
    links = try simulation.journal.withState { state in
      try state.links(after: .none, limit: .max).map { _, link in
        let slots = Side.allCases.map { side in
          let name = simulation.names[link[side].record].map { "\($0)" } ?? "nothing"
          return "\(name)\(link[side].isVacant ? " (vacant)" : "")"
        }
        return "\(link.task): \(slots.joined(separator: " and "))"
      }.sorted()
    }
  }

  /// What differs from the world in which nothing died; empty where nothing does.
  func differences(from calm: Outcome) -> [String] {
    var found: [String] = []
    if contents != calm.contents { found.append("contents \(contents), not \(calm.contents)") }
    if losses != calm.losses { found.append("on record \(losses), not \(calm.losses)") }
    if links != calm.links { found.append("links \(links), not \(calm.links)") }
    if listed != calm.listed { found.append("left \(listed), not \(calm.listed)") }
    return found
  }
}
