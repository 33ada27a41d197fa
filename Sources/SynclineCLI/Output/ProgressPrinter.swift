import Foundation
import Synchronization
import SynclineEngine

/// Shows how far a run has come: a bar on a terminal, plain lines elsewhere, on standard error.
final class ProgressPrinter: Sendable {
  private struct State {
    var phase: RunProgress.Phase?
    var started = DispatchTime.now()
    var shown = DispatchTime(uptimeNanoseconds: 0)
    var base: UInt64 = 0
    var isLineOpen = false
  }

  private let isSilent: Bool
  private let isTerminal = Console.isTerminal
  private let mayColour = Console.mayColour
  private let state = Mutex(State())

  init(isSilent: Bool) { self.isSilent = isSilent }

  func show(_ progress: RunProgress) {
    if isSilent { return }
    state.withLock { state in
      let now = DispatchTime.now()
      if state.phase != progress.phase {
        close(&state)
        state.phase = progress.phase
        state.started = now
        state.base = progress.done
        state.shown = DispatchTime(uptimeNanoseconds: 0)
        if !isTerminal { write("\(progress.phase.rawValue)\n") }
      }
      guard isTerminal, now.uptimeNanoseconds - state.shown.uptimeNanoseconds > 100_000_000 else {
        return
      }
      state.shown = now
      state.isLineOpen = true
      write("\r\u{1B}[K" + line(progress, state, now))
    }
  }

  /// Ends the line that is open.
  func end() {
    if isSilent { return }
    state.withLock { close(&$0) }
  }

  private func close(_ state: inout State) {
    if state.isLineOpen { write("\r\u{1B}[K") }
    state.isLineOpen = false
  }

  private func line(_ progress: RunProgress, _ state: State, _ now: DispatchTime) -> String {
    let count = progress.done - min(state.base, progress.done)
    let seconds = Double(now.uptimeNanoseconds - state.started.uptimeNanoseconds) / 1e9
    let rate = seconds > 0.2 ? "  \(Int(Double(count) / seconds))/s" : ""
    let step = Int(seconds * 4) % 10
    let bar = String(repeating: "·", count: step) + "•" + String(repeating: "·", count: 9 - step)
    let shown = mayColour ? "\u{1B}[36m\(bar)\u{1B}[0m" : bar
    let object = progress.object.isEmpty ? "" : "  \(progress.object.neutral)"
    return "\(shown)  \(progress.phase.rawValue)\(object)  \(count) records\(rate)"
  }

  private func write(_ text: String) { Console.write(text, to: STDERR_FILENO) }
}
