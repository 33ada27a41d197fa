import SynclineMapping
import SynclineModel
import SynclineTesting
import Testing

@Suite struct `Conversions` {
  @Test func `an exact pair converts every value and a refused pair none`() {
    for target in FieldType.Kind.allCases {
      for source in FieldType.Kind.allCases where source != .any {
        for value in Samples.values(of: source) {
          let result = FieldType(target).result(of: value, from: FieldType(source))
          switch (target.verdict(from: source), result) {
          case (.exact, .problem), (.refused, .value):
            Issue.record("\(source) to \(target): \(value) gave \(result)")
          default: break
          }
        }
      }
    }
  }

  @Test func `null passes and a digest never does`() {
    let digest = Value.digest(ValueDigest(length: 9, sha256: [UInt8](repeating: 0, count: 32)))
    for kind in FieldType.Kind.allCases {
      for storage in FieldType.Storage.allCases {
        let type = FieldType(kind, storage: storage)
        #expect(type.result(of: .null, from: type) == .value(.null))
        #expect(type.result(of: digest, from: type) == .problem("a value that is too large"))
      }
    }
  }

  @Test func `a value becomes text and is itself again`() {
    for kind in FieldType.Kind.allCases where kind != .bytes && kind != .any {
      let type = FieldType(kind)
      for value in Samples.values(of: kind) {
        guard case .value(let text) = FieldType(.text).result(of: value, from: type) else {
          Issue.record("\(value) has no text")
          continue
        }
        #expect(type.result(of: text, from: FieldType(.text)) == .value(value))
      }
    }
  }

  @Test func `random doubles are themselves again after text and decimal`() {
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<5000 {
      let value = Value(double: Double(bitPattern: generator.next()))
      guard case .double(let double) = value, double.isFinite else { continue }
      for kind in [FieldType.Kind.text, .decimal] {
        guard case .value(let converted) = FieldType(kind).result(of: value) else {
          Issue.record("\(double) has no \(kind)")
          continue
        }
        #expect(FieldType(.double).result(of: converted, from: FieldType(kind)) == .value(value))
      }
    }
  }

  @Test(arguments: [
    "7,5", "1.234,5", "1,234.5", " 7", "7 ", "+7", ".5", "5.", "1e", "0x10", "", "seven", "٧",
    "1e9999", "--1", "1_000", "12\u{0}",
  ])
  func `a text that is not plainly a number is a record error`(text: String) {
    for kind in [FieldType.Kind.integer, .decimal, .double] {
      #expect(FieldType(kind).result(of: .text(text)) == .problem("a text that is no number"))
    }
  }

  @Test(arguments: [
    (FieldType.Kind.integer, Value.text("007"), Value.integer(7)),
    (.integer, .text("-12.00"), .integer(-12)),
    (.integer, .double(1e18), .integer(1_000_000_000_000_000_000)),
    (.decimal, .text("1.50"), Samples.decimal("1.5")),
    (.decimal, .double(0.1), Samples.decimal("0.1")),
    (.decimal, .double(1e22), Samples.decimal("10000000000000000000000")),
    (.double, Samples.decimal("0.1"), .double(0.1)),
    (.double, .text("1E+16"), .double(1e16)),
    (.double, .integer(1 << 53), .double(9_007_199_254_740_992)),
    (.boolean, .text("TRUE"), .boolean(true)),
    (.boolean, .double(0), .boolean(false)),
    (.text, .double(100_000), .text("100000")),
    (.text, .double(1e15), .text("1E+15")),
    (.text, .double(0.00001), .text("1E-05")),
    (.text, .double(-1.5e-7), .text("-1.5E-07")),
    (.text, .double(0.0001), .text("0.0001")),
    (.text, .double(.infinity), .text("Infinity")),
    (.text, Samples.decimal("-0.000000001"), .text("-0.000000001")),
    (.text, .boolean(true), .text("True")),
    (.text, Samples.date("2026-01-02"), .text("01/02/2026")),
    (.text, Samples.time("09:30:00.25"), .text("09:30:00.25")),
    (.text, Samples.local("2026-01-02 09:30:00"), .text("01/02/2026 09:30:00")),
    (.text, Samples.uuid, .text("00010203-0405-0607-0809-0a0b0c0d0e0f")),
    (.uuid, .text("00010203-0405-0607-0809-0A0B0C0D0E0F"), Samples.uuid),
    (.uuid, .bytes(Array(0..<16)), Samples.uuid),
    (.bytes, Samples.uuid, .bytes(Array(0..<16))),
    (.date, .text("2026-01-02T00:00:00"), Samples.date("2026-01-02")),
    (.date, .text("01/02/2026"), Samples.date("2026-01-02")),
    (.localTimestamp, Samples.date("2026-01-02"), Samples.local("2026-01-02 00:00:00")),
    (.timestamp, .text("2026-01-02T09:30:00+02:00"), Samples.moment("2026-01-02T07:30:00Z")),
  ])
  func `a value has its exact counterpart`(kind: FieldType.Kind, value: Value, result: Value) {
    #expect(FieldType(kind).result(of: value) == .value(result))
  }

