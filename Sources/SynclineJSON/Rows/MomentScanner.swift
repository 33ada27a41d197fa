import SynclineModel

/// Reads dates, times and moments as services write them in JSON, in place. Strict: what is not listed
/// at `ValueForm` is none.
struct MomentScanner: ~Escapable {
  private let text: RawSpan
  private var index = 0

  @_lifetime(copy text)
  init(_ text: RawSpan) { self.text = text }

  private var isAtEnd: Bool { index == text.byteCount }

  @_lifetime(self: copy self)
  mutating func wholeDate() -> CalendarDate? {
    guard let date = date(), isAtEnd else { return nil }
    return date
  }

  @_lifetime(self: copy self)
  mutating func wholeTime() -> ClockTime? {
    guard let time = time() else { return nil }
    _ = mark(0x5A)
    return isAtEnd ? time : nil
  }

  @_lifetime(self: copy self)
  mutating func wholeLocalTimestamp() -> Timestamp? {
    guard let moment = moment(), isAtEnd else { return nil }
    return moment
  }

  @_lifetime(self: copy self)
  mutating func wholeTimestamp() -> Timestamp? {
    guard let local = moment(), let minutes = zone(), isAtEnd else { return nil }
    return Timestamp(microseconds: local.microseconds - Int64(minutes) * 60_000_000)
  }

  // MARK: - Parts

  @_lifetime(self: copy self)
  private mutating func moment() -> Timestamp? {
    guard let date = date(), mark(0x54) || mark(0x20), let time = time() else { return nil }
    return Timestamp(date: date, time: time)
  }

  @_lifetime(self: copy self)
  private mutating func date() -> CalendarDate? {
    guard let year = number(4), mark(0x2D), let month = number(2), mark(0x2D), let day = number(2)
    else { return nil }
    return CalendarDate(year: year, month: month, day: day)
  }

  /// `hh:mm:ss`, with up to six digits behind a point, and zeros behind those.
  @_lifetime(self: copy self)
  private mutating func time() -> ClockTime? {
    guard let hour = number(2), mark(0x3A), let minute = number(2), mark(0x3A),
      let second = number(2)
    else { return nil }
    var microsecond = 0
    if mark(0x2E) {
      guard let fraction = fraction() else { return nil }
      microsecond = fraction
    }
    return ClockTime(hour: hour, minute: minute, second: second, microsecond: microsecond)
  }

  @_lifetime(self: copy self)
  private mutating func fraction() -> Int? {
    let start = index
    var microsecond = 0
    var unit = 100_000
    while let digit = number(1) {
      // Finer than a microsecond cannot be kept.
      if unit == 0, digit != 0 { return nil }
      microsecond += digit * unit
      unit /= 10
    }
    return index > start ? microsecond : nil
  }

  /// Minutes east of UTC.
  @_lifetime(self: copy self)
  private mutating func zone() -> Int? {
    if mark(0x5A) { return 0 }
    let isWest = mark(0x2D)
    guard isWest || mark(0x2B), let hours = number(2) else { return nil }
    _ = mark(0x3A)
    guard let minutes = number(2), hours < 24, minutes < 60 else { return nil }
    return (isWest ? -1 : 1) * (hours * 60 + minutes)
  }

  @_lifetime(self: copy self)
  private mutating func mark(_ byte: UInt8) -> Bool {
    guard index < text.byteCount,
      text.unsafeLoad(fromByteOffset: index, as: UInt8.self) == byte
    else { return false }
    index += 1
    return true
  }

  @_lifetime(self: copy self)
  private mutating func number(_ width: Int) -> Int? {
    guard text.byteCount - index >= width else { return nil }
    var number = 0
    for place in index..<index + width {
      let byte = text.unsafeLoad(fromByteOffset: place, as: UInt8.self)
      guard (0x30...0x39).contains(byte) else { return nil }
      number = number * 10 + Int(byte - 0x30)
    }
    index += width
    return number
  }
}
