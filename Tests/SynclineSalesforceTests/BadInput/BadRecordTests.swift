import SynclineTesting
import Testing

/// Records, fields and objects that the organisation refuses. Each is told once with the mend and without
/// a value, the others go on, nothing is lost.
@Suite struct `What an organisation refuses` {
  private static let schema = """
    {"objects": [{"name": "Account", "fields": [
        {"name": "Tier__c", "type": "picklist", "values": ["Gold", "Silver"], "restricted": true}]}],
     "validations": [{"object": "Account", "field": "Site", "forbids": "Nowhere"}],
     "duplicates": [{"object": "Account", "field": "AccountNumber"}]}
    """

  /// Two objects, so that one can go on beside the other.
  private func package() throws -> CloudPackage {
    let package = try CloudPackage(isSource: false, schema: Self.schema)
    try package.database.execute(
      "CREATE TABLE Person (Id INTEGER PRIMARY KEY, Family TEXT, Phone TEXT);"
        + "ALTER TABLE Customer ADD COLUMN Tier TEXT; ALTER TABLE Customer ADD COLUMN Place TEXT;"
        + "ALTER TABLE Customer ADD COLUMN Number TEXT")
    try package.write(
      """
      source: {connection: shop}
      target: {connection: crm}
      connections:
        shop: {type: sqlite, file: shop.db}
        crm:
          type: salesforce
          url: \(package.sandbox.address)
          clientId: sandbox-client
          clientSecret: env:SYNCLINE_TEST_SECRET
      tasks:
        - name: Customers
          source: Customer
          target: Account
          match: none
          columns:
            Company: Name
            Phone: Phone
            Tier: Tier__c
            Place: Site
            Number: AccountNumber
        - name: People
          source: Person
          target: Contact
          match: none
          columns: {Family: LastName, Phone: Phone}

      """)
    return package
  }

  private static let fixture = """
    INSERT INTO Customer (Company, Phone, Tier, Place, Number)
      VALUES ('Ada', '1', 'Gold', 'Here', '1');
    INSERT INTO Person (Family, Phone) VALUES ('Lovelace', '1');
    """

  /// What a statement puts into the database, the message, and the statement that mends it.
  struct Refusal: CustomTestStringConvertible {
    var testDescription: String
    var statement: String
    var message: String
    var mend: String
  }

  static let refusals = [
    Refusal(
      testDescription: "a choice that the list does not have",
      statement: "INSERT INTO Customer (Company, Tier) VALUES ('Bad', 'hidden-value')",
      message:
        "Account.Tier__c: the value is no choice of the list (INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST)",
      mend: "UPDATE Customer SET Tier = 'Silver' WHERE Company = 'Bad'"),
    Refusal(
      testDescription: "a validation rule",
      statement: "UPDATE Customer SET Place = 'Nowhere', Number = 'hidden-value'",
      message:
        "Account.Site: a validation rule refuses the record (FIELD_CUSTOM_VALIDATION_EXCEPTION)",
      mend: "UPDATE Customer SET Place = 'There'"),
    Refusal(
      testDescription: "a duplicate rule",
      statement:
        "INSERT INTO Customer (Company, Number, Place) VALUES ('Bad', '1', 'hidden-value')",
      message: "Account: a duplicate rule found a record like it (DUPLICATES_DETECTED)",
      mend: "UPDATE Customer SET Number = '2' WHERE Company = 'Bad'"),
    Refusal(
      testDescription: "a field that must have a value",
      statement: "INSERT INTO Customer (Place) VALUES ('hidden-value')",
      message: "Account.Name: the field must have a value (REQUIRED_FIELD_MISSING)",
      mend: "UPDATE Customer SET Company = 'Named' WHERE Company IS NULL"),
  ]