  @Test(arguments: [
    (FieldType.Kind.integer, Value.double(1.5), "a number with a fraction for an integer field"),
    (.integer, .text("7.5"), "a number with a fraction for an integer field"),
    (.integer, .double(9.3e18), "a number beyond 64 bits for an integer field"),
    (.integer, .double(.nan), "a number beyond 64 bits for an integer field"),
    (.integer, .bytes([1]), "a value that is no number"),
    (.decimal, .double(.infinity), "a number that is not finite for a decimal field"),
    (
      .double, Samples.decimal("0.12345678901234567890"),
      "a number with more digits than the field keeps"
    ),
    (.double, .integer(9_007_199_254_740_993), "a number with more digits than the field keeps"),
    (.boolean, .integer(2), "a number other than 0 and 1 for a boolean field"),
    (.boolean, .text("yes"), "a text that is neither True nor False"),
    (.text, .bytes([65]), "bytes for a text field"),
    (.bytes, .text("A"), "a value that is no bytes"),
    (.date, .integer(20_000), "a value that is no date"),
    (.date, .text("02/30/2026"), "a text that is no date or time"),
    (.date, .text("24.11.2026"), "a text that is no date or time"),
    (
      .date, Samples.local("2026-01-02 00:00:00.000001"),
      "a moment other than midnight for a date field"
    ),
    (.time, Samples.local("2026-01-02 09:30:00"), "a value that is no time of day"),
    (.time, .text("2026-01-02"), "a text that is no time of day"),
    (.timestamp, Samples.time("09:30:00"), "a value that is no moment"),
    (.uuid, .bytes([1, 2]), "a value that is no UUID"),
    (.uuid, .text("{00010203-0405-0607-0809-0a0b0c0d0e0f}"), "a text that is no UUID"),
  ])
  func `a value without a counterpart is a record error`(
    kind: FieldType.Kind, value: Value, message: String
  ) {
    #expect(FieldType(kind).result(of: value) == .problem(message))
  }

  @Test func `a wall clock is read by the zone of its own field`() {
    let east = FieldType(.localTimestamp, zoneMinutes: 120)
    let west = FieldType(.localTimestamp, zoneMinutes: -300)
    let local = Samples.local("2026-11-24 09:30:00")
    #expect(
      FieldType(.timestamp).result(of: local, from: east)
        == .value(Samples.moment("2026-11-24T07:30:00Z")))
    #expect(west.result(of: local, from: east) == .value(Samples.local("2026-11-24 02:30:00")))
    #expect(
      east.result(of: Samples.moment("2026-11-24T07:30:00Z"), from: FieldType(.timestamp))
        == .value(local))
    #expect(
      FieldType(.date, zoneMinutes: 120).result(
        of: Samples.date("2026-11-24"), from: FieldType(.localTimestamp))
        == .value(Samples.date("2026-11-24")))
    #expect(
      FieldType(.timestamp).result(
        of: Samples.date("2026-11-24"), from: FieldType(.date, zoneMinutes: 120))
        == .value(Samples.moment("2026-11-23T22:00:00Z")))
  }

  @Test(arguments: [Int64.min, .max])
  func `a moment that leaves the range is a record error`(microseconds: Int64) {
    let value = Value.localTimestamp(Timestamp(microseconds: microseconds))
    let zone: Int16 = microseconds > 0 ? -1 : 1
    let result = FieldType(.timestamp).result(
      of: value, from: FieldType(.localTimestamp, zoneMinutes: zone))
    #expect(result == .problem("a moment out of range"))
    #expect(
      FieldType(.text).result(of: value) == .problem("a date outside the years 1 to 9999"))
  }

  @Test(arguments: [
    (FieldType(.text, lengthMax: 3), Value.text("äöü"), true),
    (FieldType(.text, lengthMax: 3), .text("äöüß"), false),
    (FieldType(.bytes, lengthMax: 2), .bytes([1, 2, 3]), false),
    (FieldType(.decimal, precision: 4, scale: 2), Samples.decimal("99.994"), true),
    (FieldType(.decimal, precision: 4, scale: 2), Samples.decimal("99.995"), false),
    (FieldType(.decimal, precision: 4, scale: 2), .integer(100), false),
    (FieldType(.text, storage: .textAffinity, lengthMax: 1), .text("long"), true),
    (FieldType(.integer, storage: .integerAffinity), .integer(.max), true),
    (FieldType(.decimal, storage: .numericAffinity), Samples.decimal("123456789012345.6"), true),
    (FieldType(.decimal, storage: .numericAffinity), Samples.decimal("1234567890123456.78"), false),
    (FieldType(.text, storage: .numericAffinity), .text("12345678901234567890"), false),
    (FieldType(.text, storage: .numericAffinity), .text("1e400"), false),
    (FieldType(.text, storage: .numericAffinity), .text("007"), true),
    (FieldType(.text, storage: .numericAffinity), .text("9223372036854775807"), true),
    (FieldType(.text, storage: .realAffinity), .text("9223372036854775807"), false),
    (FieldType(.double, storage: .realAffinity), .double(.nan), false),
  ])
  func `what the field cannot keep is a record error`(
    type: FieldType, value: Value, fits: Bool
  ) {
    let result = type.result(of: value)
    if fits { #expect(result == .value(value)) } else { #expect(result != .value(value)) }
  }

  @Test func `fields alike copy even what does not fit the declared kind`() {
    let column = FieldType(.integer, storage: .integerAffinity)
    #expect(column.takesUnchanged(from: column))
    #expect(column.result(of: .text("n/a"), from: column) == .value(.text("n/a")))
    #expect(!FieldType(.integer).takesUnchanged(from: FieldType(.integer)))
  }
}
