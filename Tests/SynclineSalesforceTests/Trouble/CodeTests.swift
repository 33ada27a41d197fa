import SynclineHTTP
import SynclineModel
import SynclinePorts
import Testing

@testable import SynclineSalesforce

/// Every code of the interface that the reference names, and what it means.
@Suite struct `The codes of the interface` {
  private static let object = BoundObject(
    ObjectBinding(
      object: ObjectNumber(1), name: "Account",
      key: ObjectBinding.Field(number: FieldNumber(1), name: "Id", type: FieldType(.text)),
      fields: [
        ObjectBinding.Field(number: FieldNumber(1), name: "Id", type: FieldType(.text)),
        ObjectBinding.Field(number: FieldNumber(2), name: "Phone", type: FieldType(.text)),
      ]))

  static let whole: [(code: String, reach: APIProblem.Reach)] = [
    ("UNABLE_TO_LOCK_ROW", .moment), ("REQUEST_RUNNING_TOO_LONG", .moment),
    ("TOO_MANY_APEX_REQUESTS", .moment), ("PLATFORM_EVENT_PUBLISHING_UNAVAILABLE", .moment),
    ("SERVER_UNAVAILABLE", .moment), ("QUERY_TIMEOUT", .size), ("OPERATION_TOO_LARGE", .size),
    ("REQUEST_LIMIT_EXCEEDED", .moment), ("LIMIT_EXCEEDED", .limit),
    ("EXCEEDED_ID_LIMIT", .limit), ("API_CURRENTLY_DISABLED", .limit),
    ("UNKNOWN_EXCEPTION", .unknown), ("INVALID_FIELD", .all), ("INVALID_TYPE", .all),
    ("MALFORMED_QUERY", .all), ("INVALID_QUERY_FILTER_OPERATOR", .all),
    ("INVALID_QUERY_LOCATOR", .all), ("INVALID_REPLICATION_DATE", .all), ("NOT_FOUND", .all),
    ("API_DISABLED_FOR_ORG", .all), ("INSUFFICIENT_ACCESS", .all),
    ("TXN_SECURITY_METERING_ERROR", .all), ("STORAGE_LIMIT_EXCEEDED", .all),
    ("INVALID_FIELD_FOR_INSERT_UPDATE", .all), ("INSUFFICIENT_ACCESS_OR_READONLY", .all),
    ("JSON_PARSER_ERROR", .record), ("MALFORMED_ID", .record),
    ("REQUIRED_FIELD_MISSING", .record), ("ENTITY_IS_DELETED", .record),
    ("INVALID_CROSS_REFERENCE_KEY", .record), ("DUPLICATES_DETECTED", .record), ("", .all),
  ]

  @Test(arguments: whole)
  func `say of a whole request what it is due to`(code: String, reach: APIProblem.Reach) {
    #expect(APIProblem(code: code).reach == reach)
  }

  @Test func `tell the calls of the day from those of the moment`() {
    #expect(APIProblem(code: "REQUEST_LIMIT_EXCEEDED", isOfTheDay: true).reach == .limit)
  }

  static let refusals:
    [(status: Int, code: String, ours: String, disposition: ConnectorFailure.Disposition)] = [
      (401, "INVALID_SESSION_ID", "signIn", .user),
      (403, "REQUEST_LIMIT_EXCEEDED", "limit", .retry),
      (403, "API_DISABLED_FOR_ORG", "permission", .user),
      (403, "API_CURRENTLY_DISABLED", "unavailable", .retry),
      (403, "INSUFFICIENT_ACCESS", "permission", .user),
      (403, "OPERATION_TOO_LARGE", "refused", .stop),
      (403, "TXN_SECURITY_METERING_ERROR", "refused", .stop),
      (403, "SOMETHING_NEW", "refused", .stop), (503, "SERVER_UNAVAILABLE", "unavailable", .retry),
    ]

