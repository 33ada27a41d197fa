import Foundation
import Glibc

/// A sandbox in a process of its own, on a free port, with its files in a temporary folder.
public final class SandboxProgram {
  private let process = Process()
  public let folder: String
  /// `http://127.0.0.1:PORT`
  public let address: String

  /// The sandbox did not start.
  public struct NotStarted: Error {
    public init() {}
  }

  /// - Parameters:
  ///   - schema: the text of a schema file.
  ///   - options: further options of the command.
  public init(schema: String? = nil, options: [String] = []) throws {
    folder = NSTemporaryDirectory() + "syncline-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var arguments = ["sandbox", "salesforce", "--port", "0", "--data", "data.jsonl"]
    if let schema {
      try schema.write(toFile: folder + "/schema.json", atomically: true, encoding: .utf8)
      arguments += ["--schema", "schema.json"]
    }
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: Scenario.program)
    process.arguments = arguments + options
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    guard let address = Self.address(in: output.fileHandleForReading) else { throw NotStarted() }
    self.address = address
  }

  deinit {
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    try? FileManager.default.removeItem(atPath: folder)
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
    let answer = try Scenario.run(
      "/usr/bin/env",
      ["python3", "-c", Self.client, "\(address)/sandbox/\(path)"] + bodies, in: folder)
    guard answer.status == 0 else { throw NotStarted() }
    return answer.output.split(separator: "\n", omittingEmptySubsequences: false)
      .dropLast().map(String.init)
  }

  private static let client = """
    import json, sys, urllib.request as web
    direct = web.build_opener(web.ProxyHandler({}))
    for body in sys.argv[2:]:
      ask = web.Request(sys.argv[1], body.encode(), {"Content-Type": "application/json"})
      print((json.loads(direct.open(ask).read() or b"null") or {}).get("id", ""))
    """
}
