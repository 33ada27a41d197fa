import Foundation
import SynclineMapping
import Testing

@testable import SynclineSimulation

@Suite struct `Seeds` {
  /// What a seed lacks, or how it fails.
  private func shortcomings(_ seeds: ClosedRange<UInt64>) throws -> [String] {
    let folder = try TemporaryPlace()
    let report = Campaign(seeds: seeds, jobs: 1, folder: folder.path).run()
    return report.shortcomings
      + report.failed.map { "seed \($0.seed): \($0.violations.first ?? "")" }
  }

  @Test(arguments: [1, 101, 201, 301, 401] as [UInt64])
  func `keep all laws and are what a seed must be in the mean`(_ first: UInt64) throws {
    let found = try shortcomings(first...first + 99)
    #expect(found == [])
  }

  @Test func `are too easy where one of the means is below what it must be`() {
    var report = CampaignReport()
    #expect(
      report.shortcomings == [
        "3 tasks", "30 records", "5 runs", "60 edits", "a crash in half of them",
        "a fault in nine of ten",
      ])
    report.tasks = 3
    report.records = 30
    report.runs = 5
    report.edits = 60
    report.crashed = 0.5
    report.faulted = 0.9
    #expect(report.shortcomings == [])
    report.edits = 59.9
    #expect(report.shortcomings == ["60 edits"])
  }

  @Test func `make the same bytes in other surroundings`() throws {
    let here = try Surroundings(["LANG": "C", "TZ": "UTC"])
    let there = try Surroundings([
      "LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8", "TZ": "Pacific/Apia",
      "SWIFT_DETERMINISTIC_HASHING": "1",
    ])
    let lines = here.lines()
    #expect(lines.count == 100)
    #expect(lines == there.lines())
  }
}

@Suite struct `Small worlds` {
  @Test func `keep all laws under every rule`() throws {
    let folder = try TemporaryPlace()
    let worlds = SmallWorlds(editsMax: 2, editsWithCrashMax: -1, jobs: 1, folder: folder.path)
    let report = worlds.run()
    #expect(report.failures.map { "\($0.world): \($0.violations)" } == [])
    #expect(report.worlds == [10, 60, 810])
  }

  @Test func `end as they would have where a run dies at any step`() throws {
    let folder = try TemporaryPlace()
    let worlds = SmallWorlds(
      editsMax: 1, editsWithCrashMax: 1, rules: [.source, .hold], jobs: 1, folder: folder.path)
    let report = worlds.run()
    #expect(report.failures.map { "\($0.world): \($0.violations)" } == [])
    #expect(report.crashes > 400)
  }
}

/// The simulator's command, at work on a hundred seeds in an environment of its own.
private final class Surroundings {
  private let process = Process()
  private let output = Pipe()

  init(_ environment: [String: String]) throws {
    let bundle = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    process.executableURL = bundle.appendingPathComponent("SynclineSimulate")
    process.arguments = ["--seeds", "1..100", "--fingerprint"]
    process.environment = environment
    process.standardOutput = output
    try process.run()
  }

  func lines() -> [String] {
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}

/// A folder that goes with this object, in memory where that can be: journals wait for their disk.
private final class TemporaryPlace {
  let path: String

  init() throws {
    let memory = "/dev/shm"
    let parent =
      FileManager.default.isWritableFile(atPath: memory)
      ? URL(fileURLWithPath: memory) : FileManager.default.temporaryDirectory
    let folder = parent.appendingPathComponent("syncline-simulation-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    path = folder.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
