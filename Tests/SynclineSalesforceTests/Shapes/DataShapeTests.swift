import SynclineHTTP
import SynclineModel
import SynclinePorts
import SynclineSalesforce
import Testing

/// Each request of a run, and its answer in the form of a real one (reference of the interface, sections 3 to 9).
@Suite struct `The shapes of the data` {
  private static let account = ObjectNumber(1)
  private static let names: [FieldName] = [
    "Id", "Name", "ParentId", "AnnualRevenue", "Signed__c", "Active__c",
  ]
  private static let selected =
    "Id,Name,ParentId,AnnualRevenue,Signed__c,Active__c,SystemModstamp,LastModifiedDate,LastModifiedById,"
    + "CreatedById,IsDeleted"
  private static let first = "0014W000027f6V3QAI"
  private static let second = "0014W000027f6V4QAI"
  private static let ourUser = "0054W00000AbCdEQAV"

  /// A connector that has signed in and looked at accounts; the answers follow.
  private func opened(
    _ answers: [ScriptedOrganisation.Answer], answerBytesMax: Int? = nil
  ) async throws -> (ScriptedOrganisation, SalesforceConnector) {
    let server = try ScriptedOrganisation([.token, .init(ObjectShapes.account)] + answers)
    let connector = try server.connector(answerBytesMax: answerBytesMax)
    let inspection = try await connector.inspect(
      [ObjectRequest(name: "Account")], ourJournal: nil)
    let schema = try #require(inspection.objects["Account"])
    let fields = Self.names.enumerated().compactMap { index, name in
      schema.field(name).map {
        ObjectBinding.Field(number: FieldNumber(UInt16(index + 1)), name: name, type: $0.type)
      }
    }
    try #require(fields.count == Self.names.count)
    try await connector.bind([
      ObjectBinding(object: Self.account, name: "Account", key: fields[0], fields: fields)
    ])
    return (server, connector)
  }

  /// What was asked behind the describe.
  private func asked(_ server: ScriptedOrganisation) throws -> [String] {
    try Array(server.requests.dropFirst(2))
  }

  /// A record as answers hold it.
  private static func record(
    _ id: String, _ name: String, stamp: String = "2020-10-22T21:03:23.000+0000",
    author: String = "0054W00000ZyXwVQAV", isDeleted: Bool = false
  ) -> String {
    """
    {"attributes": {"type": "Account", "url": "/services/data/v60.0/sobjects/Account/\(id)"},
     "Id": "\(id)", "Name": "\(name)", "ParentId": null, "AnnualRevenue": 950000000.0, "Signed__c": "2020-11-16",
     "Active__c": true, "SystemModstamp": "\(stamp)", "LastModifiedDate": "2020-10-22T21:03:20.000+0000",
     "LastModifiedById": "\(author)", "CreatedById": "\(ourUser)", "IsDeleted": \(isDeleted)}
    """
  }

