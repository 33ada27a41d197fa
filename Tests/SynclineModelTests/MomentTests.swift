import SynclineModel
import Testing

@Suite struct `Dates and times` {
  @Test func `every day of the years 1 to 9999 is the one after the day before`() {
    var previous = -719_163
    var isSequence = true
    for year in 1...9999 {
      for month in 1...12 {
        for day in [1, 28, 29, 30, 31] {
          guard let date = CalendarDate(year: year, month: month, day: day) else { continue }
          let parts = date.parts
          isSequence = isSequence && Int(date.daysSinceEpoch) > previous
          isSequence = isSequence && (parts.year, parts.month, parts.day) == (year, month, day)
          previous = Int(date.daysSinceEpoch)
        }
      }
    }
    #expect(isSequence)
    #expect(previous == 2_932_896)
  }

  @Test(arguments: [
    (2023, 2, 29), (1900, 2, 29), (2024, 13, 1), (2024, 0, 1), (2024, 4, 31), (0, 1, 1),
    (10_000, 1, 1), (2024, 1, 0),
  ])
  func `a day that the calendar lacks is none`(year: Int, month: Int, day: Int) {
    #expect(CalendarDate(year: year, month: month, day: day) == nil)
  }

  @Test(arguments: [
    (Int64(0), "1970-01-01T00:00:00"), (-1, "1969-12-31T23:59:59.999999"),
    (-86_400_000_000, "1969-12-31T00:00:00"), (951_782_400_500_000, "2000-02-29T00:00:00.5"),
  ])
  func `a moment is written with the fraction it needs`(microseconds: Int64, text: String) {
    #expect(Timestamp(microseconds: microseconds).description == text)
  }

  @Test(arguments: [Int64.min, .min + 1, .max])
  func `the outermost moments have parts`(microseconds: Int64) {
    let parts = Timestamp(microseconds: microseconds).parts
    #expect((0..<86_400_000_000).contains(parts.time.microseconds))
  }

  @Test(arguments: [
    ("2026-11-24", "2026-11-24"), ("0001-01-01", "0001-01-01"), ("9999-12-31", "9999-12-31"),
    ("2026-1-24", nil), ("2026-11-24 ", nil), ("2026-02-30", nil), ("26-11-24", nil),
    ("2026-11-24\u{0}", nil), ("", nil),
  ])
  func `an ISO date is read strictly`(text: String, date: String?) {
    #expect(ISOText.date(Array(text.utf8))?.description == date)
  }

  @Test(arguments: [
    ("2026-11-24 09:30:00", "2026-11-24T09:30:00"),
    ("2026-11-24T09:30:00.000001", "2026-11-24T09:30:00.000001"),
    ("2026-11-24 09:30:00.5", "2026-11-24T09:30:00.5"),
    ("2026-11-24 09:30:00.1234567", nil), ("2026-11-24 09:30:00.", nil),
    ("2026-11-24 24:00:00", nil), ("2026-11-24 09:30:60", nil), ("2026-11-24 09:30", nil),
    ("2026-11-24 09:30:00Z", nil), ("2026-11-24", nil),
  ])
  func `an ISO timestamp without a zone is read strictly`(text: String, local: String?) {
    #expect(ISOText.localTimestamp(Array(text.utf8))?.description == local)
  }

  @Test(arguments: [
    ("2026-11-24T09:30:00Z", "2026-11-24T09:30:00"),
    ("2026-11-24 09:30:00+02:00", "2026-11-24T07:30:00"),
    ("2026-01-01T00:00:00-05:30", "2026-01-01T05:30:00"),
    ("2026-11-24T09:30:00", nil), ("2026-11-24T09:30:00+0200", nil),
    ("2026-11-24T09:30:00+24:00", nil), ("2026-11-24T09:30:00z", nil),
  ])
  func `an ISO timestamp with a zone is a moment`(text: String, moment: String?) {
    #expect(ISOText.timestamp(Array(text.utf8))?.description == moment)
  }
}
