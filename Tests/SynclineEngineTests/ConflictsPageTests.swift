import Foundation
import SynclineEngine
import Testing

@Suite struct `The page of conflicts` {
  @Test func `it says what the decision table says`() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let page = try String(
      contentsOf: root.appendingPathComponent("Docs/Conflicts.md"), encoding: .utf8)
    #expect(page == ConflictsPage.text, "run Tools/docs")
  }
}
