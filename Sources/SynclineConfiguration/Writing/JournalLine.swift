public import SynclineModel

/// The line `journal: UUID` of a package file. The first run appends it, so that a package that is
/// renamed or moved keeps its journal. It is written as text: nothing else of the file is touched,
/// neither comments nor line ends.
public enum JournalLine {
  /// The file with the line: its value replaced where the line stands, else appended. What the
  /// reader accepts stays acceptable.
  public static func writing(_ journal: JournalID, into file: [UInt8]) -> [UInt8] {
    let id = Array(journal.description.utf8)
    if let place = valuePlace(in: file) {
      let isGlued = place.isEmpty && file[place.lowerBound - 1] == 0x3A
      return Array(file[..<place.lowerBound]) + (isGlued ? [0x20] : []) + id
        + file[place.upperBound...]
    }
    let end = lineEnd(of: file)
    let place = endOfDocument(file)
    let isOpen = place > 0 && file[place - 1] != 0x0A
    return Array(file[..<place]) + (isOpen ? end : []) + Array("journal: ".utf8) + id + end
      + file[place...]
  }

  /// The journal that the file names, also where the rest of it cannot be read; nil for none.
  public static func journal(in file: [UInt8]) -> JournalID? {
    guard let place = valuePlace(in: file) else { return nil }
    let text = String(decoding: file[place], as: UTF8.self)
    let isQuoted =
      text.count > 1 && text.first == text.last && text.first.map("'\"".contains) == true
    return JournalID(text: isQuoted ? String(text.dropFirst().dropLast()) : text)
  }

  /// The same for text.
  public static func writing(_ journal: JournalID, into text: String) -> String {
    String(decoding: writing(journal, into: Array(text.utf8)), as: UTF8.self)
  }

  /// Where the value of the key stands. The key stands at the start of a line; a comment or a key of
  /// another mapping does not.
  private static func valuePlace(in file: [UInt8]) -> Range<Int>? {
    let spellings = ["journal", "'journal'", "\"journal\""].map { Array($0.utf8) }
    for line in lines(of: file) {
      guard let key = spellings.first(where: { file[line].starts(with: $0) }) else { continue }
      var place = line.lowerBound + key.count
      while place < line.upperBound, isBlank(file[place]) { place += 1 }
      guard place < line.upperBound, file[place] == 0x3A else { continue }
      place += 1
      guard place == line.upperBound || isBlank(file[place]) else { continue }
      while place < line.upperBound, isBlank(file[place]) { place += 1 }
      return place..<endOfValue(in: file, place..<line.upperBound)
    }
    return nil
  }

  /// Where the value ends: before a comment and the blanks in front of it.
  private static func endOfValue(in file: [UInt8], _ rest: Range<Int>) -> Int {
    var end = rest.upperBound
    for index in rest where file[index] == 0x23 && isBlank(file[index - 1]) {
      end = index
      break
    }
    while end > rest.lowerBound, isBlank(file[end - 1]) { end -= 1 }
    return end
  }

  /// The lines without their ends.
  private static func lines(of file: [UInt8]) -> [Range<Int>] {
    var lines: [Range<Int>] = []
    var start = file.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    while start < file.count {
      let next = file[start...].firstIndex(of: 0x0A) ?? file.count
      let isCarriageReturn = next > start && file[next - 1] == 0x0D
      lines.append(start..<(isCarriageReturn ? next - 1 : next))
      start = next + 1
    }
    return lines
  }

  /// The end of the file, or the line `...` that ends the document.
  private static func endOfDocument(_ file: [UInt8]) -> Int {
    let marker = lines(of: file).first { line in
      file[line].starts(with: [0x2E, 0x2E, 0x2E]) && file[line].dropFirst(3).allSatisfy(isBlank)
    }
    return marker?.lowerBound ?? file.count
  }

  /// How the file ends its lines.
  private static func lineEnd(of file: [UInt8]) -> [UInt8] {
    guard let first = file.firstIndex(of: 0x0A), first > 0, file[first - 1] == 0x0D else {
      return [0x0A]
    }
    return [0x0D, 0x0A]
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
