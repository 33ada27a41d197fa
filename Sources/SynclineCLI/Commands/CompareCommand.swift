import ArgumentParser
import SynclineEngine
import SynclineJournal
import SynclineMapping
import SynclineModel
import SynclinePorts
import SynclineRun

/// `syncline compare`.
struct CompareCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Reads both sides in full and tells where they differ now; changes neither.",
    discussion: """
      Records are compared by value under the mapping of the file, linked as the journal knows. Exit \
      codes: 0 equal; 1 different. The values in the output are data of your records.

      With --adopt, what is found otherwise than the journal knows is journaled as seen, as if a run \
      had read it; the next run decides about it.

      Example: syncline compare demo/shop.sync.yaml
      """)

  @OptionGroup var package: PackageArgument
  @OptionGroup var output: JSONOption
  @Flag(help: "Journal what is found, for the next run to decide about.") var adopt = false

  func run() async throws {
    try await reporting {
      let open = try OpenPackage(package, access: adopt ? .write : .read, isLocked: adopt)
      let source = try Connectors.make(open.definition.source, of: open.definition, in: open.folder)
      let target = try Connectors.make(open.definition.target, of: open.definition, in: open.folder)
      let comparer = Comparer(
        settings: RunSettings(
          definition: open.definition, journal: open.journal.id, program: Program.version,
          source: SideLimits(source.capabilities), target: SideLimits(target.capabilities)),
        journal: open.journal, source: source, target: target)
      let comparison: Comparison
      switch try await comparer.prepare() {
      case .success(let made): comparison = made
      case .failure(let problems):
        for problem in problems.problems {
          let place = problem.location.map { "\(open.folder.file):\($0): " } ?? ""
          Console.error(place + problem.message)
        }
        throw ExitStatus.refused.code
      }
      let printer = DifferencePrinter(objects: comparison.objects, isJSON: output.json)
      let tally = try await compare(comparison, comparer, printer)
      await source.close()
      await target.close()
      // The lock is held to the end.
      withExtendedLifetime(open) {}
      throw (tally.isEqual ? ExitStatus.succeeded : .left).code
    }
  }

  private func compare(
    _ comparison: Comparison, _ comparer: Comparer, _ printer: DifferencePrinter
  ) async throws -> ComparisonTally {
    guard adopt else {
      let tally = try await comparer.compare(comparison) { printer.show($0) }
      printer.show(tally)
      return tally
    }
    let refusals = try comparer.refusals(to: comparison)
    for refusal in refusals { Console.error(refusal.message) }
    if !refusals.isEmpty { throw ExitStatus.refused.code }
    let (tally, adopted) = try await comparer.adopt(comparison, clock: Clock.now) {
      printer.show($0)
    }
    printer.show(tally)
    printer.show(adopted)
    return tally
  }
}

/// Prints what a comparison finds.
struct DifferencePrinter {
  let objects: [ObjectNumber: ObjectObserved]
  let isJSON: Bool

  func show(_ difference: RecordDifference) {
    if isJSON { return Console.print(json(difference)) }
    let sides = Side.allCases.compactMap { side in
      key(difference, side).map { "\(side) \(name(difference, side).neutral) \($0)" }
    }.joined(separator: " / ")
    let start = "\(difference.task.name.neutral): \(sides): "
    switch difference.kind {
    case .only(let side): Console.print("\(start)only in the \(side)")
    case .unreadable(let side, let reason):
      Console.print("\(start)cannot be read in the \(side): \(reason.neutral)")
    case .values(let fields):
      for field in fields {
        let values = Side.allCases.map { side in
          let name = self.field(field, side, difference).map { $0.neutral } ?? "mapped"
          return "\(side) \(name) = \(field.values[side]?.onTerminal ?? "not read")"
        }
        Console.print(start + values.joined(separator: ", "))
      }
    }
  }

  func show(_ tally: ComparisonTally) {
    if isJSON {
      return Console.print(
        .object([
          "isEqual": .boolean(tally.isEqual), "equal": .number(tally.equal),
          "different": .number(tally.different), "onlySource": .number(tally.onlySource),
          "onlyTarget": .number(tally.onlyTarget), "unreadable": .number(tally.unreadable),
        ]))
    }
    Console.print(
      "\(tally.isEqual ? "Equal" : "Different"): \(tally.equal) pairs equal, \(tally.different) "
        + "different; \(tally.onlySource) only in the source, \(tally.onlyTarget) only in the target"
        + (tally.unreadable == 0 ? "" : "; \(tally.unreadable) cannot be read"))
  }

  /// What was journaled.
  func show(_ adopted: [Side: SideTally]) {
    for side in Side.allCases {
      let found = adopted[side] ?? SideTally()
      if isJSON {
        Console.print(
          .object([
            "adopted": .text(side.description), "created": .number(found.created),
            "changed": .number(found.changed), "deleted": .number(found.deleted),
          ]))
      } else {
        Console.print(
          "Journaled of the \(side): \(found.created) created, \(found.changed) changed, "
            + "\(found.deleted) deleted")
      }
    }
  }

  private func json(_ difference: RecordDifference) -> JSON {
    var members: [(String, JSON)] = [("task", .text(difference.task.name))]
    for side in Side.allCases {
      members.append(
        (side.description, key(difference, side).map { .text($0.description) } ?? .null))
    }
    switch difference.kind {
    case .only(let side): members.append(("only", .text(side.description)))
    case .unreadable(let side, let reason):
      members += [("unreadable", .text(side.description)), ("reason", .text(reason))]
    case .values(let fields):
      let list = fields.map { field in
        JSON.members(
          Side.allCases.map { side in
            let value: JSON = .object([
              "field": self.field(field, side, difference).map { .text($0) } ?? .null,
              "value": field.values[side].map { JSON($0) } ?? .null,
            ])
            return (side.description, value)
          })
      }
      members.append(("fields", .list(list)))
    }
    return .members(members)
  }

  private func key(_ difference: RecordDifference, _ side: Side) -> NativeKey? {
    side == .source ? difference.source : difference.target
  }

  private func name(_ difference: RecordDifference, _ side: Side) -> String {
    objects[difference.task.object(side)]?.name.rawValue ?? "?"
  }

  private func field(
    _ field: FieldDifference, _ side: Side, _ difference: RecordDifference
  ) -> String? {
    guard let number = field.fields[side] else { return nil }
    return objects[difference.task.object(side)]?.field(number)?.schema.name.rawValue
  }
}
