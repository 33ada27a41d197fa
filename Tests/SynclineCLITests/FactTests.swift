import Foundation
import SynclineTesting
import Testing

/// Whole answers; ids of journals and times have a word in their place.
@Suite struct `Facts as JSON` {
  @Test func `of check are the objects with what is captured`() throws {
    let answer = try Shop.scenario().syncline("check", with: ["--json"])
    #expect(
      answer
        == Scenario.Answer(
          status: 0,
          output: """
            {"side":"source","object":"Customer","key":"id","captured":["id","name","phone"]}
            {"side":"target","object":"Client","key":"cid","captured":["cid","title","tel"]}
            {"ok":true}

            """, errors: ""))
  }

  @Test func `of check are the problems with their places`() throws {
    let shop = try Shop.scenario()
    try shop.edit("phone: tel", "fone: tel")
    let answer = try shop.syncline("check", with: ["--json"])
    #expect(answer.status == 2)
    let problem = answer.json.first
    #expect((problem?["problem"] as? String)?.contains("did you mean “phone”?") == true)
    #expect((problem?["location"] as? String)?.hasPrefix("15:") == true, "\(answer.output)")
  }

  @Test func `of check are the mistakes of the file too`() throws {
    let shop = try Shop.scenario()
    try shop.edit("package: Shop", "pakage: Shop")
    let answer = try shop.call("check", "shop.sync.yaml", "--json")
    #expect(
      answer
        == Scenario.Answer(
          status: 2,
          output: """
            {"problem":"`pakage` is no key of a package; the nearest is `package`","location":"1:1","file":"shop.sync.yaml"}
            {"ok":false}

            """, errors: ""))
  }

  @Test func `of rebuild are the hash that verify finds`() throws {
    let shop = try Shop.synced()
    let rebuilt = try shop.syncline("journal", "rebuild", with: ["--json"])
    let hash = try #require(rebuilt.json.first?["stateHash"] as? String)
    #expect(rebuilt.output == "{\"stateHash\":\"\(hash)\"}\n")
    let verified = try shop.syncline("journal", "verify", with: ["--json"])
    #expect((verified.json.first?["state"] as? String)?.hasSuffix("hash \(hash)") == true)
  }

  @Test func `of plan are the commands and the tally, and nothing changes`() throws {
    let shop = try Shop.scenario()
    let before = try shop.tables
    let answer = try shop.syncline("plan", with: ["--json"])
    #expect(
      answer.neutral
        == Scenario.Answer(
          status: 0,
          output: """
            {"side":"source","object":"Customer","operation":"insert","key":null,"row":{"name":"Zoe","phone":"9"},"before":{}}
            {"side":"target","object":"Client","operation":"insert","key":null,"row":{"title":"Anna","tel":"1"},"before":{}}
            {"side":"target","object":"Client","operation":"insert","key":null,"row":{"title":"Bert","tel":"2"},"before":{}}

            """
              + report(
                1, source: [2, 0, 0, 1, 0, 0], target: [1, 0, 0, 2, 0, 0], journal: "null"),
          errors: ""))
    #expect(try shop.tables == before)
    #expect(!FileManager.default.fileExists(atPath: shop.file(".syncline")))
    #expect(
      try shop.source.rows("SELECT name FROM sqlite_schema WHERE type = 'trigger'") == [])
    #expect(try shop.journal == "")
  }

  @Test func `of plan between runs are updates with what stood before`() throws {
    let shop = try Shop.synced()
    try shop.source.execute("UPDATE Customer SET phone = '7' WHERE id = 1")
    let queued = try shop.queued
    let answer = try shop.syncline("plan", with: ["--json"])
    #expect(
      answer.output.hasPrefix(
        """
        {"side":"target","object":"Client","operation":"update","key":"2","row":{"tel":"7"},"before":{"tel":"1"}}

        """))
    #expect(answer.status == 0)
    #expect(try shop.queued == queued)
    #expect(
      try shop.run().neutral.output
        == report(2, source: [0, 1, 0, 0, 0, 0], target: [0, 0, 0, 0, 1, 0]))
  }

  @Test func `of status are the last run, the parameters and the queues`() throws {
    let shop = try Shop.synced()
    try shop.source.execute("UPDATE Customer SET phone = '7' WHERE id = 1")
    let answer = try shop.syncline("status", with: ["--json"]).neutral
    #expect(answer.status == 0)
    let output = answer.output.replacing(/"events":\d+/, with: "\"events\":N")
    #expect(
      output
        == """
        {"package":"Shop","journal":"JOURNAL","events":N,"lastRun":{"run":1,"state":"Succeeded","closed":"TIME"},"lastSyncTime":"TIME","tasks":[{"name":"Customers","links":3,"agenda":0}],"queues":{"source":3,"target":0},"oldest":{"source":"TIME","target":null}}

        """.replacing("\"source\":3", with: "\"source\":\(try shop.queued)"))
    try FileManager.default.removeItem(atPath: shop.source.path)
    let blind = try shop.syncline("status", with: ["--json"])
    #expect(blind.status == 0)
    #expect(blind.output.contains("\"queues\":{\"source\":null,\"target\":0}"))
  }

  @Test func `of runs are newest first`() throws {
    let shop = try Shop.synced()
    try shop.run()
    let none = #"{"created":0,"changed":0,"deleted":0,"inserts":0,"updates":0,"deletes":0}"#
    let answer = try shop.syncline("runs", with: ["--json"]).neutral
    #expect(
      answer
        == Scenario.Answer(
          status: 0,
          output: """
            {"run":2,"opened":"TIME","closed":"TIME","state":"Succeeded","source":\(none),"target":\(none),"conflicts":0,"failed":0,"held":0,"pending":0,"untouched":0,"reason":""}
            {"run":1,"opened":"TIME","closed":"TIME","state":"Succeeded","source":{"created":2,"changed":0,"deleted":0,"inserts":1,"updates":0,"deletes":0},"target":{"created":1,"changed":0,"deleted":0,"inserts":2,"updates":0,"deletes":0},"conflicts":0,"failed":0,"held":0,"pending":0,"untouched":0,"reason":""}

            """, errors: ""))
    let last = try shop.syncline("runs", with: ["--json", "--last", "1"])
    #expect(last.json.map { $0["run"] as? Int } == [2])
  }

  @Test func `of params are the two that users know, and reset acts by the next run`() throws {
    let shop = try Shop.synced()
    let shown = try shop.syncline("params", "show", with: ["--json"]).neutral
    #expect(
      shown
        == Scenario.Answer(
          status: 0, output: "{\"LastSyncTime\":\"TIME\",\"InitTrackingObjects\":false}\n",
          errors: ""))
    for name in ["LastSyncTime", "InitTrackingObjects"] {
      #expect(
        try shop.syncline("params", "reset", with: [name])
          == Scenario.Answer(status: 0, output: "", errors: ""))
    }
    let reset = try shop.syncline("params", with: ["--json"]).neutral
    #expect(reset.output == "{\"LastSyncTime\":null,\"InitTrackingObjects\":true}\n")
    #expect(
      try shop.syncline("params").output
        == "LastSyncTime         empty\nInitTrackingObjects  true\n")
    // The known recipe: empty one side, reset, run.
    try shop.target.execute("DELETE FROM Client")
    #expect(try shop.run().status == 0)
    let all = [["'Anna'", "'1'"], ["'Bert'", "'2'"], ["'Zoe'", "'9'"]]
    #expect(try shop.contents == Contents(source: all, target: all))
    #expect(try shop.syncline("params", with: ["--json"]).neutral.output == shown.output)
    #expect(try shop.run().neutral.output == quiet(3))
  }

  @Test func `of conflicts tell base, both values, rule and loser`() throws {
    let shop = try Shop.synced()
    #expect(try shop.syncline("conflicts", "list", with: ["--json"]).output == "")
    try shop.source.execute("UPDATE Customer SET phone = '5' WHERE id = 1")
    try shop.target.execute("UPDATE Client SET tel = '6' WHERE title = 'Anna'")
    #expect(try shop.run().status == 0)
    let list = try shop.syncline("conflicts", "list", with: ["--json"])
    let number = try #require(list.json.first?["conflict"] as? Int)
    let link = try #require(list.json.first?["link"] as? Int)
    let between = try #require(list.json.first?["between"] as? [Int])
    let whole = """
      {"conflict":\(number),"status":"decided","kind":"bothChanged","task":"Customers","rule":"source","loser":"target","run":2,"time":"TIME","link":\(link),"base":{"tel":"1"},"lost":{"tel":"6"},"won":{"tel":"5"},"between":[\(between[0]),\(between[1])]}

      """
    #expect(list.neutral == Scenario.Answer(status: 0, output: whole, errors: ""))
    let show = try shop.syncline("conflicts", "show", with: ["\(number)", "--json"])
    #expect(show.neutral == list.neutral)
    #expect(
      try shop.syncline("conflicts", "show", with: ["\(number)"]).output
        == """
        \(number)  run 2  Customers  both sides changed it; rule source; the target lost (decided)
          base  tel = "1"
          lost  tel = "6"
          won   tel = "5"

        """)
    #expect(try shop.syncline("conflicts", "list", with: ["--open"]).output == "")
    let wrong = try shop.syncline("conflicts", "show", with: ["1"])
    #expect(
      wrong
        == Scenario.Answer(
          status: 2, output: "",
          errors: "There is no conflict 1. `syncline conflicts list` shows their numbers.\n"))
  }

  @Test func `of errors name the record, the reason and the next try`() throws {
    let shop = try Shop.scenario(
      target:
        "CREATE TABLE Client (cid INTEGER PRIMARY KEY, title TEXT, tel TEXT CHECK (tel <> '2'))")
    #expect(try shop.run().status == 1)
    let answer = try shop.syncline("errors", with: ["--json"])
    let event = try #require(answer.json.first?["event"] as? Int)
    #expect(
      answer
        == Scenario.Answer(
          status: 0,
          output: """
            {"object":"Customer","key":"2","task":"Customers","side":"target","code":"check","message":"Client: a CHECK constraint refuses the record","count":1,"retry":2,"parked":false,"event":\(event)}

            """, errors: ""))
  }

  @Test func `of history tell a deleted record to its end`() throws {
    let shop = try Shop.synced()
    try shop.source.execute("DELETE FROM Customer WHERE name = 'Zoe'")
    #expect(try shop.run().status == 0)
    #expect(
      try shop.target.rows("SELECT title FROM Client ORDER BY 1") == [["'Anna'"], ["'Bert'"]])
    let answer = try shop.syncline("history", with: ["Customer", "3", "--json"])
    #expect(answer.status == 0)
    #expect(
      answer.json.map { "\($0["kind"] ?? ""): \($0["says"] ?? "")" } == [
        #"record created: seen for the first time: cid = 1, title = "Zoe", tel = "9""#,
        #"command issued: insert into the source sent: name = "Zoe", phone = "9""#,
        "command confirmed: confirmed under key 3; stored besides: id = 3",
        "record deleted: deleted",
        "command issued: delete in the target sent",
        "command confirmed: confirmed",
        "unlinked: the link ended",
      ])
    let partner = try shop.syncline("history", with: ["target.Client", "1", "--json"])
    #expect(partner.output == answer.output)
    let unknown = try shop.syncline("history", with: ["Customer", "77"])
    #expect(
      unknown
        == Scenario.Answer(
          status: 2, output: "",
          errors: "The journal knows no record 77 of “Customer”. See the objects with "
            + "`syncline check \(shop.package)`.\n"))
  }

  @Test func `of compare are each field that differs, with both values`() throws {
    let shop = try Shop.synced()
    #expect(
      try shop.syncline("compare", with: ["--json"])
        == Scenario.Answer(
          status: 0,
          output: """
            {"isEqual":true,"equal":3,"different":0,"onlySource":0,"onlyTarget":0,"unreadable":0}

            """, errors: ""))
    try shop.source.execute(
      "UPDATE Customer SET phone = '7' WHERE id = 1; INSERT INTO Customer VALUES (9, 'Neu', NULL)")
    try shop.target.execute(
      "DELETE FROM Client WHERE title = 'Bert'; INSERT INTO Client VALUES (8, 'X', NULL)")
    let before = (try shop.tables, try shop.queued)
    let answer = try shop.syncline("compare", with: ["--json"])
    #expect(
      answer
        == Scenario.Answer(
          status: 1,
          output: """
            {"task":"Customers","source":"1","target":"2","fields":[{"source":{"field":"phone","value":"7"},"target":{"field":"tel","value":"1"}}]}
            {"task":"Customers","source":"2","target":null,"only":"source"}
            {"task":"Customers","source":"9","target":null,"only":"source"}
            {"task":"Customers","source":null,"target":"8","only":"target"}
            {"isEqual":false,"equal":1,"different":1,"onlySource":2,"onlyTarget":1,"unreadable":0}

            """, errors: ""))
    let lines = try shop.syncline("compare").output
    #expect(
      lines
        == """
        Customers: source Customer 1 / target Client 2: source phone = "7", target tel = "1"
        Customers: source Customer 2: only in the source
        Customers: source Customer 9: only in the source
        Customers: target Client 8: only in the target
        Different: 1 pairs equal, 1 different; 2 only in the source, 1 only in the target

        """)
    #expect(try shop.tables == before.0)
    #expect(try shop.queued == before.1)
    #expect(try shop.run().status == 0)
    #expect(try shop.syncline("compare").status == 0)
  }
}

