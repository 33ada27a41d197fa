import SynclineMapping
import SynclineModel

/// The brakes of a run: named refusals, each with its figures and the option that lifts it
/// (design, section 4, "Brakes"). They hold what they name; everything else goes on.
struct Brakes: Hashable, Sendable {
  /// Tasks and sides whose deletes are held.
  private var deletes: Set<Held> = []
  /// Tasks whose first inserts are held.
  private var inserts: Set<TaskNumber> = []
  private(set) var refusals: [Refusal] = []

  struct Held: Hashable, Sendable {
    var task: TaskNumber
    /// The side on which records would be deleted.
    var side: Side
  }

  /// An object must have had so many links before its emptiness is suspicious.
  static let emptiedAtLeast: UInt64 = 10
  /// A first run without a match rule may insert so many records into each side.
  static let unmatchedMax = 50

  func holdsDeletes(_ task: TaskNumber, on side: Side) -> Bool {
    deletes.contains(Held(task: task, side: side))
  }

  func holdsInserts(_ task: TaskNumber) -> Bool { inserts.contains(task) }

  /// Holds the deletes of a task on one side, and with them those of the tasks below it.
  mutating func holdDeletes(
    _ task: TaskNumber, on side: Side, _ mapping: CompiledMapping, _ refusal: Refusal
  ) {
    refusals.append(refusal)
    var open = [task]
    while let next = open.popLast() {
      guard deletes.insert(Held(task: next, side: side)).inserted else { continue }
      open += mapping.tasks.filter { $0.parents.contains(next) }.map(\.number)
    }
  }

  mutating func holdInserts(_ task: TaskNumber, _ refusal: Refusal) {
    refusals.append(refusal)
    inserts.insert(task)
  }
}

extension RunMachine {
  /// Measures, once everything is read, what this run would do, and holds what goes too far. A run for one
  /// record does nothing else, whatever waits.
  mutating func brake(
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) {
    let package = try state.package()
    for task in mapping.tasks {
      let links = package.links(of: task.number)
      try brakeInserts(task, links, state)
      if package.isInEpoch { continue }
      let doomed = try doomed(task, state)
      for side in Side.allCases where doomed[side, default: 0] > 0 {
        let other = side.other
        let emptied = objects[task.object(other)]
        if links >= Brakes.emptiedAtLeast, package.records(of: task.object(other)) == 0,
          let name = emptied?.name.rawValue, !settings.allowances.emptied.contains(name)
        {
          brakes.holdDeletes(
            task.number, on: side, mapping,
            Refusal(
              code: "emptied",
              message:
                "“\(name)” shows no record any more on the \(other) side, and task “\(task.name)” "
                + "has \(links) links: their deletes are held. If it was emptied on purpose, allow "
                + "it for one run with --allow emptied=\(name); to fill it again from the other "
                + "side, reset LastSyncTime."))
          continue
        }
        brakeDeletes(task, side, doomed[side, default: 0], links)
      }
    }
  }

  private mutating func brakeDeletes(
    _ task: TaskMapping, _ side: Side, _ count: UInt64, _ links: UInt64
  ) {
    let limit = task.deletes
    guard count > UInt64(limit.atLeast), count * 100 > UInt64(limit.percent) * links else {
      return
    }
    if let allowed = settings.allowances.deletes, count <= allowed { return }
    let name = objects[task.object(side)]?.name.rawValue ?? "?"
    brakes.holdDeletes(
      task.number, on: side, mapping,
      Refusal(
        code: "deletes",
        message:
          "\(count) of \(links) records of “\(name)” would be deleted on the \(side) side, more than "
          + "the limit of task “\(task.name)” (\(limit.percent) %, at least \(limit.atLeast)): they "
          + "are held. Allow them for one run with --allow deletes=\(count)."))
  }

  /// Tells which tasks have records that systems rewrite whenever they are written.
  mutating func refuseBouncing() {
    for task in mapping.tasks {
      guard let count = walk.bouncing[task.number] else { continue }
      refusals.append(
        Refusal(
          code: "bounces",
          message:
            "\(count) records of task “\(task.name)” are held: each write to one side was rewritten by "
            + "a system, \(LinkState.bouncesMax) times in a row, and would go back and forth for ever. "
            + "Change the automation or the mapping; a record goes again when somebody edits it, or "
            + "with --only."))
    }
  }

  private mutating func brakeInserts(
    _ task: TaskMapping, _ links: UInt64, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) {
    guard links == 0, task.match == .unstated, settings.allowances.only == nil else { return }
    let limit = Brakes.unmatchedMax + 1
    let source = try state.agenda(task.number, .newSource, after: 0, limit: limit).count
    let target = try state.agenda(task.number, .newTarget, after: 0, limit: limit).count
    guard source == limit, target == limit else { return }
    brakes.holdInserts(
      task.number,
      Refusal(
        code: "match",
        message:
          "Both sides of task “\(task.name)” have more than \(Brakes.unmatchedMax) records, and the "
          + "first run would insert all of them into the other side. Say which are the same with a "
          + "`match` rule, or write `match: none` if doubling them is meant."))
  }

  /// How many records of a task would be deleted, by the side that would lose them.
  private mutating func doomed(
    _ task: TaskMapping, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [Side: UInt64] {
    var doomed: [Side: UInt64] = [:]
    var after: UInt64 = 0
    while true {
      let numbers = try state.agenda(task.number, .gone, after: after, limit: 1024)
      for number in numbers {
        guard let link = try state.link(LinkNumber(number)) else { continue }
        let source = try state.record(link.source.record)
        let target = try state.record(link.target.record)
        if let chosen = settings.allowances.only, !isNamed(source, on: .source, by: chosen),
          !isNamed(target, on: .target, by: chosen)
        {
          continue
        }
        if source?.presence == .deleted, target?.isThere == true {
          doomed[.target, default: 0] += 1
        }
        if target?.presence == .deleted, source?.isThere == true {
          doomed[.source, default: 0] += 1
        }
      }
      guard let last = numbers.last else { return doomed }
      after = last
    }
  }
}
