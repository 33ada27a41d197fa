// L13 no phantom conflicts: what is on record as lost was really written by the loser, while the other
// side changed the record too.

extension Oracle {
  mutating func judgeLosses() {
    var seen: Set<String> = []
    for loss in history.losses {
      let lost = loss.lost.isEmpty ? [""] : loss.lost.keys.sorted().map { " of \($0)" }
      if lost.contains(where: { !seen.insert(loss.identity + $0).inserted }) {
        report("L13", "a conflict of \(loss.record) is recorded twice (\(loss.identity))")
      }
      guard loss.kind == .edits, let loser = loss.loser else { continue }
      let acts = (actsOf[loss.record] ?? []).filter { $0.kind != .delete }
      let mine = acts.filter { $0.place == loser }
      let theirs = acts.filter { $0.place != loser }
      let isRemapped = isRemapped(loss, acts)
      for name in loss.lost.keys.sorted() {
        judge(loss, name, mine, isRemapped ? nil : theirs)
      }
      let isPossible = mine.contains { own in theirs.contains { isConcurrent(own, $0) } }
      if !isPossible, !isRemapped, !pointsToDeleted(loss, loser), !isPointedAnew(loss, loser) {
        report("L13", "\(loss.record) has a conflict, but its sides never changed at the same time")
      }
    }
  }

  /// Whether the value is what the system made of the other side's: it may be met as an edit where the system
  /// does not show what it stored (Docs/Guarantees.md, "Windows").
  private func isCoarsened(_ lost: String, _ field: FieldLaw, _ theirs: [Act]) -> Bool {
    theirs.contains { act in
      guard let value = act.content[field.name] ?? nil, value != lost else { return false }
      return images(of: value, field).contains(lost)
    }
  }

  /// Whether a run wrote the field there and was never told, and something took back what it wrote beside it: to who
  /// can only look, a user entered the same value and nothing was written (Docs/Guarantees.md, "Windows").
  private func isTakenForEdit(_ loss: Loss, _ name: String, _ mine: [Act]) -> Bool {
    history.unanswered.contains { write in
      !write.isCounted && write.place == loss.loser && write.record == loss.record
        && write.fields.contains(name)
        && mine.contains { act in
          act.time > write.time && write.fields.contains { act.content.keys.contains($0) }
        }
    }
  }

  /// One value that was taken back.
  /// - Parameter theirs: nil where it is not asked what stood against it.
  private mutating func judge(_ loss: Loss, _ name: String, _ mine: [Act], _ theirs: [Act]?) {
    let fields = history.entities[loss.record.entity].fields
    // The parent that a key named may be gone by now; an empty field may never have been written.
    guard let field = fields.first(where: { $0.name == name }), !field.isReference,
      let lost = loss.lost[name] ?? nil
    else { return }
    func holds(_ act: Act) -> Bool {
      act.content[name].map { images(of: $0, field).contains(lost) } == true
    }
    let writes = mine.filter(holds)
    if writes.isEmpty, isTakenForEdit(loss, name, mine) { return }
    if writes.isEmpty {
      report(
        "L13", "\(show(lost)) is recorded as lost of \(loss.record).\(name), nobody wrote it there")
    } else if let theirs,
      !writes.flatMap({ departures(of: $0, among: mine) }).contains(where: { own in
        theirs.contains { isConcurrent(own, $0) && $0.content[name] != .some(lost) }
      }), !pointsToDeleted(loss, loss.loser ?? .target), !isCoarsened(lost, field, theirs)
    {
      report(
        "L13",
        "\(show(lost)) of \(loss.record).\(name) is recorded as lost, and nothing stood against it")
    }
  }

  /// The edits with which a value may have left its side: its own and, where it stays because it was entered by
  /// hand under the name of the dedicated user, or before that and not seen, each later one.
  private func departures(of own: Act, among mine: [Act]) -> [Act] {
    let stays = mine.contains {
      $0.author == .dedicated && ($0.time == own.time || isUnderHand(own, $0))
    }
    return mine.filter { $0.time == own.time || stays && $0.time > own.time }
  }

