import SynclineConfiguration
import SynclineModel
import Testing

@Suite struct `All problems at once` {
  @Test func `problems come sorted by place, each with line and column`() {
    let text = """
      conflicts: sorce
      source: {connection: nowhere}
      colour: blue
      tasks:
        - name: T
          source: S
          target: D
          columns: {x: {column: y, conflicts: hold}}
          toSource: {z: {constant: [secret]}}
      drift: sideways
      """
    #expect(
      Reading(text).lines == [
        "p.sync.yaml:1:1: the package has no `target`",
        "p.sync.yaml:1:12: `conflicts` must be `source`, `target`, `newest`, `merge` or `hold`",
        "p.sync.yaml:2:22: no connection is named `nowhere`; describe it under `connections`",
        "p.sync.yaml:3:1: `colour` is no key of a package; its keys are `package`, `source`,"
          + " `target`, `connections`, `locale`, `conflicts`, `capture`, `duringRun`, `deletes`,"
          + " `inferredDeletes`, `drift`, `tasks`, `journal`",
        "p.sync.yaml:8:41: `conflicts` must be `source`, `target` or `merge`",
        "p.sync.yaml:9:30: `constant` must be a single value, not a list",
        "p.sync.yaml:10:8: `drift` must be `leave` or `restore`",
      ])
  }

  @Test func `problems of the shared file name that file`() {
    let shared = "connections:\n  a: {type: sqlite, file: a.db}\n  c: {typ: sqlite}\nextra: 1\n"
    #expect(
      Reading(Minimal.text, shared: shared).lines == [
        "p.sync.yaml:4:3: `a` also stands in connections.yaml; keep one of them",
        "connections.yaml:3:6: the connection `c` has no `type`",
        "connections.yaml:4:1: `extra` is no key of a file of connections; its keys are"
          + " `connections`",
      ])
    #expect(
      Reading(Minimal.text, shared: "").lines == ["connections.yaml:1:1: the file is empty"])
  }

  @Test func `no value of a file is ever shown`() {
    let secret = "hunter2"
    let lines = [
      "package: [\(secret)]", "conflicts: \(secret)", "locale: \(secret)", "drift: \(secret)",
      "journal: \(secret)", "deletes: {limit: \(secret), atLeast: \(secret)}",
      "capture: [\(secret)]", "duringRun: \(secret)", "inferredDeletes: \(secret)",
      "schedule: \(secret)", "password: \(secret)",
    ]
    let text = Minimal.task("    toTarget: {x: {constant: [\(secret)]}}\n").replacing(
      "file: a.db", with: "file: a.db, timeZone: \(secret), busyTimeout: \(secret)")
    let problems = Reading(text + lines.joined(separator: "\n") + "\n")
    guard case .problems(let messages) = problems else {
      Issue.record("the package was read")
      return
    }
    #expect(messages.count == 15)
    #expect(messages.filter { $0.contains(secret) } == [])
  }
}
