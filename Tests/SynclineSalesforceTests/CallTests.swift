import SynclineTesting
import Testing

/// What runs cost in calls, which an organisation counts (Docs/Connectors/Salesforce.md).
@Suite struct `Calls to an organisation` {
  /// The figure that a run tells.
  private func calls(_ answer: Scenario.Answer) -> Int? {
    let line = answer.output.split(separator: "\n").first { $0.contains("calls to Salesforce") }
    return line.flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { Int($0) }
  }

  /// Ran so often that nothing is read again.
  private func quiet(_ package: CloudPackage) throws {
    #expect(try package.run().status == 0)
    try package.sandbox.act("faults", #"{"fault": "clock=600"}"#)
    #expect(try package.run().status == 0)
    try package.sandbox.act("faults", #"{"fault": "clock=1200"}"#)
  }

  @Test(arguments: [true, false])
  func `are a sign-in and four for an object where nothing is to do`(isSource: Bool) throws {
    let package = try CloudPackage(isSource: isSource)
    try package.database.execute("INSERT INTO Customer (Company) VALUES ('Ada')")
    try quiet(package)
    let answer = try package.run()
    #expect(answer.status == 0)
    #expect(calls(answer) == 5, "\(answer)")
  }

  @Test func `are one for 200 creates, and one to read a batch of them`() throws {
    let package = try CloudPackage(isSource: false)
    try quiet(package)
    try package.database.execute(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) "
        + "INSERT INTO Customer (Company) SELECT 'c' || i FROM n")
    let answer = try package.run()
    #expect(answer.status == 0)
    #expect(calls(answer) == 5 + 10 + 2, "\(answer)")
  }

  @Test func `are told, and how many of the day are used`() throws {
    let package = try CloudPackage(isSource: true)
    try package.sandbox.act("limits", #"{"dailyApiRequests": 100}"#)
    try quiet(package)
    let answer = try package.run()
    #expect(
      answer.output.contains(
        #/\n  source: 5 calls to Salesforce; [0-9]+ of 100 of the day are used\n/#),
      "\(answer)")
  }

  @Test func `find an edit right after it was made`() throws {
    let package = try CloudPackage(isSource: true)
    let id = try package.sandbox.act(
      "write", #"{"object": "Account", "fields": {"Name": "Ada"}}"#)
    try quiet(package)
    #expect(try package.run().status == 0)
    try package.sandbox.act(
      "write", #"{"object": "Account", "id": "\#(id)", "fields": {"Phone": "1"}}"#)
    #expect(try package.run().status == 0)
    #expect(try package.customers == ["Ada|1|"])
  }
}
