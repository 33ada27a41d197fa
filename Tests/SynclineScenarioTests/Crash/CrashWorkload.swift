import SynclineJournal
import SynclineTesting
import Testing

/// Inserts, updates and deletes on both sides, conflicts, relations within and between tables, and a
/// record that is deleted and made again under its key: what runs are killed in the middle of.
enum CrashWorkload {
  /// Both databases before anything ran: records on both sides.
  static func unsynced() throws -> Scenario {
    try Companies.scenario(
      source: """
        INSERT INTO Account VALUES (1, 'Ada', '1', 10.5, NULL), (2, 'Bea', '2', NULL, 1),
          (3, 'Cid', '3', 30, NULL), (4, 'Dot', '4', NULL, NULL), (5, 'Eve', '5', NULL, 4);
        INSERT INTO Contact VALUES (1, 1, 'Ann', 'A', 'ann@a'), (2, 2, 'Bob', 'B', NULL);
        """,
      target: """
        INSERT INTO company VALUES (7, 'Fay', '6', '60', NULL), (9, 'Gus', '7', NULL, 7);
        INSERT INTO person VALUES (4, 7, 'Pat', 'P', 'pat@f');
        """)
  }

  static let synced = Contents(
    accounts: [
      "Ada 1 10.5 -", "Bea 2 - Ada", "Cid 3 30 -", "Dot 4 - -", "Eve 5 - Dot", "Fay 6 60 -",
      "Gus 7 - Fay",
    ],
    contacts: ["Ann A ann@a Ada", "Bob B - Bea", "Pat P pat@f Fay"])

  /// Both databases after a settled run and the edits of people on both sides.
  static func edited() throws -> Scenario {
    let scenario = try unsynced()
    try #require(scenario.run().status == 0)
    try scenario.source.execute(
      """
      UPDATE Account SET Phone = '1s' WHERE Name = 'Ada';
      DELETE FROM Account WHERE Name = 'Cid';
      UPDATE Account SET Phone = '4s' WHERE Name = 'Dot';
      DELETE FROM Account WHERE Id = 5;
      INSERT INTO Account VALUES (5, 'Eva', '5n', NULL, 1);
      INSERT INTO Account VALUES (20, 'Hal', '8', 80, 1);
      INSERT INTO Contact VALUES (20, 20, 'Cat', 'C', NULL);
      DELETE FROM Contact WHERE FirstName = 'Bob';
      UPDATE Contact SET Email = 'ann@s' WHERE FirstName = 'Ann';
      """)
    try scenario.target.execute(
      """
      UPDATE company SET phone = '2t' WHERE name = 'Bea';
      UPDATE company SET phone = '4t' WHERE name = 'Dot';
      UPDATE company SET parent_id = NULL WHERE name = 'Gus';
      DELETE FROM person WHERE first = 'Pat';
      DELETE FROM company WHERE name = 'Fay';
      INSERT INTO company VALUES (30, 'Ivy', '9', NULL, 9);
      INSERT INTO person VALUES (30, 30, 'Dan', 'D', 'dan@i');
      DELETE FROM person WHERE first = 'Ann';
      """)
    return scenario
  }

  static let settled = Contents(
    accounts: [
      "Ada 1s 10.5 -", "Bea 2t - Ada", "Dot 4s - -", "Eva 5n - Ada", "Gus 7 - -", "Hal 8 80 Ada",
      "Ivy 9 - Gus",
    ],
    contacts: ["Ann A ann@s Ada", "Cat C - Hal", "Dan D dan@i Ivy"])

  /// Edits of the very records that a killed run may have had under way.
  static func editFurther(_ scenario: Scenario) throws {
    try scenario.source.execute(
      """
      UPDATE Account SET Phone = '1z' WHERE Name = 'Ada';
      UPDATE Account SET Phone = '8z' WHERE Name = 'Hal';
      UPDATE Account SET Phone = '4z' WHERE Name = 'Dot';
      DELETE FROM Contact WHERE FirstName = 'Cat';
      """)
    try scenario.target.execute(
      """
      UPDATE company SET phone = '2z' WHERE name = 'Bea';
      UPDATE company SET phone = '9z' WHERE name = 'Ivy';
      DELETE FROM person WHERE first = 'Dan';
      """)
  }

  static let settledFurther = Contents(
    accounts: [
      "Ada 1z 10.5 -", "Bea 2z - Ada", "Dot 4z - -", "Eva 5n - Ada", "Gus 7 - -",
      "Hal 8z 80 Ada", "Ivy 9z - Gus",
    ],
    contacts: ["Ann A ann@s Ada"])
}

/// All that must be equal, however often a run was killed on the way.
struct Ending: Equatable, CustomStringConvertible {
  var contents: Contents
  var conflicts: [String]

  init(_ scenario: Scenario) throws {
    contents = try Contents(scenario)
    conflicts = try scenario.conflicts().sorted()
  }

  var description: String { "\(contents)\nconflicts \(conflicts)" }
}

extension Scenario {
  /// Runs until a run finds nothing to do; three runs must be enough.
  func runUntilQuiet(_ comment: Comment) throws {
    for _ in 1...3 {
      let account = RunAccount(try run())
      #expect(account.status == 0, "\(comment): \(account)")
      if account.wrote.isEmpty { break }
    }
    let last = try account()
    #expect(last == .quiet, comment)
    #expect(try queued() == 0, comment)
  }

  /// The state that the runs left is the one that the events make.
  func expectRebuildable(_ comment: Comment) throws {
    let journal = try Journal.open(folder: journal, access: .read, secrets: { [] })
    let live = try journal.stateHash()
    journal.close()
    let digits = live.map { byte in
      let text = String(byte, radix: 16)
      return byte < 16 ? "0" + text : text
    }.joined()
    let rebuilt = try syncline("journal", "rebuild")
    #expect(rebuilt.status == 0, comment)
    #expect(rebuilt.output.contains(digits), "\(comment): \(rebuilt.output), live \(digits)")
  }
}
