// Judges a history by the laws, at a quiet point: all edits are done, and runs followed until nothing
// moved. It knows what people did and what they see now, and nothing of how the program works.

/// The judge of one history.
public struct Oracle {
  let history: History
  let actsOf: [RecordName: [Act]]
  let lossesOf: [RecordName: [Loss]]
  let listed: Set<RecordName>
  var violations: [Violation] = []

  /// What breaks a law, in the order of the laws; empty where all hold.
  public static func judge(_ history: History) -> [Violation] {
    var oracle = Oracle(history)
    oracle.judgeRuns()
    for record in oracle.records { oracle.judge(record) }
    oracle.judgeLosses()
    oracle.judgeRemovals()
    oracle.judgeLoops()
    return oracle.violations
  }

  private init(_ history: History) {
    self.history = history
    actsOf = Dictionary(grouping: history.acts, by: \.record)
    lossesOf = Dictionary(grouping: history.losses, by: \.record)
    listed = history.runs.last?.listed ?? []
  }

  private var records: [RecordName] {
    var names = Set(actsOf.keys)
    for place in Place.allCases { names.formUnion((history.contents[place] ?? [:]).keys) }
    return names.sorted()
  }

  mutating func report(_ law: String, _ text: String) {
    violations.append(Violation(law, text))
  }

  func content(_ record: RecordName, _ place: Place) -> Content? {
    history.contents[place]?[record]?.first
  }

  func isThere(_ record: RecordName, _ place: Place) -> Bool { content(record, place) != nil }

  // MARK: L5, L14: runs

  private mutating func judgeRuns() {
    let newest = max(history.acts.map(\.time).max() ?? 0, history.touched)
    for (first, second) in zip(history.runs, history.runs.dropFirst())
    where first.isClean && second.isOK && first.start > newest
      && history.resets.allSatisfy({ $0 < first.start })
    {
      if second.writes > 0 {
        report(
          "L5", "the run at \(second.start) wrote \(second.writes) rows though nothing had changed")
      } else if second.commands > 0 {
        report("L5", "the run at \(second.start) sent \(second.commands) commands into quiet")
      }
    }
    guard let last = history.runs.last else { return }
    if last.isClean, !last.listed.isEmpty {
      report(
        "L14", "the run at \(last.start) says that nothing is left, but \(last.listed.sorted()) are"
      )
    }
  }

  // MARK: One record

  private mutating func judge(_ record: RecordName) {
    let acts = actsOf[record] ?? []
    for place in Place.allCases {
      let rows = history.contents[place]?[record]?.count ?? 0
      if rows > 1, !acts.contains(where: isReturnUnseen) {
        report("L4", "\(record) stands \(rows) times in the \(place)")
      }
      if rows > 0, !acts.contains(where: { $0.kind == .create }) {
        report("L3", "\(record) was never born, and stands in the \(place)")
      }
    }
    if listed.contains(record) { return }
    let there = Place.allCases.filter { isThere(record, $0) }
    if there.count == 1 { return report("L1", "\(record) stands in the \(there[0]) alone") }
    judgePresence(record, acts, isThere: !there.isEmpty)
    guard !there.isEmpty else { return judgeCascade(record, acts) }
    for field in history.entities[record.entity].fields {
      judgeEquality(record, field, acts)
      judgeOrigin(record, field, acts)
      judgeWrites(record, field, acts)
      judgePriority(record, field, acts)
    }
  }

  // MARK: L7: deletes

  private mutating func judgePresence(_ record: RecordName, _ acts: [Act], isThere: Bool) {
    let deletes = acts.filter { $0.kind == .delete && mayBeSynced($0, acts) }
    if isThere {
      guard let last = deletes.last,
        !acts.contains(where: { $0.kind == .create && isUnknown($0, to: last) })
      else { return }
      if !hasReturned(record, []) { report("L7", "\(record) was deleted and stands again") }
    } else if !acts.contains(where: { $0.kind == .delete }), !isLostWhole(record) {
      report("L7", "\(record) was never deleted and is gone")
    }
  }

