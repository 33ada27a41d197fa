import ArgumentParser
import Foundation
import SynclineEngine
import SynclineJournal
import SynclineMapping
import SynclineModel
import SynclinePorts
import SynclineRun

/// `syncline run`.
struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Brings both sides up to date: reads what changed, decides, writes.",
    discussion: """
      Exit codes: 0 nothing left to do; 1 records failed, are held or pending; 2 refused or braked; \
      3 failed; 130 and 143 ended by a signal.

      Example: syncline run demo/shop.sync.yaml
      """)

  @OptionGroup var package: PackageArgument
  @OptionGroup var output: JSONOption
  @OptionGroup var allow: AllowOptions

  @Option(help: "Send so many commands at most; the rest stays pending. Default: no limit.")
  var limit: UInt64?

  @OptionGroup var only: OnlyOption

  func run() async throws {
    try await reporting {
      var allowances = try allow.allowances
      allowances.limit = limit
      allowances.only = try only.record(in: package.folder)
      let session = try RunSession(package.folder, allowances)
      let result = try await session.run(progress: ProgressPrinter(isSilent: output.json))
      RunReport(result: result, journal: session.id, file: package.package).print(
        asJSON: output.json)
      if !output.json { for line in await session.usage { Console.print("  " + line) } }
      throw result.status(signal: session.signals.received).code
    }
  }
}

/// What a person allows for one run.
struct AllowOptions: ParsableArguments {
  @Option(
    name: .customLong("allow"), parsing: .singleValue,
    help: ArgumentHelp(
      "What a brake or check would hold: emptied=OBJECT, deletes=N, takeover=JOURNAL, "
        + "restored=source|target|journal. May be "
        + "repeated. Default: nothing.", valueName: "what"))
  var allow: [String] = []

  var allowances: Allowances {
    get throws {
      var allowances = Allowances()
      for word in allow {
        let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { throw unknown(word) }
        switch parts[0] {
        case "emptied": allowances.emptied.insert(parts[1])
        case "deletes":
          guard let count = UInt64(parts[1]) else { throw unknown(word) }
          allowances.deletes = count
        case "takeover":
          guard let journal = JournalID(text: parts[1]) else { throw unknown(word) }
          allowances.takeover = journal
        case "restored":
          switch parts[1] {
          case "source": allowances.restored = .source
          case "target": allowances.restored = .target
          case "journal": allowances.restored = .journal
          default: throw unknown(word)
          }
        default: throw unknown(word)
        }
      }
      return allowances
    }
  }

  private func unknown(_ word: String) -> PackageFailure {
    PackageFailure(
      "--allow \(word.neutral): write emptied=OBJECT, deletes=N, takeover=JOURNAL (a journal's id) or "
        + "restored=source, target or journal.")
  }
}

extension Allowances {
  /// Refuses an allowance for an object that the package does not sync: it was meant for another one.
  func requireObjects(of definition: PackageDefinition) throws {
    let known = Set(
      definition.tasks.flatMap { [$0.source.object.rawValue, $0.target.object.rawValue] })
    guard let unknown = emptied.subtracting(known).min() else { return }
    throw PackageFailure(
      "--allow emptied=\(unknown.neutral): no task syncs an object of that name. Write one of "
        + known.sorted().map(\.neutral).joined(separator: ", ") + ".")
  }
}

/// Everything that one run needs, from the lock to the connectors.
struct RunSession {
  let folder: PackageFolder
  let id: JournalID
  let signals = SignalWatch()
  private let journal: Journal
  private let lock: RunLock
  private let settings: RunSettings
  private let source: any Connector & TrackedSystem
  private let target: any Connector & TrackedSystem

  init(_ folder: PackageFolder, _ allowances: Allowances) throws {
    CrashPoint.arm(ProcessInfo.processInfo.environment["SYNCLINE_CRASH"])
    self.folder = folder
    let definition = try folder.definition()
    try allowances.requireObjects(of: definition)
    try definition.requireTwoSystems(in: folder)
    source = try Connectors.make(definition.source, of: definition, in: folder)
    target = try Connectors.make(definition.target, of: definition, in: folder)
    let place = JournalPlace(folder, definition)
    let existing = try place.existing()
    let journalFolder = existing ?? folder.journal
    lock = try RunLock(folder: journalFolder)
    journal =
      try existing.map { try Journal.open(folder: $0, secrets: Entropy.secret) }
      ?? Journal.create(
        folder: journalFolder, id: Entropy.journalID(), created: Clock.now(),
        secrets: Entropy.secret)
    id = journal.id
    CrashPoint.hit(.afterJournal)
    if definition.journal == nil { try folder.write(journal.id) }
    CrashPoint.hit(.afterNaming)
    settings = RunSettings(
      definition: definition, journal: journal.id, program: Program.version,
      allowances: allowances, source: SideLimits(source.capabilities),
      target: SideLimits(target.capabilities))
  }

  /// What the run cost, where a system counts its calls.
  var usage: [String] {
    get async {
      var lines: [String] = []
      for (side, connector) in [(Side.source, source), (Side.target, target)] {
        if let usage = await Connectors.usage(of: connector) { lines.append("\(side): \(usage)") }
      }
      return lines
    }
  }

  func run(progress: ProgressPrinter) async throws -> RunResult {
    try await Connectors.requireTwo(source, target, in: folder)
    let shell = RunShell(
      settings: settings, log: journal, source: source, target: target, clock: Clock.now,
      progress: { progress.show($0) })
    signals.watch { Task { await shell.cancel() } }
    let result = try await shell.run()
    progress.end()
    await source.close()
    await target.close()
    journal.close()
    withExtendedLifetime(lock) {}
    return result
  }
}

extension SideLimits {
  init(_ capabilities: Capabilities) {
    self.init(
      batch: capabilities.batchLimit, page: capabilities.pageLimit,
      tracksByTriggers: capabilities.tracksByTriggers, reportsTime: capabilities.reportsTime,
      timePrecision: capabilities.timePrecision, stamps: capabilities.detection.stamps,
      writes: capabilities.writes)
  }
}
