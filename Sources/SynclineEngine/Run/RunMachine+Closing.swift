import SynclineMapping
import SynclineModel

// Closing: owner rows, cursors, tallies; one commit where nothing else happened.

extension RunMachine {
  mutating func beginClosing(
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [Action] {
    phase = .closing
    tally.held = walk.held
    tally.pending = walk.pending
    tally.failed += walk.failed
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
          state: result, tally: tally, endsEpoch: result == .succeeded && !isLimited,
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
