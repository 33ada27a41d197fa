import SynclineModel
import Testing

@Suite struct `Bytes` {
  @Test(arguments: [UInt64(0), 1, 127, 128, 16_383, 16_384, 1 << 63, .max])
  func `a varint is read back`(number: UInt64) throws {
    var writer = ByteWriter()
    writer.varint(number)
    var reader = ByteReader(writer.bytes.span.bytes)
    let read = try reader.varint()
    let rest = reader.remaining
    #expect(read == number)
    #expect(rest == 0)
  }

  @Test(arguments: [Int64.min, -1, 0, 1, .max])
  func `a zigzag is read back`(number: Int64) throws {
    var writer = ByteWriter()
    writer.zigzag(number)
    var reader = ByteReader(writer.bytes.span.bytes)
    let read = try reader.zigzag()
    #expect(read == number)
  }

  @Test func `an endless varint is malformed`() {
    let bytes = [UInt8](repeating: 0xFF, count: 20)
    #expect(throws: DecodingFailure.malformed(what: "varint", offset: 9)) {
      var reader = ByteReader(bytes.span.bytes)
      _ = try reader.varint()
    }
  }

  @Test func `a length beyond the end is truncated`() {
    let bytes: [UInt8] = [5, 1, 2]
    #expect(throws: DecodingFailure.truncated(offset: 1)) {
      var reader = ByteReader(bytes.span.bytes)
      _ = try reader.counted()
    }
  }

  @Test func `a length beyond any memory is truncated or malformed, never a trap`() {
    let bytes: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01, 1]
    #expect(throws: DecodingFailure.malformed(what: "small number", offset: 0)) {
      var reader = ByteReader(bytes.span.bytes)
      _ = try reader.counted()
    }
  }

  @Test func `text that is no UTF-8 is malformed where text is asked for`() {
    let bytes: [UInt8] = [2, 0xC3, 0x28]
    #expect(throws: DecodingFailure.malformed(what: "UTF-8 text", offset: 0)) {
      var reader = ByteReader(bytes.span.bytes)
      _ = try reader.text()
    }
  }

  @Test func `an empty buffer holds nothing`() {
    let bytes: [UInt8] = []
    #expect(throws: DecodingFailure.truncated(offset: 0)) {
      var reader = ByteReader(bytes.span.bytes)
      _ = try reader.fixed(UInt32.self)
    }
  }
}
