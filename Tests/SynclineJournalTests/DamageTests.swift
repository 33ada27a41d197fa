import Foundation
import SynclineLMDB
import SynclineModel
import Testing

@testable import SynclineJournal

@Suite struct `A damaged journal` {
  /// A closed journal of a few small blocks, and what was in it.
  private func closedJournal(
    in folder: TemporaryFolder
  ) throws -> (head: JournalHead, blocks: [(key: [UInt8], value: [UInt8])]) {
    let journal = try makeJournal(in: folder)
    for range in [0..<5, 5..<9, 9..<15, 15..<19] {
      try journal.append(Array(Sample.drafts[range]), expecting: journal.head.sequence)
    }
    let found = (journal.head, try journal.storedBlocks())
    journal.close()
    return found
  }

  @Test func `any flipped bit in the bytes of events is found and located`() throws {
    let folder = try TemporaryFolder()
    let (_, blocks) = try closedJournal(in: folder)
    let whole = try Data(contentsOf: URL(fileURLWithPath: folder.data))
    #expect(try Journal.verify(folder: folder.journal).isSound)
    for block in blocks {
      let first = Block.first(ofKey: block.key)
      let last = try Block(key: block.key, value: block.value).last
      let places = occurrences(of: block.value, in: whole)
      #expect(!places.isEmpty)
      for offset in block.value.indices {
        var damaged = whole
        // Pages that were freed hold older copies: the bit is flipped in each.
        for place in places { damaged[place + offset] ^= 1 << UInt8(offset % 8) }
        try damaged.write(to: URL(fileURLWithPath: folder.data))
        let report = try Journal.verify(folder: folder.journal)
        let sequence = try #require(report.damage?.sequence)
        guard sequence >= first, sequence <= last, report.head.sequence.next == first else {
          Issue.record("byte \(offset) of the block of event \(first): \(report)")
          return
        }
      }
    }
  }

  private func occurrences(of value: [UInt8], in data: Data) -> [Int] {
    var found: [Int] = []
    var start = data.startIndex
    while let range = data.range(of: Data(value), in: start..<data.endIndex) {
      found.append(range.lowerBound)
      start = range.upperBound
    }
    return found
  }

  @Test func `a block that is gone is named by its first event`() throws {
    let folder = try TemporaryFolder()
    _ = try closedJournal(in: folder)
    let journal = try openJournal(in: folder)
    try journal.write { transaction throws(JournalFailure) in
      do throws(LMDBFailure) {
        try transaction.remove(Tree.events, Block.key(EventSequence(6)))
      } catch {
        throw JournalFailure(error)
      }
    }
    let report = try journal.verify()
    #expect(report.damage?.sequence == EventSequence(6))
    #expect(report.events == 5)
    #expect(report.state == .notCompared)
    let failed = failure { _ = try journal.allEvents() }
    #expect(failed?.message == "event 6 cannot be read: it is missing")
    #expect(failure { try journal.rebuild() }?.code == .damaged)
  }

  @Test func `a rebuild over damaged pages is refused`() throws {
    let folder = try TemporaryFolder()
    _ = try closedJournal(in: folder)
    let journal = try openJournal(in: folder)
    let drafts = (0..<300).map { Sample.record(UInt64($0 + 10)) }
    try journal.append(drafts, expecting: journal.head.sequence)
    let whole = try Data(contentsOf: URL(fileURLWithPath: folder.data))
    // Among them a leaf of the records: not a root, which an open looks at.
    let places = pages(holding: "name of record 200", in: whole)
    #expect(try journal.verify().isSound)
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.data))
    for place in places {
      try file.seek(toOffset: UInt64(place))
      try file.write(contentsOf: Data(count: 16))
    }
    #expect(places.count > 1)
    let report = try journal.verify()
    #expect(!report.isSound)
    #expect(failure { try journal.rebuild() }?.code == .damaged)
  }

  /// Where the pages begin in which a text stands.
  private func pages(holding text: String, in data: Data) -> Set<Int> {
    var pages: Set<Int> = []
    var start = data.startIndex
    while let range = data.range(of: Data(text.utf8), in: start..<data.endIndex) {
      pages.insert(range.lowerBound / 4096 * 4096)
      start = range.upperBound
    }
    return pages
  }

  @Test func `a block that was put in another's place is found at open`() throws {
    let folder = try TemporaryFolder()
    let (_, blocks) = try closedJournal(in: folder)
    let journal = try openJournal(in: folder)
    let last = try #require(blocks.last)
    var changed = last.value
    changed[changed.count - 1] ^= 1
    try journal.write { transaction throws(JournalFailure) in
      do throws(LMDBFailure) { try transaction.set(Tree.events, last.key, changed) } catch {
        throw JournalFailure(error)
      }
    }
    journal.close()
    let failed = failure { _ = try openJournal(in: folder) }
    #expect(failed?.code == .damaged)
    #expect(failed?.disposition == .stop)
  }

  @Test func `a file that ends early is refused at every length`() throws {
    let folder = try TemporaryFolder()
    _ = try closedJournal(in: folder)
    let whole = try Data(contentsOf: URL(fileURLWithPath: folder.data))
    for length in stride(from: 0, to: whole.count, by: 4096).flatMap({ [$0, $0 + 1, $0 + 2049] }) {
      try whole.prefix(length).write(to: URL(fileURLWithPath: folder.data))
      let opened = failure { _ = try openJournal(in: folder) }
      let code = try #require(opened?.code, "length \(length)")
      #expect([.damaged, .foreign, .absent].contains(code))
      #expect(throws: JournalFailure.self) { try Journal.verify(folder: folder.journal) }
      // An open of nothing makes LMDB's first pages.
      try whole.write(to: URL(fileURLWithPath: folder.data))
    }
    #expect(try Journal.verify(folder: folder.journal).isSound)
  }

  @Test(arguments: [UInt8(0), 0xFF, 0x5A])
  func `a page overwritten with anything ends neither open nor verify`(byte: UInt8) throws {
    let folder = try TemporaryFolder()
    let (head, _) = try closedJournal(in: folder)
    let whole = try Data(contentsOf: URL(fileURLWithPath: folder.data))
    var refused = 0
    for page in 0..<whole.count / 4096 {
      var damaged = whole
      let start = page * 4096
      damaged.replaceSubrange(start..<start + 4096, with: Data(repeating: byte, count: 4096))
      try damaged.write(to: URL(fileURLWithPath: folder.data))
      let opened = failure { try openJournal(in: folder).close() }
      try damaged.write(to: URL(fileURLWithPath: folder.data))
      let report = try? Journal.verify(folder: folder.journal)
      if report?.isSound == true {
        #expect(report?.head == head)
        #expect(opened == nil)
      } else {
        refused += 1
      }
    }
    #expect(refused > 10)
  }

  @Test func `a flipped bit in the head of any page ends neither open nor verify`() throws {
    let folder = try TemporaryFolder()
    _ = try closedJournal(in: folder)
    let whole = try Data(contentsOf: URL(fileURLWithPath: folder.data))
    for page in 0..<whole.count / 4096 {
      // Meta pages as far as they say something; of others number, kind, bounds and first node.
      for offset in page < 2 ? Array(0..<152) : [0, 10, 12, 14, 16, 17] {
        var damaged = whole
        damaged[page * 4096 + offset] ^= 1 << UInt8((page + offset) % 8)
        try damaged.write(to: URL(fileURLWithPath: folder.data))
        _ = try? Journal.verify(folder: folder.journal)
        try? openJournal(in: folder).close()
      }
    }
  }
}

