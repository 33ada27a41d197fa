import SynclineModel

// Rules of the organisation that write after somebody wrote, as its flows and triggers do.
extension Organization {
  /// Carries out or schedules the rules that watch the record's object.
  mutating func automate(_ record: Record, _ object: ObjectDescription, _ author: Author) {
    for automation in automations where automation.object == object.name {
      if automation.afterSeconds == 0 {
        rewrite(record.id, object, automation, author)
      } else if differs(record, automation) {
        scheduled.append(
          Scheduled(
            id: record.id, automation: automation, user: author.user,
            due: author.now.adding(seconds: Int64(automation.afterSeconds))))
      }
    }
  }

  /// Carries out the rules whose time has come.
  mutating func carryOutDue(by now: Timestamp) {
    let due = scheduled.filter { $0.due <= now }
    guard !due.isEmpty else { return }
    forgetScheduled(by: now)
    fresh.carriedOut = now
    for rule in due.sorted(by: { $0.due < $1.due }) { carryOut(rule) }
  }

  /// Forgets the rules that were due.
  mutating func forgetScheduled(by now: Timestamp) {
    scheduled.removeAll { $0.due <= now }
    scheduledLogged = scheduled.count
  }

  /// A rule whose time has come. It runs as the user whose write set it off, so that user's name is on
  /// it, and it sets off no further rule.
  private mutating func carryOut(_ rule: Scheduled) {
    guard let object = catalog[rule.automation.object] else { return }
    rewrite(rule.id, object, rule.automation, Author(user: rule.user, now: rule.due))
  }

  private mutating func rewrite(
    _ id: RecordID, _ object: ObjectDescription, _ automation: Automation, _ author: Author
  ) {
    guard var record = store.record(id, of: object.name), !record.isDeleted,
      differs(record, automation)
    else { return }
    record.values[automation.field] = outcome(record, automation)
    stamp(&record, object, author)
    Derivation.apply(to: &record, catalog: catalog, store: store, changed: [automation.field])
    store.put(record, of: object)
  }

  private func differs(_ record: Record, _ automation: Automation) -> Bool {
    record.values[automation.field] != outcome(record, automation)
  }

  private func outcome(_ record: Record, _ automation: Automation) -> FieldValue? {
    let text: String?
    switch automation.effect {
    case .set(let value): text = value
    case .uppercase(let source): text = record.values[source]?.text?.uppercased()
    case .copy(let source): text = record.values[source]?.text
    }
    guard let text, let length = catalog[record.object]?[automation.field]?.length else {
      return nil
    }
    return .text(String(text.prefix(length)))
  }
}