  /// Whether any run can have seen the record before it was deleted.
  private func mayBeSynced(_ delete: Act, _ acts: [Act]) -> Bool {
    let birth = acts.last {
      $0.kind == .create && $0.place == delete.place && $0.time < delete.time
    }
    guard let birth, birth.author != .answer else { return true }
    // Born on both sides: linked once a run came to its end.
    let twin = acts.first { $0.kind == .create && $0.place != delete.place && $0.author != .answer }
    return history.runs.contains { run in
      guard let twin else { return run.start < delete.time && run.end > birth.time }
      return run.isClean && run.start > max(twin.time, birth.time) && run.end < delete.time
    }
  }

  /// Whether a deletion of the record lost on record, was refilled after a reset, or shared the fate of
  /// a parent that came back.
  func hasReturned(_ record: RecordName, _ seen: Set<RecordName>) -> Bool {
    let deletes = (actsOf[record] ?? []).filter { $0.kind == .delete }
    if deletes.isEmpty || seen.contains(record) { return false }
    if (lossesOf[record] ?? []).contains(where: { $0.kind == .deletion && $0.lost.isEmpty }) {
      return true
    }
    for delete in deletes {
      let next = history.runs.first { $0.start > delete.time && $0.isClean }?.end ?? .max
      if history.resets.contains(where: { $0 > delete.time && $0 < next }) { return true }
      // A reset whose own run had not come to its end yet.
      if history.resets.contains(where: { reset in
        reset < delete.time
          && !history.runs.contains { $0.isClean && $0.start > reset && $0.end < delete.time }
      }) {
        return true
      }
    }
    return parents(of: record).contains { hasReturned($0, seen.union([record])) }
  }

  /// Every record that this one ever pointed to.
  func parents(of record: RecordName) -> [RecordName] {
    let fields = history.entities[record.entity].parents
    return (actsOf[record] ?? []).flatMap { act in
      fields.compactMap { field, entity in
        act.content[field]?.map { RecordName(entity, $0) }
      }
    }
  }

  private func isLostWhole(_ record: RecordName) -> Bool {
    (lossesOf[record] ?? []).contains { $0.kind == .deletion && !$0.lost.isEmpty }
  }

  // MARK: L1, L8: convergence

  private mutating func judgeEquality(_ record: RecordName, _ field: FieldLaw, _ acts: [Act]) {
    guard let source = content(record, .source)?[field.name] ?? .some(nil),
      let target = content(record, .target)?[field.name] ?? .some(nil)
    else { return }
    // Under a mapping that was edited since, only what was touched later follows it.
    if field.since > 0, !isTouched(field, acts) { return }
    let isEqual: Bool
    switch field.direction {
    case .both:
      isEqual = target == field.stored(.target, source) || source == field.stored(.source, target)
    case .toTarget:
      isEqual =
        target == field.stored(.target, field.constant ?? source)
        || hasDrifted(record, field, on: .target, acts)
        || isNew(field, empty: source)
    case .toSource:
      isEqual =
        source == field.stored(.source, field.constant ?? target)
        || hasDrifted(record, field, on: .source, acts)
        || isNew(field, empty: target)
    case .sourceOnly, .targetOnly: return
    }
    if isEqual || isLeftByHand(field, acts) { return }
    report(
      field.isReference ? "L8" : "L1",
      "\(record).\(field.name) is \(show(source)) in the source and \(show(target)) in the target")
  }

  /// Whether an empty field meets another one under a mapping that is new: it erases nothing.
  private func isNew(_ field: FieldLaw, empty value: String?) -> Bool {
    field.since > 0 && field.constant == nil && value == nil
  }

