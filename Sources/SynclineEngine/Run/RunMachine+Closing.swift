import SynclineMapping
import SynclineModel

// Closing: owner rows, cursors, tallies; one commit where nothing else happened.

extension RunMachine {
  mutating func beginClosing(
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [Action] {
    phase = .closing
    try refuseUnchosen(state)
    refuseBouncing()
    if hasAdopted, failure == nil, !isCanceled { tally.untouched = try untouched(state) }
    tally.held = walk.held
    // A command without an outcome is asked about by the next run.
    tally.pending = walk.pending + UInt64(try state.unsettled(limit: .max).count)
    tally.failed += walk.failed + (try state.unreadable())
    var actions = [Action.report(RunProgress(phase: .closing, done: done))]
    if failure == nil {
      let below = try commandsBelow(state)
      for side in Side.allCases where settings[side].tracksByTriggers {
        awaited.insert(side)
        actions.append(.acknowledge(side, entries: [], commandsBelow: below))
      }
    }
    return actions + (try close(state))
  }

  /// How many links would be written under the new mapping, were they touched: a plain run leaves them.
  private mutating func untouched(
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> UInt64 {
    var count: UInt64 = 0
    var after = LinkNumber.none
    while true {
      let page = try state.links(after: after, limit: 1000)
      for (number, link) in page {
        guard link.agenda == nil, contexts[link.task] != nil,
          link.source.revision != revision || link.target.revision != revision,
          var facts = try facts(
            number.rawValue, AgendaWalk.Pass(task: link.task, part: .linked), state)
        else { continue }
        for side in Side.allCases {
          try loadMapping(link[side].revision, of: link.task, state)
          facts.link[side].isReported = true
        }
        guard let context = contexts[link.task] else { continue }
        if !decide(facts, context).sendings.isEmpty { count += 1 }
      }
      guard let last = page.last else { return count }
      after = last.number
    }
  }

  mutating func close(
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [Action] {
    guard awaited.isEmpty else { return [] }
    let result: RunState = failure != nil ? .failed : isCanceled ? .canceled : .succeeded
    if result == .succeeded {
      let package = try state.package()
      for side in Side.allCases {
        draft(
          .cursorAdvanced(
            CursorAdvanced(
              side: side, generation: package[side].generation,
              tasks: mapping.tasks.map(\.number), lastSyncTime: started)))
      }
    }
    // A run that failed before it noted anything leaves no trace but this.
    draft(
      .runClosed(
        RunClosed(
          state: result, tally: tally,
          endsEpoch: result == .succeeded && !isLimited && settings.allowances.only == nil,
          sourceOwner: owners[.source] ?? .none,
          targetOwner: owners[.target] ?? .none, reason: failure?.message ?? "")))
    return finish(result)
  }

  /// The last action. What is drafted goes before it.
  mutating func finish(_ state: RunState, _ problems: [PackageProblem] = []) -> [Action] {
    phase = .finished
    return [
      .finish(
        RunResult(
          run: run, state: state, tally: tally, refusals: refusals + brakes.refusals,
          problems: problems,
          failure: failure))
    ]
  }
}
