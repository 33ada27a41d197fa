import SynclineModel

/// Builds one block, event by event.
struct BlockBuilder {
  /// The largest value of a full block: LMDB puts a header of 16 bytes before it, so that it fills
  /// whole pages. Only a block of a single event may be larger.
  static let sizeMax = 256 * 4096 - 16

  private let first: EventSequence
  private let secret: [UInt8]
  private var count: UInt32 = 0
  private var writer: ByteWriter
  private var digests: [UInt8] = []

  init(first: EventSequence, secret: [UInt8]) {
    precondition(secret.count == 32, "a block's secret has 32 bytes")
    self.first = first
    self.secret = secret
    writer = ByteWriter(capacity: 4096)
  }

  var isEmpty: Bool { count == 0 }

  /// Whether an event with a payload of so many bytes still fits.
  func fits(payload length: Int) -> Bool {
    isEmpty || BlockHeader.size + writer.count + EventHeader.size + length <= Self.sizeMax
  }

  /// Adds the event that follows the last one.
  mutating func add(_ header: EventHeader, payload: [UInt8]) {
    precondition(header.sequence.rawValue == first.rawValue + UInt64(count), "events are gapless")
    var encoded = ByteWriter(capacity: EventHeader.size)
    header.encode(to: &encoded)
    let salt = Seal.salt(header.sequence, secret: secret)
    let inner = Seal.inner(salt: salt, payload: payload.span.bytes)
    digests += Seal.digest(header: encoded.bytes.span.bytes, inner: inner)
    writer.raw(encoded.bytes)
    writer.raw(payload)
    count += 1
  }

  /// The block as it stands in the journal.
  func sealed(after previous: [UInt8]) -> (value: [UInt8], seal: [UInt8]) {
    let seal = Seal.seal(after: previous, first: first, count: count, digests: digests)
    let header = BlockHeader(
      kind: .secret, count: count, first: first, secret: secret, seal: seal,
      eventsLength: UInt32(writer.count), mapLength: 0)
    var whole = ByteWriter(capacity: BlockHeader.size + writer.count)
    header.encode(to: &whole)
    whole.raw(writer.bytes)
    return (whole.bytes, seal)
  }

  /// The key under which it stands.
  var key: [UInt8] { Block.key(first) }
}
