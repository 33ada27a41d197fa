import SynclineModel

// How a value is written into a field (Docs/Connectors/SQLite.md, "Values"). What SQLite would
// change without a word is refused here.

/// Why a value cannot be written as it is; names no value.
struct ValueRefusal: Error {
  let reason: String
}

extension FieldType {
  /// What is stored for a value.
  func stored(_ value: Value) throws(ValueRefusal) -> StoredValue {
    switch value {
    case .null: return .null
    case .boolean(let boolean): return .integer(boolean ? 1 : 0)
    case .integer(let integer): return try stored(integer: integer)
    case .decimal(let decimal): return try stored(decimal: decimal)
    case .double(let double): return try stored(double: double)
    case .text(let text): return .text(text.utf8)
    case .bytes(let bytes): return .blob(bytes)
    case .date(let date): return try moment(MomentText.normalForm(of: date))
    case .time(let time): return .text(time.description)
    case .timestamp(let moment): return try self.moment(MomentText.normalForm(of: moment))
    case .localTimestamp(let reading): return try moment(MomentText.normalForm(ofLocal: reading))
    case .uuid(let bytes):
      return storage == .blobAffinity ? .blob(bytes) : .text(UUIDText.format(bytes))
    case .digest: throw ValueRefusal(reason: "only the digest of this value was kept")
    }
  }

  private func moment(_ text: String?) throws(ValueRefusal) -> StoredValue {
    guard let text else {
      throw ValueRefusal(reason: "a date must lie in the years 0001 to 9999")
    }
    return .text(text)
  }

  /// A column of real affinity turns integers into doubles, which hold 53 bits.
  private func stored(integer: Int64) throws(ValueRefusal) -> StoredValue {
    guard storage == .realAffinity else { return .integer(integer) }
    guard Int64(exactly: Double(integer)) == integer else {
      throw ValueRefusal(reason: "SQLite would round an integer of so many digits here")
    }
    return .integer(integer)
  }

  /// A decimal goes as the double that reads back as it; where there is none, it is refused.
  private func stored(decimal: ExactDecimal) throws(ValueRefusal) -> StoredValue {
    let text = decimal.description
    switch storage {
    case .textAffinity, .blobAffinity, .typed: return .text(text)
    case .integerAffinity, .realAffinity, .numericAffinity:
      guard let double = Double(text), ExactDecimal(shortestOf: double) == decimal else {
        throw ValueRefusal(reason: "SQLite would round a decimal of so many digits here")
      }
      return .real(double)
    }
  }

  /// SQLite stores NaN as NULL, and makes text of a double with 15 digits only.
  private func stored(double: Double) throws(ValueRefusal) -> StoredValue {
    guard !double.isNaN else { throw ValueRefusal(reason: "SQLite cannot hold NaN") }
    return storage == .textAffinity ? .text(double.description) : .real(double)
  }
}
