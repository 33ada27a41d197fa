import Foundation

/// A package with two databases in a temporary folder, run by the real program in processes of its own.
public final class Scenario: Sendable {
  public let folder: String
  public let source: SQLiteFile
  public let target: SQLiteFile
  private let busyTimeout: String

  /// What a call of the program gave.
  public struct Answer: Sendable, Equatable {
    public var status: Int32
    public var output: String
    public var errors: String

    public init(status: Int32, output: String, errors: String) {
      self.status = status
      self.output = output
      self.errors = errors
    }

    /// The lines of JSON on standard output.
    public var json: [[String: Any]] {
      output.split(separator: "\n").compactMap { line in
        try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      }
    }
  }

  /// - Parameters:
  ///   - source, target: SQL that makes the two databases.
  ///   - tasks: the package's `tasks:`, as YAML, indented by two spaces.
  ///   - settings: further lines of the package.
  ///   - busyTimeout: how long the program waits for a locked database.
  public init(
    source: String, target: String, tasks: String, settings: String = "",
    busyTimeout: String = "2 seconds"
  ) throws {
    self.busyTimeout = busyTimeout
    folder = NSTemporaryDirectory() + "syncline-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
    self.source = SQLiteFile(folder + "/source.db")
    self.target = SQLiteFile(folder + "/target.db")
    try self.source.execute(source)
    try self.target.execute(target)
    try writePackage(tasks: tasks, settings: settings)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  public var package: String { folder + "/shop.sync.yaml" }

  /// Writes the package file anew; the line `journal:` of an earlier one stays.
  public func writePackage(tasks: String, settings: String = "") throws {
    let old = (try? String(contentsOfFile: package, encoding: .utf8)) ?? ""
    let journal = old.split(separator: "\n").first { $0.hasPrefix("journal:") }
    let text = """
      package: Shop
      source: {connection: left}
      target: {connection: right}
      connections:
        left: {type: sqlite, file: source.db, busyTimeout: \(busyTimeout)}
        right: {type: sqlite, file: target.db, busyTimeout: \(busyTimeout)}
      \(settings)
      tasks:
      \(tasks)
      \(journal.map { "\($0)\n" } ?? "")
      """
    try text.write(toFile: package, atomically: true, encoding: .utf8)
  }

  /// Runs `syncline COMMAND… package REST…` to its end.
  @discardableResult
  public func syncline(
    _ command: String..., with rest: [String] = [], environment: [String: String] = [:]
  ) throws -> Answer {
    try Self.run(
      Self.program, command + [package] + rest, environment: environment, in: folder)
  }

  /// A run, as JSON.
  @discardableResult
  public func run(
    _ options: String..., environment: [String: String] = [:]
  ) throws -> Answer {
    try Self.run(
      Self.program, ["run", package, "--json"] + options, environment: environment, in: folder)
  }

  /// The program beside the tests.
  public static var program: String {
    let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    var directory = URL(fileURLWithPath: Bundle.main.bundlePath)
    if !FileManager.default.fileExists(atPath: directory.appending(path: "syncline").path) {
      directory = URL(fileURLWithPath: tests).deletingLastPathComponent()
    }
    return directory.appending(path: "syncline").path
  }

  /// Starts a run and does not wait for it.
  public func start(_ options: String...) throws -> RunningProgram {
    try RunningProgram(Self.program, ["run", package, "--json"] + options, in: folder)
  }

  /// Runs a program to its end.
  public static func run(
    _ program: String, _ arguments: [String], environment: [String: String] = [:],
    in folder: String
  ) throws -> Answer {
    try RunningProgram(program, arguments, environment: environment, in: folder).finish()
  }
}
