import SynclineLMDB
import SynclineModel
import Testing

@testable import SynclineJournal

@Suite struct `Appending to a journal` {
  @Test func `events of every kind come back as they were appended, also after a reopen`() throws {
    let folder = try TemporaryFolder()
    let journal = try makeJournal(in: folder)
    let drafts = Sample.drafts
    #expect(Set(drafts.map(\.body.kind)) == Set(EventKind.allCases))
    let head = try journal.append(drafts, expecting: .none)
    let events = try journal.allEvents()
    #expect(events.map(\.body) == drafts.map(\.body))
    #expect(events.map(\.header.causes) == drafts.map(\.causes))
    #expect(events.map(\.header.sequence.rawValue) == Array(1...UInt64(drafts.count)))
    journal.close()
    let reopened = try openJournal(in: folder)
    #expect(reopened.head == head)
    #expect(reopened.id == Sample.id)
    #expect(reopened.created == Sample.moment)
    #expect(try reopened.allEvents() == events)
  }

  @Test func `each event points to the one before it of its record and of its link`() throws {
    let folder = try TemporaryFolder()
    let journal = try makeJournal(in: folder)
    try journal.append(Sample.drafts, expecting: .none)
    var lastOfRecord: [RecordNumber: EventSequence] = [:]
    for event in try journal.allEvents() where event.header.record != .none {
      let header = event.header
      #expect(header.previousOfRecord == lastOfRecord[header.record] ?? .none)
      lastOfRecord[header.record] = header.sequence
    }
  }

  @Test func `what is appended in pieces reads as if appended at once`() throws {
    let first = try TemporaryFolder()
    let second = try TemporaryFolder()
    let whole = try makeJournal(in: first)
    let pieces = try makeJournal(in: second)
    try whole.append(Sample.drafts, expecting: .none)
    for draft in Sample.drafts { try pieces.append([draft], expecting: pieces.head.sequence) }
    #expect(try whole.allEvents() == pieces.allEvents())
    #expect(try whole.stateHash() == pieces.stateHash())
  }

  @Test func `an append that expects another head changes nothing`() throws {
    let folder = try TemporaryFolder()
    let journal = try makeJournal(in: folder)
    let head = try journal.append([Sample.note("a")], expecting: .none)
    let failed = failure { try journal.append([Sample.note("b")], expecting: .none) }
    #expect(failed?.code == .headMoved)
    #expect(journal.head == head)
    #expect(try journal.allEvents().count == 1)
  }

  @Test func `an append of nothing is nothing`() throws {
    let folder = try TemporaryFolder()
    let journal = try makeJournal(in: folder)
    #expect(try journal.append([], expecting: .none) == .empty)
  }

  @Test func `single events and ranges are found in any block`() throws {
    let folder = try TemporaryFolder()
    let journal = try makeJournal(in: folder)
    for batch in 0..<10 {
      let drafts = (0...batch).map { Sample.note("\(batch).\($0)") }
      try journal.append(drafts, expecting: journal.head.sequence)
    }
    let events = try journal.allEvents()
    #expect(events.count == 55)
    for event in events { #expect(try journal.event(event.header.sequence) == event) }
    #expect(try journal.event(EventSequence(0)) == nil)
    #expect(try journal.event(EventSequence(56)) == nil)
    var range: [UInt64] = []
    try journal.events(from: EventSequence(9), through: EventSequence(23)) { event in
      range.append(event.header.sequence.rawValue)
      return true
    }
    #expect(range == Array(9...23))
  }

  @Test func `an append may be divided into transactions and is gapless nevertheless`() throws {
    let folder = try TemporaryFolder()
    let journal = try makeJournal(in: folder)
    let drafts = (0..<100).map { Sample.note("\($0)" + String(repeating: "x", count: 500)) }
    try journal.append(drafts, expecting: .none, dividingAt: 5_000)
    #expect(try journal.allEvents().map(\.body) == drafts.map(\.body))
    #expect(try journal.block(with: EventSequence(1))?.last == EventSequence(10))
  }

  @Test func `a seal is told for the events with which a block ends, and for no other`() throws {
    let folder = try TemporaryFolder()
    let journal = try makeJournal(in: folder)
    let first = try journal.append([Sample.note("a"), Sample.note("b")], expecting: .none)
    let second = try journal.append([Sample.note("c")], expecting: first.sequence)
    let plan = try PlanJournal(over: journal)
    try plan.append([Sample.note("d")], expecting: second.sequence)
    for number in 0...4 as ClosedRange<UInt64> {
      let expected = [0: JournalHead.empty.seal, 2: first.seal, 3: second.seal][number]
      #expect(try journal.seal(endingWith: EventSequence(number)) == expected)
      #expect(try plan.seal(endingWith: EventSequence(number)) == expected)
    }
    plan.close()
  }
}

@Suite struct `Blocks` {
  /// A note whose payload has exactly `size` bytes: a length of two or three bytes, the text, four zeros.
  private func note(size: Int) -> EventDraft {
    let overhead = size > 16_389 ? 7 : 6
    return Sample.note(String(repeating: "n", count: size - overhead))
  }

