import SynclineEngine
import SynclineLMDB
import SynclineModel

// LMDB ends the process on a damaged page, so nothing here goes through it but the lock that keeps the
// snapshot's pages from being used again, and the temporary state that the events are folded into.

extension Journal {
  /// Walks every event of the journal in `folder`, checks numbers, bytes and seals, folds them into a
  /// temporary state and compares it with the stored one. Damage is part of the report; what throws is
  /// a file that cannot be looked at. The folder must not be open in this process.
  /// - Parameter progress: told how many events were good so far.
  public static func verify(
    folder: String, progress: (UInt64) -> Void = { _ in }
  ) throws(JournalFailure) -> VerifyReport {
    try Environment.inspect(folder: folder) { walk throws(JournalFailure) in
      var verifier = Verifier(folder: folder)
      return try verifier.verify(&walk, progress)
    }
  }

  /// The same for this open journal.
  public func verify(
    progress: (UInt64) -> Void = { _ in }
  ) throws(JournalFailure) -> VerifyReport {
    try environment.inspect { walk throws(JournalFailure) in
      var verifier = Verifier(folder: folder)
      return try verifier.verify(&walk, progress)
    }
  }
}

/// Verifies one snapshot.
private struct Verifier {
  private let folder: String
  /// Made when there is something to fold.
  private var scratch: ScratchFolder?
  private var report = VerifyReport()
  private var pending: [Block] = []
  private var pendingSize = 0
  /// Why the events could not be folded.
  private var foldFailure: String?

  /// Events of about this size are folded in one transaction.
  private static let foldSize = 8 << 20

  init(folder: String) { self.folder = folder }

  mutating func verify(
    _ walk: inout PageWalk, _ progress: (UInt64) -> Void
  ) throws(JournalFailure) -> VerifyReport {
    defer { scratch?.remove() }
    guard let meta = try JournalMeta.read(&walk, folder: folder) else {
      throw JournalFailure(
        .absent, operation: "Verifying the journal in \(folder)", message: "there is none")
    }
    walkEvents(&walk, progress)
    if report.damage == nil {
      foldPending()
      report.state = try compare(&walk, isCurrent: meta.fold == Projection.version)
    }
    do throws(LMDBFailure) { try walk.checkPages() } catch { report.pages = error.message }
    return report
  }

  private mutating func walkEvents(_ walk: inout PageWalk, _ progress: (UInt64) -> Void) {
    var failure: Block.Damage?
    do throws(LMDBFailure) {
      try walk.walk("events") { key, value in
        do throws(Block.Damage) {
          try take(try Block(key: key, value: value))
          progress(report.events)
          return true
        } catch {
          failure = error
          return false
        }
      }
    } catch {
      failure = Block.Damage(sequence: report.head.sequence.next, reason: error.message)
    }
    if let failure {
      report.damage = VerifyReport.Damage(sequence: failure.sequence, reason: failure.reason)
    }
  }

  /// Checks a block against what came before it.
  private mutating func take(_ block: Block) throws(Block.Damage) {
    let expected = report.head.sequence.next
    guard block.header.first == expected else {
      throw Block.Damage(
        sequence: expected,
        reason: "it is missing; the next block begins with event \(block.header.first)")
    }
    try block.checkSeal(after: report.head.seal)
    _ = try block.events()
    report.events += UInt64(block.header.count)
    report.blocks += 1
    report.erased += UInt64(block.slots.count { $0.isErased })
    report.head = JournalHead(sequence: block.last, seal: block.header.seal)
    pending.append(block)
    pendingSize += block.size
    if pendingSize >= Self.foldSize { foldPending() }
  }

  private mutating func foldPending() {
    let blocks = pending
    pending = []
    pendingSize = 0
    if foldFailure != nil || blocks.isEmpty { return }
    do throws(JournalFailure) {
      try scratchEnvironment().write { transaction throws(JournalFailure) in
        var projection = Projection()
        for block in blocks {
          try projection.fold(block, into: &transaction, folder: folder)
        }
        do throws(StateFailure) { try projection.finish(&transaction) } catch {
          throw JournalFailure(error)
        }
      }
    } catch {
      foldFailure = error.description
    }
  }

  private mutating func scratchEnvironment() throws(JournalFailure) -> Environment {
    if let scratch { return scratch.environment }
    do throws(LMDBFailure) {
      let made = try ScratchFolder("syncline-verify")
      scratch = made
      return made.environment
    } catch {
      throw JournalFailure(error)
    }
  }

  private mutating func compare(
    _ walk: inout PageWalk, isCurrent: Bool
  ) throws(JournalFailure) -> VerifyReport.State {
    if let foldFailure { return .unfolded(foldFailure) }
    if !isCurrent { return .outdated }
    var stored = StateHash()
    do throws(LMDBFailure) {
      for tree in StateTree.allCases {
        stored.begin(tree)
        try walk.walk(tree.name) { key, value in
          stored.add(key, value)
          return true
        }
        stored.end()
      }
    } catch {
      return .unreadable(error.message)
    }
    let hash = stored.digest()
    let state: ReadTransaction
    let environment = try scratchEnvironment()
    do throws(LMDBFailure) { state = try environment.beginReading() } catch {
      throw JournalFailure(error)
    }
    let folded = try StateHash.digest(of: state)
    return hash == folded ? .equal(hash: hash) : .differs(stored: hash, folded: folded)
  }
}
