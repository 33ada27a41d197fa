/// The small notations of a package file: zones, durations, percentages, counts. Each returns nil for
/// what it does not read; the caller knows what to tell the person.
enum Quantities {
  /// `UTC`, or `+hh:mm` and `-hh:mm` up to 14 hours: minutes east of UTC.
  static func zoneMinutes(_ text: String) -> Int16? {
    if text == "UTC" { return 0 }
    let characters = Array(text.utf8)
    guard characters.count == 6, characters[3] == 0x3A,
      characters[0] == 0x2B || characters[0] == 0x2D,
      let hours = digits(characters[1..<3]), let minutes = digits(characters[4..<6]),
      minutes < 60, hours * 60 + minutes <= 14 * 60
    else { return nil }
    let total = Int16(hours * 60 + minutes)
    return characters[0] == 0x2D ? -total : total
  }

  /// Whether the text looks like the name of a zone (`Europe/Berlin`, `CET`), not like an offset.
  static func isZoneName(_ text: String) -> Bool {
    text.utf8.first.map { (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) } ?? false
  }

  /// `30 seconds`, `500 milliseconds`, `2 minutes`: milliseconds, at most an hour.
  static func milliseconds(_ text: String) -> Int? {
    let words = text.split(separator: " ", omittingEmptySubsequences: true)
    guard words.count == 2, let count = digits(Array(words[0].utf8)) else { return nil }
    let unit: Int
    switch words[1] {
    case "millisecond", "milliseconds": unit = 1
    case "second", "seconds": unit = 1000
    case "minute", "minutes": unit = 60_000
    default: return nil
    }
    let milliseconds = count * unit
    return milliseconds <= 3_600_000 ? milliseconds : nil
  }

  /// `10%`: 0 to 100.
  static func percent(_ text: String) -> Int? {
    guard text.utf8.last == 0x25 else { return nil }
    let figure = text.utf8.dropLast()
    guard let percent = digits(figure.last == 0x20 ? figure.dropLast() : figure) else { return nil }
    return percent <= 100 ? percent : nil
  }

  /// A whole number from 0, of at most nine digits.
  static func count(_ text: String) -> Int? { digits(text.utf8) }

  private static func digits(_ characters: some Collection<UInt8>) -> Int? {
    guard (1...9).contains(characters.count),
      characters.allSatisfy({ (0x30...0x39).contains($0) })
    else { return nil }
    return characters.reduce(0) { $0 * 10 + Int($1 - 0x30) }
  }
}
