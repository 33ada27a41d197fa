import SynclineModel
import SynclinePorts

/// What became of commands that were sent. A command without an outcome is one of which it is not known.
struct Sent {
  var outcomes: [WriteOutcome] = []
  /// Why some of them were not carried out, or why nothing is known of them.
  var failure: (any Error)?
  /// Whether what was not carried out may be in a moment, and nobody has tried again yet.
  var isMomentary = false

  /// A request that failed: where it did nothing for certain, its commands are not done.
  static func failed(_ commands: some Sequence<WriteCommand>, by error: any Error) -> Sent {
    let didNothing = (error as? ConnectorFailure)?.didNothing == true
    return Sent(outcomes: didNothing ? commands.map(\.undone) : [], failure: error)
  }

  /// A request that was refused, and did nothing.
  static func refused(
    _ commands: some Sequence<WriteCommand>, _ problem: APIProblem, _ operation: String,
    _ object: BoundObject, isMomentary: Bool = false
  ) -> Sent {
    var sent = failed(commands, by: Account.undone(problem.failure(operation, object)))
    sent.isMomentary = isMomentary
    return sent
  }

  static func each(
    _ commands: some Sequence<WriteCommand>, refused problem: RecordProblem
  ) -> Sent {
    Sent(outcomes: commands.map { WriteOutcome(id: $0.id, result: .refused(problem)) })
  }

  mutating func take(_ other: Sent) {
    outcomes += other.outcomes
    if other.failure != nil { isMomentary = other.isMomentary && (failure == nil || isMomentary) }
    failure = failure ?? other.failure
  }
}

extension WriteCommand {
  /// The outcome where it was not sent, or its request did nothing.
  var undone: WriteOutcome { WriteOutcome(id: id, result: .notDone) }
}

extension WriteOutcome {
  var isUndone: Bool { result == .notDone }

  /// Whether the same command may succeed in a moment.
  var isBusy: Bool {
    if case .refused(let problem) = result {
      return problem.mayPass && ["locked", "busy"].contains(problem.code)
    }
    return false
  }
}
