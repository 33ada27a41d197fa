import ArgumentParser
import Foundation
import SynclineSimulation

/// Carries out every small world there is.
struct Exhaustive: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "exhaustive",
    abstract: "Judges every sequence of edits to one record on both sides, under every rule.",
    discussion: "Example: Tools/simulate exhaustive")

  @Option(help: "Edits in the longest sequence.") var edits = 4
  @Option(help: "Sequences up to this length also die at every step of every run.") var crashes = 3
  @Option(help: "Worlds at the same time.") var jobs = 2
  @Option(help: "Where journals are made; /dev/shm where there is one.") var folder: String?

  func run() throws {
    let place = try temporaryFolder(folder)
    defer { try? FileManager.default.removeItem(atPath: place) }
    let begin = Date()
    let worlds = SmallWorlds(
      editsMax: edits, editsWithCrashMax: crashes, jobs: max(1, jobs), folder: place)
    let report = worlds.run { report in
      print("\(Int(Date().timeIntervalSince(begin))) s: \(report.description)")
      fflush(nil)
    }
    for failure in report.failures {
      print("\n\(failure.world)")
      failure.log.forEach { print("  \($0)") }
      failure.violations.forEach { print("  \($0)") }
    }
    print("\(report.description); \(report.failures.count) failed")
    if !report.failures.isEmpty { throw ExitCode(1) }
  }
}
