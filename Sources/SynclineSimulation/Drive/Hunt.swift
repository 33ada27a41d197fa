// The hunt for a planted bug: the first seed at which a law breaks with it and holds without it.

import Dispatch
import Synchronization
public import SynclineModel

/// What became of the hunt for one planted bug.
public struct Quarry: Sendable, CustomStringConvertible {
  public var bug: PlantedBug
  /// The first seed that shows the bug; nil where none does.
  public var seed: UInt64?
  /// What the seed shows.
  public var violation = ""
  /// How many seeds it took.
  public var seeds = 0

  /// A row of the table in Docs/Guarantees.md.
  public var description: String {
    guard let seed else { return "| \(bug.rawValue) | none of \(seeds) | | |" }
    return "| \(bug.rawValue) | \(seed) | \(violation.prefix { $0 != ":" }) | \(seeds) |"
  }
}

/// Hunts one planted bug through a range of seeds.
public struct Hunt: Sendable {
  let bug: PlantedBug
  let seeds: ClosedRange<UInt64>
  let jobs: Int
  let folder: String

  /// - Parameter folder: exists; journals are made in it.
  public init(bug: PlantedBug, seeds: ClosedRange<UInt64>, jobs: Int, folder: String) {
    self.bug = bug
    self.seeds = seeds
    self.jobs = jobs
    self.folder = folder
  }

  /// Looks until the bug is found, or through all seeds.
  public func run() -> Quarry {
    var quarry = Quarry(bug: bug)
    var first = seeds.lowerBound
    while first <= seeds.upperBound {
      let last = min(seeds.upperBound, first + Self.portion - 1)
      for trial in suspects(first...last) {
        // A seed that fails by itself finds nothing.
        PlantedBug.plant(nil)
        guard Trial.of(seed: trial.seed, folder: "\(folder)/plain").violations.isEmpty else {
          continue
        }
        quarry.seed = trial.seed
        quarry.violation = trial.violations.first ?? ""
        quarry.seeds = Int(trial.seed - seeds.lowerBound) + 1
        return quarry
      }
      first = last + 1
    }
    PlantedBug.plant(nil)
    quarry.seeds = seeds.count
    return quarry
  }

  /// How many seeds are tried before those that failed are tried without the bug.
  private static let portion: UInt64 = 25

  /// The seeds that fail with the bug, ascending.
  private func suspects(_ seeds: ClosedRange<UInt64>) -> [Trial] {
    PlantedBug.plant(bug)
    let found = Mutex<[Trial]>([])
    let numbers = Array(seeds)
    DispatchQueue.concurrentPerform(iterations: jobs) { job in
      for index in stride(from: job, to: numbers.count, by: jobs) {
        let trial = Trial.of(seed: numbers[index], folder: "\(folder)/hunt-\(job)")
        if !trial.violations.isEmpty { found.withLock { $0.append(trial) } }
      }
    }
    return found.withLock { $0.sorted { $0.seed < $1.seed } }
  }
}
