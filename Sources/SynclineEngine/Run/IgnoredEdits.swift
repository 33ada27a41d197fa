import SynclineMapping
import SynclineModel

/// Which edits of a side go nowhere (Docs/Guarantees.md, "Windows and limits"): those that the dedicated account made
/// by hand and, under `duringRun: ignore`, those that were made while a run went on. An edit under our user's name
/// inside a run is one of ours, an automation that it called, or somebody's that it hides: it is no edit by hand.
struct IgnoredEdits: Hashable, Sendable {
  var isDedicated: Bool
  var duringRun: DuringRun
  /// When runs went on, the newest first, in microseconds of the side's clock, as far as it is certain.
  var runs: [ClosedRange<Int64>] = []
  /// So long after a run its writes may still take effect, in microseconds.
  var lateness: Int64 = 0
  /// Of edits before this moment it is not known whether a run went on; in microseconds of the side's clock.
  var earliest = Int64.min

  /// The rule by which an edit with this stamp is ignored, if there is one.
  func rule(_ stamp: Stamp, isLastOurs: Bool) -> Ignored.Rule? {
    guard let time = stamp.time?.microseconds, time >= earliest else { return nil }
    // Older runs ended before this one began.
    let end = runs.first { $0.lowerBound <= time }?.upperBound
    if duringRun == .ignore, let end, time <= end { return .duringRun }
    guard isDedicated, isLastOurs else { return nil }
    let mayBeOurs = end.map { time <= $0 || time &- $0 <= lateness } ?? false
    return mayBeOurs && !planted(.hiddenEditIgnored) ? nil : .dedicated
  }
}

extension RunMachine {
  /// How many runs are looked at, from the newest back.
  private static let runsMax: UInt64 = 1000

  /// What is ignored on a side; nil where nothing is.
  func ignoredEdits(
    on side: Side, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> IgnoredEdits? {
    let definition = settings.definition
    guard definition[side].isDedicated || definition.duringRun == .ignore else { return nil }
    var ignored = IgnoredEdits(
      isDedicated: definition[side].isDedicated, duringRun: definition.duringRun,
      lateness: settings[side].writes.lateness)
    let precision = settings[side].timePrecision
    // This one goes on.
    ignored.runs = [started.microseconds &+ clocks[side] &- clocks.error &- precision ... .max]
    var number = run
    var next = started
    while number > RunNumber(1), run.rawValue - number.rawValue < Self.runsMax {
      number = RunNumber(number.rawValue - 1)
      guard let summary = try state.run(number) else { continue }
      let slack = summary.clocks.error &+ precision
      let start = summary.opened.microseconds &+ summary.clocks[side] &- slack
      // Of a run that died it is known only when the next one began.
      let end = (summary.closed ?? next).microseconds &+ summary.clocks[side] &+ slack
      ignored.runs.append(start...max(start, end))
      next = summary.opened
      ignored.earliest = start
    }
    if number <= RunNumber(1) { ignored.earliest = .min }
    return ignored
  }
}
