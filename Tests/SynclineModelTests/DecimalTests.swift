import SynclineModel
import SynclineTesting
import Testing

@Suite struct `Exact decimals` {
  @Test(arguments: [
    ("0", "0"), ("-0", "0"), ("000", "0"), ("1.10", "1.1"), ("-1.10", "-1.1"), (".5", "0.5"),
    ("5.", "5"), ("+7", "7"), ("1e3", "1000"), ("1.5E-3", "0.0015"), ("120e-1", "12"),
    ("0.000", "0"), ("12345678901234567890123456789012345678901234567890.1", nil),
  ])
  func `a number is written plainly`(text: String, written: String?) {
    #expect(ExactDecimal(parsing: text.utf8)?.description == written ?? text)
  }

  @Test(arguments: [
    "", "-", "+", ".", "e5", "1e", "1e+", "1,5", "1.2.3", " 1", "1 ", "0x10", "NaN", "Infinity",
    "1e401", "1e-401", "1e99999999999999999999", "١",
  ])
  func `anything else is no number`(text: String) {
    #expect(ExactDecimal(parsing: text.utf8) == nil)
  }

  @Test func `what is written is read back`() {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<2000 {
      let number = generator.decimal()
      #expect(ExactDecimal(parsing: number.description.utf8) == number)
    }
  }

  @Test(arguments: [
    ("9223372036854775807", Int64.max), ("-9223372036854775808", .min), ("0.5", nil),
    ("9223372036854775808", nil), ("-9223372036854775809", nil), ("1e300", nil), ("2.0", 2),
  ])
  func `an integer is known as one`(text: String, integer: Int64?) {
    #expect(decimal(text).integer == integer)
  }

  @Test(arguments: [
    ("0", 0.0), ("0.1", 0.1), ("1e22", 1e22), ("-1.5e-7", -1.5e-7), ("9007199254740992", 0x1p53),
    ("9007199254740993", nil), ("0.1000000000000000055", nil), ("1e309", nil), ("1e-330", nil),
    ("123456789012345678", nil),
  ])
  func `a double stands for the decimal that its shortest text spells`(
    text: String, double: Double?
  ) {
    #expect(decimal(text).double == double)
    if let double { #expect(ExactDecimal(shortestOf: double) == decimal(text)) }
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func `what is not finite stands for none`(double: Double) {
    #expect(ExactDecimal(shortestOf: double) == nil)
  }
}
