import SynclineModel

/// The one time of a simulated world: a count of steps, of which each moves all clocks on.
final class WorldClock {
  private(set) var step = 0

  /// 2026-01-01T00:00:00Z.
  private static let beginning: Int64 = 1_767_225_600_000_000
  private static let stepMicroseconds: Int64 = 7_000

  /// Time in which nothing happened, in microseconds.
  private var idle: Int64 = 0

  func tick() -> Int {
    step += 1
    return step
  }

  /// Nothing happens for a while.
  func pass(_ microseconds: Int64) { idle += microseconds }

  /// What the run's own clock shows.
  var now: Timestamp {
    Timestamp(microseconds: Self.beginning + idle + Int64(step) * Self.stepMicroseconds)
  }

  /// What a clock shows that runs ahead and counts coarsely.
  func now(ahead offset: Int64, precision: Int64) -> Timestamp {
    let moment = now.microseconds + offset
    return Timestamp(microseconds: moment - moment % max(1, precision))
  }
}
