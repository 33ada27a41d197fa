import SynclineMapping
import SynclineModel

/// Whether this journal may work with these systems: identities, owner rows, backups
/// (design, section 6, "Owner row").
struct OwnerCheck {
  let settings: RunSettings
  let inspections: [Side: Inspection]
  /// The journal's own seals at the events that our rows name; none where no block ends there.
  var seals: [EventSequence: [UInt8]] = [:]

  func refusals(
    _ package: PackageState, head: JournalHead, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [Refusal] {
    var refusals: [Refusal] = []
    for side in Side.allCases {
      guard let inspection = inspections[side], settings[side].detection != .none else { continue }
      if let refusal = identity(inspection, side, package) { refusals.append(refusal) }
      guard settings[side].tracksByTriggers else { continue }
      refusals += ours(inspection, side, package, head: head)
    }
    if !planted(.secondJournal) { refusals += others() }
    return refusals
  }

  private func name(_ side: Side) -> String {
    "\(side) connection “\(settings.definition[side].connection)”"
  }

  /// Whether another system stands behind the connection's name.
  func identity(
    _ inspection: Inspection, _ side: Side, _ package: PackageState
  ) -> Refusal? {
    let known = package[side].identity
    guard known.rawValue != "", known != inspection.identity else { return nil }
    return Refusal(
      code: "identity",
      message:
        "The \(name(side)) is not the system that this package synced so far (its identity is "
        + "\(inspection.identity?.rawValue ?? "missing"), the journal knows \(known)). Point the "
        + "connection at the old system, or make a new package for the new one.")
  }

  /// Our own row: it must stand between what the journal wrote there and where the journal is, and
  /// name an event of this very course of the journal.
  private func ours(
    _ inspection: Inspection, _ side: Side, _ package: PackageState, head: JournalHead
  ) -> [Refusal] {
    let known = package[side]
    guard known.generation != .none else { return [] }
    guard let row = inspection.owners.first(where: { $0.journal == settings.journal }) else {
      return []
    }
    let restored = settings.allowances.restored ?? package.restoring
    if row.sequence > head.sequence, restored != .journal {
      return [
        backup(
          "The \(name(side)) was synced up to event \(row.sequence), but the journal ends at "
            + "\(head.sequence): the journal was put back from a backup, or a copy of it ran. Put "
            + "the newer journal back, or allow this one with --allow restored=journal.")
      ]
    }
    if row.sequence < known.owner, restored?.covers(side) != true {
      return [
        backup(
          "The \(name(side)) stands at event \(row.sequence), but the journal brought it to "
            + "\(known.owner): the database was put back from a backup. Put the newer one back, or have "
            + "what the journal knows written to this one with --allow restored=\(side).")
      ]
    }
    // A row behind what the journal wrote there is an older one, whatever its seal.
    if row.sequence >= known.owner, row.sequence <= head.sequence, seals[row.sequence] != row.seal,
      restored != .journal
    {
      return [
        backup(
          "The \(name(side)) was synced up to event \(row.sequence) by another course of this "
            + "journal: it was put back from a backup and has gone on since, or a copy of it ran. "
            + "Put the newer journal back, or allow this one with --allow restored=journal.")
      ]
    }
    return []
  }

  private func backup(_ message: String) -> Refusal { Refusal(code: "backup", message: message) }

  /// The events whose seals the check needs: those that our own rows name.
  static func sequences(
    in inspections: [Side: Inspection], of journal: JournalID
  ) -> [EventSequence] {
    let rows = inspections.values.flatMap(\.owners).filter { $0.journal == journal }
    return Set(rows.map(\.sequence)).sorted()
  }

  /// Another journal that syncs the same pair of objects of the same systems: its row stands on every
  /// side that keeps such rows, and names the identity of a side that keeps none.
  func others() -> [Refusal] {
    let rows = inspections.flatMap { side, inspection in
      inspection.owners.filter { $0.journal != settings.journal }.map { (side, $0) }
    }
    var journals = Set(rows.map(\.1.journal))
    if let takeover = settings.allowances.takeover { journals.remove(takeover) }
    return journals.sorted { $0.description < $1.description }.compactMap { journal in
      let own = rows.filter { $0.1.journal == journal }
      guard Side.allCases.allSatisfy({ isSame($0, own) }), let pair = sharedPair(own) else {
        return nil
      }
      return Refusal(
        code: "owner",
        message:
          "Journal \(journal) already syncs “\(pair.source)” with “\(pair.target)” of the same "
          + "systems. Use its package; if that journal is gone for good, take its tracking over "
          + "with --allow takeover=\(journal).")
    }
  }

  private func isSame(_ side: Side, _ rows: [(Side, OwnerRow)]) -> Bool {
    if settings[side].tracksByTriggers { return rows.contains { $0.0 == side } }
    guard let identity = inspections[side]?.identity else { return false }
    return rows.contains { $0.1.identities.values.contains(identity) }
  }

  /// A pair that the other journal's rows name and that this package maps, in either direction.
  private func sharedPair(_ rows: [(Side, OwnerRow)]) -> ObjectPair? {
    var theirs: Set<ObjectPair> = []
    for (side, row) in rows {
      for pair in row.pairs {
        let isMirrored = row.side != side
        theirs.insert(
          isMirrored ? ObjectPair(source: pair.target, target: pair.source) : pair)
      }
    }
    let ours = settings.definition.tasks.map {
      ObjectPair(source: $0.source.object, target: $0.target.object)
    }
    return ours.first { theirs.contains($0) }
  }
}
