import Foundation
import Glibc

/// A sandbox in a process of its own, on a free port, with its files in a temporary folder.
public final class SandboxProgram {
  private var process = Process()
  public let folder: String
  /// `http://127.0.0.1:PORT`
  public private(set) var address = ""
  private let options: [String]

  /// The sandbox did not start, or did not answer.
  public struct NotStarted: Error {
    public init() {}
  }

  /// - Parameters:
  ///   - schema: the text of a schema file.
  ///   - options: further options of the command.
  public init(schema: String? = nil, options: [String] = []) throws {
    folder = NSTemporaryDirectory() + "syncline-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    if let schema {
      try schema.write(toFile: folder + "/schema.json", atomically: true, encoding: .utf8)
      self.options = ["--schema", "schema.json"] + options
    } else {
      self.options = options
    }
    try start(port: "0")
  }

  /// Another sandbox over a copy of all files in the folder of a quiet one.
  public init(copyOf other: SandboxProgram) throws {
    folder = NSTemporaryDirectory() + "syncline-\(UUID().uuidString)"
    try FileManager.default.copyItem(atPath: other.folder, toPath: folder)
    options = other.options
    try start(port: "0")
  }

  deinit {
    end()
    try? FileManager.default.removeItem(atPath: folder)
  }

  public var identifier: Int32 { process.processIdentifier }

  /// The file that the sandbox keeps its records in.
  public var data: String { folder + "/data.jsonl" }

  /// Ends it at once where it still runs, and starts it again under its address, over the same file.
  public func restart() throws {
    end()
    try start(port: address.split(separator: ":").last.map(String.init) ?? "0")
  }

  private func end() {
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  private func start(port: String) throws {
    process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: Scenario.program)
    process.arguments = ["sandbox", "salesforce", "--port", port, "--data", "data.jsonl"] + options
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    guard let address = Self.address(in: output.fileHandleForReading) else { throw NotStarted() }
    self.address = address
  }

  /// Reads until the line that tells the address has come.
  private static func address(in file: FileHandle) -> String? {
    var text = ""
    while true {
      let more = file.availableData
      if more.isEmpty { return nil }
      text += String(decoding: more, as: UTF8.self)
      guard text.contains("\n"), let start = text.range(of: "http") else { continue }
      return text[start.lowerBound...].split(separator: " ").first.map(String.init)
    }
  }

  /// Carries out something that people or the server do, `POST /sandbox/PATH`; the id in the answer.
  @discardableResult
  public func act(_ path: String, _ body: String) throws -> String {
    try act(path, [body]).first ?? ""
  }

  /// The same for several bodies, one after the other; the ids in the answers.
  @discardableResult
  public func act(_ path: String, _ bodies: [String]) throws -> [String] {
    try bodies.map { body in
      let answer = try LoopbackRequest.send("POST", address + "/sandbox/" + path, body)
      guard answer.status < 300 else { throw NotStarted() }
      let json = try? JSONSerialization.jsonObject(with: answer.body) as? [String: Any]
      return json?["id"] as? String ?? ""
    }
  }

  /// Switches a fault on, as Docs/Sandbox.md writes it.
  public func fault(_ text: String) throws {
    try act("faults", #"{"fault": "\#(text)"}"#)
  }

  /// Switches all faults off.
  public func clearFaults() throws {
    _ = try LoopbackRequest.send("DELETE", address + "/sandbox/faults", "")
  }
}
