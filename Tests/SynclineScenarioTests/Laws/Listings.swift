/// A value of a record in JSON, written as `SQLiteFile.rows` writes it.
struct Shown: Decodable, Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  var description: String

  init(stringLiteral text: String) { description = text }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      description = "NULL"
    } else if let integer = try? container.decode(Int64.self) {
      description = String(integer)
    } else {
      description = "'" + (try container.decode(String.self)) + "'"
    }
  }
}

/// A line of `conflicts list --json`, without what differs from run to run.
struct ListedConflict: Decodable, Hashable, Sendable {
  var kind: String
  var rule: String
  var loser: String?
  var status: String
  var base: [String: Shown]
  var lost: [String: Shown]
  var won: [String: Shown]

  init(
    _ kind: String, loser: Role?, status: String = "decided", rule: String = "source",
    base: [String: Shown] = [:], lost: [String: Shown] = [:], won: [String: Shown] = [:]
  ) {
    self.kind = kind
    self.rule = rule
    self.loser = loser?.rawValue
    self.status = status
    self.base = base
    self.lost = lost
    self.won = won
  }
}

/// A line of `errors --json`, without numbers of events and runs.
struct ListedError: Decodable, Hashable, Sendable {
  var object: String?
  var key: String?
  /// The side that would have been written.
  var side: String
  var code: String
  var count: Int
}

/// A line that `plan --json` prints for a command.
struct PlannedCommand: Decodable, Hashable, Sendable {
  var side: String
  var object: String
  var operation: String
  var key: String?
  var row: [String: Shown]
}

/// A line of `history --json`.
struct ListedEvent: Decodable, Hashable, Sendable {
  var kind: String
  var object: String?
  var run: Int
}

/// What `status --json` says of the tasks.
struct ListedStatus: Decodable, Hashable, Sendable {
  struct Task: Decodable, Hashable, Sendable {
    var name: String
    var links: Int
    var agenda: Int
  }
  var tasks: [Task]
}
