import Foundation

/// How a run ended, as one value: the exit code and what it counted.
public struct Outcome: Equatable, Sendable {
  /// Writes on one side.
  public struct Writes: Equatable, Sendable {
    public var inserts: Int
    public var updates: Int
    public var deletes: Int

    public init(inserts: Int = 0, updates: Int = 0, deletes: Int = 0) {
      self.inserts = inserts
      self.updates = updates
      self.deletes = deletes
    }
  }

  public var status: Int32
  public var state: String
  public var source: Writes
  public var target: Writes
  public var conflicts: Int
  public var failed: Int
  public var held: Int
  public var pending: Int
  /// The codes of what was refused or held back.
  public var refusals: [String]

  public init(
    status: Int32 = 0, state: String = "Succeeded", source: Writes = Writes(),
    target: Writes = Writes(), conflicts: Int = 0, failed: Int = 0, held: Int = 0,
    pending: Int = 0, refusals: [String] = []
  ) {
    self.status = status
    self.state = state
    self.source = source
    self.target = target
    self.conflicts = conflicts
    self.failed = failed
    self.held = held
    self.pending = pending
    self.refusals = refusals
  }

  /// Nothing was written, nothing is left to do.
  public static let silent = Outcome()

  /// So much was written on one side, and nothing else.
  public static func wrote(
    inserts: Int = 0, updates: Int = 0, deletes: Int = 0, in role: Role, conflicts: Int = 0
  ) -> Outcome {
    var outcome = Outcome(conflicts: conflicts)
    outcome[role] = Writes(inserts: inserts, updates: updates, deletes: deletes)
    return outcome
  }

  /// The writes on a side.
  public subscript(role: Role) -> Writes {
    get { role == .source ? source : target }
    set { if role == .source { source = newValue } else { target = newValue } }
  }
}

/// The line that `run --json` and `plan --json` end with.
public struct Report: Decodable, Sendable {
  /// What a run saw and wrote on one side.
  public struct Side: Decodable, Sendable {
    public var created: Int
    public var changed: Int
    public var deleted: Int
    public var inserts: Int
    public var updates: Int
    public var deletes: Int
  }
  /// Something that was held back.
  public struct Refusal: Decodable, Sendable {
    public var code: String
    public var message: String
  }
  /// Something wrong with the package.
  public struct Problem: Decodable, Sendable {
    public var location: String?
    public var message: String
  }

  public var journal: String?
  public var state: String
  public var source: Side
  public var target: Side
  public var conflicts: Int
  public var failed: Int
  public var held: Int
  public var pending: Int
  public var refusals: [Refusal]
  public var problems: [Problem]
  public var failure: String?
}

/// An answer that is not the JSON that it should be.
public struct UnexpectedAnswer: Error, CustomStringConvertible {
  public var answer: Scenario.Answer
  public var description: String {
    "exit \(answer.status); output: \(answer.output); errors: \(answer.errors)"
  }
}

extension Scenario.Answer {
  /// The report that the output ends with.
  public var report: Report {
    get throws {
      guard let line = output.split(separator: "\n").last,
        let report = try? JSONDecoder().decode(Report.self, from: Data(line.utf8))
      else { throw UnexpectedAnswer(answer: self) }
      return report
    }
  }

  /// How the run ended.
  public var outcome: Outcome {
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
  public func lines<Line: Decodable>(_ type: Line.Type) throws -> [Line] {
    guard status == 0 else { throw UnexpectedAnswer(answer: self) }
    return try output.split(separator: "\n").map {
      try JSONDecoder().decode(type, from: Data($0.utf8))
    }
  }
}
