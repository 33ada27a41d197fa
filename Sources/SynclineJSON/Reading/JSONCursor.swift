import CSimdjson

/// Stands at one value of a document; reading the value moves on. A value that a closure leaves unread
/// is skipped, with all checks.
public struct JSONCursor: ~Copyable {
  let json: OpaquePointer
  /// The key of the member at hand; it lies in the parser's memory as long as the document is read.
  private(set) var keyBytes = UnsafeRawBufferPointer(start: nil, count: 0)

  init(_ json: OpaquePointer) { self.json = json }

  // MARK: - Objects and arrays

  /// Calls `member` at each member of the object at hand.
  public mutating func object(
    _ member: (inout JSONCursor) throws(JSONFailure) -> Void
  ) throws(JSONFailure) {
    try check(syncline_json_enter(json, Int32(SYNCLINE_JSON_OBJECT)), .object)
    while try nextMember() { try member(&self) }
  }

  /// Calls `element` at each element of the array at hand.
  public mutating func array(
    _ element: (inout JSONCursor) throws(JSONFailure) -> Void
  ) throws(JSONFailure) {
    try check(syncline_json_enter(json, Int32(SYNCLINE_JSON_ARRAY)), .array)
    while try check(syncline_json_next_element(json)) == 1 { try element(&self) }
  }

  mutating func enterObject() throws(JSONFailure) {
    try check(syncline_json_enter(json, Int32(SYNCLINE_JSON_OBJECT)), .object)
  }

  mutating func nextMember() throws(JSONFailure) -> Bool {
    var start: UnsafePointer<CChar>?
    var length = 0
    let result = try check(syncline_json_next_member(json, &start, &length))
    keyBytes = UnsafeRawBufferPointer(start: start, count: result == 1 ? length : 0)
    return result == 1
  }

  /// Whether the member at hand has this key.
  public func isAt(_ key: StaticString) -> Bool {
    key.withUTF8Buffer { $0.elementsEqual(keyBytes) }
  }

  /// The key of the member at hand.
  public var key: String { String(decoding: keyBytes, as: UTF8.self) }

  // MARK: - Values

  /// What stands at hand.
  public var kind: JSONKind {
    get throws(JSONFailure) {
      switch Int(try check(syncline_json_kind(json))) {
      case SYNCLINE_JSON_OBJECT: .object
      case SYNCLINE_JSON_ARRAY: .array
      case SYNCLINE_JSON_TEXT: .text
      case SYNCLINE_JSON_NUMBER: .number
      case SYNCLINE_JSON_NULL: .null
      default: .boolean
      }
    }
  }

  /// The text at hand.
  public mutating func text() throws(JSONFailure) -> String {
    String(decoding: try textBytes(), as: UTF8.self)
  }

  /// The text at hand, or nil where null stands there.
  public mutating func optionalText() throws(JSONFailure) -> String? {
    if try isNull() { return nil }
    return try text()
  }

  /// The characters of the number at hand, as they stand in the document.
  public mutating func number() throws(JSONFailure) -> String {
    String(decoding: try numberBytes(), as: UTF8.self)
  }

  /// The number at hand, where it is a whole one of 64 bits and spelled as one.
  public mutating func integer() throws(JSONFailure) -> Int {
    let text = try number()
    guard let integer = Int(text) else { throw failure(.unawaited(.number)) }
    return integer
  }

  public mutating func boolean() throws(JSONFailure) -> Bool {
    let found = Int(try check(syncline_json_kind(json)))
    guard found == SYNCLINE_JSON_TRUE || found == SYNCLINE_JSON_FALSE else {
      throw failure(.unawaited(.boolean))
    }
    try skip()
    return found == SYNCLINE_JSON_TRUE
  }

  /// Whether null stands here; if so, it is read.
  public mutating func isNull() throws(JSONFailure) -> Bool {
    guard Int(try check(syncline_json_kind(json))) == SYNCLINE_JSON_NULL else { return false }
    try skip()
    return true
  }

  /// Steps over the value at hand, with all checks.
  public mutating func skip() throws(JSONFailure) { try check(syncline_json_skip(json)) }

  /// The text's UTF-8, in the parser's memory as long as the document is read.
  mutating func textBytes() throws(JSONFailure) -> UnsafeRawBufferPointer {
    var start: UnsafePointer<CChar>?
    var length = 0
    try check(syncline_json_text(json, &start, &length), .text)
    return UnsafeRawBufferPointer(start: start, count: length)
  }

  mutating func numberBytes() throws(JSONFailure) -> UnsafeRawBufferPointer {
    var start: UnsafePointer<CChar>?
    var length = 0
    try check(syncline_json_number(json, &start, &length), .number)
    return UnsafeRawBufferPointer(start: start, count: length)
  }

  // MARK: - Failures

  @discardableResult
  func check(_ result: Int32, _ awaited: JSONKind? = nil) throws(JSONFailure) -> Int32 {
    guard result < 0 else { return result }
    throw failure(JSONFailure.cause(result, awaited: awaited))
  }

  func failure(_ cause: JSONFailure.Cause) -> JSONFailure {
    JSONFailure(cause, offset: syncline_json_offset(json))
  }
}
