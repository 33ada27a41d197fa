import SynclineModel
import SynclinePorts
import SynclineSQLite
import Testing

/// Every outcome of a write, and what stays in the queue after it.
@Suite struct WritingTests {
  static let person = """
    CREATE TABLE person (id INTEGER PRIMARY KEY, email TEXT UNIQUE, name TEXT NOT NULL DEFAULT '-',
      age INTEGER CHECK (age < 200));
    INSERT INTO person VALUES (1, 'a', 'Ann', 30), (2, 'b', 'Bob', 40);
    """

  static func row(
    _ id: Int64? = nil, email: String? = nil, name: String? = nil, age: Value? = nil
  ) -> PackedRow {
    var fields: [(FieldNumber, Value)] = []
    if let id { fields.append((FieldNumber(1), .integer(id))) }
    if let email { fields.append((FieldNumber(2), .text(email))) }
    if let name { fields.append((FieldNumber(3), .text(name))) }
    if let age { fields.append((FieldNumber(4), age)) }
    return PackedRow(fields)
  }

  @Test func `An insert is given a key and read back with its defaults`() async throws {
    let fixture = try Fixture(Self.person)
    try await fixture.track("person")
    let outcomes = try await fixture.write(.insert(10, Self.row(77, email: "c")))
    #expect(outcomes == [.written(10, 3, Self.row(3, email: "c", name: "-", age: .null))])
    #expect(try await fixture.story() == ["standing: "])
  }

