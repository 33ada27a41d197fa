import Foundation
import Glibc

/// A program in a process of its own, from its start to its end.
public final class RunningProgram {
  private let process = Process()
  private let files: (output: String, errors: String)

  public init(
    _ program: String, _ arguments: [String], environment: [String: String] = [:],
    in folder: String
  ) throws {
    files = (folder + "/output-\(UUID().uuidString)", folder + "/errors-\(UUID().uuidString)")
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    for file in [files.output, files.errors] { try Data().write(to: URL(fileURLWithPath: file)) }
    process.standardOutput = FileHandle(forWritingAtPath: files.output)
    process.standardError = FileHandle(forWritingAtPath: files.errors)
    process.standardInput = FileHandle.nullDevice
    try process.run()
  }

  public var identifier: Int32 { process.processIdentifier }

  public var isRunning: Bool { process.isRunning }

  /// Ends it at once, as a crash does.
  public func kill() { Glibc.kill(process.processIdentifier, SIGKILL) }

  /// Waits for its end. A signal that ended it shows as 128 and its number.
  @discardableResult
  public func finish() -> Scenario.Answer {
    process.waitUntilExit()
    defer {
      for file in [files.output, files.errors] { try? FileManager.default.removeItem(atPath: file) }
    }
    let status =
      process.terminationReason == .uncaughtSignal
      ? 128 + process.terminationStatus : process.terminationStatus
    return Scenario.Answer(
      status: status, output: (try? String(contentsOfFile: files.output, encoding: .utf8)) ?? "",
      errors: (try? String(contentsOfFile: files.errors, encoding: .utf8)) ?? "")
  }
}
