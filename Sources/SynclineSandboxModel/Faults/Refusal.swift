// The refusals that a fault can ask for by their code: what the real service says with each, and whether
// it is about a request or about one record of it.
extension APIError {
  /// A refusal by its code, in the words for it; a code that is not known here is its own message.
  /// `status`: another than the usual one.
  static func named(_ code: String, status: Int?) -> APIError {
    let usual = usual[code] ?? Usual(400, code)
    return APIError(status ?? usual.status, code, usual.message)
  }

  /// Whether a write of several records answers it for each of them, not as a whole.
  var isOfOneRecord: Bool { Self.usual[code]?.isOfOneRecord ?? false }

  private struct Usual {
    let status: Int
    let message: String
    let isOfOneRecord: Bool

    init(_ status: Int, _ message: String, isOfOneRecord: Bool = false) {
      self.status = status
      self.message = message
      self.isOfOneRecord = isOfOneRecord
    }

    static func record(_ message: String) -> Usual { Usual(400, message, isOfOneRecord: true) }
  }

  private static let usual: [String: Usual] = [
    // Of a request
    "INVALID_SESSION_ID": Usual(401, "Session expired or invalid"),
    "REQUEST_LIMIT_EXCEEDED": Usual(403, "TotalRequests Limit exceeded."),
    "API_DISABLED_FOR_ORG": Usual(403, "The REST API is not enabled for this Organization."),
    "API_CURRENTLY_DISABLED": Usual(403, "API is disabled for this User"),
    "INSUFFICIENT_ACCESS": Usual(
      403, "insufficient access rights on cross-reference id"),
    "OPERATION_TOO_LARGE": Usual(403, "exceeded 100000 distinct who/what's"),
    "TXN_SECURITY_METERING_ERROR": Usual(403, "a transaction security policy could not be run"),
    "QUERY_TIMEOUT": Usual(400, "Your query request was running for too long."),
    "REQUEST_RUNNING_TOO_LONG": Usual(
      400, "Your request was running for too long, and has been stopped."),
    "TOO_MANY_APEX_REQUESTS": Usual(
      400, "Unable to complete the creation of the query cursor at this time."),
    "PLATFORM_EVENT_PUBLISHING_UNAVAILABLE": Usual(
      400, "The platform event could not be published. Try again later."),
    "INVALID_QUERY_LOCATOR": Usual(400, "invalid query locator"),
    "EXCEEDED_ID_LIMIT": Usual(400, "too many ids in the span; ask for a shorter one"),
    "NOT_FOUND": Usual(404, "The requested resource does not exist"),
    "UNKNOWN_EXCEPTION": Usual(500, "An unexpected error occurred."),
    "SERVER_UNAVAILABLE": Usual(503, "Server is unavailable"),
    // Of a record
    "UNABLE_TO_LOCK_ROW": .record(
      "unable to obtain exclusive access to this record or 1 records"),
    "STORAGE_LIMIT_EXCEEDED": .record("storage limit exceeded"),
    "ENTITY_IS_LOCKED": .record("the entity is locked for editing"),
    "INSUFFICIENT_ACCESS_OR_READONLY": .record("insufficient access rights on object id"),
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY": .record(
      "insufficient access rights on cross-reference id"),
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY": .record(
      "Guard: execution of BeforeUpdate caused by: System.DmlException"),
    "CANNOT_EXECUTE_FLOW_TRIGGER": .record(
      "We can't save this record because the “Guard” process failed."),
    "FIELD_CUSTOM_VALIDATION_EXCEPTION": .record("a validation rule forbids this"),
    "FIELD_INTEGRITY_EXCEPTION": .record("field integrity exception"),
    "FIELD_FILTER_VALIDATION_EXCEPTION": .record(
      "Value does not exist or does not match filter criteria."),
    "INACTIVE_OWNER_OR_USER": .record("operation performed with inactive user as owner"),
    "CANNOT_UPDATE_CONVERTED_LEAD": .record("cannot reference converted lead"),
    "DEPENDENCY_EXISTS": .record("this record is used by others"),
  ]
}
