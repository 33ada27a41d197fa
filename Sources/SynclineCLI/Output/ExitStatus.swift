import ArgumentParser
import SynclineEngine
import SynclineModel

/// How a command ends (Docs/Operating.md, "Exit codes").
enum ExitStatus: Int32 {
  /// Succeeded, and nothing is pending, held or failed.
  case succeeded = 0
  /// Succeeded, with record errors, held or parked records.
  case left = 1
  /// Refused or braked: a bad option or package, a brake, a lock, an identity.
  case refused = 2
  /// Failed: disk, database, damaged journal.
  case failed = 3
  case interrupted = 130
  case terminated = 143

  /// Ends the command.
  var code: ExitCode { ExitCode(rawValue) }
}

extension RunResult {
  /// The exit code of a run that ended so; `signal` is the one that asked it to end, or nil.
  func status(signal: Int32?) -> ExitStatus {
    switch state {
    case .canceled: return signal == 15 ? .terminated : .interrupted
    case .failed, .running:
      if failure?.disposition == .user { return .refused }
      return refusals.isEmpty && problems.isEmpty ? .failed : .refused
    case .succeeded:
      if !refusals.isEmpty { return .refused }
      return tally.failed + tally.held + tally.pending == 0 ? .succeeded : .left
    }
  }
}
