import CSimdjson

/// How large and how deep a document may be.
public struct JSONLimits: Hashable, Sendable {
  public var bytesMax: Int
  public var depthMax: Int

  public init(bytesMax: Int = 64 << 20, depthMax: Int = 64) {
    self.bytesMax = bytesMax
    self.depthMax = depthMax
  }
}

/// Reads one document after the other, in memory that it keeps: bytes are appended as they arrive, then
/// the whole is read once, from front to back.
///
/// Strict: RFC 8259 and UTF-8, every part checked, also what is skipped. A byte order mark in front is
/// passed over. Doubled keys reach the reader one after the other.
public struct JSONParser: ~Copyable {
  private let json: OpaquePointer?
  private let limits: JSONLimits

  public init(limits: JSONLimits = JSONLimits()) {
    json = syncline_json_create(limits.depthMax)
    self.limits = limits
  }

  deinit { if let json { syncline_json_destroy(json) } }

  /// Appends a part of the document.
  public mutating func append(_ bytes: [UInt8]) throws(JSONFailure) {
    guard let json else { throw JSONFailure(.memory, offset: 0) }
    let length = syncline_json_length(json)
    guard bytes.count <= limits.bytesMax - length else {
      throw JSONFailure(.tooLarge(limit: limits.bytesMax), offset: limits.bytesMax)
    }
    let result = bytes.withUnsafeBytes { syncline_json_append(json, $0.baseAddress, $0.count) }
    if result < 0 { throw JSONFailure(.memory, offset: length) }
  }

  /// Forgets what was appended.
  public mutating func clear() {
    if let json { syncline_json_clear(json) }
  }

  /// Reads the document, which is forgotten afterwards, whatever comes of it. The cursor stands at the
  /// outermost value, an object or an array.
  public mutating func read<Result>(
    _ body: (inout JSONCursor) throws(JSONFailure) -> Result
  ) throws(JSONFailure) -> Result {
    guard let json else { throw JSONFailure(.memory, offset: 0) }
    defer { syncline_json_clear(json) }
    var cursor = JSONCursor(json)
    try cursor.check(syncline_json_begin(json))
    let result = try body(&cursor)
    try cursor.check(syncline_json_end(json))
    return result
  }
}
