/// Writes the little-endian, variable-length encodings of Docs/JournalFormat.md into one buffer.
@frozen public struct ByteWriter: Sendable {
  public var bytes: [UInt8]

  @inlinable
  public init(capacity: Int = 0) {
    bytes = []
    bytes.reserveCapacity(capacity)
  }

  @inlinable public var count: Int { bytes.count }

  @inlinable
  public mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

  @inlinable
  public mutating func byte(_ value: UInt8) { bytes.append(value) }

  /// An integer of fixed width, least significant byte first.
  @inlinable
  public mutating func fixed<Integer: FixedWidthInteger>(_ value: Integer) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// Unsigned LEB128, in as few bytes as the value needs.
  @inlinable
  public mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  /// A signed integer as the varint of its zigzag encoding, so that small magnitudes are short.
  @inlinable
  public mutating func zigzag(_ value: Int64) {
    varint(UInt64(bitPattern: (value << 1) ^ (value >> 63)))
  }

  @inlinable
  public mutating func raw(_ other: some Sequence<UInt8>) { bytes.append(contentsOf: other) }

  /// The bytes of a span, as they are.
  @inlinable
  public mutating func raw(_ span: RawSpan) {
    span.withUnsafeBytes { bytes.append(contentsOf: $0) }
  }

  /// A varint length, then the bytes.
  @inlinable
  public mutating func counted(_ other: some Collection<UInt8>) {
    varint(UInt64(other.count))
    bytes.append(contentsOf: other)
  }

  /// A varint length, then the text's UTF-8.
  @inlinable
  public mutating func text(_ value: String) { counted(value.utf8) }
}
