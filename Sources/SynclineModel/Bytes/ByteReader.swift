/// Why bytes could not be read as what they claim to be.
public enum DecodingFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// The bytes end before the item does; `offset` counts from the start of the buffer.
  case truncated(offset: Int)
  /// The bytes at `offset` are no `what`.
  case malformed(what: StaticText, offset: Int)

  public var description: String {
    switch self {
    case .truncated(let offset): "the bytes end at offset \(offset), inside an item"
    case .malformed(let what, let offset): "the bytes at offset \(offset) are no \(what)"
    }
  }
}

/// A literal of the program, which can carry no value of a user.
public struct StaticText: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  public let description: String
  public init(stringLiteral value: StaticString) { description = "\(value)" }
}

/// Reads the encodings that `ByteWriter` writes, in place and with every bound checked: a damaged
/// journal ends in a thrown `DecodingFailure`, never in a trap.
@frozen public struct ByteReader: ~Escapable {
  @usableFromInline let span: RawSpan
  /// Where the next item begins, counted from the start of the span.
  public var offset: Int

  @inlinable
  @_lifetime(copy span)
  public init(_ span: RawSpan) {
    self.span = span
    offset = 0
  }

  @inlinable public var remaining: Int { span.byteCount - offset }
  @inlinable public var isAtEnd: Bool { offset == span.byteCount }

  @inlinable
  @_lifetime(self: copy self)
  public mutating func byte() throws(DecodingFailure) -> UInt8 {
    guard offset < span.byteCount else { throw .truncated(offset: offset) }
    let value = span.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    offset += 1
    return value
  }

  @inlinable
  @_lifetime(self: copy self)
  public mutating func fixed<Integer: FixedWidthInteger & BitwiseCopyable>(
    _ type: Integer.Type = Integer.self
  ) throws(DecodingFailure) -> Integer {
    let size = MemoryLayout<Integer>.size
    guard remaining >= size else { throw .truncated(offset: offset) }
    let value = span.unsafeLoadUnaligned(fromByteOffset: offset, as: Integer.self)
    offset += size
    return Integer(littleEndian: value)
  }

  @inlinable
  @_lifetime(self: copy self)
  public mutating func varint() throws(DecodingFailure) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      let byte = try byte()
      if shift == 63, byte > 1 { throw .malformed(what: "varint", offset: offset - 1) }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
      if shift > 63 { throw .malformed(what: "varint", offset: offset - 1) }
    }
  }

  @inlinable
  @_lifetime(self: copy self)
  public mutating func zigzag() throws(DecodingFailure) -> Int64 {
    let value = try varint()
    return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
  }

  /// A varint that must fit `Integer`, such as a count or a dense number.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func small<Integer: FixedWidthInteger>(
    _ type: Integer.Type = Integer.self
  ) throws(DecodingFailure) -> Integer {
    let start = offset
    guard let value = Integer(exactly: try varint()) else {
      throw .malformed(what: "small number", offset: start)
    }
    return value
  }

  /// The next `count` bytes, copied.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func raw(_ count: Int) throws(DecodingFailure) -> [UInt8] {
    guard count >= 0, remaining >= count else { throw .truncated(offset: offset) }
    let start = offset
    offset += count
    return span.extracting(start..<offset).withUnsafeBytes { [UInt8]($0) }
  }

  @inlinable
  @_lifetime(self: copy self)
  public mutating func skip(_ count: Int) throws(DecodingFailure) {
    guard count >= 0, remaining >= count else { throw .truncated(offset: offset) }
    offset += count
  }

  /// A varint length and so many bytes, copied.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func counted() throws(DecodingFailure) -> [UInt8] {
    try raw(try small(Int.self))
  }

  /// A varint length and so many bytes of valid UTF-8.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func text() throws(DecodingFailure) -> String {
    let start = offset
    guard let text = String(validating: try counted(), as: UTF8.self) else {
      throw .malformed(what: "UTF-8 text", offset: start)
    }
    return text
  }
}