  @Test(arguments: refusals)
  func `end a run where a call is refused by its status`(
    status: Int, code: String, ours: String, disposition: ConnectorFailure.Disposition
  ) throws {
    let request = HTTPRequest("read Account", .get, try HTTPAddress("https://acme.example"))
    let body = Array(#"[{"errorCode": "\#(code)", "message": "hidden-text"}]"#.utf8)
    let failure = Account.refusal(HTTPAnswer(head: HTTPHead(status: status), body: body), request)
    #expect(failure.code == ours)
    #expect(failure.disposition == disposition)
    #expect(failure.message.hasPrefix("https://acme.example "))
    #expect(failure.message.hasSuffix("(\(code))"))
    #expect(failure.didNothing == (status < 500))
  }

  @Test(arguments: ["ENTITY_IS_DELETED", "INVALID_CROSS_REFERENCE_KEY", "NOT_FOUND"])
  func `tell a record that is gone`(code: String) {
    #expect(APIProblem(code: code).isGone)
  }

  static let calls: [(code: String, ours: String, disposition: ConnectorFailure.Disposition)] = [
    ("QUERY_TIMEOUT", "busy", .retry), ("OPERATION_TOO_LARGE", "busy", .retry),
    ("UNABLE_TO_LOCK_ROW", "busy", .retry), ("REQUEST_RUNNING_TOO_LONG", "busy", .retry),
    ("TOO_MANY_APEX_REQUESTS", "busy", .retry),
    ("PLATFORM_EVENT_PUBLISHING_UNAVAILABLE", "busy", .retry),
    ("UNKNOWN_EXCEPTION", "busy", .retry), ("EXCEEDED_ID_LIMIT", "limit", .retry),
    ("INVALID_FIELD", "schema", .user), ("INVALID_TYPE", "schema", .user),
    ("NOT_FOUND", "schema", .user), ("INVALID_FIELD_FOR_INSERT_UPDATE", "schema", .user),
    ("MALFORMED_QUERY", "refused", .stop), ("INVALID_QUERY_FILTER_OPERATOR", "refused", .stop),
    ("INVALID_QUERY_LOCATOR", "refused", .stop), ("INVALID_REPLICATION_DATE", "refused", .stop),
    ("MALFORMED_ID", "refused", .stop), ("JSON_PARSER_ERROR", "refused", .stop),
  ]

  @Test(arguments: calls)
  func `fail a call with the code and the mend`(
    code: String, ours: String, disposition: ConnectorFailure.Disposition
  ) {
    let failure = APIProblem(code: code).failure("read Account", Self.object)
    #expect(failure.code == ours)
    #expect(failure.disposition == disposition)
    #expect(failure.message.contains("(\(code))"))
    #expect(!failure.hint.isEmpty)
  }

  static let records: [(code: String, ours: String, mayPass: Bool)] = [
    ("UNABLE_TO_LOCK_ROW", "locked", true), ("REQUEST_RUNNING_TOO_LONG", "busy", true),
    ("TOO_MANY_APEX_REQUESTS", "busy", true),
    ("PLATFORM_EVENT_PUBLISHING_UNAVAILABLE", "busy", true), ("QUERY_TIMEOUT", "busy", true),
    ("UNKNOWN_EXCEPTION", "trouble", true), ("DUPLICATE_VALUE", "unique", true),
    ("DUPLICATE_EXTERNAL_ID", "unique", true), ("DUPLICATES_DETECTED", "unique", true),
    ("REQUIRED_FIELD_MISSING", "notNull", false), ("STRING_TOO_LONG", "value", false),
    ("NUMBER_OUTSIDE_VALID_RANGE", "value", false),
    ("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "value", false),
    ("INVALID_EMAIL_ADDRESS", "value", false), ("JSON_PARSER_ERROR", "value", false),
    ("INACTIVE_OWNER_OR_USER", "value", false),
    ("FIELD_CUSTOM_VALIDATION_EXCEPTION", "check", false),
    ("FIELD_INTEGRITY_EXCEPTION", "check", false),
    ("FIELD_FILTER_VALIDATION_EXCEPTION", "check", false), ("CIRCULAR_DEPENDENCY", "check", true),
    ("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "trigger", false),
    ("CANNOT_EXECUTE_FLOW_TRIGGER", "trigger", false), ("DELETE_FAILED", "foreignKey", true),
    ("DEPENDENCY_EXISTS", "foreignKey", true), ("ENTITY_IS_DELETED", "foreignKey", true),
    ("INVALID_CROSS_REFERENCE_KEY", "foreignKey", true), ("MALFORMED_ID", "foreignKey", false),
    ("ENTITY_IS_LOCKED", "locked", false),
    ("INVALID_FIELD_FOR_INSERT_UPDATE", "permission", false),
    ("INSUFFICIENT_ACCESS_OR_READONLY", "permission", false),
    ("INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", "permission", false),
    ("INVALID_FIELD", "schema", false), ("CANNOT_UPDATE_CONVERTED_LEAD", "readOnly", false),
    ("STORAGE_LIMIT_EXCEEDED", "full", false), ("SOMETHING_NEW", "refused", false),
  ]

  @Test(arguments: records)
  func `refuse a record by its name, its field and the code`(
    code: String, ours: String, mayPass: Bool
  ) {
    let problem = APIProblem(code: code, fields: ["Phone"]).problem(of: Self.object)
    #expect(problem.code == ours)
    #expect(problem.mayPass == mayPass)
    #expect(problem.message.hasPrefix("Account.Phone: "))
    #expect(problem.message.hasSuffix(" (\(code))"))
  }

  @Test(arguments: [
    "api-usage=18/15000", "api-usage=18/15000, per-app-api-usage=17/250(appName=x)",
    "per-app-api-usage=17/250(appName=x), api-usage=18/15000",
  ])
  func `come with the calls of the day`(header: String) {
    let usage = CallUsage(header)
    #expect(usage?.used == 18)
    #expect(usage?.allowed == 15000)
  }

  @Test func `tell a field from their sentence and never a value`() {
    let known = APIProblem(code: "INVALID_FIELD", words: ["secret", "Phone"])
    #expect(
      known.problem(of: Self.object).message
        == "Account.Phone: there is no such field, or the user may not see it (INVALID_FIELD)")
  }
}
