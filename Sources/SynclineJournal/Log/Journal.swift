// The journal of a package: events in sealed blocks, and beside them the state that they make, in one
// LMDB environment, so that both move in one transaction (Docs/JournalFormat.md).

import Synchronization
public import SynclineEngine
import SynclineLMDB
public import SynclineModel

/// The journal of a package. One owner writes it at a time (`RunLock`); others may read beside it.
public final class Journal: EventLog, Sendable {
  /// What the journal is opened for.
  public enum Access: Hashable, Sendable {
    /// To read, beside a writer.
    case read
    /// To append.
    case write
  }

  public let folder: String
  public let id: JournalID
  /// When it was made.
  public let created: Timestamp
  let environment: Environment
  let secrets: @Sendable () -> [UInt8]
  private let newest: Mutex<JournalHead>

  private init(
    folder: String, environment: Environment, meta: JournalMeta, head: JournalHead,
    secrets: @escaping @Sendable () -> [UInt8]
  ) {
    self.folder = folder
    self.environment = environment
    self.secrets = secrets
    id = meta.id
    created = meta.created
    newest = Mutex(head)
  }

  /// The newest event that was appended here, or was there at open, and its seal.
  public var head: JournalHead { newest.withLock { $0 } }

  /// Closes the journal. Nothing may be under way in it.
  public func close() { environment.close() }

  // MARK: - Making and opening

  /// Makes the journal in `folder`, which is made too; an interrupted making is made good.
  /// - Parameters:
  ///   - created: the moment it is.
  ///   - secrets: 32 random bytes a call, from which the salts of a block's events come.
  public static func create(
    folder: String, id: JournalID, created: Timestamp,
    secrets: @escaping @Sendable () -> [UInt8]
  ) throws(JournalFailure) -> Journal {
    let environment = try Environment(folder: folder, trees: Tree.names, access: .write) {
      walk throws(JournalFailure) in
      guard try JournalMeta.read(&walk, folder: folder) == nil else {
        throw JournalFailure(
          .exists, operation: "Making a journal in \(folder)", message: "one is there already",
          hint: "Open it, or move it away")
      }
    }
    let meta = JournalMeta(id: id, created: created, fold: Projection.version)
    try environment.write { transaction throws(JournalFailure) in
      do throws(LMDBFailure) {
        for entry in meta.entries { try transaction.set(.meta, entry.key, entry.value) }
      } catch {
        throw JournalFailure(error)
      }
    }
    return Journal(
      folder: folder, environment: environment, meta: meta, head: .empty, secrets: secrets)
  }

  /// Opens the journal in `folder`. Size, format, the newest block and its seal are checked, in
  /// constant time and before anything is written; a state that another fold wrote is rebuilt.
  public static func open(
    folder: String, access: Access = .write, secrets: @escaping @Sendable () -> [UInt8]
  ) throws(JournalFailure) -> Journal {
    var found: (meta: JournalMeta, head: JournalHead)?
    let environment = try Environment(
      folder: folder, trees: Tree.names, access: access == .read ? .read : .write
    ) { walk throws(JournalFailure) in
      found = try inspect(&walk, folder: folder, access)
    }
    guard let (meta, head) = found else { throw absent(folder) }
    let journal = Journal(
      folder: folder, environment: environment, meta: meta, head: head, secrets: secrets)
    if access == .write {
      do throws(LMDBFailure) { try environment.removeDeadReaders() } catch {
        throw JournalFailure(error)
      }
      if meta.fold != Projection.version { try journal.rebuild() }
    }
    return journal
  }

  /// Whether `folder` holds a file in which a journal is, or was to be, made.
  public static func exists(in folder: String) -> Bool { Environment.exists(in: folder) }

  private static func inspect(
    _ walk: inout PageWalk, folder: String, _ access: Access
  ) throws(JournalFailure) -> (meta: JournalMeta, head: JournalHead) {
    guard let meta = try JournalMeta.read(&walk, folder: folder) else { throw absent(folder) }
    do throws(LMDBFailure) { try walk.checkRoots() } catch { throw JournalFailure(error) }
    if access == .read, meta.fold != Projection.version {
      throw JournalFailure(
        .stateOutdated, operation: "Opening the journal in \(folder)",
        message: "its state was written by another version of syncline, or is being rebuilt",
        hint: "Run `syncline journal rebuild`, or the package")
    }
    return (meta, try newestHead(&walk, folder: folder))
  }

  private static func absent(_ folder: String) -> JournalFailure {
    JournalFailure(
      .absent, operation: "Opening the journal in \(folder)", message: "there is none",
      hint: "The package's first run makes it; put one that was lost back from a backup")
  }

  /// The head, from the newest block, whose seal must follow from the one before it.
  static func newestHead(
    _ walk: inout PageWalk, folder: String
  ) throws(JournalFailure) -> JournalHead {
    var entries: [(key: [UInt8], value: [UInt8])] = []
    do throws(LMDBFailure) {
      try walk.walk("events", .descending) { key, value in
        entries.append((key, value))
        return entries.count < 2
      }
    } catch {
      throw JournalFailure(error)
    }
    guard let newest = entries.first else { return .empty }
    do throws(Block.Damage) {
      let block = try Block(key: newest.key, value: newest.value)
      let before = try entries.dropFirst().first.map { (entry) throws(Block.Damage) in
        try Block(key: entry.key, value: entry.value)
      }
      guard block.header.first == (before?.last ?? .none).next else {
        throw Block.Damage(sequence: block.header.first, reason: "events before it are missing")
      }
      try block.checkSeal(after: before?.header.seal ?? JournalHead.empty.seal)
      return JournalHead(sequence: block.last, seal: block.header.seal)
    } catch {
      throw JournalFailure(error, folder: folder)
    }
  }

