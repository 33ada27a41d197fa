import Foundation
import SynclineTesting
import Testing

/// Two organisations with accounts and contacts, kept the same by the program itself.
final class TwoOrganisations {
  let source: SandboxProgram
  let target: SandboxProgram

  private static let schema = """
    {"objects": [{"name": "Account", "fields": [
      {"name": "Tag__c", "type": "string", "length": 40}]}]}
    """

  init() throws {
    source = try SandboxProgram(schema: Self.schema)
    target = try SandboxProgram(schema: Self.schema)
    let text = """
      source: {connection: here}
      target: {connection: there}
      connections:
        here: {type: salesforce, \(source.keys)}
        there: {type: salesforce, \(target.keys)}
      tasks:
        - name: Accounts
          source: Account
          target: Account
          match: {Tag__c: Tag__c}
          columns: {Name: Name, NumberOfEmployees: NumberOfEmployees, Tag__c: Tag__c}
          relations: {ParentId: {column: ParentId, task: Accounts}}
        - name: Contacts
          source: Contact
          target: Contact
          match: none
          columns: {LastName: LastName}
          relations: {AccountId: {column: AccountId, task: Accounts}}

      """
    try text.write(toFile: source.folder + "/two.sync.yaml", atomically: true, encoding: .utf8)
  }

  subscript(role: Role) -> SandboxProgram { role == .source ? source : target }

  func call(
    _ command: [String], _ options: [String] = [], crash: String = ""
  ) throws -> Scenario.Answer {
    try Scenario.run(
      Scenario.program, command + ["two.sync.yaml"] + options,
      environment: ["SYNCLINE_TEST_SECRET": "sandbox-secret", "SYNCLINE_CRASH": crash],
      in: source.folder)
  }

  @discardableResult
  func run(crash: String = "") throws -> Scenario.Answer {
    try call(["run"], ["--json"], crash: crash)
  }

  func edit(_ role: Role, _ edits: [Edit]) throws {
    for edit in edits { try self[role].apply(edit) }
  }

  /// Runs until a run writes nothing, three times at most; then both hold the cards, and the organisations
  /// themselves count no write of one run more.
  func expectRest(_ cards: [String], at location: SourceLocation = #_sourceLocation) throws {
    for _ in 1...3 {
      let outcome = try run().outcome
      if outcome == .silent { break }
    }
    for role in Role.allCases {
      #expect(try self[role].cards() == cards.sorted(), "the \(role)", sourceLocation: location)
    }
    let before = try [source.changes, target.changes]
    #expect(try run().outcome == .silent, sourceLocation: location)
    #expect(try [source.changes, target.changes] == before, sourceLocation: location)
  }
}

@Suite struct `Two organisations` {
  /// Both hold two accounts, one below the other, and a contact.
  private func settled() throws -> TwoOrganisations {
    let two = try TwoOrganisations()
    try two.edit(.source, [.make("a Ada 1"), .make("b Bob 1"), .boss("b", "a")])
    try two.edit(.target, [.make("a Ada 1"), .make("c Cyd 1"), .person("Pat", "c")])
    try two.expectRest(["a Ada 1", "b Bob 1 < a", "c Cyd 1", "Pat @ c"])
    return two
  }

  @Test(arguments: Role.allCases)
  func `exchange edits, moves, new records and deletes`(role: Role) throws {
    let two = try settled()
    try two.edit(
      role,
      [.score("a", 2), .boss("b", "c"), .move("Pat", "a"), .make("d Dan 1"), .person("Eve", "d")])
    try two.edit(role.other, [.name("c", "Cid")])
    try two.expectRest(
      ["a Ada 2", "b Bob 1 < c", "c Cid 1", "d Dan 1", "Eve @ d", "Pat @ a"])
    try two.edit(role, [.leave("Pat"), .delete("b")])
    try two.expectRest(["a Ada 2", "c Cid 1", "d Dan 1", "Eve @ d"])
  }

  @Test func `the source wins where both edited a record, and what was lost is on record`() throws {
    let two = try settled()
    try two.edit(.source, [.score("a", 2)])
    try two.edit(.target, [.score("a", 3), .name("c", "Cid")])
    try two.expectRest(["a Ada 2", "b Bob 1 < a", "c Cid 1", "Pat @ c"])
    let conflicts = try two.call(["conflicts", "list"], ["--json"]).lines(ListedConflict.self)
    #expect(conflicts.map(\.loser) == ["target"])
    #expect(conflicts.map { $0.lost["NumberOfEmployees"] } == ["3"])
  }

  @Test(arguments: Role.allCases)
  func `a record that comes out of the bin comes back in the other one`(role: Role) throws {
    let two = try settled()
    let id = try two[role].key("Account", "b")
    try two.edit(role, [.delete("b")])
    try two.expectRest(["a Ada 1", "c Cyd 1", "Pat @ c"])
    try two[role].act("undelete", #"{"id": "\#(id)"}"#)
    try two.expectRest(["a Ada 1", "b Bob 1 < a", "c Cyd 1", "Pat @ c"])
  }

  @Test(arguments: Role.allCases)
  func `a create whose answer is lost makes one record`(role: Role) throws {
    let two = try settled()
    try two.edit(role.other, [.make("d Dan 1"), .make("e Eve 1")])
    try two[role].fault("cut-after,match=/composite/sobjects,method=POST,times=1")
    try two.run()
    try two.expectRest(["a Ada 1", "b Bob 1 < a", "c Cyd 1", "d Dan 1", "e Eve 1", "Pat @ c"])
  }

  @Test(arguments: [
    "beforeWrite:1", "afterWrite:1", "afterWrite:2", "afterWrite:3", "afterAppend:3",
  ])
  func `a run that is killed is taken up where it ended`(place: String) throws {
    let two = try settled()
    try two.edit(.source, [.score("a", 2), .make("d Dan 1"), .delete("b")])
    try two.edit(.target, [.name("c", "Cid"), .make("e Eve 1"), .person("Tom", "e")])
    #expect(try two.run(crash: place).status == 137)
    // What was never sent goes again once it cannot arrive any more.
    try two.run()
    for role in Role.allCases { try two[role].fault("clock=1200") }
    try two.expectRest(["a Ada 2", "c Cid 1", "d Dan 1", "e Eve 1", "Pat @ c", "Tom @ e"])
  }
}
