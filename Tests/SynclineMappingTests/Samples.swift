import SynclineMapping
import SynclineModel

/// Values that tests name by their text.
enum Samples {
  static let uuid = Value.uuid(Array(0..<16))

  static func decimal(_ text: String) -> Value {
    Value(decimal: ExactDecimal(parsing: text.utf8) ?? ExactDecimal(-1))
  }

  static func date(_ text: String) -> Value {
    ISOText.date(Array(text.utf8)).map(Value.date) ?? .null
  }

  static func time(_ text: String) -> Value {
    ISOText.time(Array(text.utf8)).map(Value.time) ?? .null
  }

  static func moment(_ text: String) -> Value {
    ISOText.timestamp(Array(text.utf8)).map(Value.timestamp) ?? .null
  }

  static func local(_ text: String) -> Value {
    ISOText.localTimestamp(Array(text.utf8)).map(Value.localTimestamp) ?? .null
  }

  /// Values as a field of the kind holds them.
  static func values(of kind: FieldType.Kind) -> [Value] {
    switch kind {
    case .any: [.integer(7), .text("a"), .bytes([1]), .boolean(true)]
    case .boolean: [.boolean(false), .boolean(true)]
    case .integer: [.integer(0), .integer(.min), .integer(.max), .integer(9_007_199_254_740_993)]
    case .decimal: [.integer(5), decimal("0.1"), decimal("-12345678901234567890.5")]
    case .double: [.double(0), .double(1.5), .double(1e300), .double(-.leastNonzeroMagnitude)]
    case .text: [.text(""), .text("a"), .text("12"), .text("2026-11-24")]
    case .bytes: [.bytes([]), .bytes([0, 255])]
    case .date: [date("2026-11-24"), date("0001-01-01"), date("9999-12-31")]
    case .time: [time("00:00:00"), time("23:59:59.999999")]
    case .timestamp: [moment("2026-11-24T09:30:00Z"), moment("1969-12-31T23:59:59.5Z")]
    case .localTimestamp: [local("2026-11-24 09:30:00"), local("2024-02-29 00:00:00")]
    case .uuid: [uuid]
    }
  }
}

extension FieldType {
  /// The value, or the message of the record error.
  func result(of value: Value, from source: FieldType = FieldType(.any)) -> Outcome {
    do {
      return .value(try convert(value, from: source))
    } catch {
      return .problem(error.description)
    }
  }

  enum Outcome: Hashable {
    case value(Value)
    case problem(String)
  }
}
