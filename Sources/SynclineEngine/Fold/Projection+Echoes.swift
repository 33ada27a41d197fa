import SynclineModel

// Systems that rewrite what the other one wrote, for ever (design, "Brakes"; semantics 22).

extension Projection {
  /// A write was answered. It goes on with what a system rewrote before, or begins anew: after an edit by
  /// somebody, under another mapping, or where a held link was tried again and what was written stands.
  /// - Parameter before: the link as it stood before the answer.
  mutating func awaitEcho(
    of intent: IntentState, isRewritten: Bool, before: LinkState,
    _ store: borrowing some StateStore & ~Copyable
  ) throws(StateFailure) {
    guard intent.command.operation != .delete, var link = try link(intent.link, store) else {
      return
    }
    let side = intent.command.slot.side
    let goesOn =
      before[side].revision == intent.command.revision
      && (before.source.echo == .rewritten || before.target.echo == .rewritten)
      && (isRewritten || before.bounces < LinkState.bouncesMax)
    if !goesOn, !planted(.healthyParked) { link.bounces = 0 }
    if link[side.other].echo == .rewritten { link[side.other].echo = .none }
    link[side].echo = .awaited
    if isRewritten || planted(.healthyParked) { bounce(&link, on: side) }
    hold(link, intent.link)
  }

  /// A read shows a record with other content: our own user's, right after our write, is that rewritten;
  /// everything else somebody's edit, which ends the row.
  mutating func followEchoes(
    _ changed: RecordChanged, of number: RecordNumber,
    _ store: borrowing some StateStore & ~Copyable
  ) throws(StateFailure) {
    guard let state = try record(number, store) else { return }
    for membership in state.memberships {
      guard var link = try link(membership.link, store),
        let table = try table(membership.task, store)
      else { continue }
      let before = link
      let side: Side = link.source.record == number ? .source : .target
      switch (changed.isRewritten, link[side].echo) {
      case (true, .awaited):
        if changed.row.fields.contains(where: {
          table.reads($0, of: side) || table.writes($0, of: side)
        }) {
          bounce(&link, on: side)
        }
      case (true, .rewritten): break
      case (true, .none), (false, _):
        if !planted(.healthyParked) { link.bounces = 0 }
        link[side].echo = .none
      }
      if link != before { hold(link, membership.link) }
    }
  }

  private func bounce(_ link: inout LinkState, on side: Side) {
    link.bounces = min(link.bounces + 1, LinkState.bouncesMax)
    link[side].echo = .rewritten
  }
}
