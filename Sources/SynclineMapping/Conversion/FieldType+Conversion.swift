// What a written field gets for a value that was read from a field of the other side
// (Docs/Mapping.md, "Conversions"). A value is taken as it is, not as its field is declared: SQLite
// keeps text in an integer column. The written field's kind says what is wanted. Each value has an
// exact counterpart or is a record error; nothing is cut, rounded or guessed here.

public import SynclineModel

extension FieldType {
  /// Whether every value of a field of type `source` is written as it is, so that its bytes can be
  /// copied: the fields are alike, and both systems keep what does not fit the declared kind too.
  public func takesUnchanged(from source: FieldType) -> Bool {
    if kind == .any { return storage == .typed || storage == source.storage }
    return kind == source.kind && storage != .typed && storage == source.storage
      && (kind != .localTimestamp || zoneMinutes == source.zoneMinutes)
  }

  /// The value that a field of this type gets for one read from a field of type `source`.
  public func convert(
    _ value: Value, from source: FieldType
  ) throws(ConversionProblem) -> Value {
    if case .null = value { return value }
    if case .digest = value { throw ConversionProblem("a value that is too large") }
    if takesUnchanged(from: source) { return value }
    let converted = try converted(value, from: source)
    try checkFit(of: converted)
    return converted
  }

  private func converted(
    _ value: Value, from source: FieldType
  ) throws(ConversionProblem) -> Value {
    switch kind {
    case .any: value
    case .boolean: try Self.boolean(value)
    case .integer: try Self.integer(value)
    case .decimal: try Self.decimal(value)
    case .double: try Self.double(value, from: source)
    case .text: try text(value, from: source)
    case .bytes: try Self.bytes(value)
    case .date: try Self.date(value, from: source)
    case .time: try Self.time(value)
    case .timestamp: try Self.timestamp(value, from: source)
    case .localTimestamp: try localTimestamp(value, from: source)
    case .uuid: try Self.uuid(value)
    }
  }

  // MARK: Booleans and numbers

  private static func boolean(_ value: Value) throws(ConversionProblem) -> Value {
    switch value {
    case .boolean: return value
    case .integer(0), .double(0): return .boolean(false)
    case .integer(1), .double(1): return .boolean(true)
    case .integer, .decimal, .double:
      throw ConversionProblem("a number other than 0 and 1 for a boolean field")
    case .text(let text):
      switch text.utf8.map({ $0 | 0x20 }) {
      case Array("true".utf8): return .boolean(true)
      case Array("false".utf8): return .boolean(false)
      default: throw ConversionProblem("a text that is neither True nor False")
      }
    default: throw ConversionProblem("a value that is no boolean")
    }
  }

  private static func integer(_ value: Value) throws(ConversionProblem) -> Value {
    switch value {
    case .integer: return value
    case .boolean(let boolean): return .integer(boolean ? 1 : 0)
    case .decimal(let decimal): throw problem(ofInteger: decimal)
    case .double(let double):
      if let integer = Int64(exactly: double) { return .integer(integer) }
      if double.isFinite, double.rounded(.towardZero) != double {
        throw ConversionProblem("a number with a fraction for an integer field")
      }
      throw ConversionProblem("a number beyond 64 bits for an integer field")
    case .text(let text):
      let decimal = try number(text)
      guard let integer = decimal.integer else { throw problem(ofInteger: decimal) }
      return .integer(integer)
    default: throw ConversionProblem("a value that is no number")
    }
  }

  private static func problem(ofInteger decimal: ExactDecimal) -> ConversionProblem {
    decimal.scale > 0
      ? ConversionProblem("a number with a fraction for an integer field")
      : ConversionProblem("a number beyond 64 bits for an integer field")
  }

  private static func decimal(_ value: Value) throws(ConversionProblem) -> Value {
    switch value {
    case .integer, .decimal: return value
    case .boolean(let boolean): return .integer(boolean ? 1 : 0)
    case .double(let double):
      guard let decimal = ExactDecimal(shortestOf: double) else {
        throw ConversionProblem("a number that is not finite for a decimal field")
      }
      return Value(decimal: decimal)
    case .text(let text): return Value(decimal: try number(text))
    default: throw ConversionProblem("a value that is no number")
    }
  }

  private static func double(
    _ value: Value, from source: FieldType
  ) throws(ConversionProblem) -> Value {
    switch value {
    case .double: return value
    case .boolean(let boolean): return .double(boolean ? 1 : 0)
    case .integer(let integer):
      guard let double = integer.double(as: source.kind) else { throw .digitsLost }
      return .double(double)
    case .decimal(let decimal):
      guard let double = decimal.double else { throw .digitsLost }
      return Value(double: double)
    case .text(let text):
      switch text {
      case "NaN": return .double(.nan)
      case "Infinity": return .double(.infinity)
      case "-Infinity": return .double(-.infinity)
      default: break
      }
      guard let double = try number(text).double else { throw .digitsLost }
      return Value(double: double)
    default: throw ConversionProblem("a value that is no number")
    }
  }

  private static func number(_ text: Text) throws(ConversionProblem) -> ExactDecimal {
    guard let decimal = InvariantText.number(text.utf8) else {
      throw ConversionProblem("a text that is no number")
    }
    return decimal
  }

