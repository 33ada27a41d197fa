import ArgumentParser
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

  func run() async throws {
    try await reporting {
      let session = try PlanSession(package.folder, try allow.allowances)
      let result = try await session.run()
      try session.print(asJSON: output.json)
      if output.json || result.state != .succeeded || !result.refusals.isEmpty {
        RunReport(result: result, journal: session.id).print(asJSON: output.json)
      }
      throw result.status(signal: nil).code
    }
  }
}

/// A run over a scratch beside the journal, with connectors that cannot write.
struct PlanSession {
  let id: JournalID
  private let log: PlanJournal
  private let lock: RunLock?
  private let settings: RunSettings
  private let connectors: [Side: PlanningConnector]

  init(_ folder: PackageFolder, _ allowances: Allowances) throws {
    let definition = try folder.definition()
    var connectors: [Side: PlanningConnector] = [:]
    var limits: [Side: SideLimits] = [:]
    for side in Side.allCases {
      let connector = try Connectors.make(definition[side], of: definition, in: folder)
      connectors[side] = PlanningConnector(connector)
      limits[side] = SideLimits(connector.capabilities)
    }
    self.connectors = connectors
    if let place = try JournalPlace(folder, definition).existing() {
      lock = try RunLock(folder: place)
      log = try PlanJournal(over: Journal.open(folder: place, secrets: Entropy.secret))
    } else {
      lock = nil
      log = try PlanJournal(id: Entropy.journalID())
    }
    id = log.id
    let none = SideLimits(batch: 1, page: 1, tracksByTriggers: false, reportsTime: false)
    settings = RunSettings(
      definition: definition, journal: log.id, program: Program.version, allowances: allowances,
      source: limits[.source] ?? none, target: limits[.target] ?? none)
  }

  func run() async throws -> RunResult {
    guard let source = connectors[.source], let target = connectors[.target] else {
      preconditionFailure("a plan has two sides")
    }
    let shell = RunShell(
      settings: settings, log: log, source: source, target: target, clock: Clock.now)
    let result = try await shell.run()
    await source.close()
    await target.close()
    lock?.release()
    return result
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
