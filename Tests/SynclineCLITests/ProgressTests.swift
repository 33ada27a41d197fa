import Foundation
import SynclineTesting
import Testing

@Suite struct `Progress` {
  @Test func `is plain lines where nobody watches`() throws {
    let shop = try Shop.scenario()
    let answer = try shop.syncline("run")
    #expect(
      answer
        == Scenario.Answer(
          status: 0,
          output: """
            Run 1: Succeeded
              source: saw 2 new, 0 changed, 0 deleted; wrote 1 inserts, 0 updates, 0 deletes
              target: saw 1 new, 0 changed, 0 deleted; wrote 2 inserts, 0 updates, 0 deletes
              0 conflicts, 0 failed, 0 held, 0 pending

            """, errors: "opening\nreading\nwriting\nclosing\n"))
  }

  @Test func `is silent beside JSON`() throws {
    #expect(try Shop.scenario().run().errors == "")
  }

  /// What a terminal gets, by `script`, which gives the program one of its own.
  func onTerminal(_ environment: [String: String]) throws -> String {
    let shop = try Shop.scenario()
    let answer = try Scenario.run(
      "/usr/bin/script", ["-qec", "\(Scenario.program) run shop.sync.yaml", "/dev/null"],
      environment: environment, in: shop.folder)
    #expect(answer.status == 0)
    return answer.output
  }

  @Test func `is a bar with phase, counts and colour on a terminal`() throws {
    let text = try onTerminal(["NO_COLOR": ""])
    #expect(text.contains("\r\u{1B}[K\u{1B}[36m•·········\u{1B}[0m  opening"))
    #expect(text.contains("reading"))
    #expect(text.contains(" records"))
    #expect(text.contains("\r\u{1B}[KRun 1: Succeeded"))
  }

  @Test func `has no colour where NO_COLOR is set`() throws {
    let text = try onTerminal(["NO_COLOR": "1"])
    #expect(text.contains("\r\u{1B}[K•·········  opening"))
    #expect(!text.contains("\u{1B}[36m"))
  }

  @Test func `does not end a run whose reader has left`() throws {
    let shop = try Shop.scenario()
    _ = try Scenario.run(
      "/bin/sh", ["-c", "\(Scenario.program) run shop.sync.yaml 2>&1 | true"], in: shop.folder)
    _ = try Scenario.run(
      "/bin/sh", ["-c", "\(Scenario.program) run shop.sync.yaml >/dev/full 2>/dev/full"],
      in: shop.folder)
    #expect(try shop.run().status == 0)
    let contents = try shop.contents
    #expect(contents.source == contents.target)
  }
}
