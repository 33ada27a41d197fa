/// The type of a field, by the word that a describe uses.
public enum FieldKind: String, Hashable, Sendable {
  case id, reference, string, textarea, phone, url, email, picklist, multipicklist, combobox
  case boolean, int, double, currency, percent, date, datetime, time, address

  /// The type by its older name.
  var soapType: String {
    switch self {
    case .id, .reference: "tns:ID"
    case .boolean: "xsd:boolean"
    case .int: "xsd:int"
    case .double, .currency, .percent: "xsd:double"
    case .date: "xsd:date"
    case .datetime: "xsd:dateTime"
    case .time: "xsd:time"
    case .address: "urn:address"
    default: "xsd:string"
    }
  }

  /// Whether values are text that a length limits.
  public var isText: Bool {
    switch self {
    case .string, .textarea, .phone, .url, .email, .picklist, .multipicklist, .combobox: true
    default: false
    }
  }

  /// Whether values are numbers.
  public var isNumber: Bool {
    switch self {
    case .int, .double, .currency, .percent: true
    default: false
    }
  }

  /// Whether values name a record.
  public var isIdentifier: Bool { self == .id || self == .reference }
}
