import Foundation
import SynclineTesting

/// How a run ended, as one value: the exit code and what it counted.
struct Outcome: Equatable, Sendable {
  /// Writes on one side.
  struct Writes: Equatable, Sendable {
    var inserts = 0
    var updates = 0
    var deletes = 0
  }

  var status: Int32 = 0
  var state = "Succeeded"
  var source = Writes()
  var target = Writes()
  var conflicts = 0
  var failed = 0
  var held = 0
  var pending = 0
  /// The codes of what was refused or held back.
  var refusals: [String] = []

  /// Nothing was written, nothing is left to do.
  static let silent = Outcome()

  static func wrote(
    inserts: Int = 0, updates: Int = 0, deletes: Int = 0, in role: Role, conflicts: Int = 0
  ) -> Outcome {
    var outcome = Outcome(conflicts: conflicts)
    outcome[role] = Writes(inserts: inserts, updates: updates, deletes: deletes)
    return outcome
  }

  subscript(role: Role) -> Writes {
    get { role == .source ? source : target }
    set { if role == .source { source = newValue } else { target = newValue } }
  }
}

/// The line that `run --json` and `plan --json` end with.
struct Report: Decodable {
  struct Side: Decodable {
    var created: Int
    var changed: Int
    var deleted: Int
    var inserts: Int
    var updates: Int
    var deletes: Int
  }
  struct Refusal: Decodable {
    var code: String
    var message: String
  }
  struct Problem: Decodable {
    var location: String?
    var message: String
  }

  var journal: String?
  var state: String
  var source: Side
  var target: Side
  var conflicts: Int
  var failed: Int
  var held: Int
  var pending: Int
  var refusals: [Refusal]
  var problems: [Problem]
  var failure: String?
}

/// An answer that is not the JSON that it should be.
struct UnexpectedAnswer: Error, CustomStringConvertible {
  var answer: Scenario.Answer
  var description: String {
    "exit \(answer.status); output: \(answer.output); errors: \(answer.errors)"
  }
}

extension Scenario.Answer {
  /// The report that the output ends with.
  var report: Report {
    get throws {
      guard let line = output.split(separator: "\n").last,
        let report = try? JSONDecoder().decode(Report.self, from: Data(line.utf8))
      else { throw UnexpectedAnswer(answer: self) }
      return report
    }
  }

  var outcome: Outcome {
    get throws {
      let report = try report
      func writes(_ side: Report.Side) -> Outcome.Writes {
        Outcome.Writes(inserts: side.inserts, updates: side.updates, deletes: side.deletes)
      }
      return Outcome(
        status: status, state: report.state, source: writes(report.source),
        target: writes(report.target), conflicts: report.conflicts, failed: report.failed,
        held: report.held, pending: report.pending, refusals: report.refusals.map(\.code))
    }
  }

  /// Every line of JSON as a value.
  func lines<Line: Decodable>(_ type: Line.Type) throws -> [Line] {
    guard status == 0 else { throw UnexpectedAnswer(answer: self) }
    return try output.split(separator: "\n").map {
      try JSONDecoder().decode(type, from: Data($0.utf8))
    }
  }
}
