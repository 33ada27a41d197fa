import SynclineModel

/// A refusal in the words of the interface.
public struct APIError: Error, Hashable, Sendable {
  /// The status of the answer.
  public let status: Int
  /// The word for programs.
  public let code: String
  /// The sentence for people.
  public let message: String
  /// The fields that it is about.
  public let fields: [String]
  /// What a duplicate rule found, where one refuses.
  var duplicates: DuplicateResult?

  /// A refusal.
  init(_ status: Int = 400, _ code: String, _ message: String, fields: [String] = []) {
    self.status = status
    self.code = code
    self.message = message
    self.fields = fields
  }

  /// As the body of an answer holds it.
  var json: JSON {
    var members: [(String, JSON)] = [("message", .text(message)), ("errorCode", .text(code))]
    if !fields.isEmpty { members.append(("fields", .list(fields.map { .text($0) }))) }
    if let duplicates { members.append(("duplicateResult", duplicates.json(message))) }
    return .members(members)
  }

  /// As the result of one record of several holds it.
  var recordJSON: JSON {
    .members(
      [
        ("statusCode", .text(code)), ("message", .text(message)),
        ("fields", .list(fields.map { .text($0) })),
      ] + (duplicates.map { [("duplicateResult", $0.json(message))] } ?? []))
  }
}

extension APIError {
  static let notFound = APIError(404, "NOT_FOUND", "The requested resource does not exist")
  static let deleted = APIError(404, "ENTITY_IS_DELETED", "entity is deleted")
  static let noSuchRecord = APIError(
    404, "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")
  static let sessionExpired = APIError(
    401, "INVALID_SESSION_ID", "Session expired or invalid")
  static let requestLimit = APIError(
    403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
  static let concurrentLimit = APIError(
    403, "REQUEST_LIMIT_EXCEEDED", "ConcurrentPerOrgLongTxn Limit exceeded")
  static let unavailable = APIError(503, "SERVER_UNAVAILABLE", "Server is unavailable")
  static let rolledBack = APIError(
    400, "ALL_OR_NONE_OPERATION_ROLLED_BACK",
    "Record rolled back because not all records were valid and the request was using AllOrNone "
      + "header")

  static func locked(_ id: RecordID?) -> APIError {
    APIError(
      400, "UNABLE_TO_LOCK_ROW",
      "unable to obtain exclusive access to this record or 1 records"
        + (id.map { ": \($0)" } ?? ""))
  }

  static func noExternalField(_ name: String) -> APIError {
    APIError(
      404, "NOT_FOUND",
      "Provided external ID field does not exist or is not accessible: \(name)")
  }

  static func badJSON(_ problem: JSONProblem) -> APIError {
    APIError(
      400, "JSON_PARSER_ERROR", "\(problem.message) at [line:1, column:\(problem.offset + 1)]")
  }

  static func unreadable(_ value: JSON, as type: String) -> APIError {
    let kind =
      switch value {
      case .text: "VALUE_STRING value \(value.textValue ?? "")"
      case .number(let digits): "VALUE_NUMBER value \(digits)"
      case .boolean(let flag): "VALUE_\(flag ? "TRUE" : "FALSE") value \(flag)"
      case .list: "START_ARRAY value ["
      case .null: "VALUE_NULL value null"
      case .object, .members: "START_OBJECT value {"
      }
    return APIError(
      400, "JSON_PARSER_ERROR",
      "Cannot deserialize instance of \(type) from \(kind) or request may be missing a required "
        + "field")
  }
}
