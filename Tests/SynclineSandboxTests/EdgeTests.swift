import Foundation
import SynclineTesting
import Testing

@Suite struct `The sandbox over real sockets` {
  static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "edge.py").path

  /// What holds is listed in the script, which uses nothing but the standard library of Python.
  @Test func `cuts, waits, keeps, starts again and speaks TLS as it says`() throws {
    let answer = try Scenario.run(
      "/usr/bin/env", ["python3", "-B", Self.script, Scenario.program],
      in: NSTemporaryDirectory())
    #expect(answer.status == 0, "\(answer.output)\(answer.errors)")
    #expect(answer.output.split(separator: "\n").count == 35, "\(answer.output)")
  }
}
