// The simulator's command: `Tools/simulate` builds and runs it.

import ArgumentParser
import Foundation
import SynclineModel
import SynclineSimulation

struct Simulate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Judges the run machine by its laws, in invented worlds that follow from seeds.",
    discussion: "Example: Tools/simulate --seeds 1..500 --describe",
    subcommands: [Exhaustive.self])

  @Option(help: "The seeds, as A..B, or one.") var seeds = "1..500"
  @Option(help: "Seeds at the same time.") var jobs = 2
  @Option(help: "Begin no seed after so many minutes.") var minutes: Double?
  @Option(help: "Begin no seed after so many have failed.") var failures = 10
  @Flag(help: "Print the means, and fail where they are below what a seed must be.")
  var describe = false
  @Flag(help: "Print what happens in a seed, without making it smaller.") var log = false
  @Option(help: "Plant this bug, or `all` one after the other; Tools/planted builds what it takes.")
  var planted: String?
  @Flag(help: "Print a hash of what each seed comes to.") var fingerprint = false
  @Flag(help: "Carry out each seed twice and compare the bytes.") var twice = false
  @Option(help: "Where journals are made; /dev/shm where there is one.") var folder: String?

  func run() throws {
    let range = try parsed(seeds)
    let place = try temporaryFolder(folder)
    defer { try? FileManager.default.removeItem(atPath: place) }
    if let planted, !log { return try hunt(planted, range, place) }
    if let planted { PlantedBug.plant(try bugs(planted).first) }
    if fingerprint { return Fingerprints.show(range, folder: place) }
    if twice { return try Fingerprints.compare(range, folder: place) }
    if log {
      let trial = Trial.of(seed: range.lowerBound, folder: "\(place)/one", isLogged: true)
      trial.log.forEach { print($0) }
      trial.violations.forEach { print($0) }
      if !trial.violations.isEmpty { throw ExitCode(1) }
      return
    }
    let begin = ContinuousClock.now
    let end = minutes.map { begin + .seconds($0 * 60) }
    let report = Campaign(
      seeds: range, jobs: max(1, jobs), folder: place, failuresMax: failures
    ).run(
      isOver: { end.map { .now >= $0 } ?? false },
      failed: {
        print("seed \($0.seed): \($0.violations.first ?? "")")
        fflush(nil)
      })
    let elapsed = ContinuousClock.now - begin
    let seconds =
      Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
    if let first = report.failed.first {
      print("\nseed \(first.seed), as small as it gets:")
      let small = Trial.shrink(seed: first.seed, folder: "\(place)/small")
      small.log.forEach { print($0) }
      small.violations.forEach { print($0) }
    }
    print(
      "\(report.description); \(report.failed.count) failed; \(Int(seconds)) s, "
        + "\(Int(Double(report.seeds) * 60 / max(0.001, seconds))) seeds a minute with \(jobs) jobs"
    )
    if describe, !report.shortcomings.isEmpty {
      print(
        "These seeds are too easy. They lack, in the mean: \(report.shortcomings.joined(separator: ", "))."
      )
      throw ExitCode(1)
    }
    if !report.failed.isEmpty { throw ExitCode(1) }
  }

  private func bugs(_ name: String) throws -> [PlantedBug] {
    guard PlantedBug.isPossible else {
      throw ValidationError("This build has no planted bugs. Run Tools/planted instead.")
    }
    if name == "all" { return PlantedBug.allCases }
    if let bug = PlantedBug(rawValue: name) { return [bug] }
    let names = PlantedBug.allCases.map(\.rawValue).joined(separator: ", ")
    throw ValidationError("There is no bug “\(name)”. Take `all` or one of: \(names).")
  }

  /// Prints, bug by bug, which seed finds it.
  private func hunt(_ name: String, _ seeds: ClosedRange<UInt64>, _ place: String) throws {
    let wanted = try bugs(name)
    var escaped: [PlantedBug] = []
    print("| planted bug | seed that finds it | law | seeds it took |\n|---|---|---|---|")
    for bug in wanted {
      let quarry = Hunt(bug: bug, seeds: seeds, jobs: max(1, jobs), folder: place).run()
      if quarry.seed == nil { escaped.append(bug) }
      print(quarry.description)
      fflush(nil)
    }
    if escaped.isEmpty { return }
    print("Not found: \(escaped.map(\.rawValue).joined(separator: ", "))")
    throw ExitCode(1)
  }

  private func parsed(_ text: String) throws -> ClosedRange<UInt64> {
    let parts = text.components(separatedBy: "..").map { UInt64($0) }
    if parts.count == 1, let one = parts[0] { return one...one }
    guard parts.count == 2, let first = parts[0], let last = parts[1], first <= last else {
      throw ValidationError("“\(text)” is no range of seeds. Write A..B, as in --seeds 1..500.")
    }
    return first...last
  }
}

Simulate.main()