  // MARK: - Appending

  /// Appends events in one transaction, all or none: they get their numbers and pointers, are folded
  /// into the state, and are on the disk when this returns.
  @discardableResult
  public func append(
    _ drafts: [EventDraft], expecting: EventSequence
  ) throws(JournalFailure) -> JournalHead {
    try append(drafts, expecting: expecting, dividingAt: .max)
  }

  /// Appends events in transactions of about `size` payload bytes each: after a crash a first part of
  /// them may stand. For what need not stand together, such as the records of a large page.
  @discardableResult
  public func append(
    _ drafts: [EventDraft], expecting: EventSequence, dividingAt size: Int
  ) throws(JournalFailure) -> JournalHead {
    try newest.withLock { head throws(JournalFailure) in
      guard head.sequence == expecting else {
        throw JournalFailure(
          .headMoved, operation: "Appending to the journal in \(folder)",
          message: "its newest event is \(head.sequence), not \(expecting)",
          hint: "See that one process at a time runs the package")
      }
      var rest = drafts[...]
      while !rest.isEmpty {
        let known = head
        let (now, count) = try write { transaction throws(JournalFailure) in
          var batch = Batch(after: known, secrets: secrets)
          var count = 0
          for draft in rest {
            if batch.size >= size { break }
            try batch.append(draft, to: &transaction)
            count += 1
          }
          try batch.finish(&transaction)
          return (batch.head, count)
        }
        head = now
        rest = rest.dropFirst(count)
      }
      return head
    }
  }

  /// Writes in one transaction. After a failed write to the disk nothing is tried again with the same
  /// descriptors: the environment is closed.
  func write<Result>(
    _ body: (inout WriteTransaction) throws(JournalFailure) -> Result
  ) throws(JournalFailure) -> Result {
    do throws(JournalFailure) { return try environment.write(body) } catch {
      if environment.isBroken { environment.close() }
      throw error
    }
  }

  // MARK: - Reading

  /// Lets `body` read the state, in one snapshot that lasts as long as the call.
  public func withState<Result>(
    _ body: (borrowing JournalView) throws -> Result
  ) throws -> Result {
    try body(JournalView(journal: try beginReading()))
  }

  func beginReading() throws(JournalFailure) -> ReadTransaction {
    do throws(LMDBFailure) { return try environment.beginReading() } catch {
      throw JournalFailure(error)
    }
  }

  /// The event with this number, or nil where there is none or it was erased.
  public func event(_ sequence: EventSequence) throws(JournalFailure) -> JournalEvent? {
    guard sequence != .none, let block = try block(with: sequence) else { return nil }
    do throws(Block.Damage) { return try block.event(sequence) } catch {
      throw JournalFailure(error, folder: folder)
    }
  }

  /// Hands over the events from `first` to `last`, both included, until `body` returns false. Each
  /// block is read in a snapshot of its own, so that a long walk keeps no pages from being used again.
  public func events(
    from first: EventSequence = EventSequence(1), through last: EventSequence = EventSequence(.max),
    _ body: (JournalEvent) -> Bool
  ) throws(JournalFailure) {
    var next = max(first, EventSequence(1))
    let known = head.sequence
    while next <= last {
      guard let block = try block(with: next) else {
        if next <= known { throw missing(next) }
        return
      }
      let events: [JournalEvent]
      do throws(Block.Damage) { events = try block.events() } catch {
        throw JournalFailure(error, folder: folder)
      }
      for event in events where event.header.sequence >= next {
        guard event.header.sequence <= last, body(event) else { return }
      }
      next = block.last.next
    }
  }

  /// The seal of the block that ends with an event; nil where no block ends there. One block is read.
  public func seal(endingWith sequence: EventSequence) throws(JournalFailure) -> [UInt8]? {
    if sequence == .none { return JournalHead.empty.seal }
    guard let block = try block(with: sequence), block.last == sequence else { return nil }
    return block.header.seal
  }

  /// An event between others is not there.
  func missing(_ sequence: EventSequence) -> JournalFailure {
    JournalFailure(Block.Damage(sequence: sequence, reason: "it is missing"), folder: folder)
  }

  /// The block that holds an event, or nil where none does.
  func block(with sequence: EventSequence) throws(JournalFailure) -> Block? {
    let transaction = try beginReading()
    var entry: Cursor.Entry?
    do throws(LMDBFailure) {
      let cursor = try transaction.cursor(.events)
      let key = Block.key(sequence)
      entry = try cursor.seek(key)
      if entry == nil {
        entry = try cursor.last()
      } else if entry?.key != key {
        entry = try cursor.previous()
      }
    } catch {
      throw JournalFailure(error)
    }
    guard let entry else { return nil }
    do throws(Block.Damage) {
      let block = try Block(key: entry.key, value: entry.value)
      return sequence <= block.last ? block : nil
    } catch {
      throw JournalFailure(error, folder: folder)
    }
  }
}

extension JournalFailure {
  init(_ damage: Block.Damage, folder: String) {
    self.init(
      .damaged, operation: "Reading the journal in \(folder)",
      message: "event \(damage.sequence) cannot be read: \(damage.reason)",
      hint: "Run `syncline journal verify`, and put the journal back from a backup")
  }
}
