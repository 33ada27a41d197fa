import ArgumentParser
import SynclineEngine
import SynclineJournal
import SynclineMapping
import SynclineModel
import SynclinePorts
import SynclineRun

/// `syncline status`.
struct StatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Shows the last run, what is left to do, and how long the queues are.",
    discussion: "Example: syncline status demo/shop.sync.yaml")

  @OptionGroup var package: PackageArgument
  @OptionGroup var output: JSONOption

  func run() async throws {
    try await reporting {
      let open = try OpenPackage(package)
      let status = try open.journal.withState { try Status(open, $0) }
      let queues = await queues(of: open)
      if output.json {
        Console.print(status.json(queues))
      } else {
        status.lines(queues).forEach(Console.print)
      }
    }
  }

  /// The queue of each side; none where the side cannot be reached, which standard error explains.
  private func queues(of open: OpenPackage) async -> [Side: SideQueue] {
    var queues: [Side: SideQueue] = [:]
    for side in Side.allCases {
      do {
        let connector = try Connectors.make(
          open.definition[side], of: open.definition, in: open.folder)
        if connector.capabilities.tracksByTriggers {
          let (length, oldest) = try await connector.queue(of: open.journal.id)
          queues[side] = .entries(length, oldest: oldest)
        } else {
          queues[side] = SideQueue.none
        }
        await connector.close()
      } catch {
        Console.error("The \(side) cannot be reached: \(error)")
      }
    }
    return queues
  }
}

/// What waits on a side to be read.
enum SideQueue {
  /// The system stamps its records; there is no queue.
  case none
  case entries(Int, oldest: Timestamp?)

  var length: Int? {
    if case .entries(let length, _) = self { length } else { nil }
  }

  var oldest: Timestamp? {
    if case .entries(_, let oldest) = self { oldest } else { nil }
  }
}

/// What `status` tells.
struct Status {
  private struct TaskStatus {
    var name: String
    var links: UInt64
    var counts: [AgendaClass: Int]
    var lastSync: Timestamp?
  }

  private let name: String
  private let id: JournalID
  private let head: EventSequence
  private let package: PackageState
  private let last: (run: RunNumber, summary: RunSummary)?
  private var tasks: [TaskStatus] = []

  init(_ open: OpenPackage, _ state: borrowing some StateView & ~Copyable) throws {
    name = open.definition.name
    id = open.journal.id
    head = open.journal.head.sequence
    package = try state.package()
    last = try state.runs(before: nil, limit: 1).first
    for task in package.tasks {
      guard let table = try state.taskTable(task) else { continue }
      let times = Side.allCases.compactMap { package[$0].lastSync(task) }
      tasks.append(
        TaskStatus(
          name: table.name, links: package.links(of: task),
          counts: try state.agendaCounts(task), lastSync: times.min()))
    }
  }

  /// The package's LastSyncTime: the oldest of its tasks'.
  private var lastSyncTime: Timestamp? {
    let times = tasks.map(\.lastSync)
    return times.contains { $0 == nil } ? nil : times.compactMap { $0 }.min()
  }

  func lines(_ queues: [Side: SideQueue]) -> [String] {
    var lines = ["\(name.neutral): journal \(id), \(head) events"]
    if let last {
      let time = last.summary.closed.map { " at \($0)Z" } ?? ""
      lines.append("last run: \(last.run), \(last.summary.state.word)\(time)")
    } else {
      lines.append("no run yet")
    }
    lines.append("LastSyncTime: \(lastSyncTime.map { "\($0)Z" } ?? "empty")")
    for task in tasks {
      let open = task.counts.values.reduce(0, +)
      lines.append("task \(task.name.neutral): \(task.links) links, \(open) on the agenda")
    }
    for side in Side.allCases {
      guard let queue = queues[side] else {
        lines.append("\(side): cannot be reached")
        continue
      }
      guard let length = queue.length else { continue }
      let oldest = queue.oldest.map { ", the oldest of \($0)Z" } ?? ""
      lines.append("\(side): \(length) entries in the queue\(oldest)")
    }
    return lines
  }

  func json(_ queues: [Side: SideQueue]) -> JSON {
    .object([
      "package": .text(name), "journal": .text(id.description), "events": .number(head.rawValue),
      "lastRun": last.map {
        .object([
          "run": .number($0.run.rawValue), "state": .text($0.summary.state.word),
          "closed": $0.summary.closed.map { .text("\($0)Z") } ?? .null,
        ])
      } ?? .null,
      "lastSyncTime": lastSyncTime.map { .text("\($0)Z") } ?? .null,
      "tasks": .list(
        tasks.map { task in
          .object([
            "name": .text(task.name), "links": .number(task.links),
            "agenda": .number(task.counts.values.reduce(0, +)),
          ])
        }),
      "queues": .members(
        Side.allCases.map { side in
          (side.description, queues[side]?.length.map { .number($0) } ?? .null)
        }),
      "oldest": .members(
        Side.allCases.map { side in
          (side.description, queues[side]?.oldest.map { .text("\($0)Z") } ?? .null)
        }),
    ])
  }
}
