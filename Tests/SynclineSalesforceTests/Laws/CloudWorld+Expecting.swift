import SynclineTesting
import Testing

extension CloudWorld {
  /// Both sides hold these and nothing else.
  func expectBoth(_ contents: [String], at location: SourceLocation = #_sourceLocation) throws {
    for role in Role.allCases {
      #expect(
        try self.contents(role) == contents.sorted(), "the \(role)", sourceLocation: location)
    }
  }

  /// A run ends as told.
  func expectRun(
    _ options: String..., is outcome: Outcome, at location: SourceLocation = #_sourceLocation
  ) throws {
    let answer = try call(["run"], ["--json"] + options)
    #expect(
      try answer.outcome == outcome, "\(answer.output)\(answer.errors)", sourceLocation: location)
  }

  /// The next run is quiet, and the sides themselves count no write.
  func expectQuiet(
    _ outcome: Outcome = .silent, at location: SourceLocation = #_sourceLocation
  ) throws {
    let before = try writes()
    try expectRun(is: outcome, at: location)
    #expect(try writes() == before, "writes of a quiet run", sourceLocation: location)
  }

  /// Both sides hold the records after a settled run.
  func settle(_ records: [String], at location: SourceLocation = #_sourceLocation) throws {
    try edit(.source, records.map { .make($0) })
    try expectRun(is: .wrote(inserts: records.count, in: .target), at: location)
    try expectBoth(records, at: location)
  }

  /// What conflicts took back, such as `bothChanged: target lost score = 3`, in the words of both sides.
  func losers() throws -> [String] {
    let words = [
      "Tag": "tag", "Tag__c": "tag", "Company": "name", "Name": "name", "Score": "score",
      "NumberOfEmployees": "score", "Boss": "boss", "ParentId": "boss", "Firm": "firm",
      "AccountId": "firm",
    ]
    return try call(["conflicts", "list"], ["--json"]).lines(ListedConflict.self).map { conflict in
      let lost = conflict.lost.filter { $0.value != "NULL" }.compactMap { field, value in
        words[field].map { ["boss", "firm"].contains($0) ? $0 : "\($0) = \(value)" }
      }
      return "\(conflict.kind): \(conflict.loser ?? "nobody") lost "
        + (lost.isEmpty ? "the record" : lost.sorted().joined(separator: ", "))
        + (conflict.status == "decided" ? "" : ", \(conflict.status)")
    }.sorted()
  }

  /// The codes of what waits because it was refused.
  func errors() throws -> [String] {
    try call(["errors"], ["--json"]).lines(ListedError.self).map(\.code).sorted()
  }

  /// The links of the tasks, in their order.
  func links() throws -> [Int] {
    try call(["status"], ["--json"]).lines(ListedStatus.self).flatMap { $0.tasks.map(\.links) }
  }
}
