public import SynclineModel

/// Time and chance, as inputs: who puts the program together gives the real ones, tests give their own.
public struct Pacer: Sendable {
  /// The present moment.
  public var now: @Sendable () -> Timestamp
  /// Waits; throws where the task is cancelled.
  public var pause: @Sendable (_ milliseconds: Int) async throws -> Void
  /// A number of chance, at least 0 and below 1.
  public var roll: @Sendable () -> Double

  public init(
    now: @escaping @Sendable () -> Timestamp,
    pause: @escaping @Sendable (_ milliseconds: Int) async throws -> Void,
    roll: @escaping @Sendable () -> Double
  ) {
    self.now = now
    self.pause = pause
    self.roll = roll
  }
}
