import SynclineEngine
import SynclineModel

/// Says how a record stands: what it waits for, or that nothing is to be sent.
struct Standing {
  private let presenter: EventPresenter

  init(_ presenter: EventPresenter) { self.presenter = presenter }

  /// One sentence for each task that the record has a part in.
  func sentences(
    of record: RecordState, _ number: RecordNumber, _ state: borrowing some StateView & ~Copyable
  ) throws -> [String] {
    var sentences: [String] = []
    if let failure = try state.failure(.none, number) {
      sentences.append("it cannot be read: \(words(failure))")
    }
    if record.presence == .deleted, record.memberships.isEmpty {
      return sentences + ["it is deleted, and nothing of it is left to do"]
    }
    for task in try state.package().tasks {
      guard let table = try state.taskTable(task),
        Side.allCases.contains(where: { table.object($0) == record.object })
      else { continue }
      let name = "in task \(table.name.neutral) "
      if let failure = try state.failure(task, number) {
        sentences.append(name + "it failed: \(words(failure))")
      } else if let link = try state.link(record.link(in: task)) {
        sentences.append(name + (try standing(of: link, record, state)))
      } else {
        sentences.append(
          name + "it has no partner yet: the next run decides whether it is linked or inserted")
      }
    }
    return sentences.isEmpty ? ["no task of the package syncs it any more"] : sentences
  }

  private func standing(
    of link: LinkState, _ record: RecordState, _ state: borrowing some StateView & ~Copyable
  ) throws -> String {
    if link.hasIntent {
      return "a command that was sent has no outcome yet: nothing goes until a run finds out"
    }
    for side in Side.allCases {
      if let partner = try state.record(link[side].record), partner.presence == .missing {
        return "the record on the \(side) is missing, which nobody has confirmed to be a delete: "
          + "see `syncline missing`"
      }
      if let failure = try state.failure(link.task, link[side].record) {
        return "its partner on the \(side) failed: \(words(failure))"
      }
    }
    if link.bounces >= LinkState.bouncesMax {
      return
        "it is held: a system rewrote what was written \(link.bounces) times in a row; it goes again "
        + "when somebody edits it, or with `run --only`"
    }
    if link.conflict != .none {
      return "conflict \(link.conflict) is open: see `syncline conflicts show`"
    }
    if let side = Side.allCases.first(where: { link[$0].isVacant }) {
      return "its place on the \(side) shall be filled by an insert"
    }
    for side in Side.allCases where !link[side].ignored.isEmpty && link.agenda == nil {
      let object = presenter.object(of: link.task, on: side)
      let fields = link[side].ignored.map { presenter.field($0, of: object).neutral }
      return
        "an edit of \(fields.joined(separator: ", ")) on the \(side) is ignored; it travels when "
        + "somebody else edits the record"
    }
    if link.agenda != nil { return "it changed since it was decided: the next run takes it up" }
    let revision = try state.package().revision
    if Side.allCases.contains(where: { link[$0].revision != revision }) {
      return "both sides agreed under an earlier mapping: the mapping in force reaches it when it "
        + "changes or is touched"
    }
    return "both sides agree, so nothing is to be sent"
  }

  private func words(_ failure: FailureState) -> String {
    "\(failure.failure.message.neutral) (\(failure.failure.code)); tried \(failure.count) times, "
      + (failure.isParked ? "parked, " : "") + "again in run \(failure.retry)"
  }
}