  private func isConcurrent(_ first: Act, _ second: Act) -> Bool {
    !precedes(first, second) && !precedes(second, first) && !knew(first, of: second)
      && !knew(second, of: first)
  }

  /// Whether somebody wrote over what the other side had written: a run had brought it there already, and the
  /// program could know.
  private func knew(_ later: Act, of first: Act) -> Bool {
    guard later.kind == .update, first.time < later.time, !first.content.isEmpty,
      !isHidden(later, behind: first),
      history.runs.contains(where: { first.time < $0.end && $0.start < later.time })
    else { return false }
    return first.content.allSatisfy { name, value in
      guard let value,
        let field = history.entities[first.record.entity].fields.first(where: {
          $0.name == name && !$0.isReference
        }), let stood = later.before[name] ?? nil
      else { return false }
      let isItsOwn = (actsOf[later.record] ?? []).contains { act in
        act.place == later.place
          && act.content[name].map { images(of: $0, field).contains(stood) } == true
      }
      let isOld = images(of: first.before[name] ?? nil, field).contains(stood)
      return !isItsOwn && !isOld && images(of: value, field).contains(stood)
    }
  }

  /// Whether what stood there had come by a write of which the program was never told, to a system that keeps
  /// no count: then nobody can tell whether that came before the edit, or never (Docs/Guarantees.md).
  private func isHidden(_ later: Act, behind first: Act) -> Bool {
    history.unanswered.contains { write in
      guard !write.isCounted, write.place == later.place, write.record == later.record,
        first.time < write.time, write.time <= later.time
      else { return false }
      return !history.runs.contains {
        $0.isOK && $0.start > write.time && $0.end < later.time && !$0.listed.contains(later.record)
      }
    }
  }

  /// Under a mapping that was edited since, an older edit of a newly mapped field counts.
  private func isRemapped(_ loss: Loss, _ acts: [Act]) -> Bool {
    let fields = history.entities[loss.record.entity].fields
    return acts.contains { act in
      fields.contains { $0.since > act.time && act.content.keys.contains($0.name) }
    }
  }

  /// Whether the lost value names a parent that the other side deleted, or took the place of one that does
  /// while a run went on, which wrote over it.
  private func pointsToDeleted(_ loss: Loss, _ loser: Place) -> Bool {
    history.entities[loss.record.entity].parents.contains { field, entity in
      guard let tag = loss.lost[field] ?? nil else { return false }
      func isDeleted(_ tag: String, before time: Int) -> Bool {
        (actsOf[RecordName(entity, tag)] ?? []).contains {
          $0.kind == .delete && $0.place != loser && $0.time < time
        }
      }
      if isDeleted(tag, before: .max) { return true }
      let writes = (actsOf[loss.record] ?? []).filter {
        $0.place == loser && $0.content.keys.contains(field)
      }
      return zip(writes, writes.dropFirst()).contains { first, second in
        guard second.content[field] == .some(tag), let stood = first.content[field] ?? nil,
          let run = history.runs.first(where: { $0.start < second.time && second.time < $0.end })
        else { return false }
        return isDeleted(stood, before: run.start)
      }
    }
  }

  /// Whether nothing but keys was taken back, of which each had named a parent that the loser's side deleted
  /// and that came back there: then the keys to it are written anew.
  private func isPointedAnew(_ loss: Loss, _ loser: Place) -> Bool {
    let parents = history.entities[loss.record.entity].parents
    return !loss.lost.isEmpty
      && loss.lost.keys.allSatisfy { field in
        guard let entity = parents[field] else { return false }
        return (actsOf[loss.record] ?? []).contains { act in
          guard let tag = act.content[field] ?? nil else { return false }
          let parent = RecordName(entity, tag)
          return isThere(parent, loser)
            && (actsOf[parent] ?? []).contains { $0.kind == .delete && $0.place == loser }
        }
      }
  }

  func show(_ value: String?) -> String { value.map { "“\($0)”" } ?? "empty" }
}