  /// The same as the core knows it.
  private static func read(
    _ id: String, _ name: String, version: Int64 = 1_603_400_603_000_000,
    author: String = "0054W00000ZyXwVQAV"
  ) throws -> ReadRecord {
    let key = try #require(NativeKey(.text(id)))
    return ReadRecord(
      key: key,
      row: PackedRow([
        FieldNumber(1): .text(id), FieldNumber(2): .text(name), FieldNumber(3): .null,
        FieldNumber(4): .integer(950_000_000),
        FieldNumber(5): .date(try #require(CalendarDate(year: 2020, month: 11, day: 16))),
        FieldNumber(6): .boolean(true),
      ]),
      stamp: Stamp(
        time: Timestamp(microseconds: 1_603_400_600_000_000), author: author, version: version),
      isOurs: true, isLastOurs: author == ourUser)
  }

  @Test func `a describe tells what can be synced, and how`() async throws {
    let server = try ScriptedOrganisation([.token, .init(ObjectShapes.account)])
    let inspection = try await server.connector().inspect(
      [ObjectRequest(name: "Account")], ourJournal: nil)
    let schema = try #require(inspection.objects["Account"])
    func text(_ name: FieldName, _ length: UInt32, isNullable: Bool = true) -> FieldSchema {
      FieldSchema(
        name: name, type: FieldType(.text, lengthMax: length, trims: true), isNullable: isNullable)
    }
    #expect(
      schema.fields.map(\.name) == [
        "Id", "Name", "Type", "ParentId", "BillingStreet", "AnnualRevenue", "NumberOfEmployees",
        "OwnerId", "CreatedDate", "CreatedById", "LastActivityDate", "Signed__c", "Rating__c",
        "Active__c",
      ])
    #expect(schema.field("Name") == text("Name", 255, isNullable: false))
    #expect(schema.field("Type") == text("Type", 255))
    #expect(
      schema.field("Rating__c")
        == FieldSchema(name: "Rating__c", type: FieldType(.decimal, precision: 5, scale: 2)))
    #expect(
      schema.field("Active__c")
        == FieldSchema(
          name: "Active__c", type: FieldType(.boolean), isNullable: false, hasDefault: true))
    #expect(schema.field("OwnerId")?.pointsTo == ["Group", "User"])
    #expect(schema.field("CreatedDate")?.isCalculated == true)
    #expect(
      schema.foreignKeys == [ForeignKey(field: "ParentId", parent: "Account", onDelete: .setNull)])
    #expect(
      try server.requests.last == "GET /services/data/v60.0/sobjects/Account/describe")
  }

  @Test func `a full read asks by id, and reads what a query answers`() async throws {
    let (server, connector) = try await opened([
      .init(
        """
        {"totalSize": 4000, "done": false,
         "nextRecordsUrl": "/services/data/v60.0/query/01g4W00000AbCdE-2000",
         "records": [\(Self.record(Self.first, "Ada")), \(Self.record(Self.second, "Bo'b"))]}
        """),
      .init(#"{"totalSize": 0, "done": true, "records": []}"#),
    ])
    let page = try await connector.readPage(
      PageRequest(object: Self.account, after: nil, limit: 2000))
    #expect(
      page
        == RecordPage(
          records: [try Self.read(Self.first, "Ada"), try Self.read(Self.second, "Bo'b")],
          isLast: false))
    let last = try await connector.readPage(
      PageRequest(object: Self.account, after: page.records.last?.key, limit: 2000))
    #expect(last == RecordPage(records: [], isLast: true))
    #expect(
      try asked(server) == [
        "GET /services/data/v60.0/query?q=SELECT \(Self.selected) FROM Account ORDER BY Id LIMIT 2000",
        "GET /services/data/v60.0/query?q=SELECT \(Self.selected) FROM Account "
          + "WHERE Id > '\(Self.second)' ORDER BY Id LIMIT 2000",
      ])
  }

  @Test func `a read by key finds null in the place of a record, and asks the bin`() async throws {
    let (server, connector) = try await opened([
      .init("[\(Self.record(Self.first, "Ada")), null]"),
      .init(
        """
        {"totalSize": 1, "done": true, "records": [
          {"attributes": {"type": "Account", "url": "/services/data/v60.0/sobjects/Account/\(Self.second)"},
           "Id": "\(Self.second)", "SystemModstamp": "2020-10-22T21:03:23.000+0000", "IsDeleted": true}]}
        """),
    ])
    let keys = try [Self.first, Self.second].map { try #require(NativeKey(.text($0))) }
    let found = try await connector.fetch(FetchRequest(object: Self.account, keys: keys))
    #expect(found.records == [try Self.read(Self.first, "Ada")])
    #expect(found.deleted == [keys[1]])
    let fields = Self.selected.split(separator: ",").map { "\"\($0)\"" }.joined(separator: ",")
    #expect(
      try asked(server) == [
        "POST /services/data/v60.0/composite/sobjects/Account\n"
          + #"{"ids":["\#(Self.first)","\#(Self.second)"],"fields":[\#(fields)]}"#,
        "GET /services/data/v60.0/queryAll?q=SELECT Id,SystemModstamp,IsDeleted FROM Account "
          + "WHERE Id IN ('\(Self.second)') ORDER BY Id LIMIT 2000",
      ])
  }

  @Test func `changes are read up to what the feed covers, by stamp, then id`() async throws {
    let (server, connector) = try await opened([
      .init(
        #"{"ids": [], "latestDateCovered": "2020-10-22T21:02:00.000+0000"}"#,
        headers: ["Sforce-Limit-Info": "api-usage=18/15000"]),
      .init(
        """
        {"totalSize": 1, "done": true, "records": [\(Self.record(Self.first, "Ada", author: Self.ourUser))]}
        """),
    ])
    let page = try await connector.readStamped(
      StampedRequest(
        object: Self.account, since: Timestamp(microseconds: 1_603_400_000_000_000), after: nil,
        limit: 1))
    let record = try Self.read(Self.first, "Ada", author: Self.ourUser)
    #expect(page.records == [record])
    #expect(page.coverage.safeBound == Timestamp(microseconds: 1_603_400_520_000_000))
    #expect(
      page.next
        == PageMark(time: Timestamp(microseconds: 1_603_400_603_000_000), key: record.key))
    #expect(await connector.usage == "4 calls to Salesforce; 18 of 15000 of the day are used")
    let asked = try asked(server)
    #expect(asked.count == 2)
    #expect(asked[0].hasPrefix("GET /services/data/v60.0/sobjects/Account/updated/?start="))
    #expect(
      asked[1]
        == "GET /services/data/v60.0/query?q=SELECT \(Self.selected) FROM Account "
        + "WHERE SystemModstamp >= 2020-10-22T20:53:20.000Z ORDER BY SystemModstamp, Id LIMIT 1")
  }

  @Test func `a feed that names more records than an answer may hold is done without`() async throws
  {
    let ids = Array(repeating: "\"\(Self.first)\"", count: 5400).joined(separator: ",")
    let (server, connector) = try await opened(
      [
        .init(#"{"ids": [\#(ids)], "latestDateCovered": "2020-10-22T21:02:00.000+0000"}"#),
        .init(
          """
          {"totalSize": 5400, "done": true, "records": [\(Self.record(Self.first, "Ada"))]}
          """),
      ], answerBytesMax: 100_000)
    let page = try await connector.readStamped(
      StampedRequest(
        object: Self.account, since: Timestamp(microseconds: 1_603_400_000_000_000), after: nil,
        limit: 1))
    let record = try Self.read(Self.first, "Ada")
    #expect(page.records == [record])
    #expect(page.next?.key == record.key)
    #expect(page.coverage.safeBound == nil)
    #expect(try asked(server).count == 2)
  }

  @Test func `the feed of deletes tells ids and times, and how far it goes`() async throws {
    let (server, connector) = try await opened([
      .init(
        """
        {"deletedRecords": [{"id": "\(Self.second)", "deletedDate": "2026-11-20T22:07:19.000+0000"},
                            {"id": "\(Self.first)", "deletedDate": "2026-11-20T22:07:20.000+0000"}],
         "earliestDateAvailable": "2013-05-03T00:00:00.000+0000",
         "latestDateCovered": "2026-11-20T22:09:00.000+0000"}
        """, headers: ["Date": "Fri, 20 Nov 2026 22:10:00 GMT"])
    ])
    let since = Timestamp(microseconds: 1_795_212_000_000_000)
    let page = try await connector.readDeletions(
      StampedRequest(object: Self.account, since: since, after: nil, limit: 100))
    #expect(page.deletions.map(\.key.description) == [Self.first, Self.second])
    #expect(page.isLast)
    #expect(try asked(server).count == 1)
    #expect(
      try asked(server)[0].hasPrefix("GET /services/data/v60.0/sobjects/Account/deleted/?start="))
  }

  // MARK: Writes

  private static func insert(_ id: UInt64, _ name: String) -> WriteCommand {
    WriteCommand(
      id: CommandID(id), operation: .insert, key: nil,
      row: PackedRow([FieldNumber(2): .text(name), FieldNumber(4): .null]), expected: PackedRow())
  }

  private func write(
    _ connector: SalesforceConnector, _ commands: [WriteCommand]
  ) async throws -> [WriteOutcome] {
    try await connector.write(
      WriteBatch(object: Self.account, commands: commands, head: .empty)
    ).sorted { $0.id < $1.id }
  }

  @Test func `creates go as one collection, each with a result of its own`() async throws {
    let (server, connector) = try await opened([
      .init(
        """
        [{"id": "\(Self.first)", "success": true, "errors": []},
         {"success": false, "errors": [{"statusCode": "STRING_TOO_LONG",
           "message": "Account Name: data value too large: x (max length=255)", "fields": ["Name"]}]},
         {"success": false, "errors": [{"statusCode": "DUPLICATES_DETECTED", "message": "Use one of these records?",
           "fields": [], "duplicateResult": {"allowSave": true, "duplicateRule": "Standard_Account_Duplicate_Rule",
             "duplicateRuleEntityType": "Account", "errorMessage": "Use one of these records?", "matchResults": [
               {"entityType": "Account", "errors": [], "matchEngine": "FuzzyMatchEngine", "matchRecords": [
                 {"additionalInformation": [], "fieldDiffs": [], "matchConfidence": 100.0, "record":
                   {"attributes": {"type": "Account", "url": "/services/data/v60.0/sobjects/Account/x"},
                    "Id": "\(Self.second)"}}], "rule": "Standard_Account_Match_Rule_v1_0", "size": 1,
                "success": true}]}}]}]
        """)
    ])
    let outcomes = try await write(
      connector, [Self.insert(1, "Ada"), Self.insert(2, "long"), Self.insert(3, "Bob")])
    let key = try #require(NativeKey(.text(Self.first)))
    #expect(outcomes[0].result == .written(key: key, stored: PackedRow()))
    let codes = outcomes.map { outcome -> String? in
      if case .refused(let problem) = outcome.result { problem.code } else { nil }
    }
    #expect(codes == [nil, "value", "unique"])
    let records = ["Ada", "long", "Bob"].map {
      #"{"attributes":{"type":"Account"},"Name":"\#($0)","AnnualRevenue":null}"#
    }
    #expect(
      try asked(server) == [
        "POST /services/data/v60.0/composite/sobjects\n"
          + #"{"allOrNone":false,"records":[\#(records.joined(separator: ","))]}"#
      ])
  }

  @Test func `an update reads, writes and reads again in one request`() async throws {
    let (server, connector) = try await opened([
      .init(
        """
        {"compositeResponse": [
          {"body": [\(Self.record(Self.first, "Ada"))], "httpHeaders": {}, "httpStatusCode": 200,
           "referenceId": "before"},
          {"body": [{"id": "\(Self.first)", "success": true, "errors": []}], "httpHeaders": {},
           "httpStatusCode": 200, "referenceId": "write0"},
          {"body": [\(Self.record(Self.first, "Eve", stamp: "2020-10-22T21:04:23.000+0000", author: Self.ourUser))],
           "httpHeaders": {}, "httpStatusCode": 200, "referenceId": "after"}]}
        """)
    ])
    let key = try #require(NativeKey(.text(Self.first)))
    let outcomes = try await write(
      connector,
      [
        WriteCommand(
          id: CommandID(1), operation: .update, key: key,
          row: PackedRow([FieldNumber(2): .text("Eve")]), expected: PackedRow())
      ])
    let after = try Self.read(
      Self.first, "Eve", version: 1_603_400_663_000_000, author: Self.ourUser)
    #expect(
      outcomes == [
        WriteOutcome(
          id: CommandID(1), result: .written(key: key, stored: after.row),
          before: try Self.read(Self.first, "Ada").row, stamp: after.stamp)
      ])
    let request = try #require(asked(server).first)
    #expect(request.hasPrefix("POST /services/data/v60.0/composite\n"))
    #expect(
      request.contains(
        #"{"method":"PATCH","url":"/services/data/v60.0/composite/sobjects","referenceId":"write0","#
          + #""body":{"allOrNone":false,"records":[{"attributes":{"type":"Account"},"id":"@{before[0].Id}","#
          + #""Name":"Eve"}]}}"#))
    #expect(
      request.contains(#"{"allOrNone":false,"collateSubrequests":false,"compositeRequest":["#))
    #expect(try asked(server).count == 1)
  }

  @Test func `a delete names the ids in its address`() async throws {
    let (server, connector) = try await opened([
      .init(
        """
        {"compositeResponse": [
          {"body": [\(Self.record(Self.first, "Ada")), null], "httpHeaders": {}, "httpStatusCode": 200,
           "referenceId": "before"},
          {"body": [{"id": "\(Self.first)", "success": true, "errors": []},
                    {"success": false, "errors": [{"statusCode": "ENTITY_IS_DELETED",
                      "message": "entity is deleted", "fields": []}]}],
           "httpHeaders": {}, "httpStatusCode": 200, "referenceId": "write0"}]}
        """)
    ])
    let keys = try [Self.first, Self.second].map { try #require(NativeKey(.text($0))) }
    let outcomes = try await write(
      connector,
      keys.enumerated().map { index, key in
        WriteCommand(
          id: CommandID(UInt64(index + 1)), operation: .delete, key: key, row: PackedRow(),
          expected: PackedRow())
      })
    #expect(
      outcomes.map(\.result) == [
        .written(key: keys[0], stored: PackedRow()), .changed(current: nil),
      ])
    #expect(
      try asked(server).first?.contains(
        #""method":"DELETE","url":"/services/data/v60.0/composite/sobjects?ids=@{before[0].Id},"#
          + #"\#(Self.second)&allOrNone=false""#) == true)
  }

  // MARK: Refusals

  @Test(arguments: [
    (400, "MALFORMED_QUERY", "unexpected token: x"),
    (400, "INVALID_FIELD", "No such column 'X' on entity 'Account'"),
    (403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."),
    (403, "API_DISABLED_FOR_ORG", "API is not enabled for this Organization or Partner"),
    (404, "NOT_FOUND", "The requested resource does not exist"),
  ])
  func `a refusal is a list, and its sentence goes nowhere`(
    status: Int, code: String, message: String
  ) async throws {
    let (server, connector) = try await opened([
      .init(#"[{"message": "\#(message)", "errorCode": "\#(code)", "fields": []}]"#, status: status)
    ])
    let failure = await #expect(throws: ConnectorFailure.self) {
      try await connector.readPage(PageRequest(object: Self.account, after: nil, limit: 10))
    }
    #expect(failure.map { "\($0.message)".contains(message) } == false)
    #expect(failure.map { "\($0.message)".contains(code) } == true)
    #expect(try asked(server).count == 1)
    #expect(failure?.hint.isEmpty == false)
  }
}
