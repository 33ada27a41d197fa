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
      if role == cloud { try editCloud(edit) } else { try database.execute(sql(edit)) }
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

  // MARK: The organisation

  private func editCloud(_ edit: Edit) throws {
    switch edit {
    case .make(let text):
      let card = Card(text)
      try write(
        "Account", nil,
        ["Tag__c": card.tag, "Name": card.name],
        more: "\"NumberOfEmployees\": \(card.score ?? "null")")
    case .score(let tag, let score):
      try write(
        "Account", tag, [:], more: "\"NumberOfEmployees\": \(score.map(String.init) ?? "null")")
    case .name(let tag, let name): try write("Account", tag, ["Name": name])
    case .tag(let tag, let new): try write("Account", tag, ["Tag__c": new])
    case .touch(let tag): try sandbox.act("touch", #"{"id": "\#(try key("Account", tag))"}"#)
    case .delete(let tag): try delete("Account", tag)
    case .boss(let tag, let boss):
      try write("Account", tag, ["ParentId": try boss.map { try key("Account", $0) }])
    case .person(let name, let tag):
      try write(
        "Contact", nil,
        ["LastName": name, "AccountId": try tag.map { try key("Account", $0) }])
    case .move(let name, let tag):
      try write("Contact", name, ["AccountId": try tag.map { try key("Account", $0) }])
    case .leave(let name): try delete("Contact", name)
    }
  }

  /// The id of a record of the organisation.
  func key(_ object: String, _ word: String) throws -> String {
    let field = object == "Account" ? "Tag__c" : "LastName"
    let found = try sandbox.records(object).first { $0.value[field] == word }
    guard let found else { throw NoSuchRecord(word: word) }
    return found.key
  }

  private func delete(_ object: String, _ word: String) throws {
    let id = try key(object, word)
    try sandbox.act("write", #"{"object": "\#(object)", "id": "\#(id)", "delete": true}"#)
  }

  private func write(
    _ object: String, _ word: String?, _ fields: KeyValuePairs<String, String?>, more: String = ""
  ) throws {
    let id = try word.map { #""id": "\#(try key(object, $0))", "# } ?? ""
    let texts = fields.map { name, value in
      "\"\(name)\": " + (value.map { "\"\($0)\"" } ?? "null")
    }
    let all = (texts + (more.isEmpty ? [] : [more])).joined(separator: ", ")
    try sandbox.act("write", #"{"object": "\#(object)", \#(id)"fields": {\#(all)}}"#)
  }
}

/// A test speaks of a record that the organisation does not hold.
struct NoSuchRecord: Error {
  var word: String
}
