import SynclineModel

// What a stored value means in a field (Docs/Connectors/SQLite.md, "Values"). Values are taken as
// they are stored; the declared kind only tells more of one that fits it.

extension FieldType {
  func value(integer: Int64) -> Value {
    kind == .boolean && (integer == 0 || integer == 1) ? .boolean(integer == 1) : .integer(integer)
  }

  /// In a decimal column a real stands for the decimal that it is printed as.
  func value(real: Double) -> Value {
    guard kind == .decimal, let decimal = ExactDecimal(shortestOf: real) else {
      return Value(double: real)
    }
    return Value(decimal: decimal)
  }

  /// The date, time or UUID that a text spells in a column of that kind; nil where it stays text.
  func value(spelledBy text: some RandomAccessCollection<UInt8>) -> Value? {
    switch kind {
    case .date: MomentText.date(text).map { .date($0) }
    case .time: MomentText.time(text).map { .time($0) }
    case .localTimestamp, .timestamp: MomentText.timestamp(text)
    case .uuid: Self.uuid(text).map { .uuid($0) }
    case .any, .boolean, .integer, .decimal, .double, .text, .bytes: nil
    }
  }

  /// Nil where a blob stays bytes.
  func value(blob: some RandomAccessCollection<UInt8>) -> Value? {
    kind == .uuid && blob.count == 16 ? .uuid(Array(blob)) : nil
  }

  /// The UUID that a text spells in one case throughout; a mixed one stays text, since a row could
  /// not be found again under it.
  private static func uuid(_ text: some RandomAccessCollection<UInt8>) -> [UInt8]? {
    guard text.count == 36 else { return nil }
    let hasLower = text.contains { (0x61...0x66).contains($0) }
    let hasUpper = text.contains { (0x41...0x46).contains($0) }
    guard !(hasLower && hasUpper) else { return nil }
    return UUIDText.parse(String(decoding: text, as: UTF8.self))
  }

  /// The meaning of a stored value.
  func value(_ stored: StoredValue) -> Value {
    switch stored {
    case .null: .null
    case .integer(let integer): value(integer: integer)
    case .real(let real): value(real: real)
    case .text(let utf8): value(spelledBy: utf8) ?? .text(Text(utf8: utf8))
    case .blob(let bytes): value(blob: bytes) ?? .bytes(bytes)
    }
  }
}

extension ExactDecimal {
  /// The number that the shortest text of a double spells, the one that reads back as the same
  /// double; nil for infinities and NaN.
  init?(shortestOf double: Double) {
    guard double.isFinite else { return nil }
    self.init(parsing: double.description.utf8)
  }
}