  @Test(arguments: refusals)
  func `by a record is told, the others go on, and it goes when it is mended`(
    refusal: Refusal
  ) throws {
    let package = try package()
    try package.database.execute(Self.fixture)
    try #require(package.run().status == 0)
    try package.database.execute(refusal.statement + "; UPDATE Person SET Phone = '2'")
    let answer = try package.run()
    #expect(answer.status == 1, "\(answer)")
    #expect(answer.output.contains("0 conflicts, 1 failed, 0 held, 0 pending"))
    let errors = try package.call("errors")
    #expect(errors.output.contains(refusal.message), "\(errors.output)")
    #expect(!(answer.output + answer.errors + errors.output).contains("hidden-value"))
    try package.database.execute(refusal.mend)
    #expect(try package.run().status == 0)
    #expect(try package.call("errors").output == "")
    #expect(
      package.written(try package.run())
        == Array(repeating: "wrote 0 inserts, 0 updates, 0 deletes", count: 2))
  }

  @Test func `a name over the limit of its field is told before it is sent`() throws {
    let package = try package()
    let long = String(repeating: "x", count: 256)
    try package.database.execute(
      Self.fixture + "INSERT INTO Customer (Company) VALUES ('\(long)')")
    #expect(try package.run().status == 1)
    let errors = try package.call("errors").output
    #expect(errors.contains("Account"), "\(errors)")
    #expect(errors.contains("Name"), "\(errors)")
    #expect(!errors.contains("xxx"))
  }

  @Test func `a record that another transaction holds waits for the next run`() throws {
    let package = try package()
    try package.database.execute(Self.fixture)
    try #require(package.run().status == 0)
    try package.sandbox.act("faults", #"{"fault": "lock"}"#)
    try package.database.execute(
      "UPDATE Customer SET Phone = '2'; INSERT INTO Person (Family) VALUES ('New')")
    let answer = try package.run()
    #expect(answer.status == 1, "\(answer)")
    #expect(answer.output.contains("0 conflicts, 2 failed, 0 held, 0 pending"))
    #expect(
      try package.call("errors").output.contains(
        "another transaction holds the record (UNABLE_TO_LOCK_ROW)"))
    try package.restore()
    #expect(try package.run().status == 0)
    #expect(
      package.written(try package.run())
        == Array(repeating: "wrote 0 inserts, 0 updates, 0 deletes", count: 2))
  }

  struct Loss: CustomTestStringConvertible {
    var testDescription: String
    /// Of Account.
    var field: String?
    var access: String
    var words: [String]
  }

  static let losses = [
    Loss(
      testDescription: "an object that the user may not see any more", field: nil, access: "none",
      words: ["Account", "give the user the permission"]),
    Loss(
      testDescription: "an object that the user may not write any more", field: nil,
      access: "read", words: ["Account cannot be", "Give the user the permission"]),
    Loss(
      testDescription: "a field that was renamed or hidden", field: "Phone", access: "none",
      words: ["Account", "Phone"]),
    Loss(
      testDescription: "a field that the user may not write any more", field: "Phone",
      access: "read",
      words: [
        "task “Customers”", "“Phone” may be read but not written by the connection's user",
        "give the user the right",
      ]),
  ]

  @Test(arguments: losses)
  func `by permission stops its task by name, and the others go on`(loss: Loss) throws {
    let package = try package()
    try package.database.execute(Self.fixture)
    try #require(package.run().status == 0)
    let field = loss.field.map { #""field": "\#($0)", "# } ?? ""
    func allow(_ access: String) throws {
      try package.sandbox.act(
        "access", #"{"object": "Account", \#(field)"access": "\#(access)"}"#)
    }
    try allow(loss.access)
    try package.database.execute(
      "UPDATE Customer SET Phone = '2'; UPDATE Person SET Phone = '2'")
    let check = try package.call("check")
    #expect(check.status == 2, "\(check)")
    for word in loss.words { #expect(check.errors.contains(word), "\(check)") }
    let answer = try package.run()
    #expect(answer.status == 2, "\(answer)")
    let told = answer.output + answer.errors
    for word in loss.words { #expect(told.contains(word), "\(told)") }
    #expect(told.contains("Task “Customers” is stopped, the others go on"), "\(told)")
    #expect(package.written(answer).last == "wrote 0 inserts, 1 updates, 0 deletes")

    try allow("write")
    let mended = try package.run()
    #expect(mended.status == 0, "\(mended)")
    #expect(package.written(mended).last == "wrote 0 inserts, 1 updates, 0 deletes")
    #expect(
      package.written(try package.run())
        == Array(repeating: "wrote 0 inserts, 0 updates, 0 deletes", count: 2))
  }
}
