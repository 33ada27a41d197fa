import SynclineModel

/// Moments as queries and answers spell them.
enum StampText {
  /// `2026-11-24T09:30:00.000+0000`, also with `Z` or `+00:00`.
  static func moment(_ text: String) -> Timestamp? {
    var bytes = Array(text.utf8)
    if bytes.count > 5, [0x2B, 0x2D].contains(bytes[bytes.count - 5]) {
      bytes.insert(0x3A, at: bytes.count - 2)
    }
    return ISOText.timestamp(bytes)
  }

  /// `2026-11-24T09:30:00.000Z`
  static func format(_ moment: Timestamp) -> String {
    let parts = moment.parts
    return "\(parts.date)T\(format(parts.time))"
  }

  /// `09:30:00.000Z`; what is finer than a millisecond is cut off.
  static func format(_ time: ClockTime) -> String {
    let whole = time.microseconds / 1_000_000 * 1_000_000
    let milliseconds = String((time.microseconds - whole) / 1000)
    let padding = String(repeating: "0", count: 3 - milliseconds.utf8.count)
    return "\(ClockTime(microseconds: whole)).\(padding)\(milliseconds)Z"
  }
}
