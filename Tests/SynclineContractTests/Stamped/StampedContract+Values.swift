import SynclineModel
import SynclinePorts
import Testing

/// A value at a limit of its field, and what the field makes of it.
private struct StampedValue: CustomTestStringConvertible {
  var field: FieldName
  var name: String
  var sent: Value
  /// Nil where the record is to be refused.
  var stored: Value?

  init(_ field: FieldName, _ name: String, _ value: Value) {
    self.init(field, name, value, stored: value)
  }

  init(_ field: FieldName, _ name: String, _ value: Value, stored: Value?) {
    self.field = field
    self.name = name
    sent = value
    self.stored = stored
  }

  var testDescription: String { "\(field): \(name)" }

  static let all: [StampedValue] = texts + numbers + moments + strangers

  private static let texts: [StampedValue] = [
    StampedValue("Text__c", "a quote", .text("O'Hara; -- \\ \" <b>&amp;")),
    StampedValue("Text__c", "digits", .text("0012")),
    StampedValue("Text__c", "lines", .text("a\nb\tc")),
    StampedValue("Text__c", "decomposed", .text("e\u{301}")),
    StampedValue("Text__c", "composed", .text("\u{E9}")),
    StampedValue("Text__c", "beyond the first plane", .text("\u{1F30B}\u{10FFFF}")),
    StampedValue(
      "Text__c", "as long as the field", .text(Text(String(repeating: "z", count: 255)))),
    StampedValue("Text__c", "blanks around it", .text("  a "), stored: .text("a")),
    StampedValue("Text__c", "empty", .text(""), stored: .null),
    StampedValue("Text__c", "a line end of two", .text("a\r\nb"), stored: .text("a\nb")),
    StampedValue("Long__c", "long", .text(Text(String(repeating: "ü", count: 32_000)))),
  ]

  private static let numbers: [StampedValue] = [
    StampedValue("Flag__c", "true", .boolean(true)),
    StampedValue("Flag__c", "false", .boolean(false)),
    StampedValue("Count__c", "zero", .integer(0)),
    StampedValue("Count__c", "largest", .integer(99_999_999)),
    StampedValue("Count__c", "smallest", .integer(-99_999_999)),
    StampedValue("Number__c", "a tenth", .decimal(parsing: "0.1")),
    StampedValue("Number__c", "18 digits", .decimal(parsing: "-12345678901234.5678")),
    StampedValue("Number__c", "integral", .integer(5)),
    StampedValue(
      "Number__c", "finer than the field", .decimal(parsing: "0.00005"),
      stored: .decimal(parsing: "0.0001")),
    StampedValue(
      "Money__c", "halves go away from zero", .decimal(parsing: "-2.345"),
      stored: .decimal(parsing: "-2.35")),
    StampedValue("Number__c", "a binary half", .double(0.5), stored: .decimal(parsing: "0.5")),
  ]

  private static let moments: [StampedValue] = [
    StampedValue("Day__c", "leap day", date("2024-02-29")),
    StampedValue("Day__c", "long ago", date("1700-01-01")),
    StampedValue("Moment__c", "whole second", .timestamp(moment("2026-11-24T09:30:00"))),
    StampedValue(
      "Moment__c", "finer than a second", .timestamp(moment("2026-11-24T09:30:00.75")),
      stored: .timestamp(moment("2026-11-24T09:30:00"))),
    StampedValue("Hour__c", "noon", time("12:00:00")),
    StampedValue("Hour__c", "milliseconds", time("23:59:59.999")),
  ]

  /// What no field of the system holds: refused, and never written as something else.
  private static let strangers: [StampedValue] = [
    StampedValue("Text__c", "no UTF-8", .text(Text(utf8: [0x61, 0xFF])), stored: nil),
    StampedValue("Text__c", "bytes", .bytes([0x61]), stored: nil),
    StampedValue(
      "Long__c", "a digest of a value",
      .digest(ValueDigest(length: 9, sha256: [UInt8](repeating: 1, count: 32))), stored: nil),
    StampedValue("Number__c", "not a number", Value(double: .nan), stored: nil),
    StampedValue("Number__c", "infinity", .double(.infinity), stored: nil),
    StampedValue("Day__c", "a text that is no date", .text("tomorrow"), stored: nil),
    StampedValue("Count__c", "a text that is no number", .text("n/a"), stored: nil),
  ]

  private static func date(_ text: String) -> Value {
    ISOText.date(Array(text.utf8)).map(Value.date) ?? .null
  }

  private static func time(_ text: String) -> Value {
    ISOText.time(Array(text.utf8)).map(Value.time) ?? .null
  }

  private static func moment(_ text: String) -> Timestamp {
    ISOText.localTimestamp(Array(text.utf8)) ?? Timestamp(microseconds: .min)
  }
}

extension StampedContract {
  @Test(arguments: StampedKind.allCases)
  func `every value is read as it was sent, or as its field stores it, or is refused`(
    _ kind: StampedKind
  ) async throws {
    let session = try await StampedSession.open(kind)
    let samples = StampedValue.all
    let inserts = try await session.write(
      samples.enumerated().map { index, sample in
        session.insert(UInt64(index + 1), [sample.field: sample.sent], into: "Values__c")
      }, to: "Values__c")
    let updated = try await session.world.makeValues(samples.count)
    let updates = try await session.write(
      samples.enumerated().map { index, sample in
        session.update(
          UInt64(index + 1), updated[index], [sample.field: sample.sent], of: "Values__c")
      }, to: "Values__c")
    for (index, sample) in samples.enumerated() {
      let id = CommandID(UInt64(index + 1))
      let place = Comment(rawValue: sample.testDescription)
      guard let stored = sample.stored else {
        #expect(inserts[id]?.result.refusal == "value, may pass: false", place)
        #expect(updates[id]?.result.refusal == "value, may pass: false", place)
        continue
      }
      let key = try #require(inserts[id]?.key, place)
      let fields = [sample.field: stored].merging(["Flag__c": .boolean(false)]) { first, _ in first
      }
      let record = try await session.fetch([key], of: "Values__c").records.first
      #expect(record?.row == session.whole("Values__c", key, fields), place)
      #expect(
        updates[id]?.result
          == .written(
            key: updated[index], stored: session.whole("Values__c", updated[index], fields)), place)
    }
  }
}

extension StampedWorld {
  fileprivate func makeValues(_ count: Int) async throws -> [NativeKey] {
    try (0..<count).map { _ in try make("Values__c", [:]) }
  }
}
