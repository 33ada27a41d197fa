import SynclineModel
import SynclinePorts

// What the codes of the interface mean. Sentences of the service are not passed on, since they may hold
// values: of them, only names of fields that we know are told.

extension APIProblem {
  /// What the refusal of a whole request says about its parts. In each case nothing was done, except where
  /// it is not known.
  enum Reach: Hashable, Sendable {
    /// The same request may succeed in a moment.
    case moment
    /// A smaller request may succeed.
    case size
    /// No request of its kind succeeds for now.
    case limit
    /// What was done is not known.
    case unknown
    /// One record of it can be the cause.
    case record
    /// It is the same for every record that carries the same fields.
    case all
  }

  var reach: Reach {
    switch code {
    case "UNABLE_TO_LOCK_ROW", "REQUEST_RUNNING_TOO_LONG", "TOO_MANY_APEX_REQUESTS",
      "PLATFORM_EVENT_PUBLISHING_UNAVAILABLE", "SERVER_UNAVAILABLE":
      .moment
    case "QUERY_TIMEOUT", "OPERATION_TOO_LARGE": .size
    case "REQUEST_LIMIT_EXCEEDED": isOfTheDay ? .limit : .moment
    case "LIMIT_EXCEEDED", "EXCEEDED_ID_LIMIT", "API_CURRENTLY_DISABLED": .limit
    case "UNKNOWN_EXCEPTION": .unknown
    case "INVALID_FIELD", "INVALID_FIELD_FOR_INSERT_UPDATE", "STORAGE_LIMIT_EXCEEDED",
      "INSUFFICIENT_ACCESS_OR_READONLY":
      .all
    default: Self.meanings[code] == nil ? .all : .record
    }
  }

  /// Whether the request was not carried out because one that it builds on failed.
  var isHalted: Bool { code == "PROCESSING_HALTED" }

  /// Fields of `known` that the refusal names, also in its sentence.
  func fields(among known: [String]) -> [String] {
    let named = Set(fields + words)
    return known.filter { named.contains($0) }
  }

  /// The failure of a call to which this is the whole answer.
  func failure(_ operation: String, _ object: BoundObject) -> ConnectorFailure {
    failure(operation, object.name, fields: object.selected)
  }

  /// `fields`: those of the request, which may be told.
  func failure(
    _ operation: String, _ object: ObjectName, fields known: [String] = []
  ) -> ConnectorFailure {
    switch code {
    case "INVALID_FIELD", "INVALID_TYPE", "NOT_FOUND", "INVALID_FIELD_FOR_INSERT_UPDATE":
      let places = fields(among: known).map { "\(object).\($0)" }.joined(separator: ", ")
      let subject = places.isEmpty ? "\(object), or one of its fields," : places
      return ConnectorFailure(
        code: "schema", operation: operation,
        message: "\(subject) is not what it was when the run began (\(code))",
        hint: "Run `check`: a field was renamed or removed, or the user may not see it any more",
        disposition: .user)
    default: break
    }
    let (name, message, hint, disposition): (String, String, String, ConnectorFailure.Disposition) =
      switch reach {
      case .moment, .size, .unknown:
        ("busy", "Salesforce could not finish it", "Run again later", .retry)
      case .limit:
        (
          "limit", "Salesforce takes no more of these requests for now",
          "Run again later; if it stays, report the code", .retry
        )
      case .record, .all:
        (
          "refused", "Salesforce refuses the request for \(object)",
          "Run `check`; if it finds nothing, report the code", .stop
        )
      }
    return ConnectorFailure(
      code: name, operation: operation,
      message: "\(message) (\(code.isEmpty ? "no code" : code))", hint: hint,
      disposition: disposition)
  }

  /// What it means for one record that was to be written. Names the object and the fields, no value.
  func problem(of object: BoundObject) -> RecordProblem {
    let name = object.name
    let fields = fields.isEmpty ? fields(among: object.selected) : fields
    let places =
      fields.isEmpty ? "\(name)" : fields.map { "\(name).\($0)" }.joined(separator: ", ")
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
    "REQUEST_RUNNING_TOO_LONG": ("busy", "Salesforce could not finish it in time", true),
    "TOO_MANY_APEX_REQUESTS": ("busy", "too many Apex requests run at once", true),
    "PLATFORM_EVENT_PUBLISHING_UNAVAILABLE": (
      "busy", "events of the record cannot be published now", true
    ),
    "QUERY_TIMEOUT": ("busy", "a query that the record sets off took too long", true),
    "UNKNOWN_EXCEPTION": ("trouble", "Salesforce had trouble with the record", true),
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
