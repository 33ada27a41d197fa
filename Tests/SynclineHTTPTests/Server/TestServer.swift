import Foundation
import SynclineHTTP
import SynclineModel
import Testing

/// The server of `server.py`, one for the whole test process. It ends when this process does.
final class TestServer: Sendable {
  let folder: String
  private let ports: [String: Int]
  /// As long as this end is open, the server lives.
  private let lifeline: FileHandle

  static let shared = Result { try TestServer() }

  private init() throws {
    folder = NSTemporaryDirectory() + "syncline-http-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("server.py").path
    let input = Pipe()
    let output = Pipe()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", script, folder]
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    lifeline = input.fileHandleForWriting
    var line = Data()
    while line.last != UInt8(ascii: "\n") {
      let part = output.fileHandleForReading.availableData
      if part.isEmpty { throw Unstarted() }
      line.append(part)
    }
    ports = try JSONDecoder().decode([String: Int].self, from: line)
  }

  struct Unstarted: Error {}

  var authority: String { folder + "/authority.pem" }

  func port(_ name: String) throws -> Int { try #require(ports[name]) }

  /// `http://127.0.0.1:port/key/what`
  func plain(_ path: String) throws -> HTTPAddress {
    try HTTPAddress("http://127.0.0.1:\(port("plain"))/\(path)")
  }

  /// The https server with this certificate, by its name `localhost`.
  func protected(_ name: String, _ path: String) throws -> HTTPAddress {
    try HTTPAddress("https://localhost:\(port(name))/\(path)")
  }

  /// What was asked under a key, in order.
  func seen(_ key: String) async throws -> [Seen] {
    let request = HTTPRequest("look", .get, try plain("\(key)/log"))
    let answer = try await CurlClient().answer(to: request)
    return try JSONDecoder().decode([Seen].self, from: Data(answer.body))
  }

  struct Seen: Codable, Equatable {
    var method: String
    var what: String
    var connection: Int?
    var authorization: String?
    var host: String?
    var body: String?
    var encoding: String?
    var expect: String?
  }
}

/// A key of its own for a test.
func makeKey() -> String { UUID().uuidString }

extension ClientSettings {
  /// The test server's own authority, and limits that a test can wait for.
  static func trusting(_ server: TestServer) -> ClientSettings {
    ClientSettings(caFile: server.authority)
  }
}

/// The failure of a request.
func refusal(
  _ request: HTTPRequest, _ settings: ClientSettings = ClientSettings()
) async throws -> HTTPFailure? {
  let client = try CurlClient(settings: settings)
  do throws(HTTPFailure) {
    _ = try await client.answer(to: request)
    return nil
  } catch {
    return error
  }
}

extension Pacer {
  /// Always the same moment, no waiting, no chance; `pauses` are told.
  static func still(_ pauses: @escaping @Sendable (Int) -> Void = { _ in }) -> Pacer {
    Pacer(
      now: { Timestamp(microseconds: 0) }, pause: { milliseconds in pauses(milliseconds) },
      roll: { 0.5 })
  }
}

/// A client that keeps its connections, however long a busy machine takes between two requests.
func patientClient() throws -> CurlClient {
  try CurlClient(settings: ClientSettings(limits: TransferLimits(keptSeconds: 3600)))
}
