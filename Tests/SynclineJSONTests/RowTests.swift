import SynclineJSON
import SynclineModel
import Testing

@Suite struct `Rows` {
  private static let shape = RowShape([
    .init("Amount", FieldNumber(4), .number), .init("Id", FieldNumber(1), .text),
    .init("Name", FieldNumber(2), .text), .init("Active", FieldNumber(3), .boolean),
    .init("Day", FieldNumber(5), .date), .init("Stamp", FieldNumber(6), .timestamp),
    .init("Hour", FieldNumber(7), .time), .init("Local", FieldNumber(8), .localTimestamp),
    .init("Any", FieldNumber(9), .any),
    .init("Code", FieldNumber(10), .converted { $0.byteCount == 2 ? .integer(2) : nil }),
  ])

  private static func rows(_ text: String) throws -> [Result<PackedRow, RowProblem>] {
    var parser = JSONParser()
    var reader = RowReader(shape)
    var rows: [Result<PackedRow, RowProblem>] = []
    try parser.append(Array(text.utf8))
    try parser.read { (cursor) throws(JSONFailure) in
      try cursor.array { (cursor) throws(JSONFailure) in rows.append(try reader.row(&cursor)) }
    }
    return rows
  }

  /// The row of these values, by the numbers of their fields.
  private static func row(
    _ fields: KeyValuePairs<UInt16, Value>
  ) -> Result<PackedRow, RowProblem> {
    .success(PackedRow(fields.map { (FieldNumber($0.key), $0.value) }))
  }

  @Test func `a record with all fields`() throws {
    let text = #"""
      [{"attributes":{"type":"Account"},"Id":"001","Name":"A \"B\" é","Active":true,"Amount":12.50,
        "Day":"2026-11-24","Stamp":"2026-11-24T10:20:30.000+0000","Hour":"14:30:00.000Z",
        "Local":"2026-11-24 10:20:30","Any":1.0,"Code":"xy","Other":[1]}]
      """#
    let date = try #require(CalendarDate(year: 2026, month: 11, day: 24))
    let time = try #require(ClockTime(hour: 10, minute: 20, second: 30))
    let hour = try #require(ClockTime(hour: 14, minute: 30, second: 0))
    let moment = Timestamp(date: date, time: time)
    let amount = ExactDecimal(isNegative: false, digits: "125".utf8, scale: 1)
    #expect(
      try Self.rows(text) == [
        Self.row([
          1: .text("001"), 2: .text("A \"B\" é"),
          3: .boolean(true), 4: .decimal(amount),
          5: .date(date), 6: .timestamp(moment),
          7: .time(hour), 8: .localTimestamp(moment),
          9: .integer(1), 10: .integer(2),
        ])
      ])
  }

  @Test func `absent is not null, and any order will do`() throws {
    #expect(
      try Self.rows(#"[{"Name":null,"Id":"1"},{"Id":"2","Name":""},{},{"Any":"x"},{"Any":false}]"#)
        == [
          Self.row([1: .text("1"), 2: .null]),
          Self.row([1: .text("2"), 2: .text("")]), Self.row([:]),
          Self.row([9: .text("x")]), Self.row([9: .boolean(false)]),
        ])
  }

  @Test func `every digit of a number is kept`() throws {
    let digits = "123456789012345678901234567890.123456789"
    let decimal = try #require(ExactDecimal(parsing: digits.utf8))
    #expect(
      try Self.rows("[{\"Amount\":\(digits)},{\"Amount\":-0.0},{\"Amount\":0.30000000000000004}]")
        == [
          Self.row([4: .decimal(decimal)]), Self.row([4: .integer(0)]),
          Self.row([
            4: .decimal(
              ExactDecimal(isNegative: false, digits: "30000000000000004".utf8, scale: 17))
          ]),
        ])
  }

  @Test func `a bad value is a problem of its record alone`() throws {
    let text = #"""
      [{"Id":7,"Name":"a"},{"Id":"1"},{"Amount":"7"},{"Amount":1e999},{"Name":{"x":[1]},"Id":"2"},
       {"Id":"3","Id":"3"},{"Day":"2026-02-30"},{"Code":"xyz"},{"Active":1},{"Id":"4"}]
      """#
    #expect(
      try Self.rows(text) == [
        .failure(RowProblem(field: "Id", .kind(.number))),
        Self.row([1: .text("1")]),
        .failure(RowProblem(field: "Amount", .kind(.text))),
        .failure(RowProblem(field: "Amount", .unreadable)),
        .failure(RowProblem(field: "Name", .kind(.object))),
        .failure(RowProblem(field: "Id", .doubled)),
        .failure(RowProblem(field: "Day", .unreadable)),
        .failure(RowProblem(field: "Code", .unreadable)),
        .failure(RowProblem(field: "Active", .kind(.number))),
        Self.row([1: .text("4")]),
      ])
  }

  @Test func `a problem is told without the value`() {
    #expect(
      RowProblem(field: "Day", .unreadable).description
        == "Day holds a value that the field cannot have")
  }

  private static func moment(_ text: String) throws -> Value? {
    guard case .success(let row) = try rows("[{\"Stamp\":\"\(text)\"}]")[0] else { return nil }
    return row[FieldNumber(6)]
  }

  @Test(arguments: [
    ("2020-10-22T21:03:23.000+0000", "2020-10-22T21:03:23"),
    ("2020-10-22T21:03:23Z", "2020-10-22T21:03:23"),
    ("2020-10-22T21:03:23.5+02:00", "2020-10-22T19:03:23.5"),
    ("2020-01-01T00:00:00.123456000-0130", "2020-01-01T01:30:00.123456"),
    ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00"),
    ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999"),
  ])
  func `moments in all the ways that services write them`(
    _ text: String, _ moment: String
  ) throws {
    let expected = ISOText.localTimestamp(Array(moment.utf8)).map { Value.timestamp($0) }
    #expect(expected != nil)
    #expect(try Self.moment(text) == expected)
  }

  @Test(arguments: [
    "", "2020-10-22", "2020-10-22T21:03:23", "2020-10-22T21:03Z", "2020-10-22T24:00:00Z",
    "2020-10-22T21:03:60Z", "2020-10-22T21:03:23.Z", "2020-10-22T21:03:23.0000001Z",
    "2020-10-22T21:03:23+2400", "2020-10-22T21:03:23+01", "2020-10-22T21:03:23Zx",
    "2020-02-30T00:00:00Z", "2020-13-01T00:00:00Z", "20-10-22T21:03:23Z",
  ])
  func `what is no moment`(_ text: String) throws {
    #expect(try Self.moment(text) == nil)
  }
}
