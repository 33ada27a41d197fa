import SynclineEngine
import SynclineLMDB
import SynclineModel
import Testing

@testable import SynclineJournal

@Suite struct `The state beside the events` {
  @Test func `a rebuild makes the same state`() throws {
    let folder = try TemporaryFolder()
    let journal = try makeJournal(in: folder)
    try journal.append(Sample.drafts, expecting: .none)
    let live = try journal.stateHash()
    try journal.rebuild()
    #expect(try journal.stateHash() == live)
    #expect(try journal.verify().state == .equal(hash: live))
  }

  @Test func `an open rebuilds a state that another fold wrote or a rebuild left unfinished`()
    throws
  {
    for version in [UInt32(0), Projection.version + 1] {
      let folder = try TemporaryFolder()
      let journal = try makeJournal(in: folder)
      try journal.append(Sample.drafts, expecting: .none)
      let live = try journal.stateHash()
      try journal.write { transaction throws(JournalFailure) in
        do throws(LMDBFailure) {
          try transaction.set(.meta, JournalMeta.Key.fold, JournalMeta.number(version))
          try transaction.removeAll(Tree(.records))
        } catch {
          throw JournalFailure(error)
        }
      }
      #expect(try journal.stateHash() != live)
      journal.close()
      #expect(failure { _ = try openJournal(in: folder, access: .read) }?.code == .stateOutdated)
      let reopened = try openJournal(in: folder)
      #expect(try reopened.stateHash() == live)
    }
  }

  @Test func `a state that is not what the events make is told by its hash`() throws {
    let folder = try TemporaryFolder()
    let journal = try makeJournal(in: folder)
    try journal.append(Sample.drafts, expecting: .none)
    let good = try journal.stateHash()
    try journal.write { transaction throws(JournalFailure) in
      do throws(StateFailure) { try transaction.set(.facts, [99], [1]) } catch {
        throw JournalFailure(error)
      }
    }
    let stored = try journal.stateHash()
    let report = try journal.verify()
    #expect(report.state == .differs(stored: stored, folded: good))
    #expect(!report.isSound)
    try journal.rebuild()
    #expect(try journal.verify().isSound)
  }

  @Test func `a reader sees one moment beside a writer`() throws {
    let folder = try TemporaryFolder()
    let journal = try makeJournal(in: folder)
    try journal.append(Sample.drafts, expecting: .none)
    try journal.withState { state in
      let before = try StateHash.digest(of: state)
      try journal.append([Sample.note("later")], expecting: journal.head.sequence)
      let during = try StateHash.digest(of: state)
      #expect(during == before)
    }
    #expect(try journal.withState { try $0.package().lastRun } == RunNumber(1))
  }

  @Test func `trees of the state stand in the order of their raw values`() {
    let raw = StateTree.allCases.map(\.rawValue)
    #expect(raw == Array(1...UInt8(StateTree.allCases.count)))
    #expect(Tree.names.dropFirst(2) == ArraySlice(StateTree.allCases.map(\.name)))
  }
}

@Suite struct `A plan's journal` {
  @Test func `a plan's state is what the journal's would be, and the journal stays as it is`()
    throws
  {
    let first = try TemporaryFolder()
    let second = try TemporaryFolder()
    let journal = try makeJournal(in: first)
    let twin = try makeJournal(in: second)
    let drafts = Sample.drafts
    try journal.append(Array(drafts.prefix(16)), expecting: .none)
    try twin.append(Array(drafts.prefix(16)), expecting: .none)
    let before = try journal.stateHash()
    let plan = try PlanJournal(over: journal)
    for draft in drafts.dropFirst(16) {
      try plan.append([draft], expecting: plan.head.sequence)
      try twin.append([draft], expecting: twin.head.sequence)
    }
    #expect(plan.head.sequence == twin.head.sequence)
    let planned = try plan.withState { try StateHash.digest(of: $0) }
    #expect(planned == (try twin.stateHash()))
    #expect(try journal.stateHash() == before)
    #expect(journal.head.sequence == EventSequence(16))
    #expect(failure { try plan.append([], expecting: .none) }?.code == .headMoved)
    plan.close()
  }

  @Test func `a deleted entry is gone from the plan and stays in the journal`() throws {
    let folder = try TemporaryFolder()
    let journal = try makeJournal(in: folder)
    try journal.append(Array(Sample.drafts.dropLast(2)), expecting: .none)
    let key = try journal.withState { state in
      var keys: [[UInt8]] = []
      try state.scan(.records, from: []) { key, _ in
        keys.append(key)
        return true
      }
      return try #require(keys.first)
    }
    let scratch = try ScratchFolder("syncline-test")
    var store = ScratchStore(
      scratch: try scratch.environment.beginWriting(), journal: try journal.beginReading())
    try store.remove(.records, key)
    try store.set(.records, [0], [5])
    try store.set(.records, [255, 255], [])
    #expect(try store.value(.records, key) == nil)
    var seen: [[UInt8]] = []
    try store.scan(.records, from: []) { key, _ in
      seen.append(key)
      return true
    }
    #expect(seen.first == [0])
    #expect(seen.last == [255, 255])
    #expect(!seen.contains(key))
    #expect(try journal.beginReading().value(StateTree.records, key) != nil)
  }
}
