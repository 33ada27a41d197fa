import SynclineModel
import SynclinePorts
import SynclineSQLite
import Testing

/// What is found when a side is opened, and what is refused.
@Suite struct InspectionTests {
  private func inspect(
    _ fixture: Fixture, _ name: ObjectName, keyIsAssigned: Bool = false
  ) async throws -> Inspection {
    try await fixture.connector.inspect(
      [ObjectRequest(name: name, keyIsAssigned: keyIsAssigned)], ourJournal: Fixture.journal)
  }

  @Test func `A table is described as it was declared`() async throws {
    let fixture = try Fixture(
      """
      CREATE TABLE parent (id INTEGER PRIMARY KEY);
      CREATE TABLE child (
        id INTEGER PRIMARY KEY,
        parent INTEGER NOT NULL REFERENCES parent ON DELETE CASCADE,
        email VARCHAR(40) COLLATE NOCASE UNIQUE,
        price DECIMAL(10, 2) NOT NULL DEFAULT 0,
        day DATE, moment TIMESTAMP WITH TIME ZONE, local DATETIME, anything,
        twice REAL AS (price * 2), code TEXT
      );
      CREATE UNIQUE INDEX code ON child (code COLLATE NOCASE);
      CREATE UNIQUE INDEX part ON child (day) WHERE day > '2000';
      """)
    let inspection = try await inspect(fixture, "child")
    let schema = ObjectSchema(
      name: "child", key: "id",
      fields: [
        FieldSchema(
          name: "id", type: FieldType(.integer, storage: .integerAffinity), isNullable: false,
          hasDefault: true, isUnique: true),
        FieldSchema(
          name: "parent", type: FieldType(.integer, storage: .integerAffinity), isNullable: false),
        FieldSchema(
          name: "email", type: FieldType(.text, storage: .textAffinity, foldsCase: true),
          isUnique: true),
        FieldSchema(
          name: "price",
          type: FieldType(.decimal, storage: .numericAffinity, precision: 10, scale: 2),
          isNullable: false, hasDefault: true),
        FieldSchema(name: "day", type: FieldType(.date, storage: .numericAffinity)),
        FieldSchema(name: "moment", type: FieldType(.timestamp, storage: .numericAffinity)),
        FieldSchema(name: "local", type: FieldType(.localTimestamp, storage: .numericAffinity)),
        FieldSchema(name: "anything", type: FieldType(.any, storage: .blobAffinity)),
        FieldSchema(
          name: "twice", type: FieldType(.double, storage: .realAffinity), isCalculated: true),
        FieldSchema(
          name: "code", type: FieldType(.text, storage: .textAffinity, foldsCase: true),
          isUnique: true),
      ],
      foreignKeys: [ForeignKey(field: "parent", parent: "parent", onDelete: .cascade)])
    #expect(inspection.objects == ["child": schema])
    #expect(inspection.tracking == ["child": .missing])
    #expect(inspection.identity == nil)
  }

  static let refusals: [(script: String, name: ObjectName, isAssigned: Bool, words: String)] = [
    ("", "absent", false, "has no table absent"),
    ("CREATE VIEW v AS SELECT 1 AS id", "v", false, "view"),
    ("CREATE VIRTUAL TABLE v USING fts5 (x)", "v", false, "virtual table"),
    ("CREATE VIRTUAL TABLE v USING fts5 (x)", "v_data", false, "content of a virtual table"),
    (
      "CREATE TABLE t (id INTEGER PRIMARY KEY) WITHOUT ROWID", "t", false, "WITHOUT ROWID"
    ),
    ("CREATE TABLE t (x)", "t", false, "no primary key"),
    ("CREATE TABLE t (a, b, PRIMARY KEY (a, b))", "t", false, "2 columns"),
    ("CREATE TABLE t (id TEXT PRIMARY KEY)", "t", false, "does not generate t.id"),
    ("CREATE TABLE t (id INT PRIMARY KEY)", "t", false, "does not generate t.id"),
    ("CREATE TABLE t (id INTEGER PRIMARY KEY DESC)", "t", false, "does not generate t.id"),
    ("CREATE TABLE t (id TEXT PRIMARY KEY)", "t", true, "left it empty"),
    ("CREATE TABLE t (id TEXT PRIMARY KEY NOT NULL)", "t", true, "was refused"),
    (
      "CREATE TABLE t (id TEXT PRIMARY KEY, rowid, oid, _rowid_)", "t", true, "rename one of them"
    ),
    (
      "CREATE TABLE t (id TEXT COLLATE NOCASE PRIMARY KEY)", "t", true,
      "a primary key with the collation NOCASE"
    ),
    (
      "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT COLLATE theirs UNIQUE)", "t", false,
      "only its own program knows"
    ),
    ("CREATE TABLE t (x)", "sqlite_schema", false, "keeps for itself"),
    ("CREATE TABLE syncline_x (id INTEGER PRIMARY KEY)", "syncline_x", false, "keeps for itself"),
  ]

  @Test(arguments: refusals.indices)
  func `What cannot be synced is refused with the reason`(place: Int) async throws {
    let refusal = Self.refusals[place]
    let fixture = try Fixture(refusal.script)
    let before = try fixture.owner.rows("PRAGMA data_version")
    let inspection = try await inspect(
      fixture, refusal.name, keyIsAssigned: refusal.isAssigned)
    #expect(inspection.objects == [:])
    let words = try #require(inspection.refusals[refusal.name])
    #expect(words.contains(refusal.words))
    #expect(try fixture.owner.rows("PRAGMA data_version") == before)
  }

