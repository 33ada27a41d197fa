import SynclineModel
import SynclineTesting
import Testing

@Suite struct `Values` {
  @Test func `every value is read back from its bytes`() throws {
    var generator = SeededGenerator(seed: 1)
    for _ in 0..<5000 {
      let value = generator.value()
      #expect(try Value(encoded: value.encoded) == value)
    }
  }

  @Test(arguments: [
    (Value(double: -0.0), Value(double: 0)),
    (Value(double: .signalingNaN), Value(double: .nan)),
    (Value(decimal: decimal("5.00")), .integer(5)),
    (Value(decimal: decimal("-0.0")), .integer(0)),
    (Value(decimal: decimal("1.50")), Value(decimal: decimal("1.5"))),
    (Value(decimal: decimal("9223372036854775807.0")), .integer(.max)),
  ])
  func `equal numbers have equal bytes`(first: Value, second: Value) {
    #expect(first.encoded == second.encoded)
    #expect(first == second)
  }

  @Test func `null, false, zero and empty text are four values`() {
    let values: Set<Value> = [.null, .boolean(false), .integer(0), .text("")]
    #expect(values.count == 4)
  }

  @Test func `a composed and a decomposed letter are two texts`() {
    #expect(Value.text("\u{E9}") != Value.text("e\u{301}"))
  }

  @Test func `text that is no UTF-8 is kept byte for byte`() throws {
    let value = Value.text(Text(utf8: [0x61, 0x00, 0xFF, 0xC3]))
    #expect(try Value(encoded: value.encoded) == value)
    #expect(!Text(utf8: [0x61, 0x00, 0xFF, 0xC3]).isValid)
  }

  @Test(
    arguments: [
      [],
      [15],
      [ValueTag.integer],
      [ValueTag.integer, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02],
      [ValueTag.decimal, 0, 2, 1, 2, 3],
      [ValueTag.longDecimal, 0, 1, 2, 0x31, 0x2F],
      [ValueTag.longDecimal, 0, 0xFF, 0xFF, 0xFF, 0x7F, 1, 0x31],
      [ValueTag.text, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0x61],
      [ValueTag.bytes, 3, 1, 2],
      [ValueTag.date, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
      [ValueTag.time, 0x80, 0xC0, 0x8E, 0xB4, 0xC1, 0x02, 0x00],
      [ValueTag.time, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
      [ValueTag.uuid, 1, 2, 3],
      [ValueTag.digest, 1, 2, 3],
      [ValueTag.null, 0],
    ] as [[UInt8]])
  func `bytes that are no value are refused`(bytes: [UInt8]) {
    #expect(throws: DecodingFailure.self) { try Value(encoded: bytes) }
  }

  @Test func `stepping over a value makes the checks that decoding makes`() {
    var generator = SeededGenerator(seed: 2)
    for _ in 0..<20_000 {
      var bytes = generator.bytes(upTo: 24)
      if !bytes.isEmpty { bytes[0] %= 16 }
      var decoding = ByteReader(bytes.span.bytes)
      var stepping = ByteReader(bytes.span.bytes)
      let isValue = (try? decoding.value()) != nil
      let isStep = (try? stepping.skipValue()) != nil
      let ends = [decoding.offset, stepping.offset]
      #expect(isValue == isStep)
      #expect(!isValue || ends[0] == ends[1])
    }
  }
}

/// The decimal that a literal of a test spells.
func decimal(_ text: String) -> ExactDecimal {
  ExactDecimal(parsing: text.utf8) ?? ExactDecimal(-1)
}
