import Foundation
import SynclineTesting
import Testing

@Suite struct `Hostile names` {
  static let names: [(String, String)] = [
    ("quotes", #"a"b'c`d"#), ("brackets", "x[y](z){}"), ("semicolons", "a; DROP TABLE Client; --"),
    ("Unicode", "Größe 尺寸 🦔 e\u{301}"), ("reserved words", "select"), ("spaces", "  two  "),
    ("a percent sign", "100%_x"), ("a dollar and a colon", "$1 :name ?2 @x"),
  ]

  static func identifier(_ name: String) -> String {
    "\"" + name.replacingOccurrences(of: "\"", with: "\"\"") + "\""
  }

  /// As YAML quotes it.
  static func yaml(_ name: String) -> String {
    "'" + name.replacingOccurrences(of: "'", with: "''") + "'"
  }

  @Test(arguments: names) func `of tables and columns simply work`(
    _ kind: String, _ name: String
  ) throws {
    let table = Self.identifier(name)
    let column = Self.identifier(name + " col")
    let key = Self.identifier(name + " key")
    let shop = try Scenario(
      source: """
        CREATE TABLE \(table) (\(key) INTEGER PRIMARY KEY, \(column) TEXT);
        INSERT INTO \(table) VALUES (1, 'one'), (2, 'two');
        """,
      target: "CREATE TABLE \(table) (\(key) INTEGER PRIMARY KEY, \(column) TEXT)",
      tasks: """
          - name: \(Self.yaml(name))
            source: \(Self.yaml(name))
            target: \(Self.yaml(name))
            columns:
              \(Self.yaml(name + " col")): \(Self.yaml(name + " col"))
        """)
    let all = "SELECT \(column) FROM \(table) ORDER BY 1"
    #expect(
      try shop.run().neutral
        == Scenario.Answer(
          status: 0, output: report(1, source: [2, 0, 0, 0, 0, 0], target: [0, 0, 0, 2, 0, 0]),
          errors: ""))
    #expect(try shop.target.rows(all) == [["'one'"], ["'two'"]])
    try shop.target.execute("UPDATE \(table) SET \(column) = 'drei' WHERE \(key) = 1")
    try shop.source.execute("DELETE FROM \(table) WHERE \(key) = 2")
    #expect(try shop.run().status == 0)
    #expect(try shop.source.rows(all) == [["'drei'"]])
    #expect(try shop.target.rows(all) == [["'drei'"]])
    #expect(try shop.run().neutral.output == quiet(3))
    #expect(try shop.queued == 0)
    #expect(try shop.syncline("history", with: ["source." + name, "1"]).status == 0)
    #expect(try shop.syncline("compare").status == 0)
    #expect(try shop.syncline("untrack").status == 0)
    let objects = "SELECT name FROM sqlite_schema WHERE name NOT IN ('sqlite_sequence')"
    #expect(try shop.source.rows(objects).count == 1)
  }

  @Test func `do not reach a terminal as they are`() throws {
    let shop = try Shop.scenario()
    try shop.edit("name: Customers", "name: \"x\\e[31m\\nBoo\"")
    let answer = try shop.syncline("check", with: [])
    #expect(!answer.output.contains("\u{1B}"))
    #expect(!answer.errors.contains("\u{1B}"))
    _ = try shop.run()
    let status = try shop.syncline("status")
    #expect(!status.output.contains("\u{1B}"))
    #expect(!status.output.contains("\nBoo"))
  }
}

