import SynclineTidyRules
import Testing

@Suite struct `Words in code` {
  private static func findings(_ text: String, in path: String) -> [String] {
    CodeRules.findings(in: ProjectFile(path: path, text: text)).map { "\($0.line): \($0.message)" }
  }

  private static let ambient: [(code: String, word: String)] = [
    ("let a = Date()", "Date()"), ("let a = Date.now", "Date.now"), ("f(UUID())", "UUID()"),
    ("Int.random(in: 0...1)", ".random("), ("try await Task.sleep(for: .seconds(1))", "Task.sleep"),
    ("ProcessInfo.processInfo", "ProcessInfo"),
  ]

  @Test(arguments: ambient.indices)
  func `ambient inputs are banned but where the program is put together`(row: Int) {
    let (code, word) = Self.ambient[row]
    #expect(
      Self.findings(code, in: "Sources/SynclineRun/A.swift") == [
        "1: `\(word)` is banned here; take it as an input"
      ])
    for target in ["SynclineCLI", "syncline", "SynclineTidy"] {
      #expect(Self.findings(code, in: "Sources/\(target)/A.swift") == [])
    }
  }

  @Test func `longer names, strings and comments are not meant`() {
    let text = "let a = CalendarDate() // Date()\nf(\"UUID()\")\nlet b = MyProcessInfo()"
    #expect(Self.findings(text, in: "Sources/SynclineRun/A.swift") == [])
  }

  @Test func `tasks are structured`() {
    #expect(
      Self.findings("Task { f() }\nTask.detached { f() }", in: "Sources/SynclineRun/A.swift") == [
        "1: `Task {` is banned here; use a task group",
        "2: `Task.detached` is banned here; use a task group",
      ])
  }

  @Test func `tests take identifiers but do not wait`() {
    let text = "let a = UUID()\ntry await Task.sleep(for: .seconds(1))"
    #expect(
      Self.findings(text, in: "Tests/SynclineRunTests/A.swift") == [
        "2: `Task.sleep` is banned here; tests do not wait"
      ])
  }

  @Test func `unsafe marks need a reason above them`() {
    let text = """
      // SAFETY: one owner.
      // It stays so.
      final class A: @unchecked Sendable {}
      final class B: @unchecked Sendable {}
      // SAFETY: too far away.

      nonisolated(unsafe) var c = 0
      let d = unsafeBitCast(e, to: F.self)  // SAFETY: not above
      """
    #expect(
      Self.findings(text, in: "Sources/SynclineLMDB/A.swift") == [
        "4: `@unchecked Sendable` needs a `// SAFETY:` sentence above it",
        "7: `nonisolated(unsafe)` needs a `// SAFETY:` sentence above it",
        "8: `unsafeBitCast` needs a `// SAFETY:` sentence above it",
      ])
  }

  @Test func `five unsafe marks are the budget`() {
    let five = ProjectFile(
      path: "Sources/A/A.swift",
      text: Array(repeating: "nonisolated(unsafe) var a = 0", count: 5).joined(separator: "\n"))
    let sixth = ProjectFile(path: "Sources/B/B.swift", text: "\nunsafeBitCast(a, to: B.self)")
    let test = ProjectFile(path: "Tests/B/B.swift", text: "unsafeBitCast(a, to: B.self)")
    #expect(CodeRules.budgetFindings(in: [five, test]) == [])
    #expect(
      CodeRules.budgetFindings(in: [five, sixth]) == [
        Finding("Sources/B/B.swift", line: 2, "6 unsafe marks in the sources, 5 are allowed")
      ])
  }

  @Test func `promises name an issue`() {
    let mark = "TO" + "DO"
    #expect(
      Self.findings("// \(mark): later\n// \(mark) #12: later", in: "Sources/A/A.swift") == [
        "1: `\(mark)` needs an issue, such as `#12`"
      ])
  }
}
