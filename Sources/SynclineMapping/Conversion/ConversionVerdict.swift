// Which kinds of field can be mapped to which, printed as the table of Docs/Mapping.md. A pair is
// judged at `check`, when only the fields are known; the value that is met later is judged by what it
// is, not by what its field is declared to be.

public import SynclineModel

/// What a pair of field kinds promises about the values that go from one to the other.
public enum ConversionVerdict: String, Hashable, Sendable, CaseIterable {
  /// Every value of the one kind has exactly one counterpart of the other.
  case exact
  /// It depends on the value: exact, or a record error.
  case value
  /// No value has a counterpart: such a mapping is a problem at `check`.
  case refused
}

extension FieldType.Kind {
  /// What becomes of the values of a field of kind `source` that are written to one of this kind.
  public func verdict(from source: FieldType.Kind) -> ConversionVerdict {
    if self == source || self == .any { return .exact }
    if source == .any { return .value }
    switch self {
    case .any: return .exact
    case .boolean: return source.isNumber || source == .text ? .value : .refused
    case .integer, .decimal, .double: return numberVerdict(from: source)
    case .text: return source == .bytes ? .refused : .exact
    case .bytes: return source == .uuid ? .exact : .refused
    case .uuid: return source == .text || source == .bytes ? .value : .refused
    case .time: return source == .text ? .value : .refused
    case .date:
      return source == .text || source == .timestamp || source == .localTimestamp
        ? .value : .refused
    case .timestamp, .localTimestamp:
      if source == .text { return .value }
      return source == .date || source == .timestamp || source == .localTimestamp
        ? .exact : .refused
    }
  }

  private func numberVerdict(from source: FieldType.Kind) -> ConversionVerdict {
    switch source {
    case .boolean: .exact
    case .integer: self == .decimal ? .exact : .value
    case .decimal, .double, .text: .value
    default: .refused
    }
  }

  var isNumber: Bool { self == .integer || self == .decimal || self == .double }

  /// As documents and messages spell it.
  public var word: String {
    switch self {
    case .any: "any"
    case .boolean: "boolean"
    case .integer: "integer"
    case .decimal: "decimal"
    case .double: "double"
    case .text: "text"
    case .bytes: "bytes"
    case .date: "date"
    case .time: "time"
    case .timestamp: "timestamp"
    case .localTimestamp: "local timestamp"
    case .uuid: "uuid"
    }
  }
}
