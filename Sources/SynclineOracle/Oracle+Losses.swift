// What the program recorded as lost: really written, really contested, and once.

extension Oracle {
  // MARK: L13: no phantom conflicts

  mutating func judgeLosses() {
    var seen: Set<String> = []
    for loss in history.losses {
      if !seen.insert(loss.identity).inserted {
        report("L13", "a conflict of \(loss.record) is recorded twice (\(loss.identity))")
      }
      guard loss.kind == .edits, let loser = loss.loser else { continue }
      let acts = actsOf[loss.record] ?? []
      let fields = history.entities[loss.record.entity].fields
      for (name, lost) in loss.lost.sorted(by: { $0.key < $1.key }) {
        guard let field = fields.first(where: { $0.name == name }) else { continue }
        // The parent that a key named may be gone by now.
        if field.isReference { continue }
        let isWritten = acts.contains { act in
          act.place == loser
            && act.content[name].map { images(of: $0, field).contains(lost) } == true
        }
        if !isWritten, lost != nil {
          report(
            "L13",
            "\(show(lost)) is recorded as lost of \(loss.record).\(name), nobody wrote it there")
        }
      }
      let mine = acts.filter { $0.place == loser && $0.kind != .delete }
      let theirs = acts.filter { $0.place != loser && $0.kind != .delete }
      let isPossible = mine.contains { own in
        theirs.contains { !precedes(own, $0) && !precedes($0, own) }
      }
      // Under a mapping that was edited since, an older edit of a newly mapped field counts.
      let isRemapped = acts.contains { act in
        fields.contains { $0.since > act.time && act.content.keys.contains($0.name) }
      }
      if !isPossible, !isRemapped, !pointsToDeleted(loss, loser) {
        report("L13", "\(loss.record) has a conflict, but its sides never changed at the same time")
      }
    }
  }

  /// Whether the lost value names a parent that the other side deleted.
  private func pointsToDeleted(_ loss: Loss, _ loser: Place) -> Bool {
    history.entities[loss.record.entity].parents.contains { field, entity in
      guard let tag = loss.lost[field] ?? nil else { return false }
      return (actsOf[RecordName(entity, tag)] ?? []).contains {
        $0.kind == .delete && $0.place != loser
      }
    }
  }

  func show(_ value: String?) -> String { value.map { "“\($0)”" } ?? "empty" }
}
