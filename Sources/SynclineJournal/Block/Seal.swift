import SynclineModel

// How events are sealed (Docs/JournalFormat.md, "Seals"). Digests are computed and not stored; what
// may change when an event is erased (salts, the map of the erased, the codec) is outside the seal.

/// The chain of digests over events and blocks.
enum Seal {
  static let saltSize = 16

  /// The salt of an event, from its block's secret.
  static func salt(_ sequence: EventSequence, secret: [UInt8]) -> [UInt8] {
    var writer = ByteWriter(capacity: 8)
    writer.fixed(sequence.rawValue)
    return Array(SHA256.digest(secret, writer.bytes).prefix(saltSize))
  }

  /// What stands for the payload in the event's digest, and in its place once it is erased.
  static func inner(salt: [UInt8], payload: RawSpan) -> [UInt8] {
    SHA256.digest(salt.span.bytes, payload)
  }

  /// The digest of an event.
  static func digest(header: RawSpan, inner: [UInt8]) -> [UInt8] {
    SHA256.digest(header, inner.span.bytes)
  }

  /// The seal of a block; `digests` are those of its events, one after the other.
  static func seal(
    after previous: [UInt8], first: EventSequence, count: UInt32, digests: [UInt8]
  ) -> [UInt8] {
    var writer = ByteWriter(capacity: 44)
    writer.raw(previous)
    writer.fixed(first.rawValue)
    writer.fixed(count)
    return SHA256.digest(writer.bytes, digests)
  }
}
