import SynclineModel
import SynclinePorts
import SynclineSQLite
import Testing

/// What the triggers note, by statements of other programs (the pitfalls of databases that their
/// owners go on using).
@Suite struct TrackingTests {
  static let person = """
    CREATE TABLE person (id INTEGER PRIMARY KEY, email TEXT UNIQUE, name TEXT);
    INSERT INTO person VALUES (1, 'a', 'Ann'), (2, 'b', 'Bob');
    """

  @Test func `Inserts, updates and deletes are noted with their keys`() async throws {
    let fixture = try Fixture(Self.person)
    try await fixture.track("person")
    try fixture.owner.run(
      "INSERT INTO person (email, name) VALUES ('c', 'Cy'); UPDATE person SET name = name "
        + "WHERE id = 1; DELETE FROM person WHERE id = 2")
    #expect(
      try await fixture.story() == [
        "1 insert ->3", "1 update 1>1", "1 delete 2>-", "standing: 1 1, 1 3",
      ])
  }

  @Test func `A row that REPLACE displaces is noted, whatever recursive_triggers says`()
    async throws
  {
    for setting in ["OFF", "ON"] {
      let fixture = try Fixture(Self.person)
      try await fixture.track("person")
      try fixture.owner.run(
        "PRAGMA recursive_triggers = \(setting); "
          + "INSERT OR REPLACE INTO person (email, name) VALUES ('b', 'Bea')")
      let deleted = setting == "ON" ? ["1 delete 2>-"] : []
      #expect(
        try await fixture.story()
          == ["1 displaced 2>-"] + deleted + ["1 insert ->3", "standing: 1 3"])
    }
  }

  @Test func `REPLACE under a live key is an insert on that key`() async throws {
    let fixture = try Fixture(Self.person)
    try await fixture.track("person")
    try fixture.owner.run("REPLACE INTO person VALUES (2, 'bb', 'Bea')")
    #expect(try await fixture.story() == ["1 insert ->2", "standing: 1 2"])
  }

  @Test func `UPDATE OR REPLACE notes the displaced row, by unique value and by key`() async throws
  {
    let fixture = try Fixture(Self.person)
    try await fixture.track("person")
    try fixture.owner.run(
      "UPDATE OR REPLACE person SET email = 'a' WHERE id = 2; "
        + "INSERT INTO person VALUES (5, 'e', 'Eve'); "
        + "UPDATE OR REPLACE person SET id = 5 WHERE id = 2")
    #expect(
      try await fixture.story() == [
        "1 displaced 1>-", "1 update 2>2", "1 insert ->5", "1 displaced 5>-", "1 update 2>5",
        "standing: 1 5",
      ])
  }

  @Test func `An upsert is an update of the row that stands`() async throws {
    let fixture = try Fixture(Self.person)
    try await fixture.track("person")
    try fixture.owner.run(
      "INSERT INTO person (email, name) VALUES ('a', 'Ada') "
        + "ON CONFLICT (email) DO UPDATE SET name = excluded.name")
    #expect(
      try await fixture.story() == ["1 displaced 1>-", "1 update 1>1", "standing: 1 1"])
  }

  @Test func `A key that changes is one entry with both keys`() async throws {
    let fixture = try Fixture(Self.person)
    try await fixture.track("person")
    try fixture.owner.run("UPDATE person SET id = 9 WHERE id = 2")
    #expect(try await fixture.story() == ["1 update 2>9", "standing: 1 9"])
  }

  @Test func `A key that is used again shows both the delete and the insert`() async throws {
    let fixture = try Fixture(Self.person)
    try await fixture.track("person")
    try fixture.owner.run(
      "DELETE FROM person WHERE id = 2; INSERT INTO person (email) VALUES ('n')")
    #expect(
      try await fixture.story() == ["1 delete 2>-", "1 insert ->2", "standing: 1 2"])
  }

  @Test func `A cascade is noted for each child`() async throws {
    let fixture = try Fixture(
      Self.person + """
        CREATE TABLE pet (id INTEGER PRIMARY KEY,
          owner INTEGER REFERENCES person ON DELETE CASCADE);
        INSERT INTO pet VALUES (10, 2), (11, 2), (12, 1);
        """)
    try await fixture.track("person", "pet")
    try fixture.owner.run("PRAGMA foreign_keys = ON; DELETE FROM person WHERE id = 2")
    #expect(
      try await fixture.story() == [
        "2 delete 10>-", "2 delete 11>-", "1 delete 2>-", "standing: ",
      ])
  }

  @Test func `A partial unique index is watched under its own condition`() async throws {
    let fixture = try Fixture(
      """
      CREATE TABLE t (id INTEGER PRIMARY KEY, code TEXT, live INTEGER);
      CREATE UNIQUE INDEX u ON t (code COLLATE NOCASE) WHERE live = 1 -- the "where" of u
      ;
      INSERT INTO t VALUES (1, 'a', 1), (2, 'a', 0);
      """)
    try await fixture.track("t")
    try fixture.owner.run("REPLACE INTO t (code, live) VALUES ('A', 1)")
    #expect(
      try await fixture.story() == ["1 displaced 1>-", "1 insert ->3", "standing: 1 3"])
  }

  @Test func `A unique index over an expression is watched`() async throws {
    let fixture = try Fixture(
      """
      CREATE TABLE t (id INTEGER PRIMARY KEY, first TEXT, last TEXT, both AS (first || last));
      CREATE UNIQUE INDEX u ON t (lower(first) DESC, lower(last) COLLATE RTRIM /* , */);
      CREATE UNIQUE INDEX g ON t (upper(both));
      CREATE UNIQUE INDEX one ON t ((7)) WHERE last = 'only';
      INSERT INTO t VALUES (1, 'Ann', 'Lee'), (2, 'Bob', 'Lee'), (3, 'ANN', 'Oak');
      """)
    try await fixture.track("t")
    try fixture.owner.run(
      "REPLACE INTO t (first, last) VALUES ('ann', 'LEE '); "
        + "UPDATE OR REPLACE t SET first = 'bo', last = 'BLEE' WHERE id = 3")
    #expect(
      try await fixture.story() == [
        "1 displaced 1>-", "1 insert ->4", "1 displaced 2>-", "1 update 3>3", "standing: 1 3, 1 4",
      ])
    let plan = try fixture.owner.rows(
      "EXPLAIN QUERY PLAN SELECT id FROM t AS held WHERE (lower(first)) COLLATE BINARY = "
        + "(SELECT lower(first) FROM (SELECT 'a' AS first)) AND (lower(last)) COLLATE RTRIM = 'b'")
    #expect(plan.contains { $0.contains("USING INDEX u") || $0.contains("INDEX u (") })
  }

  @Test func `An index over an expression that only some rows have breaks no write`() async throws {
    let fixture = try Fixture(
      """
      CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT, spare TEXT);
      CREATE UNIQUE INDEX u ON t (json_extract(v, '$.x')) WHERE json_valid(v);
      INSERT INTO t (v) VALUES ('no JSON'), ('{"x":1}');
      """)
    try await fixture.track("t")
    try fixture.owner.run(
      "INSERT INTO t (v) VALUES ('none either'); REPLACE INTO t (v) VALUES ('{\"x\":1}'); "
        + "ALTER TABLE t DROP COLUMN spare")
    try await fixture.bind("t")
    #expect(
      try await fixture.changes().entries.map(\.operation) == [.insert, .displaced, .insert])
  }

  @Test(arguments: ["WAL", "DELETE"])
  func `Pages of changes come from one snapshot`(mode: String) async throws {
    let fixture = try Fixture("PRAGMA journal_mode = \(mode); " + Self.person)
    try await fixture.track("person")
    try fixture.owner.run("UPDATE person SET name = 'x'")
    let first = try await fixture.connector.readChanges(limit: 1)
    #expect(first.ranges == [EntryRange(first: 1, last: 1)])
    #expect(!first.isLast)
    if mode == "WAL" {
      try fixture.owner.run("DELETE FROM person")
    } else {
      #expect(throws: OwnersProgram.Failure.self) { try fixture.owner.run("DELETE FROM person") }
    }
    let second = try await fixture.connector.readChanges(limit: 10)
    #expect(second.entries.map(\.number) == [2])
    #expect(second.rows.count == 1)
    #expect(second.isLast)
    try fixture.owner.run("DELETE FROM person")
    #expect(try await fixture.changes().rows == [:])
  }

  @Test func `Numbers are not given again once the queue was emptied`() async throws {
    let fixture = try Fixture(Self.person)
    try await fixture.track("person")
    try fixture.owner.run("UPDATE person SET name = 'x'")
    try await fixture.acknowledge(try await fixture.changes().ranges)
    #expect(try await fixture.changes().ranges == [])
    try fixture.owner.run("UPDATE person SET name = 'y' WHERE id = 1")
    #expect(try await fixture.changes().ranges == [EntryRange(first: 3, last: 3)])
  }

  @Test func `Adding an object keeps queue and numbers, a new generation counts anew`()
    async throws
  {
    let fixture = try Fixture(Self.person + "CREATE TABLE pet (id INTEGER PRIMARY KEY, name);")
    try await fixture.track("person")
    try fixture.owner.run("UPDATE person SET name = 'x' WHERE id = 1")
    try await fixture.track("person", "pet")
    try fixture.owner.run("INSERT INTO pet (name) VALUES ('Rex')")
    #expect(
      try await fixture.story() == ["1 update 1>1", "2 insert ->1", "standing: 1 1, 2 1"])
    try await fixture.track("person", "pet", generation: 2)
    try fixture.owner.run("INSERT INTO pet (name) VALUES ('Tom')")
    #expect(try await fixture.changes().entries.map(\.number) == [1])
  }

  @Test func `Entries of objects that are not bound are counted and skipped`() async throws {
    let fixture = try Fixture(Self.person + "CREATE TABLE pet (id INTEGER PRIMARY KEY, name);")
    try await fixture.track("person", "pet")
    try fixture.owner.run("INSERT INTO pet (name) VALUES ('Rex'); DELETE FROM person WHERE id = 1")
    try await fixture.bind("person")
    let page = try await fixture.changes()
    #expect(page.entries.map(\.number) == [2])
    #expect(page.ranges == [EntryRange(first: 1, last: 2)])
  }

  @Test func `Entries carry the time of the change`() async throws {
    let fixture = try Fixture(Self.person)
    try await fixture.track("person")
    let before = try #require(try await fixture.bind("person").now)
    try fixture.owner.run("DELETE FROM person WHERE id = 1")
    let after = try #require(try await fixture.bind("person").now)
    let time = try #require(try await fixture.changes().entries.first?.time)
    #expect(before <= time && time <= after)
    let queue = try await fixture.connector.queue(of: Fixture.journal)
    #expect(queue.length == 1)
    #expect(queue.oldest == time)
  }

  @Test func `Untracking leaves the database as it was`() async throws {
    let fixture = try Fixture(Self.person)
    let before = try fixture.owner.schema()
    try await fixture.track("person")
    #expect(try fixture.owner.schema().count == before.count + 10)
    #expect(try await fixture.connector.removeTracking(of: Fixture.journal))
    #expect(try fixture.owner.schema() == before)
    #expect(try await fixture.connector.removeTracking(of: Fixture.journal) == false)
    try fixture.owner.run("UPDATE person SET name = 'free'")
  }

  @Test func `The identity stays until the last journal goes`() async throws {
    let fixture = try Fixture(Self.person)
    try await fixture.track("person")
    let other = JournalID(bytes: [UInt8](repeating: 5, count: 16))
    let identity = try await fixture.connector.createTracking(
      TrackingRequest(objects: [], owner: Fixture.ownerRow(journal: other)))
    #expect(identity == SystemIdentity("11111111-1111-1111-1111-111111111111"))
    #expect(try await fixture.connector.removeTracking(of: Fixture.journal))
    #expect(try await fixture.bind("person").identity == identity)
    #expect(try await fixture.connector.removeTracking(of: other))
    #expect(try await fixture.bind("person").identity == nil)
  }

  @Test func `A takeover removes the vanished journal in the same transaction`() async throws {
    let fixture = try Fixture(Self.person)
    try await fixture.track("person")
    let heir = JournalID(bytes: [UInt8](repeating: 5, count: 16))
    _ = try await fixture.connector.createTracking(
      TrackingRequest(
        objects: [try #require(fixture.bindings["person"])],
        owner: Fixture.ownerRow(journal: heir, objects: ["person"]), takeover: Fixture.journal))
    let inspection = try await fixture.connector.inspect(
      [ObjectRequest(name: "person")], ourJournal: heir)
    #expect(inspection.owners.map(\.journal) == [heir])
    #expect(inspection.tracking == ["person": .intact])
    #expect(!(try fixture.owner.schema().contains { $0.contains("syncline_ab12cd34") }))
  }
}
