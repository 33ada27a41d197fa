import CSQLite
import SynclineMapping
import SynclineModel
import SynclineTesting
import Testing

@Suite("What a field holds after a write") struct NormTests {
  static let columns: [(declared: String, type: FieldType)] = [
    ("INTEGER", FieldType(.integer, storage: .integerAffinity)),
    ("REAL", FieldType(.double, storage: .realAffinity)),
    ("NUMERIC", FieldType(.any, storage: .numericAffinity)),
    ("TEXT", FieldType(.any, storage: .textAffinity)),
    ("", FieldType(.any, storage: .blobAffinity)),
  ]

  static let values: [Value] =
    [
      "1", "007", " 12 ", "\t12\n", "1.0", "1.5", "-0", "-0.0", "+5", ".5", "5.", "5.e3", "3.0e+5",
      "1e15", "1e19", "9007199254740993", "9223372036854775807", "9223372036854775808",
      "-9223372036854775808", "0x10", "1e", "1e+", "e5", ".", "-", "", "1 2", "abc", "1\u{0}",
      "Infinity", "NaN", "0.1", "123456.789", "1e-7", "٧", "\u{A0}1", "2026-11-24", "1e300",
      "-1e-300", "000.100", "1e2.5", "--1",
    ].map { Value.text($0) }
    + [
      0.0, 1, -1, 1.5, 0.1, 1e14, 1e15, 1e16, 123_456_789_012_345, 1e18, 9.2e18,
      9_223_372_036_854_775_808, -9_223_372_036_854_775_808, 9_223_372_036_854_773_760, 1e300,
      1e-4, 1e-5, 1.25e-7, 2_251_799_813_685_248, 4_503_599_627_370_497.5, .infinity, -.infinity,
      .nan, 100, 1.0e100, 3.14159265358979,
    ].map { Value(double: $0) }
    + [0, 1, -1, .min, .max, 1 << 53, (1 << 53) + 1, 1 << 60].map { Value.integer($0) }
    + [.null, .bytes([]), .bytes([0x31]), .boolean(true)]

  @Test(arguments: columns.indices)
  func `is what SQLite itself gives back`(index: Int) throws {
    let column = Self.columns[index]
    let database = try #require(MemoryDatabase(column: column.declared))
    for value in Self.values {
      #expect(database.roundTrip(value) == column.type.norm(value), "\(column.declared): \(value)")
    }
  }

  @Test(arguments: [
    (FieldType(.boolean, storage: .numericAffinity), Value.boolean(true), Value.boolean(true)),
    (FieldType(.boolean, storage: .numericAffinity), .integer(1), .boolean(true)),
    (FieldType(.boolean, storage: .numericAffinity), .integer(2), .integer(2)),
    (FieldType(.date, storage: .numericAffinity), .text("2026-11-24"), Samples.date("2026-11-24")),
    (FieldType(.date, storage: .numericAffinity), .text("20261124"), .integer(20_261_124)),
    (
      FieldType(.localTimestamp, storage: .numericAffinity), .text("2026-11-24T09:30:00"),
      Samples.local("2026-11-24 09:30:00")
    ),
    (
      FieldType(.timestamp, storage: .numericAffinity), .text("2026-11-24 09:30:00Z"),
      Samples.moment("2026-11-24T09:30:00Z")
    ),
    (FieldType(.decimal, storage: .numericAffinity), .double(0.1), Samples.decimal("0.1")),
    (
      FieldType(.decimal, storage: .numericAffinity), Samples.decimal("1.5"),
      Samples.decimal("1.5")
    ),
    (FieldType(.double, storage: .realAffinity), .integer(5), .double(5)),
    (FieldType(.uuid, storage: .numericAffinity), .bytes(Array(0..<16)), Samples.uuid),
    (FieldType(.uuid, storage: .numericAffinity), Samples.uuid, Samples.uuid),
    (FieldType(.text, storage: .numericAffinity), .text("007"), .integer(7)),
    (
      FieldType(.any, storage: .blobAffinity), Samples.uuid,
      .text("00010203-0405-0607-0809-0a0b0c0d0e0f")
    ),
    (FieldType(.any, storage: .blobAffinity), Samples.date("2026-11-24"), .text("2026-11-24")),
    (
      FieldType(.any, storage: .blobAffinity), Samples.local("2026-11-24 09:30:00"),
      .text("2026-11-24 09:30:00")
    ),
    (FieldType(.any, storage: .blobAffinity), Samples.decimal("0.1"), .double(0.1)),
    (
      FieldType(.any, storage: .blobAffinity), Samples.decimal("12345678901234567890.5"),
      .text("12345678901234567890.5")
    ),
    (FieldType(.decimal, scale: 2), Samples.decimal("0.125"), Samples.decimal("0.13")),
    (FieldType(.decimal, scale: 2), Samples.decimal("-0.125"), Samples.decimal("-0.13")),
    (FieldType(.decimal, scale: 0), Samples.decimal("99.5"), .integer(100)),
    (FieldType(.decimal, scale: 0), Samples.decimal("0.4"), .integer(0)),
    (FieldType(.decimal, scale: 1), Samples.decimal("0.04"), .integer(0)),
    (FieldType(.text), .text("as it is "), .text("as it is ")),
    (FieldType(.text), .text(""), .text("")),
    (FieldType(.text, trims: true), .text(" \t a b\u{A0}\r\n"), .text("a b")),
    (FieldType(.text, trims: true), .text("é"), .text("é")),
    (FieldType(.text, trims: true), .text(""), .null),
    (FieldType(.text, trims: true), .text(" \n "), .null),
    (
      FieldType(.text, trims: true), .text(Text(utf8: [0x20, 0xFF])),
      .text(Text(utf8: [0x20, 0xFF]))
    ),
    (FieldType(.text, trims: true), .integer(7), .integer(7)),
  ])
  func `is read by the declared kind`(type: FieldType, written: Value, held: Value) {
    #expect(type.norm(written) == held)
  }