  /// Whether somebody changed the side that is only written, where that is let be.
  private func hasDrifted(
    _ record: RecordName, _ field: FieldLaw, on place: Place, _ acts: [Act]
  ) -> Bool {
    let written = acts.filter { $0.place == place && $0.content.keys.contains(field.name) }
    // Born there: nothing of it came from the other side yet.
    let birth = acts.first { $0.place == place && $0.kind == .create }
    let isOriginal =
      birth != nil
      && (field.constant != nil
        || !acts.contains {
          $0.place != place && $0.kind == .update && $0.content.keys.contains(field.name)
            && isSynced(before: $0.time, acts) && !isUndone($0, field, acts)
        })
    // Made anew from the side that is only written.
    let isRefilled = acts.contains { $0.place != place && $0.kind == .delete }
    return isOriginal || isRefilled
      || (!history.entities[record.entity].restoresDrift && !written.isEmpty)
  }

  // MARK: L3: no invention

  private mutating func judgeOrigin(_ record: RecordName, _ field: FieldLaw, _ acts: [Act]) {
    for place in Place.allCases {
      guard let content = content(record, place), let value = content[field.name] ?? .some(nil)
      else { continue }
      guard let value else { continue }
      let isWritten = acts.contains { act in
        guard let written = act.content[field.name] else { return false }
        return images(of: written, field).contains(value)
      }
      if isWritten || field.constant.map({ field.stored(place, $0) == value }) == true { continue }
      report("L3", "nobody wrote \(show(value)) into \(record).\(field.name) of the \(place)")
    }
  }

  /// A value as it was written, and what the two systems make of it.
  func images(of value: String?, _ field: FieldLaw) -> Set<String?> {
    var images: Set<String?> = [value]
    for _ in 0..<3 {
      for image in images {
        for place in Place.allCases { images.insert(field.stored(place, image)) }
      }
    }
    return images
  }

  // MARK: L2: no lost update

  private mutating func judgeWrites(_ record: RecordName, _ field: FieldLaw, _ acts: [Act]) {
    let writes = acts.filter { $0.kind != .delete && $0.content.keys.contains(field.name) }
    for write in writes where write.author != .answer && write.author != .dedicated {
      guard let value = write.content[field.name] else { continue }
      // Empty at birth or where both sides meet for the first time, or written twice: exempt.
      if value == nil, write.kind == .create || !hasMet(field, before: write.time, acts) {
        continue
      }
      if writes.filter({ images(of: $0.content[field.name] ?? nil, field).contains(value) }).count
        > 1
      {
        continue
      }
      if acts.contains(where: { isUnderHand(write, $0) }) { continue }
      if isUndone(write, field, acts) || isTooFine(write, field, acts) { continue }
      // What stood on one side when the other deleted the record went with it, also where a person
      // takes the deletion back later.
      if acts.contains(where: { $0.time > write.time && $0.isReturn }) { continue }
      // A key that its parent's delete emptied shares the fate of the parent.
      if field.isReference, value == nil, sharesFate(write, acts, field) { continue }
      if isFinal(value, write, record, field) || isOverwritten(write, acts, field) { continue }
      if isOnRecord(value, write, field) || isLostUnseen(write, field) { continue }
      if field.isReference, let value,
        let entity = history.entities[record.entity].parents[field.name],
        isGone(RecordName(entity, value))
      {
        continue
      }
      report(
        "L2",
        "\(show(value)), written into \(record).\(field.name) of the \(write.place) at \(write.time), is lost"
      )
    }
  }

  private func isGone(_ record: RecordName) -> Bool {
    Place.allCases.allSatisfy { !isThere(record, $0) }
      || (actsOf[record] ?? []).contains { $0.kind == .delete }
  }

  private func isFinal(_ value: String?, _ write: Act, _ record: RecordName, _ field: FieldLaw)
    -> Bool
  {
    func holds(_ place: Place) -> Bool {
      let held = content(record, place)?[field.name] ?? nil
      // Nobody coarsens a value where it was written.
      return held == value || place != write.place && images(of: value, field).contains(held)
    }
    guard holds(write.place) else { return false }
    let travels: Bool
    switch field.direction {
    case .both: travels = field.since < write.time
    case .toTarget:
      travels = write.place == .source && field.constant == nil && field.since < write.time
    case .toSource: travels = write.place == .target && field.since < write.time
    case .sourceOnly, .targetOnly: travels = false
    }
    return !travels || holds(write.place.other)
      || hasDrifted(record, field, on: write.place.other, actsOf[record] ?? [])
  }

