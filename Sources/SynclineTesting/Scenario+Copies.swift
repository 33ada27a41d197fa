import Foundation

extension Scenario {
  /// A copy of everything as it stands: both databases, the package and its journal, in a folder of its
  /// own.
  public convenience init(copyOf other: Scenario) throws {
    try self.init(source: "", target: "", tasks: "")
    let files = FileManager.default
    for name in try files.contentsOfDirectory(atPath: folder) {
      try files.removeItem(atPath: "\(folder)/\(name)")
    }
    for name in try files.contentsOfDirectory(atPath: other.folder) {
      try files.copyItem(atPath: "\(other.folder)/\(name)", toPath: "\(folder)/\(name)")
    }
  }

  /// The entries that wait in the queues of both sides.
  public func queued() throws -> Int {
    try [source, target].reduce(0) { count, side in
      let queues = try side.rows(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'syncline_%_queue'")
      return try queues.reduce(count) { count, queue in
        let name = queue[0].dropFirst().dropLast()
        return count + (Int(try side.rows("SELECT count(*) FROM \"\(name)\"")[0][0]) ?? 0)
      }
    }
  }

  /// The folder of the package's journal.
  public var journal: String { folder + "/.syncline/shop" }
}

/// A call of the program that is still under way.
public final class RunningCall: Sendable {
  private let process: Process
  private let pipe: Pipe

  /// Starts `syncline ARGUMENTS`.
  public init(_ arguments: [String]) throws {
    process = Process()
    pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: Scenario.program)
    process.arguments = arguments
    process.standardOutput = pipe
    process.standardError = pipe
    process.standardInput = FileHandle.nullDevice
    try process.run()
  }

  /// Waits until the program has said `word`; false where it ended without.
  public func says(_ word: String) -> Bool {
    var heard = ""
    while !heard.contains(word) {
      let data = pipe.fileHandleForReading.availableData
      if data.isEmpty { return false }
      heard += String(decoding: data, as: UTF8.self)
    }
    return true
  }

  /// Sends it a signal.
  public func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// Waits for its end: the exit status, or 128 and the signal that ended it.
  public func ended() -> Int32 {
    while !pipe.fileHandleForReading.availableData.isEmpty {}
    process.waitUntilExit()
    return process.terminationReason == .uncaughtSignal
      ? 128 + process.terminationStatus : process.terminationStatus
  }
}