@Suite struct `What is no journal of ours` {
  @Test func `an empty folder has no journal`() throws {
    let folder = try TemporaryFolder()
    #expect(!Journal.exists(in: folder.journal))
    let failed = failure { _ = try openJournal(in: folder, access: .read) }
    #expect(failed?.code == .absent)
    #expect(failed?.disposition == .user)
  }

  @Test func `a file of something else is refused and stays as it is`() throws {
    let folder = try TemporaryFolder()
    try Folder.make(folder.journal)
    let text = Data(String(repeating: "not a journal\n", count: 1_000).utf8)
    let isMade = FileManager.default.createFile(
      atPath: folder.data, contents: text, attributes: [.posixPermissions: 0o600])
    #expect(isMade)
    #expect(failure { _ = try openJournal(in: folder) }?.code == .foreign)
    #expect(failure { _ = try makeJournal(in: folder) }?.code == .foreign)
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.data)) == text)
  }

  @Test func `an LMDB file of another program is refused and stays as it is`() throws {
    let folder = try TemporaryFolder()
    let other = try Environment(folder: folder.journal, trees: ["theirs"], access: .write) {
      _ throws(LMDBFailure) in
    }
    try other.write { transaction throws(LMDBFailure) in try transaction.set(Tree(0), [1], [2]) }
    other.close()
    let before = try Data(contentsOf: URL(fileURLWithPath: folder.data))
    #expect(failure { _ = try openJournal(in: folder) }?.code == .foreign)
    #expect(failure { _ = try makeJournal(in: folder) }?.code == .foreign)
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.data)) == before)
  }

  @Test func `a newer format is refused with what to do`() throws {
    let folder = try TemporaryFolder()
    let journal = try makeJournal(in: folder)
    try journal.write { transaction throws(JournalFailure) in
      do throws(LMDBFailure) {
        try transaction.set(.meta, JournalMeta.Key.format, JournalMeta.number(UInt32(2)))
      } catch {
        throw JournalFailure(error)
      }
    }
    journal.close()
    let before = try Data(contentsOf: URL(fileURLWithPath: folder.data))
    let failed = try #require(failure { _ = try openJournal(in: folder) })
    #expect(
      failed
        == JournalFailure(
          .newerFormat, operation: "Opening the journal in \(folder.journal)",
          message: "it has format 2, and this program knows formats up to 1",
          hint: "Use the version of syncline that wrote it, or a later one"))
    #expect(failed.disposition == .refused)
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.data)) == before)
  }

  @Test func `a journal is made once, and an interrupted making is made good`() throws {
    let folder = try TemporaryFolder()
    let unfinished = try Environment(folder: folder.journal, trees: Tree.names, access: .write) {
      _ throws(LMDBFailure) in
    }
    unfinished.close()
    #expect(failure { _ = try openJournal(in: folder) }?.code == .absent)
    try makeJournal(in: folder).close()
    #expect(failure { _ = try makeJournal(in: folder) }?.code == .exists)
    #expect(try openJournal(in: folder).id == Sample.id)
  }
}
