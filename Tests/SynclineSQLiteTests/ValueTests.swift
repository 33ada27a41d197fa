import SynclineModel
import SynclinePorts
import SynclineSQLite
import Testing

/// How values are read, and that what is read can be written and read again.
@Suite struct ValueTests {
  /// A column of `type` holding `literal`, read.
  private func read(_ type: String, _ literal: String) async throws -> Value? {
    let fixture = try Fixture(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, v \(type)); INSERT INTO t VALUES (1, \(literal));")
    try await fixture.bind("t")
    return try await fixture.all().records.first?.row[FieldNumber(2)]
  }

  private static let moment = Timestamp(
    date: CalendarDate(daysSinceEpoch: 20_000), time: ClockTime(microseconds: 34_200_250_000))

  static let readings: [(type: String, literal: String, value: Value)] = [
    ("", "NULL", .null),
    ("INTEGER", "9223372036854775807", .integer(.max)),
    ("INTEGER", "-9223372036854775808", .integer(.min)),
    ("INT", "1.5", .double(1.5)),
    ("INT", "'x'", .text("x")),
    ("REAL", "1e308", .double(1e308)),
    ("REAL", "9e999", .double(.infinity)),
    ("REAL", "-0.0", .double(0)),
    ("REAL", "5e-324", .double(.leastNonzeroMagnitude)),
    ("BOOLEAN", "1", .boolean(true)),
    ("BOOL", "0", .boolean(false)),
    ("BOOLEAN", "2", .integer(2)),
    ("BOOLEAN", "'true'", .text("true")),
    ("DECIMAL(10,2)", "12.50", decimal("12.5")),
    ("DECIMAL(10,2)", "7", .integer(7)),
    ("NUMERIC", "0.1", decimal("0.1")),
    ("NUMERIC", "1e20", decimal("100000000000000000000")),
    ("TEXT", "''", .text("")),
    ("TEXT", "'2024-10-04'", .text("2024-10-04")),
    ("VARCHAR(3)", "'longer'", .text("longer")),
    ("BLOB", "x''", .bytes([])),
    ("BLOB", "x'00ff'", .bytes([0, 255])),
    ("DATE", "'2024-10-04'", .date(CalendarDate(daysSinceEpoch: 20_000))),
    ("DATE", "'2024-02-30'", .text("2024-02-30")),
    ("DATE", "19000", .integer(19000)),
    ("TIME", "'09:30:00.25'", .time(ClockTime(microseconds: 34_200_250_000))),
    ("TIME", "'24:00:00'", .text("24:00:00")),
    ("DATETIME", "'2024-10-04 09:30:00.25'", .localTimestamp(moment)),
    ("DATETIME", "'2024-10-04T09:30:00.250000000'", .localTimestamp(moment)),
    ("TIMESTAMP", "'2024-10-04 09:30:00.2500001'", .text("2024-10-04 09:30:00.2500001")),
    ("TIMESTAMP", "'2024-10-04T09:30:00.25Z'", .timestamp(moment)),
    ("TIMESTAMP WITH TIME ZONE", "'2024-10-04 11:30:00.25+02:00'", .timestamp(moment)),
    ("TIMESTAMPTZ", "'2024-10-04T04:00:00.25-0530'", .timestamp(moment)),
    ("DATETIME", "'0000-01-01 00:00:00'", .text("0000-01-01 00:00:00")),
    ("UUID", "'00010203-0405-0607-0809-0a0b0c0d0e0f'", .uuid(Array(0..<16))),
    ("GUID", "x'000102030405060708090a0b0c0d0e0f'", .uuid(Array(0..<16))),
    (
      "UUID", "'00010203-0405-0607-0809-0a0B0c0d0e0f'",
      .text("00010203-0405-0607-0809-0a0B0c0d0e0f")
    ),
    ("UUID", "x'0001'", .bytes([0, 1])),
  ]

  private static func decimal(_ text: String) -> Value {
    guard let decimal = ExactDecimal(parsing: text.utf8) else { return .null }
    return Value(decimal: decimal)
  }

  @Test(arguments: readings.indices)
  func `A stored value is read as what it is`(place: Int) async throws {
    let reading = Self.readings[place]
    #expect(try await read(reading.type, reading.literal) == reading.value)
  }

