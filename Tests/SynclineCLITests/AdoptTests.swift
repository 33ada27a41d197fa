import Glibc
import SynclineTesting
import Testing

@Suite struct `Adopting what compare finds` {
  @Test func `lets edits travel that nobody tracked`() throws {
    let shop = try Shop.synced()
    try shop.editUnwatched(
      source: """
        UPDATE Customer SET phone = '7' WHERE id = 1; DELETE FROM Customer WHERE id = 2;
        INSERT INTO Customer VALUES (9, 'Neu', '3');
        """, target: "UPDATE Client SET title = 'Zoé' WHERE cid = 1")
    #expect(try shop.run().neutral.output == quiet(2))
    let before = (try shop.tables, try shop.queued)
    #expect(
      try shop.syncline("compare", with: ["--adopt"])
        == Scenario.Answer(
          status: 1,
          output: """
            Customers: source Customer 1 / target Client 2: source phone = "7", target tel = "1"
            Customers: source Customer 3 / target Client 1: source name = "Zoe", target title = "Zoé"
            Customers: source Customer 9: only in the source
            Customers: target Client 3: only in the target
            Different: 0 pairs equal, 2 different; 1 only in the source, 1 only in the target
            Journaled of the source: 1 created, 1 changed, 1 deleted
            Journaled of the target: 0 created, 1 changed, 0 deleted

            """, errors: ""))
    #expect(try shop.tables == before.0)
    #expect(try shop.queued == before.1)
    #expect(
      try shop.run().neutral.output
        == report(3, source: [0, 0, 0, 0, 1, 0], target: [0, 0, 0, 1, 1, 1]))
    let records = [["'Anna'", "'7'"], ["'Neu'", "'3'"], ["'Zoé'", "'9'"]]
    #expect(try shop.contents == Contents(source: records, target: records))
    try shop.expectRest(run: 4)
  }

  @Test func `tells as JSON what was journaled, and the second time nothing`() throws {
    let shop = try Shop.synced()
    try shop.editUnwatched(source: "UPDATE Customer SET phone = '7' WHERE id = 1")
    let difference = """
      {"task":"Customers","source":"1","target":"2","fields":[{"source":{"field":"phone","value":"7"},"target":{"field":"tel","value":"1"}}]}
      {"isEqual":false,"equal":2,"different":1,"onlySource":0,"onlyTarget":0,"unreadable":0}

      """
    for changed in [1, 0] {
      #expect(
        try shop.syncline("compare", with: ["--adopt", "--json"])
          == Scenario.Answer(
            status: 1,
            output: difference + """
              {"adopted":"source","created":0,"changed":\(changed),"deleted":0}
              {"adopted":"target","created":0,"changed":0,"deleted":0}

              """, errors: ""))
    }
    #expect(try shop.run().status == 0)
    try shop.expectRest(run: 3)
  }

  @Test func `takes up what the queue tells, and leaves it to the run to empty it`() throws {
    let shop = try Shop.synced()
    try shop.run()
    try shop.source.execute(
      """
      UPDATE Customer SET id = 20 WHERE id = 2; UPDATE Customer SET phone = '7' WHERE id = 1;
      DELETE FROM Customer WHERE id = 3; INSERT INTO Customer VALUES (3, 'Neu', NULL);
      """)
    let queued = try shop.queued
    for changed in ["1 created, 3 changed, 1 deleted", "0 created, 0 changed, 0 deleted"] {
      let answer = try shop.syncline("compare", with: ["--adopt"])
      #expect(answer.output.contains("Journaled of the source: \(changed)\n"), "\(answer.output)")
    }
    #expect(try shop.queued == queued)
    #expect(
      try shop.run().neutral.output == report(3, target: [0, 0, 0, 1, 1, 1]))
    #expect(
      try shop.tables.source == [
        ["1", "'Anna'", "'7'"], ["3", "'Neu'", "NULL"], ["20", "'Bert'", "'2'"],
      ])
    try shop.expectRest(run: 4)
  }

  @Test func `is refused before a run has seen what there is to see`() throws {
    let shop = try Shop.synced()
    let before = try shop.syncline("journal", "stat", with: ["--json"]).json.first?["events"]
    try shop.source.execute("ALTER TABLE Customer ADD COLUMN mail TEXT")
    #expect(
      try shop.syncline("compare", with: ["--adopt"])
        == Scenario.Answer(
          status: 2, output: "",
          errors:
            "Nothing was journaled: “Customer” looks otherwise than the journal knows. Run the "
            + "package with `syncline run` first.\n"))
    let events = try shop.syncline("journal", "stat", with: ["--json"]).json.first?["events"]
    #expect(events as? Int == before as? Int)
    #expect(try shop.run().status == 0)
    #expect(try shop.syncline("compare", with: ["--adopt"]).status == 0)
  }

  @Test func `is refused while a command has no outcome`() throws {
    let shop = try Shop.synced()
    try shop.source.execute("UPDATE Customer SET phone = '7' WHERE id = 1")
    #expect(try shop.run(environment: ["SYNCLINE_CRASH": "afterWrite:1"]).status != 0)
    #expect(
      try shop.syncline("compare", with: ["--adopt"])
        == Scenario.Answer(
          status: 2, output: "",
          errors: "Nothing was journaled: the outcome of a command is not known yet. Run the "
            + "package with `syncline run` first.\n"))
    #expect(try shop.run().status == 0)
    #expect(try shop.syncline("compare", with: ["--adopt"]).status == 0)
    try shop.expectRest(run: 4)
  }

  @Test func `waits for no run, and a plain comparison needs no lock`() throws {
    let shop = try Shop.synced()
    let descriptor = open(shop.file(".syncline/shop/lock"), O_RDWR)
    defer { close(descriptor) }
    #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
    let refused = try shop.syncline("compare", with: ["--adopt"])
    #expect(refused.status == 2)
    #expect(refused.errors.contains("is running this package"), "\(refused.errors)")
    #expect(try shop.syncline("compare").status == 0)
  }
}

extension Scenario {
  /// SQL on both sides that no trigger of ours sees; they stand as before afterwards.
  fileprivate func editUnwatched(source: String = "", target: String = "") throws {
    for (file, sql) in [(self.source, source), (self.target, target)] {
      let triggers = try file.rows(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND name GLOB 'syncline*'"
      ).map { row in row.map { $0.dropFirst().dropLast().replacing("''", with: "'") } }
      for trigger in triggers { try file.execute("DROP TRIGGER \"\(trigger[0])\"") }
      try file.execute(sql)
      for trigger in triggers { try file.execute(String(trigger[1])) }
    }
  }

  /// Nothing is left to do, both sides are equal, and the state is what the events make.
  fileprivate func expectRest(run number: Int) throws {
    #expect(try run().neutral.output == quiet(number))
    #expect(try syncline("compare").status == 0)
    #expect(try syncline("journal", "verify").status == 0)
  }
}
