// All small worlds, shorter ones first; and the shortest once more with a crash at every place where a
// process can die.

import Dispatch
import Synchronization
public import SynclineMapping

/// What all small worlds came to.
public struct SmallWorldsReport: Sendable {
  /// One world in which a law did not hold.
  public struct Failure: Sendable {
    public var world: String
    public var violations: [String]
    /// One line per step.
    public var log: [String]
  }

  /// How many worlds there were, by their number of edits.
  public var worlds: [Int] = []
  /// Worlds whose last edit changed nothing, since the record was not there, or was there already: each
  /// is another world over again, and is neither judged nor made longer.
  public var idle = 0
  /// How often a world was carried out once more, with a crash.
  public var crashes = 0
  /// Before and after how many appends and calls that was: where a process dies between two that change
  /// something, the world is the same.
  public var crashPlaces = 0
  public var failures: [Failure] = []

  public var description: String {
    let counts = worlds.enumerated().map { "\($1) with \($0)" }.joined(separator: ", ")
    return """
      \(worlds.reduce(0, +)) worlds (by edits: \(counts)); left out: \(idle), whose last edit changes \
      nothing; \(crashes) crashes, which stand for \(crashPlaces) places before and after appends and calls
      """
  }
}

/// Every sequence of edits to one record on both sides, with a run or none between any two, under
/// every conflict rule.
public struct SmallWorlds: Sendable {
  let editsMax: Int
  let editsWithCrashMax: Int
  let rules: [ConflictRule]
  let jobs: Int
  let folder: String
  let failuresMax: Int

  /// - Parameters:
  ///   - editsMax: the longest sequence.
  ///   - editsWithCrashMax: sequences up to this length are crashed too.
  ///   - folder: exists; journals are made in it.
  ///   - failuresMax: after so many failing worlds no new one is begun.
  public init(
    editsMax: Int, editsWithCrashMax: Int, rules: [ConflictRule] = ConflictRule.allCases,
    jobs: Int, folder: String, failuresMax: Int = 20
  ) {
    self.editsMax = editsMax
    self.editsWithCrashMax = editsWithCrashMax
    self.rules = rules
    self.jobs = jobs
    self.folder = folder
    self.failuresMax = failuresMax
  }

  /// - Parameter progress: told of the count so far, after all worlds of one length.
  public func run(
    progress: @Sendable (SmallWorldsReport) -> Void = { _ in }
  ) -> SmallWorldsReport {
    var report = SmallWorldsReport()
    var worlds = SmallWorld.roots(rules: rules)
    for _ in 0...max(0, editsMax) {
      let results = all(worlds)
      report.worlds.append(results.count { !$0.isIdle })
      report.idle += results.count(where: \.isIdle)
      report.crashes += results.reduce(0) { $0 + $1.crashes }
      report.crashPlaces += results.reduce(0) { $0 + $1.places }
      report.failures += results.flatMap(\.failures)
      progress(report)
      if report.failures.count >= failuresMax { break }
      worlds = results.filter { !$0.isIdle }.flatMap(\.world.longer)
    }
    return report
  }

  // MARK: Worlds of one length

  /// What became of one world.
  private struct Result: Sendable {
    var world: SmallWorld
    var isIdle = false
    var crashes = 0
    var places = 0
    var failures: [SmallWorldsReport.Failure] = []
  }

  private struct Progress {
    var next = 0
    var results: [Int: Result] = [:]
    var failures = 0
  }

  /// In the order of `worlds`.
  private func all(_ worlds: [SmallWorld]) -> [Result] {
    let progress = Mutex(Progress())
    DispatchQueue.concurrentPerform(iterations: jobs) { job in
      while true {
        let index = progress.withLock { progress -> Int? in
          guard progress.next < worlds.count, progress.failures < failuresMax else { return nil }
          defer { progress.next += 1 }
          return progress.next
        }
        guard let index else { return }
        let result = judge(
          worlds[index], isCrashed: isCrashed(worlds[index]), folder: "\(folder)/job-\(job)")
        progress.withLock { progress in
          progress.failures += result.failures.count
          progress.results[index] = result
        }
      }
    }
    return progress.withLock { progress in worlds.indices.compactMap { progress.results[$0] } }
  }

  /// Edits of the second field are crashed in all but the longest sequences.
  private func isCrashed(_ world: SmallWorld) -> Bool {
    world.moves.count < editsWithCrashMax
      || world.moves.count == editsWithCrashMax && !world.moves.contains { $0.deed == .resize }
  }

  private func judge(_ world: SmallWorld, isCrashed: Bool, folder: String) -> Result {
    var result = Result(world: world)
    var calm: Outcome?
    var crashes: [SmallWorld.Crash] = []
    let plan = world.plan()
    let trial = Trial.of(plan, folder: folder, isLogged: false, endsWhenIdle: true) { simulation in
      result.isIdle = simulation.idleTransactions > 0
      if result.isIdle || !isCrashed { return }
      calm = try Outcome(simulation)
      crashes = simulation.extents.flatMap { Self.crashes(in: $0, plan) }
      result.places = simulation.extents.reduce(0) { $0 + Self.places(in: $1, plan) }
    }
    if !trial.violations.isEmpty {
      result.failures.append(failure(world, nil, trial.violations, folder))
    }
    guard let calm else { return result }
    for crash in crashes {
      result.crashes += 1
      let violations = differences(world.plan(crash: crash), from: calm, folder)
      if violations.isEmpty { continue }
      result.failures.append(failure(world, crash, violations, folder))
      break
    }
    return result
  }

  /// Where a run that the plan names can die: before its first call, after each append and after each
  /// call that changes a system. Wherever between two of them it dies, the world is the same: what it
  /// knew is gone, and nothing else has happened.
  private static func crashes(in run: RunExtent, _ plan: Plan) -> [SmallWorld.Crash] {
    guard case .run = plan.steps[run.step] else { return [] }
    let appends = (0..<run.appends).map { Intrusion.diesAfterAppend($0 + 1) }
    let calls = run.effects.map { Intrusion.diesAfter(call: $0) }
    return ([.diesBefore(call: 1)] + appends + calls).map {
      SmallWorld.Crash(step: run.step, cause: $0)
    }
  }

  /// Before and after each append and each call.
  private static func places(in run: RunExtent, _ plan: Plan) -> Int {
    guard case .run = plan.steps[run.step] else { return 0 }
    return 2 * (run.appends + run.calls)
  }

  private func differences(_ plan: Plan, from calm: Outcome, _ folder: String) -> [String] {
    var found: [String] = []
    let trial = Trial.of(plan, folder: folder, isLogged: false) { simulation in
      if simulation.figures.crashes != 1 { found.append("L10: the process did not die") }
      found += try Outcome(simulation).differences(from: calm).map { "L10: \($0)" }
    }
    return trial.violations + found
  }

  private func failure(
    _ world: SmallWorld, _ crash: SmallWorld.Crash?, _ violations: [String], _ folder: String
  ) -> SmallWorldsReport.Failure {
    let trial = Trial.of(world.plan(crash: crash), folder: folder, isLogged: true)
    let place = crash.map { ", dies in step \($0.step): \($0.cause)" } ?? ""
    return SmallWorldsReport.Failure(
      world: "\(world)\(place)", violations: violations, log: trial.log)
  }
}
