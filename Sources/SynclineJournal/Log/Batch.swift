import SynclineEngine
import SynclineLMDB
import SynclineModel

/// The events of one transaction on their way into the journal: numbered, given their pointers,
/// folded, and put into blocks.
struct Batch {
  private let secrets: @Sendable () -> [UInt8]
  private(set) var head: JournalHead
  private var projection = Projection()
  private var block: BlockBuilder
  /// Payload bytes so far.
  private(set) var size = 0

  init(after head: JournalHead, secrets: @escaping @Sendable () -> [UInt8]) {
    self.secrets = secrets
    self.head = head
    block = BlockBuilder(first: head.sequence.next, secret: secrets())
  }

  /// Appends one event.
  mutating func append(
    _ draft: EventDraft, to transaction: inout WriteTransaction
  ) throws(JournalFailure) {
    let event: JournalEvent
    var writer = ByteWriter()
    draft.body.encode(to: &writer)
    do throws(StateFailure) {
      event = try projection.event(
        draft, sequence: head.sequence.next, payloadLength: writer.count, in: transaction)
      try projection.apply(event, to: &transaction)
    } catch {
      throw JournalFailure(error)
    }
    if !block.fits(payload: writer.count) {
      try flush(&transaction)
      block = BlockBuilder(first: event.header.sequence, secret: secrets())
    }
    block.add(event.header, payload: writer.bytes)
    head.sequence = event.header.sequence
    size += writer.count
  }

  /// Writes what is still held back.
  mutating func finish(_ transaction: inout WriteTransaction) throws(JournalFailure) {
    try flush(&transaction)
    do throws(StateFailure) { try projection.finish(&transaction) } catch {
      throw JournalFailure(error)
    }
  }

  private mutating func flush(_ transaction: inout WriteTransaction) throws(JournalFailure) {
    if block.isEmpty { return }
    let (value, seal) = block.sealed(after: head.seal)
    do throws(LMDBFailure) { try transaction.append(.events, block.key, value) } catch {
      throw JournalFailure(error)
    }
    head.seal = seal
  }
}

extension Projection {
  /// The event that a draft becomes, with the pointers that follow from the state.
  mutating func event(
    _ draft: EventDraft, sequence: EventSequence, payloadLength: Int,
    in store: borrowing some StateStore & ~Copyable
  ) throws(StateFailure) -> JournalEvent {
    guard let length = UInt32(exactly: payloadLength), length < 1 << 30 else {
      throw StateFailure(
        .full, "An event of \(payloadLength) bytes is too large for the journal (1 GiB at most)")
    }
    let pointers = try pointers(record: draft.record, link: draft.link, in: store)
    let header = EventHeader(
      sequence: sequence, kind: draft.body.kind, time: draft.time, run: draft.run,
      record: draft.record, link: draft.link, previousOfRecord: pointers.record,
      previousOfLink: pointers.link, causes: draft.causes, payloadLength: length)
    return JournalEvent(header: header, body: draft.body)
  }
}