  @Test(arguments: readings.indices)
  func `What was read is written so that it is read again`(place: Int) async throws {
    let reading = Self.readings[place]
    let fixture = try Fixture("CREATE TABLE t (id INTEGER PRIMARY KEY, v \(reading.type))")
    try await fixture.track("t")
    let row = PackedRow([FieldNumber(2): reading.value])
    #expect(
      try await fixture.write(.insert(5, row))
        == [.written(5, 1, row.setting(FieldNumber(1), to: .integer(1)))])
  }

  @Test(arguments: [
    ("REAL", Value.integer(.max)), ("NUMERIC", decimal("1234567890.12345678")),
    ("DECIMAL(30,2)", decimal("123456789012345678901234567890.25")),
    ("REAL", decimal("0.1000000000000000055511151231257827")), ("REAL", .double(.nan)),
    ("DATE", .date(CalendarDate(daysSinceEpoch: -800_000))),
    ("DATETIME", .localTimestamp(Timestamp(microseconds: .max))),
    ("TIMESTAMPTZ", .timestamp(Timestamp(microseconds: .min))),
    ("TEXT", .digest(ValueDigest(length: 1, sha256: [UInt8](repeating: 0, count: 32)))),
  ])
  func `What SQLite would change without a word is refused`(type: String, value: Value)
    async throws
  {
    let fixture = try Fixture("CREATE TABLE t (id INTEGER PRIMARY KEY, v \(type))")
    try await fixture.track("t")
    let outcomes = try await fixture.write(.insert(5, PackedRow([FieldNumber(2): value])))
    #expect(outcomes.map(\.refusal) == ["value"])
  }

  @Test(arguments: [
    decimal("-1234567890123456789012.345"),
    .integer(.min),
  ])
  func `Text columns keep numbers of any size`(value: Value) async throws {
    let fixture = try Fixture("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)")
    try await fixture.track("t")
    _ = try await fixture.write(.insert(5, PackedRow([FieldNumber(2): value])))
    let expected: Value =
      switch value {
      case .decimal(let decimal): .text(decimal.description)
      default: .text("-9223372036854775808")
      }
    #expect(try await fixture.all().records.first?.row[FieldNumber(2)] == expected)
  }

  @Test func `NUL and invalid UTF-8 in text are kept byte for byte`() async throws {
    let fixture = try Fixture(
      """
      CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT);
      INSERT INTO t VALUES (1, CAST(x'610062' AS TEXT)), (2, CAST(x'61ff' AS TEXT));
      """)
    try await fixture.track("t")
    let texts = try await fixture.all().records.compactMap { $0.row[FieldNumber(2)] }
    #expect(
      texts == [.text(Text(utf8: [0x61, 0, 0x62])), .text(Text(utf8: [0x61, 0xFF]))])
    _ = try await fixture.write(
      .insert(5, PackedRow([FieldNumber(2): texts[0]])),
      .insert(6, PackedRow([FieldNumber(2): texts[1]])))
    #expect(
      try fixture.owner.rows("SELECT hex(v) FROM t ORDER BY id")
        == ["610062", "61FF", "610062", "61FF"])
  }

  @Test func `A value above 4 MiB fails its record, unless its field is kept as a digest`()
    async throws
  {
    let fixture = try Fixture(
      """
      CREATE TABLE t (id INTEGER PRIMARY KEY, v);
      INSERT INTO t VALUES (1, zeroblob(4 << 20)), (2, zeroblob((4 << 20) + 1)),
        (3, zeroblob(16 << 20)), (4, zeroblob(32 << 10));
      """)
    try await fixture.bind("t")
    let page = try await fixture.all()
    #expect(page.records.map(\.key) == [NativeKey(integer: 1), NativeKey(integer: 4)])
    #expect(
      page.failures
        == [2, 3].map { key in
          ReadFailure(
            key: NativeKey(integer: key), code: "tooLarge", message: "t.v holds a value above 4 MiB"
          )
        })
    try await fixture.bind("t") { $0.fields[1].keepsWhole = false }
    let rows = try await fixture.all().records.map { $0.row[FieldNumber(2)] }
    #expect(rows[3] == .bytes([UInt8](repeating: 0, count: 32 << 10)))
    let digest = try #require(
      Hexadecimal.bytes(
        "080acf35a507ac9849cfcba47dc2ad83e01b75663a516279c8b9d243b719643e".utf8))
    #expect(rows[2] == .digest(ValueDigest(length: 16 << 20, sha256: digest)))
  }

  @Test func `A page ends early where its rows are large`() async throws {
    let fixture = try Fixture("CREATE TABLE t (id INTEGER PRIMARY KEY, v)")
    try await fixture.track("t")
    try fixture.owner.run(
      "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 7) "
        + "INSERT INTO t SELECT x, zeroblob(3 << 20) FROM n")
    let page = try await fixture.connector.readPage(
      PageRequest(object: ObjectNumber(1), after: nil, limit: 100))
    #expect(page.records.count == 3)
    #expect(!page.isLast)
    let whole = try await fixture.all().records.map(\.key)
    #expect(whole == (1...7).map { NativeKey(integer: $0) })
    let changes = try await fixture.connector.readChanges(limit: 100)
    #expect(changes.ranges == [EntryRange(first: 1, last: 3)])
    #expect(!changes.isLast)
    #expect(try await fixture.changes().ranges.last == EntryRange(first: 7, last: 7))
  }

  @Test func `A database in UTF-16 holds the same text`() async throws {
    let fixture = try Fixture(
      """
      PRAGMA encoding = 'UTF-16';
      CREATE TABLE "tâble" (id INTEGER PRIMARY KEY, "naïve" TEXT UNIQUE);
      INSERT INTO "tâble" VALUES (1, 'zoë 🪨');
      """)
    try await fixture.track("tâble")
    let field = FieldNumber(2)
    _ = try await fixture.write(.insert(5, PackedRow([field: .text("表")])))
    #expect(
      try await fixture.all().records.map { $0.row[field] } == [.text("zoë 🪨"), .text("表")])
    try fixture.owner.run("REPLACE INTO \"tâble\" (\"naïve\") VALUES ('表')")
    #expect(
      try await fixture.story() == ["1 displaced 2>-", "1 insert ->3", "standing: 1 3"])
  }

  @Test func `A row that cannot be taken is told beside the changes`() async throws {
    let fixture = try Fixture("CREATE TABLE t (id INTEGER PRIMARY KEY, v)")
    try await fixture.track("t")
    try fixture.owner.run("INSERT INTO t VALUES (1, zeroblob(5 << 20)), (2, 'x')")
    let page = try await fixture.changes()
    let key = ObjectKey(object: ObjectNumber(1), key: NativeKey(integer: 1))
    #expect(page.entries.count == 2)
    #expect(
      page.failures == [
        key: ReadFailure(key: key.key, code: "tooLarge", message: "t.v holds a value above 4 MiB")
      ])
    #expect(page.rows.count == 1)
  }
}