  @Test func `Updates and deletes are carried out where the record is as expected`() async throws {
    let fixture = try Fixture(Self.person)
    try await fixture.track("person")
    let outcomes = try await fixture.write(
      .update(10, 1, Self.row(name: "Ada"), expected: Self.row(email: "a", name: "Ann")),
      .delete(11, 2, expected: Self.row(2, name: "Bob")),
      .update(12, 1, Self.row(), expected: Self.row()))
    #expect(
      outcomes == [
        .written(10, 1, Self.row(1, email: "a", name: "Ada", age: .integer(30))),
        .written(11, 2, PackedRow()),
        .written(12, 1, Self.row(1, email: "a", name: "Ada", age: .integer(30))),
      ])
    #expect(try fixture.owner.rows("SELECT id, name FROM person") == ["1|Ada"])
    #expect(try await fixture.story() == ["standing: "])
  }

  @Test func `A record that is not as expected is not written`() async throws {
    let fixture = try Fixture(Self.person)
    try await fixture.track("person")
    let outcomes = try await fixture.write(
      .update(10, 1, Self.row(name: "x"), expected: Self.row(name: "Anna")),
      .delete(11, 2, expected: Self.row(age: .null)),
      .update(12, 9, Self.row(name: "x")), .delete(13, 9))
    #expect(
      outcomes == [
        .changed(10, Self.row(1, email: "a", name: "Ann", age: .integer(30))),
        .changed(11, Self.row(2, email: "b", name: "Bob", age: .integer(40))),
        .changed(12, nil), .changed(13, nil),
      ])
    #expect(
      try await fixture.connector.probe([
        ProbeRequest(object: ObjectNumber(1), command: .delete(13, 9))
      ]) == [ProbeOutcome(id: CommandID(13), result: .notApplied)])
  }

  @Test func `A command is carried out once`() async throws {
    let fixture = try Fixture(Self.person)
    try await fixture.track("person")
    let command = WriteCommand.insert(10, Self.row(email: "c"))
    _ = try await fixture.write(command, .delete(11, 2))
    try fixture.owner.run("UPDATE person SET name = 'later' WHERE id = 3")
    let current = Self.row(3, email: "c", name: "later", age: .null)
    let key = NativeKey(integer: 3)
    #expect(
      try await fixture.write(command, .delete(11, 2)) == [
        WriteOutcome(id: CommandID(10), result: .alreadyWritten(key: key, current: current)),
        WriteOutcome(
          id: CommandID(11),
          result: .alreadyWritten(key: NativeKey(integer: 2), current: nil)),
      ])
    #expect(
      try await fixture.connector.probe([ProbeRequest(object: ObjectNumber(1), command: command)])
        == [ProbeOutcome(id: CommandID(10), result: .applied(key: key, current: current))])
    try await fixture.acknowledge(commandsBelow: 11)
    #expect(try fixture.owner.rows("SELECT id FROM syncline_ab12cd34_commands") == ["11"])
  }

  @Test func `What the database refuses is refused for that record alone`() async throws {
    let fixture = try Fixture(
      Self.person + """
        CREATE TRIGGER no BEFORE INSERT ON person WHEN NEW.email = 'no'
          BEGIN SELECT RAISE(ABORT, 'not here'); END;
        CREATE TRIGGER skip BEFORE INSERT ON person WHEN NEW.email = 'skip'
          BEGIN INSERT INTO person (email) VALUES ('left'); SELECT RAISE(IGNORE); END;
        CREATE TRIGGER fail AFTER UPDATE ON person WHEN NEW.email = 'fail'
          BEGIN SELECT RAISE(FAIL, 'half done'); END;
        CREATE TRIGGER roll BEFORE INSERT ON person WHEN NEW.email = 'roll'
          BEGIN SELECT RAISE(ROLLBACK, 'all gone'); END;
        """)
    try await fixture.track("person")
    let outcomes = try await fixture.write(
      .insert(10, Self.row(email: "first")), .insert(11, Self.row(email: "a")),
      .update(12, 1, PackedRow([FieldNumber(3): .null])),
      .update(13, 1, Self.row(age: .integer(900))), .insert(14, Self.row(email: "no")),
      .insert(15, Self.row(email: "skip")), .update(16, 2, Self.row(email: "fail")),
      .insert(17, Self.row(email: "roll")), .insert(18, Self.row(email: "last")))
    #expect(
      outcomes.map(\.refusal) == [
        nil, "unique", "notNull", "check", "trigger", "trigger", "trigger", "trigger", nil,
      ])
    #expect(
      try fixture.owner.rows("SELECT id, email FROM person") == ["1|a", "2|b", "3|first", "4|last"])
    #expect(try await fixture.story() == ["standing: "])
    #expect(
      outcomes[1].result
        == .refused(
          RecordProblem(
            code: "unique", message: "person.email already holds this value in another record",
            mayPass: true)))
    #expect(
      outcomes[4].result
        == .refused(
          RecordProblem(
            code: "trigger", message: "person: a trigger refuses the record: not here",
            mayPass: false)))
  }

  @Test func `What cannot be computed is refused for that record alone`() async throws {
    let fixture = try Fixture(
      """
      CREATE TABLE t (id INTEGER PRIMARY KEY, v, x AS (json_extract(v, '$.x')) STORED);
      CREATE TRIGGER big AFTER INSERT ON t BEGIN SELECT abs(NEW.x); END;
      """)
    try await fixture.track("t")
    let outcomes = try await fixture.write(
      .insert(10, PackedRow([FieldNumber(2): "{\"x\":1}".value])),
      .insert(11, PackedRow([FieldNumber(2): "no JSON".value])),
      .insert(12, PackedRow([FieldNumber(2): "{\"x\":-9223372036854775808}".value])),
      .insert(13, PackedRow([FieldNumber(2): "{}".value])))
    #expect(outcomes.map(\.refusal) == [nil, "trigger", "trigger", nil])
    #expect(try fixture.owner.rows("SELECT id, x FROM t") == ["1|1", "2|NULL"])
  }

  @Test func `ON CONFLICT REPLACE of a table displaces nothing`() async throws {
    let fixture = try Fixture(
      """
      CREATE TABLE t (id INTEGER PRIMARY KEY, code TEXT UNIQUE ON CONFLICT REPLACE);
      INSERT INTO t VALUES (1, 'a');
      """)
    try await fixture.track("t")
    let outcomes = try await fixture.write(.insert(10, PackedRow([FieldNumber(2): "a".value])))
    #expect(outcomes.map(\.refusal) == ["unique"])
    #expect(try fixture.owner.rows("SELECT id FROM t") == ["1"])
  }

  @Test func `Foreign keys are enforced, at once and at the commit`() async throws {
    let fixture = try Fixture(
      """
      CREATE TABLE node (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES node,
        late INTEGER REFERENCES node DEFERRABLE INITIALLY DEFERRED);
      INSERT INTO node VALUES (1, NULL, NULL), (2, 1, NULL);
      """)
    try await fixture.track("node")
    let parent = FieldNumber(2)
    let late = FieldNumber(3)
    let outcomes = try await fixture.write(
      .insert(10, PackedRow([parent: .integer(1)])), .insert(11, PackedRow([parent: .integer(50)])),
      .insert(12, PackedRow([late: .integer(60)])), .delete(13, 1),
      .insert(14, PackedRow([late: .integer(2)])))
    #expect(outcomes.map(\.refusal) == [nil, "foreignKey", "foreignKey", "foreignKey", nil])
    #expect(
      try fixture.owner.rows("SELECT id, parent, late FROM node")
        == ["1|NULL|NULL", "2|1|NULL", "3|1|NULL", "4|NULL|2"])
    #expect(try await fixture.story() == ["standing: "])
  }

  @Test func `A user's entry for the same record stays when ours goes`() async throws {
    let fixture = try Fixture(Self.person)
    try await fixture.track("person")
    try fixture.owner.run("UPDATE person SET age = 31 WHERE id = 1")
    _ = try await fixture.write(.update(10, 1, Self.row(name: "Ada")))
    try fixture.owner.run("UPDATE person SET age = 32 WHERE id = 1")
    #expect(try await fixture.changes().entries.map(\.number) == [1, 3])
  }

  @Test func `What our write causes elsewhere stays in the queue`() async throws {
    let fixture = try Fixture(
      Self.person + """
        CREATE TABLE pet (id INTEGER PRIMARY KEY, owner INTEGER REFERENCES person
          ON DELETE CASCADE);
        INSERT INTO pet VALUES (7, 1);
        CREATE TRIGGER mirror AFTER UPDATE OF age ON person
          BEGIN UPDATE person SET age = NEW.age WHERE id = 2 AND NEW.id = 1; END;
        """)
    try await fixture.track("person", "pet")
    _ = try await fixture.write(.update(10, 1, Self.row(age: .integer(50))), .delete(11, 1))
    #expect(
      try await fixture.story() == ["1 update 2>2", "2 delete 7>-", "standing: 1 2"])
  }

  @Test func `What a trigger makes of our record is read back`() async throws {
    let fixture = try Fixture(
      Self.person + """
        CREATE TRIGGER upper AFTER UPDATE ON person
          BEGIN UPDATE person SET name = upper(name), age = age + 1 WHERE id = NEW.id; END;
        """)
    try await fixture.track("person")
    let outcomes = try await fixture.write(.update(10, 1, Self.row(name: "Ada")))
    #expect(
      outcomes == [.written(10, 1, Self.row(1, email: "a", name: "ADA", age: .integer(31)))])
    #expect(try await fixture.story() == ["standing: "])
  }

  @Test func `A trigger of the owner does not fire itself, as in the owner's programs`()
    async throws
  {
    let fixture = try Fixture(
      Self.person + """
        CREATE TRIGGER stamp AFTER UPDATE ON person
          BEGIN UPDATE person SET name = name || '!' WHERE id = NEW.id; END;
        """)
    try await fixture.track("person")
    let stored = Self.row(1, email: "a", name: "Ada!", age: .integer(30))
    #expect(
      try await fixture.write(.update(10, 1, Self.row(name: "Ada"))) == [.written(10, 1, stored)])
  }

  @Test func `A record that a trigger brings back keeps its entries`() async throws {
    let fixture = try Fixture(
      Self.person + """
        CREATE TRIGGER back AFTER DELETE ON person
          BEGIN INSERT INTO person (id, email) VALUES (OLD.id, 'back'); END;
        """)
    try await fixture.track("person")
    let outcomes = try await fixture.write(.delete(10, 2))
    #expect(outcomes == [.written(10, 2, PackedRow())])
    #expect(
      try await fixture.story() == ["1 delete 2>-", "1 insert ->2", "standing: 1 2"])
  }

  @Test func `An assigned key is found, whoever assigns it`() async throws {
    for assignment in [
      "CREATE TABLE t (id TEXT PRIMARY KEY DEFAULT (lower(hex(randomblob(4)))), name NOT NULL)",
      """
      CREATE TABLE t (id TEXT PRIMARY KEY, name NOT NULL);
      CREATE TRIGGER assign AFTER INSERT ON t WHEN NEW.id IS NULL
        BEGIN UPDATE t SET id = lower(hex(randomblob(4))) WHERE rowid = NEW.rowid; END
      """,
    ] {
      let fixture = try Fixture(assignment)
      try await fixture.track("t", keyIsAssigned: true)
      let outcomes = try await fixture.write(.insert(10, PackedRow([FieldNumber(2): "x".value])))
      let id = try #require(try fixture.owner.rows("SELECT id FROM t").first)
      #expect(id.utf8.count == 8)
      #expect(
        outcomes == [
          WriteOutcome(
            id: CommandID(10),
            result: .written(
              key: try #require(NativeKey(.text(id))),
              stored: PackedRow([FieldNumber(1): .text(id), FieldNumber(2): "x".value])))
        ])
      let row = PackedRow([FieldNumber(2): "y".value])
      _ = try await fixture.connector.write(
        WriteBatch(
          object: ObjectNumber(1),
          commands: [
            WriteCommand(
              id: CommandID(11), operation: .update, key: NativeKey(.text(id)), row: row,
              expected: PackedRow())
          ], head: Fixture.head(5)))
      #expect(try fixture.owner.rows("SELECT name FROM t") == ["y"])
    }
  }

  @Test func `A write renews the owner row, and so does an acknowledgement`() async throws {
    let fixture = try Fixture(Self.person)
    try await fixture.track("person")
    _ = try await fixture.write(.delete(10, 1))
    var owner = Fixture.ownerRow(objects: ["person"])
    owner.identities[.source] = SystemIdentity("11111111-1111-1111-1111-111111111111")
    owner.sequence = EventSequence(4)
    #expect(try await fixture.bind("person").owners == [owner])
    try await fixture.acknowledge(sequence: 6)
    owner.sequence = EventSequence(6)
    #expect(try await fixture.bind("person").owners == [owner])
  }

  @Test func `An acknowledgement that changes nothing writes nothing`() async throws {
    let fixture = try Fixture(Self.person)
    try await fixture.track("person")
    let before = try fixture.owner.rows("PRAGMA data_version")
    try await fixture.acknowledge([EntryRange(first: 1, last: 5)], commandsBelow: 9)
    #expect(try fixture.owner.rows("PRAGMA data_version") == before)
    try await fixture.acknowledge(sequence: 5)
    #expect(try fixture.owner.rows("PRAGMA data_version") != before)
  }
}

extension String {
  fileprivate var value: Value { .text(self) }
}
