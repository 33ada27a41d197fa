import SynclineTesting
import Testing

/// Scenarios 21, 22 and 25 of the semantics; 46 to 48 stand beside the faults and the records that are gone.
@Suite struct `Semantics of an organisation` {
  @Test(arguments: Role.allCases, Role.allCases)
  func `semantics 21: a side that trims and one that holds less makes no ping-pong`(
    cloud: Role, role: Role
  ) throws {
    let package = try CloudPackage(isSource: cloud == .source)
    try package.database.execute(
      "INSERT INTO Customer (Company, Phone, Revenue) VALUES ('Ada', '1', 1000)")
    try #require(package.run().status == 0)
    if role == cloud {
      let id = try #require(package.sandbox.records("Account").keys.first)
      try package.sandbox.act(
        "write",
        #"{"object": "Account", "id": "\#(id)", "fields": {"Phone": "  12 ", "AnnualRevenue": 12.567}}"#
      )
    } else {
      try package.database.execute("UPDATE Customer SET Phone = '  12 ', Revenue = 12.567")
    }
    var count = 0
    for number in 1...7 {
      let answer = try package.call("run", ["--json"])
      let outcome = try answer.outcome
      #expect(outcome.status == 0, "\(answer)")
      let updates = outcome.source.updates + outcome.target.updates
      if number > 2 { #expect(updates == 0, "run \(number)") }
      count += updates
    }
    #expect((1...2).contains(count))
    // What the organisation trims and rounds stays in the database as it is there.
    #expect(try package.customers == [role == cloud ? "Ada|12|13" : "Ada|  12 |12.567"])
  }

  @Test(arguments: Role.allCases)
  func `semantics 22: a record that both sides rewrite for ever is held, and others go on`(
    cloud: Role
  ) throws {
    let world = try CloudWorld(
      cloud: cloud,
      .init(
        schema: """
          , "automations": [
            {"object": "Account", "field": "Name", "uppercase": "Name", "afterSeconds": 60}]
          """,
        sql: """
          CREATE TRIGGER lower AFTER UPDATE OF Company ON Customer
          WHEN NEW.Company <> lower(NEW.Company) AND NEW.Tag = 'r'
          BEGIN UPDATE Customer SET Company = lower(NEW.Company) WHERE Id = NEW.Id; END;
          """))
    try world.settle(["r ADA 1", "s BOB 1"])
    try world.edit(cloud.other, [.name("r", "eve")])
    var last = Scenario.Answer(status: 0, output: "", errors: "")
    for number in 1...8 {
      try world.pass(900 * number)
      last = try world.run()
    }
    #expect(try last.outcome == Outcome(status: 2, held: 1, refusals: ["bounces"]), "\(last)")
    try world.edit(cloud.other, [.score("s", 2)])
    try world.run()
    #expect(try world.contents(cloud).contains("s BOB 2"))
  }

  @Test(arguments: Role.allCases)
  func `semantics 25: a field that points to records of several objects is no relation`(
    cloud: Role
  ) throws {
    let isSource = cloud == .source
    let package = try CloudPackage(
      isSource: isSource,
      schema: """
        {"objects": [{"name": "Note__c", "keyPrefix": "a09", "fields": [
          {"name": "Text__c", "type": "string", "length": 20},
          {"name": "About__c", "type": "reference", "referenceTo": ["Account", "Contact"]}]}]}
        """)
    try package.database.execute(
      "CREATE TABLE Note (Id INTEGER PRIMARY KEY, Words TEXT, About INTEGER)")
    try package.write(
      try package.text + """
          - name: Notes
            source: \(isSource ? "Note__c" : "Note")
            target: \(isSource ? "Note" : "Note__c")
            match: none
            columns: {\(isSource ? "Text__c: Words" : "Words: Text__c")}
            relations:
              \(isSource ? "About__c" : "About"):
                {column: \(isSource ? "About" : "About__c"), task: Customers}

        """)
    for command in ["check", "run"] {
      let answer = try package.call(command)
      #expect(answer.status == 2, "\(answer)")
      #expect(
        (answer.output + answer.errors).contains(
          "the \(cloud) field “About__c” may point to records of several objects (Account, Contact)"
        ),
        "\(answer)")
    }
    #expect(try package.sandbox.records("Note__c").isEmpty)
  }

  @Test(arguments: Role.allCases)
  func `a field that a new record takes no value for follows the record`(cloud: Role) throws {
    let isSource = cloud == .source
    let package = try CloudPackage(
      isSource: isSource,
      schema: """
        {"objects": [{"name": "Thing__c", "keyPrefix": "a09", "fields": [
          {"name": "Text__c", "type": "string", "length": 20},
          {"name": "Late__c", "type": "string", "length": 20, "createable": false},
          {"name": "Fixed__c", "type": "string", "length": 20, "updateable": false}]}]}
        """)
    try package.database.execute(
      "CREATE TABLE Thing (Id INTEGER PRIMARY KEY, Words TEXT, Late TEXT, Fixed TEXT)")
    let pairs = [("Text__c", "Words"), ("Late__c", "Late"), ("Fixed__c", "Fixed")]
    let columns = pairs.map { isSource ? "\($0.0): \($0.1)" : "\($0.1): \($0.0)" }
    try package.write(
      try package.text + """
          - name: Things
            source: \(isSource ? "Thing__c" : "Thing")
            target: \(isSource ? "Thing" : "Thing__c")
            match: none
            columns: {\(columns.joined(separator: ", "))}

        """)
    let check = try package.call("check")
    #expect(
      check.output.contains(
        "note: the \(cloud) field Thing__c.Fixed__c takes a value with a new record and none later"),
      "\(check)")
    try package.database.execute("INSERT INTO Thing (Words, Late, Fixed) VALUES ('a', 'b', 'c')")
    #expect(try package.run().status == 0)
    let made = try #require(package.sandbox.records("Thing__c").values.first)
    #expect([made["Text__c"], made["Late__c"], made["Fixed__c"]] == ["a", "b", "c"])
    #expect(try package.run().status == 0)
    try package.database.execute("UPDATE Thing SET Fixed = 'd'")
    #expect(try package.run().status == 1)
    let errors = try package.call("errors")
    #expect(errors.output.contains("Thing__c"), "\(errors)")
    #expect(errors.output.contains("Fixed__c"), "\(errors)")
  }
}
