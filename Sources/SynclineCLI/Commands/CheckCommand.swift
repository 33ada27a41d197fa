import ArgumentParser
import SynclineConfiguration
import SynclineEngine
import SynclineJournal
import SynclineMapping
import SynclineModel
import SynclinePorts
import SynclineRun

/// `syncline check`.
struct CheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract:
      "Tells everything that is wrong with a package, and what it would track; changes nothing.",
    discussion: "Example: syncline check demo/shop.sync.yaml")

  @OptionGroup var package: PackageArgument
  @OptionGroup var output: JSONOption
  @Flag(help: "Check the file alone, without the two systems.") var offline = false

  func run() async throws {
    try await reporting {
      let folder = package.folder
      let definition: PackageDefinition
      do {
        definition = try folder.definition()
      } catch let errors as PackageErrors where output.json {
        throw refuse(errors.problems, folder)
      }
      if offline {
        return show("\(folder.file) reads well; the systems were not looked at.", [])
      }
      try definition.requireTwoSystems(in: folder)
      _ = try JournalPlace(folder, definition).existing()
      let (inspections, sharing) = try await inspect(definition, folder)
      let result = PackageCheck(definition: definition, inspections: inspections).result
      switch result {
      case .success(let facts):
        let uncapturable = definition.uncapturable(in: inspections)
        guard uncapturable.isEmpty else { throw refuse(uncapturable, folder) }
        let notes = sharing.map(Self.note) + definition.fixed(in: inspections).map(Self.note)
        show("\(folder.file) can run.", facts, notes: notes)
      case .failure(let problems):
        throw refuse(problems.problems + definition.uncapturable(in: inspections), folder)
      }
    }
  }

  /// Tells the problems; the exit code.
  private func refuse(_ problems: [PackageProblem], _ folder: PackageFolder) -> ExitCode {
    for problem in problems {
      if output.json {
        Console.print(
          .object([
            "problem": .text(problem.message),
            "location": problem.location.map { .text($0.description) } ?? .null,
            "file": .text(problem.file ?? folder.file),
          ]))
      } else {
        let place = problem.location.map { ":\($0)" } ?? ""
        Console.error("\(problem.file ?? folder.file)\(place): \(problem.message)")
      }
    }
    if output.json { Console.print(.object(["ok": .boolean(false)])) }
    return ExitStatus.refused.code
  }

  private func inspect(
    _ definition: PackageDefinition, _ folder: PackageFolder
  ) async throws -> (inspections: [Side: Inspection], sharing: [Side]) {
    var inspections: [Side: Inspection] = [:]
    let connectors = try Side.allCases.map {
      try Connectors.make(definition[$0], of: definition, in: folder)
    }
    try await Connectors.requireTwo(connectors[0], connectors[1], in: folder)
    for (side, connector) in zip(Side.allCases, connectors) {
      let requests = definition.tasks.map {
        ObjectRequest(
          name: $0.object(side).object, keyIsAssigned: $0.object(side).keyIsAssigned)
      }
      inspections[side] = try await connector.inspect(
        requests, ourJournal: definition.journal)
      await connector.close()
    }
    let sharing = zip(Side.allCases, connectors).compactMap { side, connector in
      connector.capabilities.tellsLastWriter && !definition[side].isDedicated ? side : nil
    }
    return (inspections, sharing)
  }

  /// What is recommended for a side whose account people may use, too.
  private static func note(_ side: Side) -> String {
    "the \(side) has no dedicated account. Give Syncline a user of its own there and say "
      + "`dedicatedAccount: true` under `\(side)`: what it writes is then never taken for what people "
      + "write"
  }

  /// What is told of a field that takes a value with a new record alone.
  private static func note(_ fixed: PackageDefinition.FixedField) -> String {
    "the \(fixed.side) field \(fixed.object.rawValue.neutral).\(fixed.field.rawValue.neutral) takes a value "
      + "with a new record and none later: an edit that would change it there is refused and listed by "
      + "`errors`"
  }

  private func show(_ line: String, _ facts: [CheckedObject], notes: [String] = []) {
    if output.json {
      for note in notes { Console.print(.object(["note": .text(note)])) }
      for fact in facts {
        Console.print(
          .object([
            "side": .text(fact.side.description), "object": .text(fact.name.rawValue),
            "key": .text(fact.key.rawValue),
            "captured": .list(fact.captured.map { .text($0.rawValue) }),
          ]))
      }
      return Console.print(.object(["ok": .boolean(true)]))
    }
    Console.print(line)
    for fact in facts {
      let fields = fact.captured.map { $0.rawValue.neutral }.joined(separator: ", ")
      Console.print(
        "  \(fact.side) \(fact.name.rawValue.neutral) (key \(fact.key.rawValue.neutral)) captures "
          + fields)
    }
    for note in notes { Console.print("note: \(note).") }
  }
}

extension PackageDefinition {
  /// A field that the package writes and that its system lets nobody change.
  struct FixedField: Hashable {
    var side: Side
    var object: ObjectName
    var field: FieldName
  }

  fileprivate func fixed(in inspections: [Side: Inspection]) -> [FixedField] {
    var fixed: [FixedField] = []
    for task in tasks {
      for side in Side.allCases {
        let object = task.object(side).object
        let oneWay = side == .source ? task.toSource : task.toTarget
        let names =
          task.columns.map { side == .source ? $0.source : $0.target }
          + task.relations.map { side == .source ? $0.source : $0.target } + oneWay.map(\.field)
        for name in names
        where inspections[side]?.objects[object]?.field(name)?.writing == .onlyAtInsert {
          fixed.append(FixedField(side: side, object: object, field: name))
        }
      }
    }
    return fixed
  }
}
