import CSimdjson

/// Why a document cannot be read. Nothing of its content is told.
public struct JSONFailure: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Cause: Hashable, Sendable {
    /// Against the grammar of RFC 8259, which may also mean that it ends too early.
    case malformed
    /// There is nothing, or the bytes end inside a text.
    case truncated
    case notUTF8
    /// An escape that means nothing, such as half a pair of surrogates.
    case badEscape
    case tooDeep
    case tooLarge(limit: Int)
    /// Another kind of value than the one that is awaited.
    case unawaited(JSONKind?)
    case memory
  }

  public var cause: Cause
  /// About where, in bytes.
  public var offset: Int

  public init(_ cause: Cause, offset: Int) {
    self.cause = cause
    self.offset = offset
  }

  public var description: String {
    let place = "at byte \(offset)"
    return switch cause {
    case .malformed: "the text is no JSON \(place)"
    case .truncated: "the JSON ends too early, \(place)"
    case .notUTF8: "the JSON is no UTF-8"
    case .badEscape: "a text of the JSON has a wrong escape \(place)"
    case .tooDeep: "the JSON is nested too deeply \(place)"
    case .tooLarge(let limit): "the JSON is larger than \(limit) bytes"
    case .unawaited(let kind?): "the JSON has no \(kind) \(place) where one is awaited"
    case .unawaited(nil): "the JSON is neither object nor array"
    case .memory: "there is not enough memory for the JSON"
    }
  }

  /// What a number of the reader means.
  static func cause(_ result: Int32, awaited: JSONKind?) -> Cause {
    switch Int(result) {
    case SYNCLINE_JSON_MEMORY: .memory
    case SYNCLINE_JSON_DEEP: .tooDeep
    case SYNCLINE_JSON_UTF8: .notUTF8
    case SYNCLINE_JSON_ESCAPE: .badEscape
    case SYNCLINE_JSON_ENDED: .truncated
    case SYNCLINE_JSON_KIND: .unawaited(awaited)
    default: .malformed
    }
  }
}

/// The kinds of values in JSON.
public enum JSONKind: String, Hashable, Sendable, CustomStringConvertible {
  case object
  case array
  case text
  case number
  case boolean
  case null

  public var description: String { rawValue }
}
