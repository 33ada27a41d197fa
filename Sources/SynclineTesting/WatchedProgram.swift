import Foundation

/// A program whose standard error is read while it runs, for tests that meet it on its way. Its
/// output must be short: it is read at the end.
public final class WatchedProgram {
  private let process = Process()
  private let output = Pipe()
  private let errors = Pipe()
  private var errorText = Data()

  /// Starts the program.
  public init(
    _ program: String, _ arguments: [String], environment: [String: String] = [:],
    in folder: String
  ) throws {
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = FileHandle.nullDevice
    try process.run()
  }

  /// Reads standard error until `text` stands in it; false where the program ended without it.
  public func waitForErrors(_ text: String) -> Bool {
    while !String(decoding: errorText, as: UTF8.self).contains(text) {
      let more = errors.fileHandleForReading.availableData
      if more.isEmpty { return false }
      errorText += more
    }
    return true
  }

  /// Sends a signal.
  public func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// Whether it has not ended yet.
  public var isRunning: Bool { process.isRunning }

  /// Waits for the end.
  public func finish() -> Scenario.Answer {
    errorText += errors.fileHandleForReading.readDataToEndOfFile()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let status =
      process.terminationReason == .uncaughtSignal
      ? 128 + process.terminationStatus : process.terminationStatus
    return Scenario.Answer(
      status: status, output: String(decoding: text, as: UTF8.self),
      errors: String(decoding: errorText, as: UTF8.self))
  }
}
