import ArgumentParser
import Foundation
import SynclineModel
import SynclineSandbox
import SynclineSandboxModel

/// `syncline sandbox`.
struct SandboxCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sandbox",
    abstract: "Runs a local server that speaks the protocol of a cloud, to try things without one.",
    subcommands: [SalesforceSandboxCommand.self])
}

/// `syncline sandbox salesforce`.
struct SalesforceSandboxCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "salesforce",
    abstract: "Answers as Salesforce does, on this machine only, until it is stopped.",
    discussion: "Example: syncline sandbox salesforce --port 8080 --data sandbox.jsonl")

  @Option(help: "The port on 127.0.0.1; 0 takes a free one.")
  var port = 8080

  @Flag(help: "Speak TLS, with a certificate that is made beside the data file.")
  var tls = false

  @Option(help: "The file that keeps the records; without it they live in memory.")
  var data: String?

  @Option(help: "A file with objects, fields, automations and users of your own.")
  var schema: String?

  @Option(help: "A fault from the start, such as `latency=200` or `cut-after,times=1`.")
  var fault: [String] = []

  @Option(help: "The public key or certificate (PEM) that signed assertions are checked with.")
  var assertionKey: String?

  @Option(help: "Seconds that a session lives without a request.")
  var sessionSeconds = 7200

  func run() async throws {
    try await reporting {
      let server = try SandboxServer(settings, Self.surroundings)
      try await server.run { address in
        Console.print("The sandbox answers at \(address.url) until it is stopped.")
        Console.print(
          "Client id: sandbox-client  secret: sandbox-secret  password: sandbox-password")
        if let path = address.certificatePath { Console.print("Clients are to trust \(path)") }
      }
    }
  }

  private var settings: SandboxSettings {
    var settings = SandboxSettings(
      port: port, credentials: Credentials(sessionSeconds: Int64(sessionSeconds)))
    settings.dataPath = data
    settings.schemaPath = schema
    settings.assertionKeyPath = assertionKey
    settings.faults = fault
    if tls { settings.certificateFolder = certificateFolder }
    return settings
  }

  private var certificateFolder: String {
    guard let data else { return NSTemporaryDirectory() }
    return URL(fileURLWithPath: data).deletingLastPathComponent().path
  }

  private static let surroundings = SandboxSettings.Surroundings(
    now: {
      Timestamp(microseconds: Int64((Date().timeIntervalSince1970 * 1_000_000).rounded()))
    },
    secret: {
      var generator = SystemRandomNumberGenerator()
      return (0..<4).map { _ in String(generator.next(), radix: 36) }.joined()
    },
    pause: { try await Task.sleep(for: .milliseconds($0)) })
}
