import SynclineModel
import SynclineSQL
import Testing

@Suite struct SQLiteTrackingTextTests {
  let names = SQLiteTrackingNames(
    journal: JournalID(bytes: [0xAB, 0x12, 0xCD, 0x34] + [UInt8](repeating: 0, count: 12)))

  private func script(_ trigger: SQLiteTrigger) -> String {
    trigger.kinds.map { trigger.definition($0) + ";\n" }.joined(separator: "\n")
  }

  @Test func `The tables of a journal`() throws {
    let tables = SQLiteTrackingTables(names: names)
    let all = [
      tables.queue, tables.owner, tables.pairs, tables.commands, SQLiteTrackingTables.identity,
    ]
    try expectSnapshot("SQLite/tables.sql", all.map { $0 + ";\n" }.joined(separator: "\n"))
  }

  @Test func `The triggers of a table without unique indexes`() throws {
    let trigger = SQLiteTrigger(
      names: names, object: ObjectNumber(1), table: "Customer", key: "Id", uniqueIndexes: [])
    try expectSnapshot("SQLite/triggers-plain.sql", script(trigger))
  }

  @Test func `The triggers of a table with hostile names and unique indexes`() throws {
    let trigger = SQLiteTrigger(
      names: names, object: ObjectNumber(12), table: #"or"der's [x]; -- ü"#, key: "select",
      uniqueIndexes: [
        SQLiteUniqueIndex([.init(.column(#"a"b"#), collation: "NOCASE")]),
        SQLiteUniqueIndex(
          [.init(.column("x")), .init(.column("y"))], condition: "live = 1 -- yes"),
      ])
    try expectSnapshot("SQLite/triggers-hostile.sql", script(trigger))
  }

  @Test func `The triggers of a table with an index over an expression`() throws {
    let trigger = SQLiteTrigger(
      names: names, object: ObjectNumber(2), table: "Customer", key: "Id",
      columns: ["Id", "First Name", "Other", "Live"],
      uniqueIndexes: [
        SQLiteUniqueIndex([.init(.expression("lower(\"First Name\")"))]),
        SQLiteUniqueIndex([.init(.expression("upper(other) -- up"))], condition: "live"),
      ])
    try expectSnapshot("SQLite/triggers-expression.sql", script(trigger))
  }

  @Test func `The statements of a table`() throws {
    let statements = SQLiteTableStatements(
      table: #"a "b""#, key: "id", columns: ["id", "group"])
    let all = [
      statements.firstPage, statements.nextPage, statements.row, statements.rowByForms,
      statements.key(byRowid: "rowid"), statements.insert([]), statements.insert(["group", "x y"]),
      statements.update(["group", "x y"]), statements.delete,
    ]
    try expectSnapshot("SQLite/statements.sql", all.map { $0 + ";\n" }.joined())
  }

  @Test func `Quoting doubles the mark and leaves everything else alone`() {
    #expect(SQLiteText.identifier(#"a"b[c]`d;'é"#) == #""a""b[c]`d;'é""#)
    #expect(SQLiteText.literal("it's \"x\"") == "'it''s \"x\"'")
  }

  @Test func `Names tell what they belong to`() {
    #expect(SQLiteTrackingNames(ownerTable: names.owner) == names)
    #expect(SQLiteTrackingNames(ownerTable: "syncline_xyz_owner") == nil)
    #expect(SQLiteTrackingNames(ownerTable: "syncline_ab12cd34_queue") == nil)
    let trigger = names.trigger(.beforeInsert, of: ObjectNumber(7))
    #expect(names.object(ofTrigger: trigger) == ObjectNumber(7))
    #expect(names.object(ofTrigger: "syncline_00000000_7_insert") == nil)
    #expect(SQLiteTrackingNames.isReserved("SQLITE_stat1"))
    #expect(SQLiteTrackingNames.isReserved("syncline_x"))
    #expect(!SQLiteTrackingNames.isReserved("sqlitex"))
  }

  @Test(arguments: [
    ("CREATE UNIQUE INDEX i ON t (a) WHERE b > 1", "b > 1"),
    ("CREATE UNIQUE INDEX \"where\" ON [where] (a)\nwhere\n b = 'where' ", "b = 'where'"),
    ("CREATE UNIQUE INDEX i ON t (a) /* where */ -- where\n WHERE (b)", "(b)"),
  ])
  func `The condition of a partial index is found`(definition: String, condition: String) {
    #expect(SQLiteTokens(definition).condition == condition)
  }

  @Test func `An index without a condition has none`() {
    #expect(SQLiteTokens("CREATE UNIQUE INDEX i ON t (\"where\", a)").condition == nil)
    #expect(SQLiteTokens("CREATE UNIQUE INDEX i ON t (a) -- where").condition == nil)
    #expect(SQLiteTokens("'open where").condition == nil)
  }

  @Test(arguments: [
    ("CREATE UNIQUE INDEX i ON t (a)", ["a"]),
    (
      "CREATE UNIQUE INDEX \"(\" ON \"t,(\" (a DESC, lower(b) || ',' asc -- x,\n) WHERE (c)",
      ["a", "lower(b) || ','"]
    ),
    (
      "CREATE UNIQUE INDEX i ON t (coalesce(a, b) COLLATE NOCASE, \"desc\")",
      ["coalesce(a, b) COLLATE NOCASE", "\"desc\""]
    ),
    ("CREATE TABLE", []),
  ])
  func `The terms of an index are found`(definition: String, terms: [String]) {
    #expect(SQLiteTokens(definition).terms == terms)
  }
}
