/// Words that code must not contain, or only with a reason beside them. Docs/Style.md, "Concurrency"
/// and "Comments".
public enum CodeRules {
  /// Where clocks, identifiers and randomness may be taken from the surroundings.
  static let compositionRoots: Set<String> = [
    "SynclineCLI", "syncline", "SynclineSimulate", "SynclineTesting", "SynclineTidy",
  ]

  static let ambientInputs = [
    "Date()", "Date.now", "UUID()", ".random(", "Task.sleep", "ProcessInfo",
  ]
  static let unstructuredTasks = ["Task {", "Task.detached"]
  static let unsafeMarks = ["@unchecked Sendable", "nonisolated(unsafe)", "unsafeBitCast"]

  /// How many unsafe marks the sources may hold altogether.
  public static let unsafeBudget = 5

  /// The breaches in one Swift file.
  public static func findings(in file: ProjectFile) -> [Finding] {
    guard file.isSwift else { return [] }
    let text = SwiftText(file)
    return ambient(file, text) + unexplained(file, text) + openEnds(file, text)
  }

  /// A finding for each unsafe mark above the budget.
  public static func budgetFindings(in files: [ProjectFile]) -> [Finding] {
    let marks = files.filter { $0.isSwift && !$0.isTest }.flatMap { file in
      places(of: unsafeMarks, in: SwiftText(file)).map { (file.path, $0.line) }
    }
    return marks.dropFirst(unsafeBudget).map { path, line in
      Finding(
        path, line: line, "\(marks.count) unsafe marks in the sources, \(unsafeBudget) are allowed")
    }
  }

  private static func ambient(_ file: ProjectFile, _ text: SwiftText) -> [Finding] {
    let banned: [String]
    if file.isTest {
      banned = ["Task.sleep"]
    } else if file.target.map(compositionRoots.contains) == true {
      banned = []
    } else {
      banned = ambientInputs + unstructuredTasks
    }
    return places(of: banned, in: text).map { line, word in
      let mend =
        unstructuredTasks.contains(word)
        ? "use a task group" : file.isTest ? "tests do not wait" : "take it as an input"
      return Finding(file.path, line: line, "`\(word)` is banned here; \(mend)")
    }
  }

  private static func unexplained(_ file: ProjectFile, _ text: SwiftText) -> [Finding] {
    places(of: unsafeMarks, in: text).compactMap { line, word in
      guard !hasReason(text, line) else { return nil }
      return Finding(file.path, line: line, "`\(word)` needs a `// SAFETY:` sentence above it")
    }
  }

  /// Whether the comment right above line `line` (from 1) gives the reason.
  private static func hasReason(_ text: SwiftText, _ line: Int) -> Bool {
    var index = line - 2
    while index >= 0, !text.comments[index].isEmpty, text.code[index].allSatisfy({ $0 == " " }) {
      if text.comments[index].contains("SAFETY:") { return true }
      index -= 1
    }
    return false
  }

  /// Comments that promise work without an issue.
  private static func openEnds(_ file: ProjectFile, _ text: SwiftText) -> [Finding] {
    text.comments.enumerated().compactMap { index, comment in
      for word in ["TODO", "FIXME"] where contains(comment, word) && !hasNumber(comment) {
        return Finding(file.path, line: index + 1, "`\(word)` needs an issue, such as `#12`")
      }
      return nil
    }
  }

  private static func hasNumber(_ comment: String) -> Bool {
    comment.split(separator: "#").dropFirst().contains { $0.first?.isNumber == true }
  }

  private static func places(
    of words: [String], in text: SwiftText
  ) -> [(line: Int, word: String)] {
    text.code.enumerated().flatMap { index, code in
      words.filter { contains(code, $0) }.map { (index + 1, $0) }
    }
  }

  /// Whether the line has the word, not as a part of a longer name.
  static func contains(_ line: String, _ word: String) -> Bool {
    let bytes = Array(line.utf8)
    let wanted = Array(word.utf8)
    guard bytes.count >= wanted.count, let first = wanted.first, let last = wanted.last else {
      return false
    }
    return (0...(bytes.count - wanted.count)).contains { start in
      let end = start + wanted.count
      guard bytes[start..<end].elementsEqual(wanted) else { return false }
      let opens = start == 0 || !isNamePart(first) || !isNamePart(bytes[start - 1])
      let closes = end == bytes.count || !isNamePart(last) || !isNamePart(bytes[end])
      return opens && closes
    }
  }

  private static func isNamePart(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x5F, 0x61...0x7A, 0x80...0xFF: true
    default: false
    }
  }
}
