import SynclineModel
import SynclineSQL

extension Tracking {
  /// Whether anything of this journal is here.
  func stands() throws -> Bool {
    for name in [names.queue, names.owner, names.pairs, names.commands]
    where try Self.hasTable(name, in: database) {
      return true
    }
    return false
  }

  /// Whether every table that reading and writing need is here.
  func isComplete() throws -> Bool {
    for name in [names.queue, names.owner, names.commands]
    where try !Self.hasTable(name, in: database) {
      return false
    }
    return true
  }

  /// Forgets what the journal holds, in one transaction; in none where nothing would change.
  func acknowledge(_ acknowledgement: Acknowledgement) throws {
    let queue = Queue(names, in: database)
    let ledger = CommandLedger(names, in: database)
    let owner = try owner()
    let isKnown =
      owner?.sequence == acknowledgement.head.sequence && owner?.seal == acknowledgement.head.seal
    guard
      try !isKnown || ledger.hasBelow(acknowledgement.commandsBelow)
        || acknowledgement.entries.contains(where: queue.has)
    else { return }
    try database.transaction {
      for range in acknowledgement.entries { try queue.delete(range) }
      try ledger.forgetBelow(acknowledgement.commandsBelow)
      try renew(acknowledgement.head)
    }
  }
}
