import ArgumentParser
import Foundation
import SynclineEngine
import SynclineJournal
import SynclineMapping
import SynclineModel
import SynclinePorts
import SynclineRun

/// `syncline plan`.
struct PlanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Shows what a run would write, and changes nothing.",
    discussion: """
      The values in the output are data of your records.

      Example: syncline plan demo/shop.sync.yaml
      """)

  @OptionGroup var package: PackageArgument
  @OptionGroup var output: JSONOption
  @OptionGroup var allow: AllowOptions
  @OptionGroup var only: OnlyOption

  func run() async throws {
    try await reporting {
      var allowances = try allow.allowances
      allowances.only = try only.record(in: package.folder)
      let session = try PlanSession(package.folder, allowances)
      defer { session.end() }
      let result = try await session.run()
      try session.print(asJSON: output.json)
      if output.json || result.state != .succeeded || !result.refusals.isEmpty {
        RunReport(result: result, journal: session.id, file: package.package).print(
          asJSON: output.json)
      }
      throw result.status(signal: nil).code
    }
  }
}

/// A run over a scratch beside the journal, with connectors that cannot write.
struct PlanSession {
  /// Nil for a package that never ran.
  let id: JournalID?
  private let log: PlanJournal
  private let lock: RunLock
  private let settings: RunSettings
  private let connectors: [Side: PlanningConnector]
  private var temporary: String?
  private let folder: PackageFolder

  init(_ folder: PackageFolder, _ allowances: Allowances) throws {
    self.folder = folder
    let definition = try folder.definition()
    try allowances.requireObjects(of: definition)
    try definition.requireTwoSystems(in: folder)
    var connectors: [Side: PlanningConnector] = [:]
    var limits: [Side: SideLimits] = [:]
    for side in Side.allCases {
      let connector = try Connectors.make(definition[side], of: definition, in: folder)
      connectors[side] = PlanningConnector(connector)
      limits[side] = SideLimits(connector.capabilities)
    }
    self.connectors = connectors
    let journal: Journal
    if let place = try JournalPlace(folder, definition).existing() {
      lock = try RunLock(folder: place)
      journal = try Journal.open(folder: place, access: .read, secrets: Entropy.secret)
    } else {
      // A package that never ran is planned beside an empty journal that goes with the plan.
      let place = try TemporaryFolder.make()
      lock = try RunLock(folder: place)
      journal = try Journal.create(
        folder: place, id: Entropy.journalID(), created: Clock.now(), secrets: Entropy.secret)
      temporary = place
    }
    log = try PlanJournal(over: journal)
    id = temporary == nil ? journal.id : nil
    let none = SideLimits(batch: 1, page: 1, tracksByTriggers: false, reportsTime: false)
    settings = RunSettings(
      definition: definition, journal: journal.id, program: Program.version, allowances: allowances,
      source: limits[.source] ?? none, target: limits[.target] ?? none)
  }

  func run() async throws -> RunResult {
    guard let source = connectors[.source], let target = connectors[.target] else {
      preconditionFailure("a plan has two sides")
    }
    try await Connectors.requireTwo(source, target, in: folder)
    let shell = RunShell(
      settings: settings, log: log, source: source, target: target, clock: Clock.now)
    let result = try await shell.run()
    await source.close()
    await target.close()
    return result
  }

  /// Removes what the plan made.
  func end() {
    log.close()
    if let temporary { try? FileManager.default.removeItem(atPath: temporary) }
    withExtendedLifetime(lock) {}
  }

  /// The commands, side by side.
  func print(asJSON: Bool) throws {
    try log.withState { state in
      let presenter = try EventPresenter(state)
      for side in Side.allCases {
        for planned in connectors[side]?.planned ?? [] {
          let command = planned.command
          let name = presenter.name(of: planned.object)
          if asJSON {
            Console.print(
              .object([
                "side": .text(side.description), "object": .text(name),
                "operation": .text("\(command.operation)"),
                "key": command.key.map { .text($0.description) } ?? .null,
                "row": presenter.json(command.row, of: planned.object),
                "before": presenter.json(
                  command.expected.filter { command.row.contains($0) }, of: planned.object),
              ]))
          } else {
            let key = command.key.map { " \($0)" } ?? ""
            let row = presenter.row(command.row, of: planned.object)
            Console.print(
              "\(side): \(command.operation) \(name.neutral)\(key.neutral)"
                + (row.isEmpty ? "" : "  \(row)"))
          }
        }
      }
    }
  }
}

/// Folders for what goes with the process.
enum TemporaryFolder {
  /// A new folder that nobody else can look into.
  static func make() throws -> String {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("syncline-" + Hexadecimal.text(Entropy.identifier())).path
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: false,
      attributes: [.posixPermissions: 0o700])
    return folder
  }
}
