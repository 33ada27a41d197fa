// The imperative shell of a run: it carries out the machine's actions, in order, and brings back what
// happened. It decides nothing.

public import SynclineEngine
public import SynclineModel
public import SynclinePorts

/// Drives one run machine. Owns the event log while the run lasts, because the machine is its only
/// writer: nothing else may append between a fact and the events that rest on it.
public actor RunShell<Log: EventLog & Sendable> {
  private var machine: RunMachine
  private let log: Log
  private let source: any Connector
  private let target: any Connector
  private let settings: RunSettings
  private let clock: @Sendable () -> Timestamp
  private let progress: @Sendable (RunProgress) -> Void
  private var isCancelRequested = false
  private let executor: QueueExecutor

  /// LMDB blocks, so the shell has a thread of its own.
  public nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  /// - Parameters:
  ///   - clock: the moment it is.
  ///   - progress: told how far the run has come.
  public init(
    settings: RunSettings, log: Log, source: any Connector, target: any Connector,
    clock: @escaping @Sendable () -> Timestamp,
    progress: @escaping @Sendable (RunProgress) -> Void = { _ in }
  ) {
    machine = RunMachine(settings: settings, now: clock())
    self.settings = settings
    self.log = log
    self.source = source
    self.target = target
    self.clock = clock
    self.progress = progress
    executor = QueueExecutor(label: "syncline.run")
  }

  /// Asks the run to end at the next batch boundary. What is under way is finished and journaled.
  public func cancel() { isCancelRequested = true }

  /// Carries the run out. Throws where the journal fails; a failure of a system is part of the result.
  public func run() async throws -> RunResult {
    try await withThrowingTaskGroup(of: RunMachine.Input.self) { group in
      var underWay = 0
      var inputs: [RunMachine.Input] = [.started]
      while true {
        if inputs.isEmpty {
          guard let answer = try await group.next() else {
            preconditionFailure("the run machine waits for nothing")
          }
          underWay -= 1
          inputs.append(answer)
        }
        var hasAppended = false
        for action in try actions(after: inputs.removeFirst()) {
          switch action {
          case .append(let drafts):
            try append(drafts)
            hasAppended = true
          case .recallSeals(let sequences):
            inputs.append(.sealsRecalled(try log.seals(endingWith: sequences)))
          case .bind(let side, let objects):
            if let failure = await bind(side, objects) { inputs.append(failure) }
          case .report(let progress): self.progress(progress)
          case .finish(let result): return result
          case .inspect(let side), .createTracking(let side, _), .readPage(let side, _),
            .fetch(let side, _), .readChanges(let side, _), .acknowledge(let side, _, _),
            .probe(let side, _), .readDeletions(let side, _), .readStamped(let side, _),
            .readKeys(let side, _), .gatherEvidence(let side, _),
            .write(let side, _, _):
            let call = Call(
              connector: connector(side), side: side, settings: settings, head: try log.head)
            underWay += 1
            group.addTask { await call.carryOut(action) }
          }
        }
        if hasAppended, underWay == 0, inputs.isEmpty { inputs.append(.appended) }
      }
    }
  }

  private func actions(after input: RunMachine.Input) throws -> [RunMachine.Action] {
    let now = clock()
    let head = try log.head
    return try log.withState { state in
      if isCancelRequested {
        _ = try machine.handle(.cancelRequested, state: state, head: head, now: now)
      }
      return try machine.handle(input, state: state, head: head, now: now)
    }
  }

  private func append(_ drafts: [EventDraft]) throws {
    CrashPoint.hit(.beforeAppend)
    _ = try log.append(drafts, expecting: try log.head.sequence)
    CrashPoint.hit(.afterAppend)
  }

  private func connector(_ side: Side) -> any Connector { side == .source ? source : target }

  private func bind(_ side: Side, _ objects: [ObjectBinding]) async -> RunMachine.Input? {
    do {
      try await connector(side).bind(objects)
      return nil
    } catch {
      return .failed(side, SideFailure(error))
    }
  }
}
