/// How often and how patiently a request is tried again.
public struct RetryPolicy: Hashable, Sendable {
  /// Sendings in all, the first included; a repetition after a renewed token is not counted.
  public var attemptsMax: Int
  /// The longest wait before the second sending; it doubles from there.
  public var pauseMillisecondsFirst: Int
  public var pauseMillisecondsMax: Int
  /// The longest wait that a server may ask for; what asks for more is put off to another run.
  public var retryAfterSecondsMax: Int

  public init(
    attemptsMax: Int = 5, pauseMillisecondsFirst: Int = 1_000, pauseMillisecondsMax: Int = 60_000,
    retryAfterSecondsMax: Int = 120
  ) {
    self.attemptsMax = attemptsMax
    self.pauseMillisecondsFirst = pauseMillisecondsFirst
    self.pauseMillisecondsMax = pauseMillisecondsMax
    self.retryAfterSecondsMax = retryAfterSecondsMax
  }

  /// The longest wait after `attempts` sendings.
  func pauseMilliseconds(after attempts: Int) -> Int {
    let doublings = min(max(attempts - 1, 0), 30)
    let (pause, overflow) = pauseMillisecondsFirst.multipliedReportingOverflow(by: 1 << doublings)
    return overflow ? pauseMillisecondsMax : min(pause, pauseMillisecondsMax)
  }
}