  @Test func `a block is filled to the last byte and no further`() throws {
    let folder = try TemporaryFolder()
    let journal = try makeJournal(in: folder)
    let room = BlockBuilder.sizeMax - BlockHeader.size - 2 * EventHeader.size
    try journal.append(
      [note(size: 100_000), note(size: room - 100_000), note(size: 200)], expecting: .none)
    let first = try #require(try journal.block(with: EventSequence(1)))
    #expect(first.last == EventSequence(2))
    #expect(first.size == BlockBuilder.sizeMax)
    #expect(try journal.block(with: EventSequence(3))?.header.first == EventSequence(3))
    #expect(try journal.allEvents().count == 3)
  }

  @Test func `an event larger than a block is a block of its own`() throws {
    let folder = try TemporaryFolder()
    let journal = try makeJournal(in: folder)
    let drafts = [note(size: 200), note(size: 3 << 20), note(size: 200)]
    try journal.append(drafts, expecting: .none)
    #expect(try journal.block(with: EventSequence(2))?.header.count == 1)
    #expect(try journal.allEvents().map(\.body) == drafts.map(\.body))
    #expect(try journal.verify().isSound)
  }

  @Test func `each block seals what came before it`() throws {
    let folder = try TemporaryFolder()
    let journal = try makeJournal(in: folder)
    var seals = [JournalHead.empty.seal]
    for text in ["a", "b", "c"] {
      seals.append(try journal.append([Sample.note(text)], expecting: journal.head.sequence).seal)
    }
    for number in 1...3 {
      let block = try #require(try journal.block(with: EventSequence(UInt64(number))))
      try block.checkSeal(after: seals[number - 1])
      #expect(block.header.seal == seals[number])
      #expect(throws: Block.Damage.self) { try block.checkSeal(after: seals[number]) }
    }
  }

  @Test func `a block with erased events is read and its seal holds`() throws {
    let folder = try TemporaryFolder()
    let journal = try makeJournal(in: folder)
    try journal.append(
      [Sample.note("first"), Sample.note("second"), Sample.note("third")], expecting: .none)
    let whole = try #require(try journal.block(with: EventSequence(1)))
    let value = try #require(try journal.storedBlocks().first?.value)
    let erased = erase(1, of: whole, value)
    let block = try Block(key: Block.key(EventSequence(1)), value: erased)
    try block.checkSeal(after: JournalHead.empty.seal)
    #expect(block.slots.map(\.isErased) == [false, true, false])
    #expect(try block.events().map(\.header.sequence.rawValue) == [1, 3])
    #expect(try block.event(EventSequence(2)) == nil)
  }

  /// The value of a block, rewritten as an erasure rewrites it.
  private func erase(_ index: Int, of block: Block, _ value: [UInt8]) -> [UInt8] {
    var map = ByteWriter()
    map.byte(1 << UInt8(index))
    var events = ByteWriter()
    for (number, slot) in block.slots.enumerated() {
      let salt = Seal.salt(slot.header.sequence, secret: block.header.secret)
      let payload = Array(value[slot.payloadRange])
      events.raw(value[slot.headerRange])
      if number == index {
        events.raw(Seal.inner(salt: salt, payload: payload.span.bytes))
      } else {
        map.raw(salt)
        events.raw(payload)
      }
    }
    var header = block.header
    header.kind = .salts
    header.secret = [UInt8](repeating: 0, count: 32)
    header.mapLength = UInt32(map.count)
    header.eventsLength = UInt32(events.count)
    var writer = ByteWriter()
    header.encode(to: &writer)
    return writer.bytes + map.bytes + events.bytes
  }
}

extension Journal {
  /// Every block as it is stored.
  func storedBlocks() throws -> [(key: [UInt8], value: [UInt8])] {
    var blocks: [(key: [UInt8], value: [UInt8])] = []
    let transaction = try beginReading()
    let cursor = try transaction.cursor(.events)
    var entry = try cursor.seek([])
    while let found = entry {
      blocks.append((found.key, found.value))
      entry = try cursor.next()
    }
    return blocks
  }
}
