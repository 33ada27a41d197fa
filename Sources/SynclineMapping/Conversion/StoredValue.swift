// What SQLite makes of a value that is written into a column: "Datatypes In SQLite", section 3
// (sqlite.org/datatype3.html). The tests compare these rules with the library itself.

import SynclineModel

/// A value in one of SQLite's storage classes.
enum StoredValue: Hashable {
  case null
  case integer(Int64)
  case real(Double)
  case text([UInt8])
  case blob([UInt8])

  /// As the connector binds `value` to a column of this affinity (Docs/Mapping.md, "SQLite").
  init(_ value: Value, in storage: FieldType.Storage) {
    switch value {
    case .null, .digest: self = .null
    case .boolean(let boolean): self = .integer(boolean ? 1 : 0)
    case .integer(let integer): self = .integer(integer)
    case .decimal(let decimal):
      if storage != .textAffinity, let double = decimal.double {
        self = .real(double)
      } else {
        self = .text(Array(decimal.description.utf8))
      }
    case .double(let double): self = double.isNaN ? .null : .real(double)
    case .text(let text): self = .text(text.utf8)
    case .bytes(let bytes): self = .blob(bytes)
    case .date(let date): self = .text(Array(date.description.utf8))
    case .time(let time): self = .text(Array(time.description.utf8))
    case .timestamp(let moment): self = .text(Array(ISOText.format(moment: moment).utf8))
    case .localTimestamp(let local): self = .text(Array(ISOText.format(local: local).utf8))
    case .uuid(let bytes): self = .text(Array(UUIDText.format(bytes).utf8))
    }
  }

  /// What a column of this affinity keeps and gives back.
  func stored(under storage: FieldType.Storage) -> StoredValue {
    switch storage {
    case .typed, .blobAffinity: return self
    case .textAffinity:
      switch self {
      case .integer(let integer): return .text(Array(String(integer).utf8))
      case .real(let double): return .text(Array(Self.text(double).utf8))
      default: return self
      }
    case .integerAffinity, .numericAffinity:
      switch self {
      case .real(let double): return Self.number(double)
      case .text(let text): return Self.number(text) ?? self
      default: return self
      }
    case .realAffinity:
      switch self {
      case .integer(let integer): return .real(Double(integer))
      case .text(let text):
        guard let number = Self.number(text) else { return self }
        return number.stored(under: .realAffinity)
      default: return self
      }
    }
  }

  /// Whether text that SQLite takes for a number is still that number afterwards.
  func keepsNumber(under storage: FieldType.Storage) -> Bool {
    guard case .text(let text) = self else { return true }
    switch stored(under: storage) {
    case .integer(let integer): return ExactDecimal(parsing: trimmed(text)) == ExactDecimal(integer)
    case .real(let double):
      guard let number = ExactDecimal(parsing: trimmed(text)) else { return false }
      if let integer = number.integer { return Double(exactly: integer) == double }
      return ExactDecimal(shortestOf: double) == number
    default: return true
    }
  }

  /// A real that is an integer, other than the smallest and the largest, becomes one.
  private static func number(_ double: Double) -> StoredValue {
    guard let integer = Int64(exactly: double), integer != .min, integer != .max else {
      return .real(double)
    }
    return .integer(integer)
  }

  /// The number of a well-formed literal: spaces around it, a sign, digits with at most one point, an
  /// exponent. No hexadecimal, no infinity.
  private static func number(_ text: [UInt8]) -> StoredValue? {
    let literal = trimmed(text)
    guard let isIntegral = shape(of: literal) else { return nil }
    let spelled = String(decoding: literal, as: UTF8.self)
    if isIntegral, let integer = Int64(spelled) { return .integer(integer) }
    return Double(spelled).map(number)
  }

  /// Whether the literal is an integer; nil where it is no number.
  private static func shape(of literal: ArraySlice<UInt8>) -> Bool? {
    var scanner = TextScanner(Array(literal))
    if !scanner.mark(0x2D) { _ = scanner.mark(0x2B) }
    var hasDigits = scanner.digits()
    var isIntegral = true
    if scanner.mark(0x2E) {
      isIntegral = false
      if scanner.digits() { hasDigits = true }
    }
    guard hasDigits else { return nil }
    if scanner.mark(0x65) || scanner.mark(0x45) {
      isIntegral = false
      if !scanner.mark(0x2D) { _ = scanner.mark(0x2B) }
      guard scanner.digits() else { return nil }
    }
    return scanner.isAtEnd ? isIntegral : nil
  }

  /// SQLite's own text of a real, `%!.15g`: 15 digits, always a point.
  private static func text(_ double: Double) -> String {
    guard var number = SignificantDigits(double) else { return double < 0 ? "-Inf" : "Inf" }
    number.round(to: 15)
    return number.exponent < -4 || number.exponent > 14
      ? number.scientific(mark: "e", pointed: true) : number.plain(pointed: true)
  }
}

/// The text without SQLite's white space at its ends.
private func trimmed(_ text: [UInt8]) -> ArraySlice<UInt8> {
  func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
  var rest = text[...]
  while let first = rest.first, isSpace(first) { rest.removeFirst() }
  while let last = rest.last, isSpace(last) { rest.removeLast() }
  return rest
}
