// Many seeds.

import Dispatch
import Synchronization

/// What a range of seeds came to.
public struct CampaignReport: Sendable {
  public var seeds = 0
  /// Ascending.
  public var failed: [Trial] = []
  public var tasks = 0.0
  public var records = 0.0
  public var runs = 0.0
  public var edits = 0.0
  public var conflicts = 0.0
  /// Shares of the seeds.
  public var crashed = 0.0
  public var faulted = 0.0
  public var unfinished = 0.0

  /// What the seeds lack of what a seed must be in the mean; empty where nothing.
  public var shortcomings: [String] {
    [
      (tasks < 3, "3 tasks"), (records < 30, "30 records"), (runs < 5, "5 runs"),
      (edits < 60, "60 edits"), (crashed < 0.5, "a crash in half of them"),
      (faulted < 0.9, "a fault in nine of ten"),
    ].filter(\.0).map(\.1)
  }

  public var description: String {
    func share(_ value: Double) -> String { "\(Int((value * 100).rounded())) %" }
    func mean(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
    return """
      \(seeds) seeds; in the mean \(mean(tasks)) tasks, \(mean(records)) records, \(mean(runs)) runs, \
      \(mean(edits)) edits, \(mean(conflicts)) conflicts; a crash in \(share(crashed)), a fault in \
      \(share(faulted)), something left to a person in \(share(unfinished))
      """
  }
}

/// Carries out a range of seeds on some threads.
public struct Campaign: Sendable {
  let seeds: ClosedRange<UInt64>
  let jobs: Int
  let folder: String
  let failuresMax: Int

  /// - Parameters:
  ///   - folder: exists; journals are made in it.
  ///   - failuresMax: after so many failing seeds no new one is begun.
  public init(
    seeds: ClosedRange<UInt64>, jobs: Int, folder: String, failuresMax: Int = 10
  ) {
    self.seeds = seeds
    self.jobs = jobs
    self.folder = folder
    self.failuresMax = failuresMax
  }

  private struct Progress {
    var next: UInt64
    var trials: [Trial] = []
    var failures = 0
  }

  /// - Parameters:
  ///   - isOver: asked before each seed whether the time is up.
  ///   - failed: told of each failing seed at once.
  public func run(
    isOver: @escaping @Sendable () -> Bool = { false },
    failed: @escaping @Sendable (Trial) -> Void = { _ in }
  ) -> CampaignReport {
    let progress = Mutex(Progress(next: seeds.lowerBound))
    DispatchQueue.concurrentPerform(iterations: jobs) { job in
      while !isOver() {
        let seed = progress.withLock { progress -> UInt64? in
          guard progress.next <= seeds.upperBound, progress.failures < failuresMax else {
            return nil
          }
          defer { progress.next += 1 }
          return progress.next
        }
        guard let seed else { return }
        let trial = Trial.of(seed: seed, folder: "\(folder)/job-\(job)")
        progress.withLock { progress in
          if !trial.violations.isEmpty { progress.failures += 1 }
          progress.trials.append(trial)
        }
        if !trial.violations.isEmpty { failed(trial) }
      }
    }
    return progress.withLock { Self.report($0.trials) }
  }

  private static func report(_ trials: [Trial]) -> CampaignReport {
    var report = CampaignReport()
    report.seeds = trials.count
    report.failed = trials.filter { !$0.violations.isEmpty }.sorted { $0.seed < $1.seed }
    func mean(_ value: (Figures) -> Int) -> Double {
      trials.isEmpty
        ? 0 : Double(trials.reduce(0) { $0 + value($1.figures) }) / Double(trials.count)
    }
    report.tasks = mean(\.tasks)
    report.records = mean(\.records)
    report.runs = mean(\.runs)
    report.edits = mean(\.edits)
    report.conflicts = mean(\.conflicts)
    report.crashed = mean { min(1, $0.crashes) }
    report.faulted = mean { min(1, $0.faults) }
    report.unfinished = mean { min(1, $0.listed) }
    return report
  }
}
