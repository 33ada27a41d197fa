import SynclineModel

/// A block read from the journal. Every bound is checked: damaged bytes end in a thrown failure.
struct Block {
  /// Why a block cannot be read, and the event at which that shows.
  struct Damage: Error, Hashable, Sendable {
    let sequence: EventSequence
    let reason: String
  }

  /// An event in its place.
  struct Slot: Hashable, Sendable {
    let header: EventHeader
    let headerRange: Range<Int>
    /// The payload, or the 32-byte inner digest that an erased one has left.
    let payloadRange: Range<Int>
    let isErased: Bool
    let salt: Range<Int>?
  }

  let header: BlockHeader
  let slots: [Slot]
  private let value: [UInt8]

  /// The key of the block that begins with an event: the sequence number, big-endian.
  static func key(_ first: EventSequence) -> [UInt8] {
    withUnsafeBytes(of: first.rawValue.bigEndian) { [UInt8]($0) }
  }

  /// The first event of the block under `key`.
  static func first(ofKey key: [UInt8]) -> EventSequence {
    EventSequence(key.reduce(0) { $0 << 8 | UInt64($1) })
  }

  init(key: [UInt8], value: [UInt8]) throws(Damage) {
    let first = Self.first(ofKey: key)
    var reader = ByteReader(value.span.bytes)
    let header: BlockHeader
    do throws(DecodingFailure) { header = try BlockHeader(from: &reader) } catch {
      throw Damage(sequence: first, reason: "\(error)")
    }
    guard key.count == 8, header.first == first else {
      throw Damage(sequence: first, reason: "the block says that it begins with another event")
    }
    let rest = UInt64(reader.remaining)
    guard rest == UInt64(header.mapLength) + UInt64(header.eventsLength),
      UInt64(header.count) * UInt64(EventHeader.size) <= UInt64(header.eventsLength)
    else { throw Damage(sequence: first, reason: "the block's lengths do not fit its size") }
    let map = try ErasureMap(header, in: value)
    self.header = header
    self.value = value
    slots = try Self.slots(header, map, value)
  }

  private static func slots(
    _ header: BlockHeader, _ map: ErasureMap, _ value: [UInt8]
  ) throws(Damage) -> [Slot] {
    var slots: [Slot] = []
    slots.reserveCapacity(Int(header.count))
    var reader = ByteReader(value.span.bytes)
    reader.offset = BlockHeader.size + Int(header.mapLength)
    for index in 0..<Int(header.count) {
      let sequence = EventSequence(header.first.rawValue + UInt64(index))
      do throws(DecodingFailure) {
        let start = reader.offset
        let event = try EventHeader(from: &reader)
        guard event.sequence == sequence else {
          throw .malformed(what: "event with the next sequence number", offset: start)
        }
        let isErased = map.isErased(index)
        let payload = reader.offset
        try reader.skip(isErased ? SHA256.size : Int(event.payloadLength))
        slots.append(
          Slot(
            header: event, headerRange: start..<payload, payloadRange: payload..<reader.offset,
            isErased: isErased, salt: map.salt(index)))
      } catch {
        throw Damage(sequence: sequence, reason: "\(error)")
      }
    }
    guard reader.isAtEnd else {
      throw Damage(sequence: header.first, reason: "bytes follow the block's last event")
    }
    return slots
  }

  var last: EventSequence { EventSequence(header.first.rawValue + UInt64(header.count) - 1) }

  /// The size of header, map and events, in bytes.
  var size: Int { value.count }

  /// The event in a slot, or nil where it was erased.
  func event(_ slot: Slot) throws(Damage) -> JournalEvent? {
    if slot.isErased { return nil }
    var reader = ByteReader(value.span.bytes.extracting(slot.payloadRange))
    do throws(DecodingFailure) {
      let body = try EventBody(
        kind: slot.header.kind, version: slot.header.version, from: &reader)
      return JournalEvent(header: slot.header, body: body)
    } catch {
      throw Damage(sequence: slot.header.sequence, reason: "\(error)")
    }
  }

  /// The events that were not erased.
  func events() throws(Damage) -> [JournalEvent] {
    var events: [JournalEvent] = []
    events.reserveCapacity(slots.count)
    for slot in slots {
      if let event = try event(slot) { events.append(event) }
    }
    return events
  }

  /// The event with this number, or nil where the block has none or it was erased.
  func event(_ sequence: EventSequence) throws(Damage) -> JournalEvent? {
    guard sequence >= header.first, sequence <= last else { return nil }
    return try event(slots[Int(sequence.rawValue - header.first.rawValue)])
  }

  /// Throws unless the block's seal follows from the one before it.
  func checkSeal(after previous: [UInt8]) throws(Damage) {
    let bytes = value.span.bytes
    var digests: [UInt8] = []
    digests.reserveCapacity(slots.count * SHA256.size)
    for slot in slots {
      let inner: [UInt8]
      if slot.isErased {
        inner = Array(value[slot.payloadRange])
      } else {
        let salt =
          slot.salt.map { Array(value[$0]) }
          ?? Seal.salt(slot.header.sequence, secret: header.secret)
        inner = Seal.inner(salt: salt, payload: bytes.extracting(slot.payloadRange))
      }
      digests += Seal.digest(header: bytes.extracting(slot.headerRange), inner: inner)
    }
    let seal = Seal.seal(
      after: previous, first: header.first, count: header.count, digests: digests)
    guard seal == header.seal else {
      throw Damage(
        sequence: header.first,
        reason: "the seal of events \(header.first) to \(last) is broken")
    }
  }
}

/// Which events of a block were erased, and the salts of the others: a bit for each event, lowest bit
/// first, then 16 bytes for each event that is whole. Nothing in a block without erased events.
private struct ErasureMap {
  private var erased: [Bool] = []
  private var salts: [Range<Int>?] = []

  init(_ header: BlockHeader, in value: [UInt8]) throws(Block.Damage) {
    let broken = Block.Damage(
      sequence: header.first, reason: "the block's map of erased events is broken")
    switch header.kind {
    case .secret:
      if header.mapLength != 0 { throw broken }
    case .salts:
      let count = Int(header.count)
      let bits = (count + 7) / 8
      guard Int(header.mapLength) >= bits, header.secret.allSatisfy({ $0 == 0 }) else {
        throw broken
      }
      var next = BlockHeader.size + bits
      for index in 0..<count {
        let isErased = value[BlockHeader.size + index / 8] >> (index % 8) & 1 == 1
        erased.append(isErased)
        salts.append(isErased ? nil : next..<next + Seal.saltSize)
        if !isErased { next += Seal.saltSize }
      }
      guard next == BlockHeader.size + Int(header.mapLength) else { throw broken }
    }
  }

  func isErased(_ index: Int) -> Bool { index < erased.count && erased[index] }
  func salt(_ index: Int) -> Range<Int>? { index < salts.count ? salts[index] : nil }
}