  @Test func `An assigned key is proven by an insert that leaves nothing`() async throws {
    let fixture = try Fixture(
      """
      CREATE TABLE parent (id INTEGER PRIMARY KEY);
      CREATE TABLE t (id TEXT PRIMARY KEY, parent INTEGER NOT NULL REFERENCES parent,
        name TEXT NOT NULL CHECK (length(name) < 3), day DATE NOT NULL);
      CREATE TRIGGER assign AFTER INSERT ON t
        BEGIN UPDATE t SET id = hex(randomblob(8)) WHERE rowid = NEW.rowid; END;
      """)
    let inspection = try await inspect(fixture, "t", keyIsAssigned: true)
    #expect(inspection.refusals == [:])
    #expect(inspection.objects["t"]?.key == "id")
    #expect(try fixture.owner.rows("SELECT count(*) FROM t") == ["0"])
  }

  @Test func `Tracking that somebody changed is told`() async throws {
    let fixture = try Fixture("CREATE TABLE t (id INTEGER PRIMARY KEY, u UNIQUE)")
    try await fixture.track("t")
    #expect(try await inspect(fixture, "t").tracking == ["t": .intact])
    let script = try #require(
      try fixture.owner.rows(
        "SELECT sql FROM sqlite_schema WHERE name = 'syncline_ab12cd34_1_delete'"
      ).first)
    try fixture.owner.run("DROP TRIGGER syncline_ab12cd34_1_delete")
    #expect(
      try await inspect(fixture, "t").tracking
        == ["t": .damaged(what: "the trigger syncline_ab12cd34_1_delete is missing")])
    try fixture.owner.run(script.replacing("3, OLD", with: "1, OLD"))
    #expect(
      try await inspect(fixture, "t").tracking
        == ["t": .damaged(what: "the trigger syncline_ab12cd34_1_delete is not as it was created")])
    try fixture.owner.run("DROP TABLE t; CREATE TABLE t (id INTEGER PRIMARY KEY)")
    #expect(
      try await inspect(fixture, "t").tracking
        == ["t": .damaged(what: "the triggers on t are missing")])
    try fixture.owner.run("DROP TABLE syncline_ab12cd34_queue")
    #expect(
      try await inspect(fixture, "t").tracking
        == ["t": .damaged(what: "the table syncline_ab12cd34_queue is missing")])
    try await fixture.track("t", generation: 2)
    #expect(try await inspect(fixture, "t").tracking == ["t": .intact])
  }

  static let hostileNames = [
    #"it's "quoted""#, "[bracket] ; DROP TABLE x; --", "naïve 表 🪨", "select", "a`b", "x.y", "1st",
    "OLD", "NEW", "held",
  ]

  @Test(arguments: hostileNames)
  func `Hostile names are names like any other`(name: String) async throws {
    let quoted = "\"" + name.replacing("\"", with: "\"\"") + "\""
    let fixture = try Fixture(
      """
      CREATE TABLE \(quoted) ("k\(quoted.dropFirst().dropLast())" INTEGER PRIMARY KEY,
        \(quoted) TEXT UNIQUE);
      INSERT INTO \(quoted) VALUES (1, 'a');
      """)
    let object = ObjectName(name)
    try await fixture.track(object)
    let field = FieldNumber(2)
    let row = PackedRow([field: .text("b")])
    #expect(
      try await fixture.write(
        .insert(5, row), .update(6, 1, PackedRow([field: .text("c")])), .delete(7, 1)
      ).count == 3)
    try fixture.owner.run("REPLACE INTO \(quoted) (\(quoted)) VALUES ('b')")
    let page = try await fixture.changes()
    #expect(page.entries.map(\.operation) == [.displaced, .insert])
    try await fixture.acknowledge(page.ranges)
    try fixture.owner.run(
      "INSERT INTO \(quoted) (\(quoted)) VALUES ('d'); "
        + "UPDATE OR REPLACE \(quoted) SET \(quoted) = 'b' WHERE \(quoted) = 'd'")
    #expect(
      try await fixture.changes().entries.map(\.operation) == [.insert, .displaced, .update])
    #expect(try await fixture.all().records.map { $0.row[field] } == [.text("b")])
    #expect(try await inspect(fixture, object).tracking == [object: .intact])
    #expect(try await fixture.connector.removeTracking(of: Fixture.journal))
  }

  @Test func `The columns of a STRICT table keep its types`() async throws {
    let fixture = try Fixture(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, i INT, v ANY, r REAL) STRICT")
    try await fixture.track("t")
    #expect(
      fixture.bindings["t"]?.fields.map(\.type) == [
        FieldType(.integer, storage: .integerAffinity),
        FieldType(.integer, storage: .integerAffinity),
        FieldType(.any, storage: .blobAffinity), FieldType(.double, storage: .realAffinity),
      ])
    let row = PackedRow([FieldNumber(3): .text("007")])
    let outcomes = try await fixture.write(
      .insert(5, row), .insert(6, PackedRow([FieldNumber(2): .text("x")])))
    #expect(outcomes.map(\.refusal) == [nil, "value"])
    #expect(try await fixture.all().records.map { $0.row[FieldNumber(3)] } == [.text("007")])
  }

  @Test func `A name is found whatever the case of its letters`() async throws {
    let fixture = try Fixture("CREATE TABLE Person (Id INTEGER PRIMARY KEY)")
    #expect(try await inspect(fixture, "person").objects["person"]?.name == "Person")
  }
}
