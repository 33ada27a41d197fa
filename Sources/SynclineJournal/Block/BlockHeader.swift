import SynclineModel

/// The fixed part at the start of a block (Docs/JournalFormat.md, "Blocks").
struct BlockHeader: Hashable, Sendable {
  /// What the salts of the block's events come from.
  enum SecretKind: UInt8, Sendable {
    /// One secret for all of them.
    case secret = 0
    /// A list of salts after the header: an event of the block was erased.
    case salts = 1
  }

  static let size = 88
  static let format: UInt8 = 1
  /// Events as they are. Others are reserved.
  static let plainCodec: UInt8 = 0

  var kind: SecretKind
  var count: UInt32
  var first: EventSequence
  /// 32 bytes; zeros where the block has salts.
  var secret: [UInt8]
  var seal: [UInt8]
  /// The size of the events, unpacked, in bytes.
  var eventsLength: UInt32
  /// The size of what stands between header and events, in bytes: erasure map and salts.
  var mapLength: UInt32

  func encode(to writer: inout ByteWriter) {
    writer.byte(Self.format)
    writer.byte(Self.plainCodec)
    writer.byte(kind.rawValue)
    writer.byte(0)
    writer.fixed(count)
    writer.fixed(first.rawValue)
    writer.raw(secret)
    writer.raw(seal)
    writer.fixed(eventsLength)
    writer.fixed(mapLength)
  }
}

extension BlockHeader {
  init(from reader: inout ByteReader) throws(DecodingFailure) {
    guard try reader.byte() == Self.format else { throw .malformed(what: "block", offset: 0) }
    guard try reader.byte() == Self.plainCodec else {
      throw .malformed(what: "known codec of a block", offset: 1)
    }
    guard let kind = SecretKind(rawValue: try reader.byte()), try reader.byte() == 0 else {
      throw .malformed(what: "block header", offset: 2)
    }
    self.kind = kind
    count = try reader.fixed()
    first = EventSequence(try reader.fixed())
    secret = try reader.raw(32)
    seal = try reader.raw(32)
    eventsLength = try reader.fixed()
    mapLength = try reader.fixed()
    guard count > 0, first != .none, first.rawValue <= UInt64.max - UInt64(count) else {
      throw .malformed(what: "block header", offset: 4)
    }
  }
}