  // MARK: Text, bytes and UUIDs

  private func text(_ value: Value, from source: FieldType) throws(ConversionProblem) -> Value {
    switch value {
    case .text: return value
    case .boolean(let boolean): return .text(boolean ? "True" : "False")
    case .integer(let integer): return .text(String(integer))
    case .decimal(let decimal): return .text(decimal.description)
    case .double(let double): return .text(InvariantText.double(double))
    case .date(let date): return .text(try InvariantText.date(date))
    case .time(let time): return .text(time.description)
    case .timestamp(let moment):
      return .text(try InvariantText.timestamp(try moment.shifted(minutes: Int(zoneMinutes))))
    case .localTimestamp(let local):
      let moment = try local.shifted(minutes: Int(zoneMinutes) - Int(source.zoneMinutes))
      return .text(try InvariantText.timestamp(moment))
    case .uuid(let bytes): return .text(UUIDText.format(bytes))
    default: throw ConversionProblem("bytes for a text field")
    }
  }

  private static func bytes(_ value: Value) throws(ConversionProblem) -> Value {
    switch value {
    case .bytes: return value
    case .uuid(let bytes): return .bytes(bytes)
    default: throw ConversionProblem("a value that is no bytes")
    }
  }

  private static func uuid(_ value: Value) throws(ConversionProblem) -> Value {
    switch value {
    case .uuid: return value
    case .bytes(let bytes) where bytes.count == 16: return .uuid(bytes)
    case .text(let text):
      guard let bytes = UUIDText.parse(text.string) else {
        throw ConversionProblem("a text that is no UUID")
      }
      return .uuid(bytes)
    default: throw ConversionProblem("a value that is no UUID")
    }
  }

  // MARK: Dates and moments

  private static func date(
    _ value: Value, from source: FieldType
  ) throws(ConversionProblem) -> Value {
    let local: Timestamp
    switch value {
    case .date: return value
    case .localTimestamp(let timestamp): local = timestamp
    case .timestamp(let moment): local = try moment.shifted(minutes: Int(source.zoneMinutes))
    case .text(let text): return try date(try moment(text), from: source)
    default: throw ConversionProblem("a value that is no date")
    }
    let parts = local.parts
    guard parts.time.microseconds == 0 else {
      throw ConversionProblem("a moment other than midnight for a date field")
    }
    return .date(parts.date)
  }

  private static func time(_ value: Value) throws(ConversionProblem) -> Value {
    switch value {
    case .time: return value
    case .text(let text):
      guard case .time(let time) = try moment(text) else {
        throw ConversionProblem("a text that is no time of day")
      }
      return .time(time)
    default: throw ConversionProblem("a value that is no time of day")
    }
  }

  private static func timestamp(
    _ value: Value, from source: FieldType
  ) throws(ConversionProblem) -> Value {
    switch value {
    case .timestamp: return value
    case .localTimestamp(let local):
      return .timestamp(try local.shifted(minutes: -Int(source.zoneMinutes)))
    case .date(let date):
      return .timestamp(try date.midnight().shifted(minutes: -Int(source.zoneMinutes)))
    case .text(let text): return try timestamp(try moment(text), from: source)
    default: throw ConversionProblem("a value that is no moment")
    }
  }

  private func localTimestamp(
    _ value: Value, from source: FieldType
  ) throws(ConversionProblem) -> Value {
    switch value {
    case .localTimestamp(let local):
      let minutes = Int(zoneMinutes) - Int(source.zoneMinutes)
      return .localTimestamp(try local.shifted(minutes: minutes))
    case .timestamp(let moment):
      return .localTimestamp(try moment.shifted(minutes: Int(zoneMinutes)))
    case .date(let date): return .localTimestamp(try date.midnight())
    case .text(let text): return try localTimestamp(try Self.moment(text), from: source)
    default: throw ConversionProblem("a value that is no moment")
    }
  }

  private static func moment(_ text: Text) throws(ConversionProblem) -> Value {
    guard let moment = InvariantText.moment(text.utf8) else {
      throw ConversionProblem("a text that is no date or time")
    }
    return moment
  }
}

extension ConversionProblem {
  static var digitsLost: ConversionProblem {
    ConversionProblem("a number with more digits than the field keeps")
  }
}

extension Timestamp {
  func shifted(minutes: Int) throws(ConversionProblem) -> Timestamp {
    if minutes == 0 { return self }
    let (sum, overflows) = microseconds.addingReportingOverflow(Int64(minutes) * 60_000_000)
    guard !overflows else { throw ConversionProblem("a moment out of range") }
    return Timestamp(microseconds: sum)
  }
}

extension CalendarDate {
  /// The beginning of the day. Days that no timestamp reaches stand only in damaged journals.
  func midnight() throws(ConversionProblem) -> Timestamp {
    let (product, overflows) = Int64(daysSinceEpoch).multipliedReportingOverflow(
      by: 86_400_000_000)
    guard !overflows else { throw ConversionProblem("a date out of range") }
    return Timestamp(microseconds: product)
  }
}
