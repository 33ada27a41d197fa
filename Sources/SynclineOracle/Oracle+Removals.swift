// What runs deleted, L7; and what they would not write any more, L14.

extension Oracle {
  /// A run deletes what the other side deleted since the last reset, and nothing in the run after it.
  mutating func judgeRemovals() {
    for removal in history.removals {
      let record = removal.record
      let sent = sendTime(of: removal)
      let isJustified = ([record] + ancestors(of: record)).contains { name in
        (actsOf[name] ?? []).contains { act in
          act.kind == .delete && act.place != removal.place && act.time < removal.time
            && (history.late.contains(act.place)
              || !history.resets.contains { act.time < $0 && $0 < sent })
        }
      }
      if !isJustified {
        report(
          "L7",
          "a run deleted \(record) in the \(removal.place) at \(removal.time), and nobody else")
      }
      let isInEpoch = history.resets.contains { reset in
        reset < sent && !history.runs.contains { $0.isOK && $0.start > reset && $0.end < sent }
      }
      if isInEpoch {
        report("L7", "the run after a reset deleted \(record) in the \(removal.place)")
      }
    }
  }

  /// When a row was deleted; where nothing was answered, when the run began that sent the call: it may take
  /// effect later, and nobody can call it back.
  private func sendTime(of removal: Removal) -> Int {
    let call = history.unanswered.first {
      $0.time == removal.time && $0.place == removal.place && $0.record == removal.record
    }
    return call?.sent ?? removal.time
  }

  /// Every record that this one, or such a record, ever pointed to.
  private func ancestors(of record: RecordName) -> [RecordName] {
    var found: [RecordName] = []
    var open = [record]
    while let next = open.popLast() {
      for parent in parents(of: next) where parent != record && !found.contains(parent) {
        found.append(parent)
        open.append(parent)
      }
    }
    return found
  }

  /// A record that the system deleted with its parent comes back with it.
  mutating func judgeCascade(_ record: RecordName, _ acts: [Act]) {
    let deletes = acts.filter { $0.kind == .delete }
    guard deletes.count == 1, let delete = deletes.first, delete.author == .consequence,
      !history.resets.contains(where: { $0 > delete.time }),
      (lossesOf[record] ?? []).allSatisfy({ $0.kind != .deletion })
    else { return }
    for (field, entity) in history.entities[record.entity].parents {
      guard let tag = delete.content[field] ?? nil else { continue }
      let parent = RecordName(entity, tag)
      let after = (actsOf[parent] ?? []).filter {
        $0.place == delete.place && $0.time > delete.time
      }
      // What was pointed there after the last run was never known on the other side.
      let pointed = acts.last { $0.content[field] == .some(tag) && $0.kind != .delete }?.time ?? 0
      let isKnown = history.runs.contains {
        $0.isClean && $0.start > pointed && $0.end < delete.time
      }
      // A user brought the parent back, on either side, and left the child where it was.
      let isRevived = (actsOf[parent] ?? []).contains {
        $0.kind == .create && $0.time > delete.time
      }
      if isRevived { continue }
      // One that went later did not take the child with it.
      guard let first = after.first, first.kind == .delete, isThere(parent, delete.place),
        !history.runs.contains(where: { $0.start > delete.time && $0.end < first.time }),
        !listed.contains(parent), isKnown, isClaimed(parent, against: first, before: record)
      else { continue }
      report("L7", "\(record) was deleted with \(parent), which came back without it")
    }
  }

  /// Whether the other side had changed the parent before a run deleted the child there.
  private func isClaimed(
    _ parent: RecordName, against delete: Act, before child: RecordName
  ) -> Bool {
    let place = delete.place.other
    // Where the moment decides, it may have lost when the child went.
    guard history.entities[parent.entity].winner == place,
      let removal = history.removals.first(where: { $0.record == child && $0.place == place })
    else { return false }
    // What was edited while the run went on that deleted the child, or was not shown to it, it did not know.
    let sent = sendTime(of: removal)
    guard let run = history.runs.first(where: { $0.start <= sent && sent <= $0.end }) else {
      return false
    }
    let seen = min(run.start, run.unseen[place] ?? .max)
    let claiming = history.entities[parent.entity].fields.filter {
      $0.direction == .both && $0.since < sent
    }
    return (actsOf[parent] ?? []).contains { act in
      act.place == place && act.kind == .update && act.author != .dedicated
        && act.author != .answer && act.time < seen
        && claiming.contains { act.content.keys.contains($0.name) }
        && !isCarried(act, before: delete)
    }
  }

  /// Whether a run had nothing left to do about the record between the two.
  private func isCarried(_ act: Act, before other: Act) -> Bool {
    history.runs.contains {
      $0.isOK && !$0.listed.contains(act.record) && act.time < $0.start && $0.end < other.time
    }
  }

  /// A record is left alone as a loop only where a system rewrote what was written.
  mutating func judgeLoops() {
    for record in history.loops.sorted()
    where !(actsOf[record] ?? []).contains(where: { $0.author == .answer }) {
      report("L14", "\(record) is held as a loop, but no system ever rewrote it")
    }
  }
}
