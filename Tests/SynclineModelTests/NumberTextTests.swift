import SynclineModel
import Testing

@Suite struct `Numbers from text` {
  private static func encoded(_ text: String) -> [UInt8]? {
    var writer = ByteWriter()
    let bytes = Array(text.utf8)
    return writer.number(bytes.span.bytes) ? writer.bytes : nil
  }

  /// What the slow and plain way makes of it.
  private static func expected(_ text: String) -> [UInt8]? {
    ExactDecimal(parsing: text.utf8).map { Value(decimal: $0).encoded }
  }

  static let edges = [
    "0", "-0", "0.0", "-0.00", "7", "-7", "5.00", "0.1", "-0.10", "100", "1e2", "1.5E-3", "1E+2",
    "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809",
    "18446744073709551615", "123456789012345678901234567890.12345678",
    "12345678901234567890123456789012345678", "99999999999999999999999999999999999999",
    "123456789012345678901234567890123456789", "0.00000000000000000000000000000000000001",
    "0.000000000000000000000000000000000000001", "950000000.0", "0.30000000000000004",
    "1000000000000000000000000000000000000000000.000", "1e400", "-1e-400",
  ]

  @Test(arguments: edges)
  func `the quick way and the plain way write the same bytes`(_ text: String) {
    #expect(Self.encoded(text) == Self.expected(text))
    #expect(Self.encoded(text) != nil)
  }

  @Test func `also for every sum of small parts`() {
    for sign in ["", "-"] {
      for whole in ["0", "1", "10", "907", "98765432109876543210"] {
        for fraction in ["", ".0", ".5", ".50", ".05", ".050", ".00000", ".0000000000000000000001"]
        {
          let text = sign + whole + fraction
          #expect(Self.encoded(text) == Self.expected(text), "\(text)")
        }
      }
    }
  }

  @Test(arguments: ["", "-", ".", "-.5", "1.", "1..2", "1.2.3", "abc", "1e", "1e401", "1 ", "--1"])
  func `what is no number leaves nothing`(_ text: String) {
    // The plain way is more lenient about points; JSON never hands such text over.
    if Self.expected(text) == nil { #expect(Self.encoded(text) == nil) }
  }
}
