import SynclineTesting

/// What somebody does on a side. Records are told by their tags, people by their names.
enum Edit: Sendable {
  /// A new record, such as `r Ada 1`: tag, name and score; `-` is nothing.
  case make(String)
  case score(String, Int?)
  case name(String, String)
  /// The tag itself.
  case tag(String, String?)
  /// Written again with the values that it has.
  case touch(String)
  case delete(String)
  /// The record is below another one.
  case boss(String, String?)
  /// A new person of a record.
  case person(String, String?)
  case move(String, String?)
  case leave(String)
}

/// A record as both sides see it.
struct Card {
  var tag: String?
  var name: String
  var score: String?

  /// Reads `r Ada 1`.
  init(_ text: String) {
    let parts = text.split(separator: " ").map { $0 == "-" ? nil : String($0) }
    (tag, name, score) = (parts[0], parts[1] ?? "", parts[2])
  }
}

extension CloudWorld {
  /// People edit records on a side.
  func edit(_ role: Role, _ edits: [Edit]) throws {
    for edit in edits {
      if role == cloud { try sandbox.apply(edit) } else { try database.execute(sql(edit)) }
    }
  }

  // MARK: The database

  private func sql(_ edit: Edit) -> String {
    func quote(_ text: String?) -> String { text.map { "'\($0)'" } ?? "NULL" }
    func id(_ tag: String?) -> String { "(SELECT Id FROM Customer WHERE Tag = \(quote(tag)))" }
    func set(_ tag: String, _ change: String) -> String {
      "UPDATE Customer SET \(change) WHERE Tag = '\(tag)'"
    }
    switch edit {
    case .make(let text):
      let card = Card(text)
      return "INSERT INTO Customer (Tag, Company, Score) VALUES "
        + "(\(quote(card.tag)), '\(card.name)', \(card.score ?? "NULL"))"
    case .score(let tag, let score): return set(tag, "Score = \(score.map(String.init) ?? "NULL")")
    case .name(let tag, let name): return set(tag, "Company = '\(name)'")
    case .tag(let tag, let new): return set(tag, "Tag = \(quote(new))")
    case .touch(let tag): return set(tag, "Score = Score, Company = Company")
    case .delete(let tag): return "DELETE FROM Customer WHERE Tag = '\(tag)'"
    case .boss(let tag, let boss): return set(tag, "Boss = \(id(boss))")
    case .person(let name, let tag):
      return "INSERT INTO Person (Family, Firm) VALUES ('\(name)', \(id(tag)))"
    case .move(let name, let tag):
      return "UPDATE Person SET Firm = \(id(tag)) WHERE Family = '\(name)'"
    case .leave(let name): return "DELETE FROM Person WHERE Family = '\(name)'"
    }
  }
}
