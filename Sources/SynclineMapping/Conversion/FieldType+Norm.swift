// What a field holds after a value was written into it, and when two values count as the same there:
// the two functions by which the engine tells an echo of its own write from an edit.

public import SynclineModel

extension FieldType {
  /// The value that is read back after `value` was written into a field of this type. Total: what
  /// `convert` refuses is normalised as far as it goes.
  public func norm(_ value: Value) -> Value {
    if keepsAsIs(value) { return value }
    guard storage != .typed else { return rounded(trimmed(value)) }
    if case .digest = value { return value }
    return read(StoredValue(value, in: storage).stored(under: storage))
  }

  /// Whether the system takes the two for the same. Where the field folds case, SQLite does so for
  /// the letters A to Z and typed systems for all simple pairs.
  public func agrees(_ first: Value, _ second: Value) -> Bool {
    if first == second { return true }
    guard foldsCase, case .text(let one) = first, case .text(let other) = second else {
      return false
    }
    if storage == .typed { return folded(one.string) == folded(other.string) }
    return one.utf8.elementsEqual(other.utf8) { lowercased($0) == lowercased($1) }
  }

  /// The common cases, told without work.
  private func keepsAsIs(_ value: Value) -> Bool {
    switch (value, storage) {
    case (.null, _): return true
    case (.text, .typed): return !trims
    case (.integer, .typed): return true
    case (.text, .textAffinity), (.text, .blobAffinity): return kind == .text || kind == .any
    case (.integer, .integerAffinity), (.integer, .numericAffinity): return kind != .boolean
    case (.double(let double), .realAffinity): return kind == .double && !double.isNaN
    case (.boolean, .integerAffinity), (.boolean, .numericAffinity): return kind == .boolean
    case (.bytes(let bytes), _): return kind != .uuid || bytes.count != 16
    case (.uuid, _): return kind == .uuid
    case (.date(let date), _):
      return kind == .date && Self.writtenDays.contains(date.daysSinceEpoch)
    case (.time(let time), _): return kind == .time && Self.dayTimes.contains(time.microseconds)
    case (.timestamp(let moment), _):
      return kind == .timestamp && Self.writtenMoments.contains(moment.microseconds)
    case (.localTimestamp(let local), _):
      return kind == .localTimestamp && Self.writtenMoments.contains(local.microseconds)
    default: return false
    }
  }

  /// The years 1 to 9999, which have an ISO text that is read back.
  private static let writtenDays: ClosedRange<Int32> = -719_162...2_932_896
  private static let dayTimes: Range<Int64> = 0..<86_400_000_000
  private static let writtenMoments: Range<Int64> =
    -719_162 * 86_400_000_000..<2_932_897 * 86_400_000_000

  /// What a system that trims keeps of a text: nothing where it is empty.
  private func trimmed(_ value: Value) -> Value {
    guard trims, case .text(let text) = value else { return value }
    let bytes = text.utf8
    guard let first = bytes.first, let last = bytes.last else { return .null }
    // Printable ASCII at both ends, the common case, is no white space.
    if (0x21...0x7E).contains(first), (0x21...0x7E).contains(last) { return value }
    guard text.isValid else { return value }
    let kept = withoutSpaceAround(text.string)
    return kept.isEmpty ? .null : .text(Text(kept))
  }

  private func rounded(_ value: Value) -> Value {
    guard kind == .decimal, let scale, case .decimal(let decimal) = value else { return value }
    return Value(decimal: decimal.rounded(toScale: Int(scale)))
  }

  /// As the SQLite connector reads a stored value from a field of this kind: what fits the declared
  /// kind is taken for it, anything else stays what it is.
  func read(_ stored: StoredValue) -> Value {
    switch (stored, kind) {
    case (.null, _): return .null
    case (.integer(0), .boolean): return .boolean(false)
    case (.integer(1), .boolean): return .boolean(true)
    case (.integer(let integer), _): return .integer(integer)
    case (.real(let double), .decimal):
      return ExactDecimal(shortestOf: double).map(Value.init(decimal:)) ?? .double(double)
    case (.real(let double), _): return Value(double: double)
    case (.blob(let bytes), .uuid) where bytes.count == 16: return .uuid(bytes)
    case (.blob(let bytes), _): return .bytes(bytes)
    case (.text(let text), _): return read(text) ?? .text(Text(utf8: text))
    }
  }

  private func read(_ text: [UInt8]) -> Value? {
    switch kind {
    case .date: ISOText.date(text).map(Value.date)
    case .time: ISOText.time(text).map(Value.time)
    case .timestamp: ISOText.timestamp(text).map(Value.timestamp)
    case .localTimestamp: ISOText.localTimestamp(text).map(Value.localTimestamp)
    case .uuid: UUIDText.parse(String(decoding: text, as: UTF8.self)).map(Value.uuid)
    default: nil
    }
  }
}

private func withoutSpaceAround(_ text: String) -> String {
  let scalars = text.unicodeScalars
  guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
    let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
  else { return "" }
  return String(scalars[first...last])
}

private func lowercased(_ byte: UInt8) -> UInt8 {
  (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
}

/// Each letter that has one lower-case letter, as that letter.
private func folded(_ text: String) -> [Unicode.Scalar] {
  text.unicodeScalars.map { scalar in
    let mapping = scalar.properties.lowercaseMapping.unicodeScalars
    return mapping.count == 1 ? mapping.first ?? scalar : scalar
  }
}