@Suite struct `Comparing` {
  @Test func `follows relations through links and knows constants`() throws {
    let shop = try Scenario(
      source: """
        CREATE TABLE Emp (id INTEGER PRIMARY KEY, name TEXT, boss INTEGER REFERENCES Emp (id));
        INSERT INTO Emp VALUES (11, 'a', NULL), (12, 'b', 11), (13, 'c', 12);
        """,
      target: """
        CREATE TABLE Worker (id INTEGER PRIMARY KEY, title TEXT,
          chief INTEGER REFERENCES Worker (id), origin TEXT);
        """,
      tasks: """
          - name: People
            source: Emp
            target: Worker
            columns: {name: title}
            relations: {boss: {column: chief, task: People}}
            toTarget: {origin: {constant: shop}}
        """)
    #expect(try shop.run().status == 0)
    #expect(try shop.syncline("compare").status == 0)
    try shop.target.execute(
      "UPDATE Worker SET chief = 1 WHERE id = 3; UPDATE Worker SET origin = 'x' WHERE id = 1")
    #expect(
      try shop.syncline("compare")
        == Scenario.Answer(
          status: 1,
          output: """
            People: source Emp 11 / target Worker 1: source mapped = "shop", target origin = "x"
            People: source Emp 13 / target Worker 3: source boss = 12, target chief = 1
            Different: 1 pairs equal, 2 different; 0 only in the source, 0 only in the target

            """, errors: ""))
  }
}

@Suite struct `Missing records` {
  @Test(arguments: ["confirm", "keep"]) func `are none where a database tells of deletes`(
    _ decision: String
  ) throws {
    let shop = try Shop.synced()
    let answer = try shop.syncline("missing", decision, with: ["Customer", "1"])
    #expect(
      answer
        == Scenario.Answer(
          status: 2, output: "",
          errors: "No record 1 of “Customer” is missing. `syncline missing list \(shop.package)` "
            + "shows those that are.\n"))
    #expect(try shop.run().neutral.output == quiet(2))
  }
}
