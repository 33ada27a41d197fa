/// A value of a record in JSON, written as `SQLiteFile.rows` writes it.
public struct Shown: Decodable, Hashable, Sendable, ExpressibleByStringLiteral,
  CustomStringConvertible
{
  public var description: String

  public init(stringLiteral text: String) { description = text }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      description = "NULL"
    } else if let isTrue = try? container.decode(Bool.self) {
      description = isTrue ? "TRUE" : "FALSE"
    } else if let integer = try? container.decode(Int64.self) {
      description = String(integer)
    } else if let number = try? container.decode(Double.self) {
      description = "\(number)"
    } else {
      description = "'" + (try container.decode(String.self)) + "'"
    }
  }
}

/// A line of `conflicts list --json`, without what differs from run to run.
public struct ListedConflict: Decodable, Hashable, Sendable {
  public var kind: String
  public var rule: String
  public var loser: String?
  public var status: String
  public var base: [String: Shown]
  public var lost: [String: Shown]
  public var won: [String: Shown]

  public init(
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
public struct ListedError: Decodable, Hashable, Sendable {
  public var object: String?
  public var key: String?
  /// The side that would have been written.
  public var side: String
  public var code: String
  public var count: Int

  public init(object: String?, key: String?, side: String, code: String, count: Int) {
    self.object = object
    self.key = key
    self.side = side
    self.code = code
    self.count = count
  }
}

/// A line that `plan --json` prints for a command.
public struct PlannedCommand: Decodable, Hashable, Sendable {
  public var side: String
  public var object: String
  public var operation: String
  public var key: String?
  public var row: [String: Shown]

  public init(
    side: String, object: String, operation: String, key: String?, row: [String: Shown]
  ) {
    self.side = side
    self.object = object
    self.operation = operation
    self.key = key
    self.row = row
  }
}

/// A line of `history --json`.
public struct ListedEvent: Decodable, Hashable, Sendable {
  public var kind: String
  public var object: String?
  public var run: Int
}

/// What `status --json` says of the tasks.
public struct ListedStatus: Decodable, Hashable, Sendable {
  /// A task and what it has to do.
  public struct Task: Decodable, Hashable, Sendable {
    public var name: String
    public var links: Int
    public var agenda: Int

    public init(name: String, links: Int, agenda: Int) {
      self.name = name
      self.links = links
      self.agenda = agenda
    }
  }
  public var tasks: [Task]

  public init(tasks: [Task]) { self.tasks = tasks }
}