  /// Whether a later write of the field, or a delete, took its place.
  private func isOverwritten(_ write: Act, _ acts: [Act], _ field: FieldLaw) -> Bool {
    acts.contains { later in
      mayPrecede(write, later)
        && (later.kind == .delete || later.content.keys.contains(field.name))
    }
  }

  private func isOnRecord(_ value: String?, _ write: Act, _ field: FieldLaw) -> Bool {
    (lossesOf[write.record] ?? []).contains { loss in
      guard loss.loser == write.place || loss.loser == nil else { return false }
      guard let lost = loss.lost[field.name] else { return false }
      return images(of: value, field).contains(lost)
    }
  }

  /// Whether a write took it back, within the same run, that looked at nothing and of whose answer, which
  /// would have told, nothing came (Docs/Guarantees.md, "Windows").
  private func isLostUnseen(_ write: Act, _ field: FieldLaw) -> Bool {
    history.unanswered.contains { blind in
      blind.isBlind && blind.place == write.place && blind.record == write.record
        && blind.sent < write.time && write.time < blind.time
        && (blind.fields.isEmpty || blind.fields.contains(field.name))
    }
  }

  // MARK: L6: priority

  private mutating func judgePriority(_ record: RecordName, _ field: FieldLaw, _ acts: [Act]) {
    guard field.direction == .both, let winner = field.winner else { return }
    let writes = acts.filter { $0.kind != .delete && $0.content.keys.contains(field.name) }
    if acts.contains(where: { $0.kind == .delete || $0.author == .dedicated }) { return }
    let maximal = writes.filter { write in !writes.contains { mayPrecede(write, $0) } }
    guard maximal.count == 2, let won = maximal.first(where: { $0.place == winner }),
      let lost = maximal.first(where: { $0.place != winner }), won.kind == .update,
      lost.kind == .update,
      !history.runs.contains(where: { overlaps($0, won) || overlaps($0, lost) }),
      min(won.time, lost.time) > field.since, isSynced(before: min(won.time, lost.time), acts)
    else { return }
    // A foreign key whose parent was deleted is judged by the parent.
    if field.isReference || isTooFine(won, field, acts) { return }
    let value = won.content[field.name] ?? nil
    if !hasMet(field, before: min(won.time, lost.time), acts) { return }
    let repeated = writes.filter {
      images(of: $0.content[field.name] ?? nil, field).contains(value)
    }
    if repeated.count > 1 { return }
    let held = content(record, winner)?[field.name] ?? nil
    if images(of: value, field).contains(held) { return }
    report(
      "L6",
      "\(record).\(field.name): the \(winner)'s \(show(value)) at \(won.time) lost against "
        + "\(show(lost.content[field.name] ?? nil)) at \(lost.time)")
  }

  /// Whether a run had seen all births of the record, so that both sides have an ancestor.
  func isSynced(before time: Int, _ acts: [Act]) -> Bool {
    let born = acts.filter { $0.kind == .create }.map(\.time).max() ?? 0
    return history.runs.contains { $0.isClean && $0.start > born && $0.end < time }
  }

  /// Whether both sides' values of the field had met, under the mapping that holds it, which the record
  /// follows once it is touched: before, an empty one erases nothing.
  private func hasMet(_ field: FieldLaw, before time: Int, _ acts: [Act]) -> Bool {
    guard isSynced(before: time, acts) else { return false }
    guard field.since > 0 else { return true }
    return acts.contains { act in
      // Mapped one way, the written side's touch makes nothing go there.
      act.time > field.since && field.gives(act.place)
        && history.runs.contains { $0.isClean && $0.start > act.time && $0.end < time }
    }
  }

  private func overlaps(_ run: Span, _ act: Act) -> Bool {
    run.start <= act.time && act.time <= run.end
  }
}
