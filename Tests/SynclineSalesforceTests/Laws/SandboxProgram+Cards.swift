import SynclineTesting

/// Accounts and contacts of an organisation in few words.
extension SandboxProgram {
  /// The records and people that it holds, such as `r Ada 1`, `r Ada 1 < q` and `Pat @ r`.
  func cards() throws -> [String] {
    let accounts = try records("Account")
    func tag(_ id: String?) -> String? { id.flatMap { accounts[$0]?["Tag__c"] } }
    let cards = accounts.values.map { record in
      [record["Tag__c"], record["Name"], record["NumberOfEmployees"]].map { $0 ?? "-" }
        .joined(separator: " ") + (tag(record["ParentId"]).map { " < " + $0 } ?? "")
    }
    let people = try records("Contact").values.map {
      "\($0["LastName"] ?? "-") @ \(tag($0["AccountId"]) ?? "-")"
    }
    return (cards + people).sorted()
  }

  /// Somebody edits records of the organisation.
  func apply(_ edit: Edit) throws {
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
    case .touch(let tag): try act("touch", #"{"id": "\#(try key("Account", tag))"}"#)
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
    let found = try records(object).first { $0.value[field] == word }
    guard let found else { throw NoSuchRecord(word: word) }
    return found.key
  }

  private func delete(_ object: String, _ word: String) throws {
    let id = try key(object, word)
    try act("write", #"{"object": "\#(object)", "id": "\#(id)", "delete": true}"#)
  }

  private func write(
    _ object: String, _ word: String?, _ fields: KeyValuePairs<String, String?>, more: String = ""
  ) throws {
    let id = try word.map { #""id": "\#(try key(object, $0))", "# } ?? ""
    let texts = fields.map { name, value in
      "\"\(name)\": " + (value.map { "\"\($0)\"" } ?? "null")
    }
    let all = (texts + (more.isEmpty ? [] : [more])).joined(separator: ", ")
    try act("write", #"{"object": "\#(object)", \#(id)"fields": {\#(all)}}"#)
  }
}

/// A test speaks of a record that the organisation does not hold.
struct NoSuchRecord: Error {
  var word: String
}