@Suite struct `Hostile values` {
  /// Texts as bytes, numbers at and beyond limits.
  @Test func `travel as they are, or are errors of their record alone`() throws {
    let shop = try Shop.scenario(
      source: """
        CREATE TABLE Customer (id INTEGER PRIMARY KEY, name TEXT, phone TEXT);
        INSERT INTO Customer VALUES (1, CAST(x'610062' AS TEXT), 'NUL'),
          (2, CAST(x'ff61c3' AS TEXT), 'invalid'), (3, '', NULL), (4, char(27, 10, 9), 'control');
        """, target: "CREATE TABLE Client (cid INTEGER PRIMARY KEY, title TEXT, tel TEXT)")
    #expect(try shop.run().status == 0)
    let bytes = "SELECT hex(title), tel FROM Client ORDER BY cid"
    #expect(
      try shop.target.rows(bytes) == [
        ["'610062'", "'NUL'"], ["'FF61C3'", "'invalid'"], ["''", "NULL"],
        ["'1B0A09'", "'control'"],
      ])
    #expect(try shop.run().neutral.output == quiet(2))
    let history = try shop.syncline("history", with: ["Customer", "4"])
    #expect(!history.output.contains("\u{1B}"))
    #expect(try shop.syncline("compare").status == 0)
  }

  @Test func `of 16 MB are errors of their record, which names object and field`() throws {
    let shop = try Shop.scenario()
    try shop.source.execute(
      "INSERT INTO Customer VALUES (5, printf('%.*c', 16777216, 'x'), 'big')")
    let first = try shop.syncline("run")
    #expect(first.status == 1)
    #expect(first.output.contains("0 conflicts, 1 failed, 0 held, 0 pending"))
    let errors = try shop.syncline("errors")
    #expect(
      errors.output.contains("Customer 5  tooLarge  Customer.name holds a value above 4 MiB"))
    // It is not forgotten by runs in which nobody touches it.
    #expect(
      try shop.run().neutral == Scenario.Answer(status: 1, output: report(2, failed: 1), errors: "")
    )
    let compare = try shop.syncline("compare")
    #expect(compare.status == 1)
    #expect(compare.output.hasPrefix("Customers: source Customer 5: only in the source\n"))
    let all = [["'Anna'"], ["'Bert'"], ["'Zoe'"]]
    #expect(try shop.target.rows("SELECT title FROM Client ORDER BY 1") == all)
    try shop.source.execute("UPDATE Customer SET name = 'small' WHERE id = 5")
    #expect(try shop.run().status == 0)
    let contents = try shop.contents
    #expect(contents.source == contents.target)
    #expect(contents.source.count == 4)
    #expect(try shop.run().neutral.output == quiet(4))
    #expect(try shop.syncline("errors").output == "")
  }

  @Test func `numbers and dates that a field cannot hold are errors of their record`() throws {
    let shop = try Scenario(
      source: """
        CREATE TABLE Booking (id INTEGER PRIMARY KEY, day TEXT, count TEXT, price TEXT);
        INSERT INTO Booking VALUES (1, '2024-02-29', '7', '1.50'), (2, '2023-02-29', '1', '1'),
          (3, '2024-01-01', '99999999999999999999', '1'), (4, '2024-01-01', '1', '1,5'),
          (5, '2024-01-01', 'many', '1');
        """,
      target: """
        CREATE TABLE Reservation (id INTEGER PRIMARY KEY, date DATE, number INTEGER, sum DECIMAL(5, 2));
        """,
      tasks: """
          - name: Bookings
            source: Booking
            target: Reservation
            toTarget:
              date: day
              number: count
              sum: price
        """)
    let run = try shop.run()
    #expect(run.status == 1)
    #expect(run.json.first?["failed"] as? Int == 4, "\(run.output)")
    #expect(
      try shop.target.rows("SELECT date, number, sum FROM Reservation")
        == [["'2024-02-29'", "7", "1.5"]])
    let errors = try shop.syncline("errors", with: ["--json"])
    #expect(errors.json.map { $0["key"] as? String } == ["2", "3", "4", "5"])
    #expect(errors.json.allSatisfy { ($0["message"] as? String)?.contains("Reservation") == true })
    #expect(!errors.output.contains("99999999999999999999"))
    #expect(try shop.run().status == 1)
    try shop.source.execute("UPDATE Booking SET day = '2024-01-01', count = '1', price = '1'")
    #expect(try shop.run().status == 0)
    #expect(try shop.target.rows("SELECT count(*) FROM Reservation") == [["5"]])
  }
}

@Suite struct `A field's value` {
  static let canary = "CANARY-7f3a"

  /// Everything that can go wrong with a value in sight: no log line and no error text has it.
  @Test func `is never in a log line or an error text`() throws {
    let shop = try Shop.scenario(
      source: """
        CREATE TABLE Customer (id INTEGER PRIMARY KEY, name TEXT, phone TEXT);
        INSERT INTO Customer VALUES (1, '\(Self.canary)', '1'), (2, '\(Self.canary) 2', 'x');
        """,
      target: """
        CREATE TABLE Client (cid INTEGER PRIMARY KEY, title TEXT UNIQUE, tel INTEGER CHECK (tel < 9));
        INSERT INTO Client VALUES (7, '\(Self.canary)', 3);
        CREATE TRIGGER refuse BEFORE INSERT ON Client WHEN new.title LIKE '% 3'
        BEGIN SELECT RAISE(ABORT, 'no'); END;
        """)
    var logs = ""
    func note(_ answer: Scenario.Answer, isData: Bool = false) {
      logs += answer.errors + (isData ? "" : answer.output)
    }
    note(try shop.syncline("run"))
    try shop.source.execute(
      "INSERT INTO Customer VALUES (30, '\(Self.canary) 3', '1'), (40, '\(Self.canary) 4', '\(Self.canary)')"
    )
    note(try shop.run())
    try shop.source.execute("UPDATE Customer SET phone = '12', name = '\(Self.canary) 5'")
    try shop.target.execute("UPDATE Client SET title = '\(Self.canary) 6' WHERE cid = 7")
    note(try shop.syncline("run"))
    let lock = try shop.target.lock()
    try shop.source.execute("UPDATE Customer SET phone = '5'")
    note(try shop.syncline("run"))
    lock.release()
    for command in ["status", "runs", "errors", "check"] {
      note(try shop.syncline(command))
      note(try shop.syncline(command, with: ["--json"]))
    }
    for command in ["plan", "compare", "conflicts"] {
      note(try shop.syncline(command), isData: true)
    }
    note(try shop.syncline("history", with: ["Customer", "1"]), isData: true)
    try shop.edit("phone: tel", "phone: \(Self.canary)")
    // The name of a column stands in the message; a value elsewhere in the file does not.
    try shop.edit("phone: \(Self.canary)", "phone: tel")
    try shop.edit("busyTimeout: 2 seconds", "busyTimeout: \(Self.canary)")
    note(try shop.syncline("run"))
    #expect(!logs.contains("CANARY"), "\(logs)")
    #expect(logs.contains("failed"))
  }
}