  @Test func `does not change when it is written again`() {
    var generator = SeededGenerator(seed: 8)
    for kind in FieldType.Kind.allCases {
      for storage in FieldType.Storage.allCases {
        for trims in [false, true] {
          let type = FieldType(kind, storage: storage, precision: 9, scale: 2, trims: trims)
          for value in Self.values + (0..<200).map({ _ in generator.value() }) {
            let held = type.norm(value)
            #expect(type.norm(held) == held, "\(type.words): \(value)")
          }
        }
      }
    }
  }

  @Test func `is the same number as the converted value, whatever the storage`() {
    var generator = SeededGenerator(seed: 9)
    for kind in [FieldType.Kind.integer, .decimal, .double] {
      for storage in FieldType.Storage.allCases {
        let type = FieldType(kind, storage: storage)
        for value in Self.values + (0..<500).map({ _ in Value(decimal: generator.decimal()) }) {
          guard case .value(let converted) = type.result(of: value) else { continue }
          let read = FieldType(kind).result(of: type.norm(converted))
          #expect(read == .value(converted), "\(kind), \(storage): \(value)")
        }
      }
    }
  }

  @Test(arguments: [
    (FieldType(.text, foldsCase: true), "Ünal", "üNAL", true),
    (FieldType(.text, storage: .textAffinity, foldsCase: true), "Ünal", "ünal", false),
    (FieldType(.text, storage: .textAffinity, foldsCase: true), "Anna", "aNNA", true),
    (FieldType(.text, storage: .textAffinity, foldsCase: true), "[", "{", false),
    (FieldType(.text), "a", "A", false),
    (FieldType(.text, foldsCase: true), "a", "a ", false),
  ])
  func `agrees where the system sees no difference`(
    type: FieldType, first: String, second: String, agrees: Bool
  ) {
    #expect(type.agrees(.text(first), .text(second)) == agrees)
  }

  @Test func `agrees with itself, a NaN too`() {
    #expect(FieldType(.double).agrees(Value(double: .nan), Value(double: .nan)))
    #expect(!FieldType(.text, foldsCase: true).agrees(.text("1"), .integer(1)))
  }
}

/// One table with one column, in memory.
private final class MemoryDatabase {
  private var handle: OpaquePointer?

  init?(column: String) {
    guard sqlite3_open(":memory:", &handle) == SQLITE_OK,
      sqlite3_exec(handle, "CREATE TABLE t(c \(column))", nil, nil, nil) == SQLITE_OK
    else { return nil }
  }

  deinit { sqlite3_close(handle) }

  /// What the column gives back after the value was written.
  func roundTrip(_ value: Value) -> Value {
    var statement: OpaquePointer?
    sqlite3_exec(handle, "DELETE FROM t", nil, nil, nil)
    sqlite3_prepare_v2(handle, "INSERT INTO t VALUES (?)", -1, &statement, nil)
    write(value, by: statement)
    sqlite3_finalize(statement)
    sqlite3_prepare_v2(handle, "SELECT c FROM t", -1, &statement, nil)
    defer { sqlite3_finalize(statement) }
    sqlite3_step(statement)
    return read(statement)
  }

  /// Binds and steps, so that the bytes need not live any longer.
  private func write(_ value: Value, by statement: OpaquePointer?) {
    switch value {
    case .boolean(let boolean): sqlite3_bind_int64(statement, 1, boolean ? 1 : 0)
    case .integer(let integer): sqlite3_bind_int64(statement, 1, integer)
    case .double(let double): sqlite3_bind_double(statement, 1, double)
    case .bytes(let bytes):
      return (bytes + [0]).withUnsafeBytes {
        sqlite3_bind_blob(statement, 1, $0.baseAddress, Int32(bytes.count), nil)
        sqlite3_step(statement)
      }
    case .text(let text):
      return (text.utf8 + [0]).withUnsafeBytes {
        let characters = $0.assumingMemoryBound(to: CChar.self)
        sqlite3_bind_text(statement, 1, characters.baseAddress, Int32(text.utf8.count), nil)
        sqlite3_step(statement)
      }
    default: sqlite3_bind_null(statement, 1)
    }
    sqlite3_step(statement)
  }

  private func read(_ statement: OpaquePointer?) -> Value {
    let count = Int(sqlite3_column_bytes(statement, 0))
    switch sqlite3_column_type(statement, 0) {
    case SQLITE_INTEGER: return .integer(sqlite3_column_int64(statement, 0))
    case SQLITE_FLOAT: return Value(double: sqlite3_column_double(statement, 0))
    case SQLITE_TEXT:
      let text = sqlite3_column_text(statement, 0)
      return .text(Text(utf8: Array(UnsafeBufferPointer(start: text, count: count))))
    case SQLITE_BLOB:
      let blob = sqlite3_column_blob(statement, 0)
      return .bytes(Array(UnsafeRawBufferPointer(start: blob, count: count)))
    default: return .null
    }
  }
}
