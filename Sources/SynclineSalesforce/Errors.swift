import SynclineHTTP
import SynclineModel
import SynclinePorts

// What refusals mean for a run. Sentences of the service are not passed on, since they may hold values.

extension Account {
  /// The failure of a call that has no answer.
  static func failure(_ error: any Error, _ operation: String) -> any Error {
    switch error {
    case let failure as ConnectorFailure: failure
    case let failure as HTTPFailure where failure.code == .cancelled: CancellationError()
    case let failure as HTTPFailure: ConnectorFailure(failure)
    default: error
    }
  }

  /// Whether it was a renewal of the token that failed: the request itself was refused before.
  static func isOfSignIn(_ error: any Error) -> Bool {
    switch error {
    case is ConnectorFailure: true
    case let failure as HTTPFailure: failure.operation == SignInRequest.operation
    default: false
    }
  }

  /// The failure of a call that did nothing for certain.
  static func undone(_ error: any Error) -> any Error {
    guard var failure = error as? ConnectorFailure else { return error }
    failure.didNothing = true
    return failure
  }

  /// The failure of a call that was refused as a whole.
  static func refusal(_ answer: HTTPAnswer, _ request: HTTPRequest) -> ConnectorFailure {
    let code = APIProblem.first(in: answer.body)?.code ?? ""
    guard let known = known[code] else { return ConnectorFailure(answer.unexpected(request)) }
    return ConnectorFailure(
      code: known.code, operation: request.operation,
      message: "\(request.address) \(known.message) (\(code))", hint: known.hint,
      disposition: known.disposition, didNothing: [401, 403, 429].contains(answer.status))
  }

  private typealias Meaning = (
    code: String, message: String, hint: String, disposition: ConnectorFailure.Disposition
  )

  private static let known: [String: Meaning] = [
    "INVALID_SESSION_ID": (
      "signIn", "refuses a fresh token",
      "Check that the user may use the API and that no policy ends its sessions", .user
    ),
    "REQUEST_LIMIT_EXCEEDED": (
      "limit", "has no calls left", "Run again later; the limit counts the last 24 hours", .retry
    ),
    "API_DISABLED_FOR_ORG": (
      "permission", "offers no API to this user",
      "Use an edition with the API and give the user the permission “API Enabled”", .user
    ),
    "API_CURRENTLY_DISABLED": (
      "unavailable", "has switched the API off for now", "Run again later", .retry
    ),
    "INSUFFICIENT_ACCESS": (
      "permission", "denies the user access", "Give the user the permission in the set-up", .user
    ),
    "SERVER_UNAVAILABLE": (
      "unavailable", "cannot answer now", "Run again later", .retry
    ),
  ]

  func callsUsedUp(_ operation: String, _ most: Int) -> ConnectorFailure {
    ConnectorFailure(
      code: "maxCalls", operation: operation, message: "The run has used its \(most) calls",
      hint: "The next run goes on from here; raise `maxCalls` to let a run do more",
      disposition: .retry, didNothing: true)
  }
}

extension APIProblem {
  /// The failure of a call to which this is the whole answer.
  func failure(_ operation: String, _ object: ObjectName) -> ConnectorFailure {
    switch code {
    case "INVALID_FIELD", "INVALID_TYPE", "NOT_FOUND":
      ConnectorFailure(
        code: "schema", operation: operation,
        message: "\(object), or one of its fields, is not what it was when the run began (\(code))",
        hint: "Run `check`: a field was renamed or removed, or the user may not see it any more",
        disposition: .user)
    case "QUERY_TIMEOUT", "OPERATION_TOO_LARGE", "UNABLE_TO_LOCK_ROW", "REQUEST_RUNNING_TOO_LONG":
      ConnectorFailure(
        code: "busy", operation: operation, message: "Salesforce could not finish it (\(code))",
        hint: "Run again later", disposition: .retry)
    default:
      ConnectorFailure(
        code: "refused", operation: operation,
        message:
          "Salesforce refuses the request for \(object) (\(code.isEmpty ? "no code" : code))",
        hint: "Run `check`; if it finds nothing, report the code", disposition: .stop)
    }
  }

  /// What it means for one record that was to be written. Names the object and the fields, no value.
  func problem(of object: ObjectName) -> RecordProblem {
    let places =
      fields.isEmpty ? "\(object)" : fields.map { "\(object).\($0)" }.joined(separator: ", ")
    let known = Self.meanings[code]
    return RecordProblem(
      code: known?.code ?? "refused",
      message: "\(places): \(known?.message ?? "Salesforce refuses the record") (\(code))",
      mayPass: known?.mayPass ?? false)
  }

  /// Whether the record is no more.
  var isGone: Bool {
    code == "ENTITY_IS_DELETED" || code == "INVALID_CROSS_REFERENCE_KEY" && fields.isEmpty
      || code == "NOT_FOUND"
  }

  private static let meanings: [String: (code: String, message: String, mayPass: Bool)] = [
    "DUPLICATE_VALUE": ("unique", "another record holds the same value", true),
    "DUPLICATE_EXTERNAL_ID": ("unique", "several records hold the same external id", true),
    "DUPLICATES_DETECTED": ("unique", "a duplicate rule found a record like it", true),
    "REQUIRED_FIELD_MISSING": ("notNull", "the field must have a value", false),
    "STRING_TOO_LONG": ("value", "the text is longer than the field", false),
    "NUMBER_OUTSIDE_VALID_RANGE": ("value", "the number is too large for the field", false),
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST": (
      "value", "the value is no choice of the list", false
    ),
    "INVALID_EMAIL_ADDRESS": ("value", "the text is no e-mail address", false),
    "MALFORMED_ID": ("foreignKey", "the id is one of another object", false),
    "JSON_PARSER_ERROR": ("value", "the value is of another kind than the field", false),
    "INVALID_CROSS_REFERENCE_KEY": ("foreignKey", "the record it points to is not there", true),
    "ENTITY_IS_DELETED": ("foreignKey", "the record it points to is deleted", true),
    "FIELD_CUSTOM_VALIDATION_EXCEPTION": ("check", "a validation rule refuses the record", false),
    "FIELD_INTEGRITY_EXCEPTION": ("check", "the value does not fit the other fields", false),
    "FIELD_FILTER_VALIDATION_EXCEPTION": ("check", "a lookup filter refuses the value", false),
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY": (
      "trigger", "an Apex trigger refuses the record", false
    ),
    "CANNOT_EXECUTE_FLOW_TRIGGER": ("trigger", "a flow refuses the record", false),
    "DELETE_FAILED": ("foreignKey", "other records depend on it", true),
    "DEPENDENCY_EXISTS": ("foreignKey", "other records depend on it", true),
    "UNABLE_TO_LOCK_ROW": ("locked", "another transaction holds the record", true),
    "ENTITY_IS_LOCKED": ("locked", "an approval holds the record", false),
    "INVALID_FIELD_FOR_INSERT_UPDATE": ("permission", "the user may not write the field", false),
    "INVALID_FIELD": ("schema", "there is no such field, or the user may not see it", false),
    "INSUFFICIENT_ACCESS_OR_READONLY": ("permission", "the user may not write the record", false),
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY": (
      "permission", "the user may not use the record it points to", false
    ),
    "INACTIVE_OWNER_OR_USER": ("value", "the owner is no active user", false),
    "CANNOT_UPDATE_CONVERTED_LEAD": ("readOnly", "a converted lead cannot be changed", false),
    "STORAGE_LIMIT_EXCEEDED": ("full", "the organisation's storage is full", false),
    "CIRCULAR_DEPENDENCY": ("check", "the record would be above itself", true),
  ]
}
