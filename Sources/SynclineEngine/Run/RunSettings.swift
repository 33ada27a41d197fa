public import SynclineMapping
public import SynclineModel

/// All that a run is told before it begins.
public struct RunSettings: Sendable {
  public var definition: PackageDefinition
  public var journal: JournalID
  public var program: String
  public var allowances: Allowances
  public var source: SideLimits
  public var target: SideLimits
  /// The seconds between the run's patience with what failed long ago: a day.
  public static let retryAfter: Int64 = 86_400_000_000

  public init(
    definition: PackageDefinition, journal: JournalID, program: String,
    allowances: Allowances = Allowances(), source: SideLimits, target: SideLimits
  ) {
    self.definition = definition
    self.journal = journal
    self.program = program
    self.allowances = allowances
    self.source = source
    self.target = target
  }

  subscript(side: Side) -> SideLimits { side == .source ? source : target }
}

/// What a side can take, as its connector says.
public struct SideLimits: Hashable, Sendable {
  public var batch: Int
  public var page: Int
  public var detection: ChangeDetection
  public var writes: WritePromises
  public var reportsTime: Bool
  /// How fine the system tells the time of an edit, in microseconds.
  public var timePrecision: Int64

  public init(
    batch: Int, page: Int, tracksByTriggers: Bool, reportsTime: Bool, timePrecision: Int64 = 0,
    stamps: StampRules? = nil, writes: WritePromises = .transactional
  ) {
    detection = stamps.map { .stamps($0) } ?? (tracksByTriggers ? .queue : .none)
    self.writes = writes
    self.timePrecision = timePrecision
    self.batch = batch
    self.page = page
    self.reportsTime = reportsTime
  }

  public var tracksByTriggers: Bool { detection == .queue }
}

/// What a person allowed for one run.
public struct Allowances: Hashable, Sendable {
  /// Objects of which one side may show no record any more.
  public var emptied: Set<String> = []
  /// How many deletes may be sent, where the brake would hold them.
  public var deletes: UInt64?
  /// The vanished journal whose tracking becomes ours.
  public var takeover: JournalID?
  /// What was put back from a backup.
  public var restored: Restoration?
  /// Commands that may be sent; the rest stays pending.
  public var limit: UInt64?
  /// The record that alone is decided; the rest stays on the agenda.
  public var only: ChosenRecord?

  public init() {}

  /// As a person gave them.
  public var words: [String] {
    emptied.sorted().map { "emptied=\($0)" } + (deletes.map { ["deletes=\($0)"] } ?? [])
      + (takeover.map { ["takeover=\($0)"] } ?? []) + (restored.map { ["restored=\($0)"] } ?? [])
      + (limit.map { ["limit=\($0)"] } ?? []) + (only.map { ["only=\($0.objectName)"] } ?? [])
  }
}

/// Why a run will not begin, or holds something back, until a person allows it.
public struct Refusal: Hashable, Sendable {
  /// A short word: `identity`, `owner`, `package`, `takeover`, `backup`, `deletes`, `emptied`…
  public var code: String
  /// Names the thing, the figures, and the option that lifts it.
  public var message: String

  public init(code: String, message: String) {
    self.code = code
    self.message = message
  }
}

/// Why a call to a side failed, as the shell understood it.
public struct SideFailure: Hashable, Sendable {
  public enum Disposition: Hashable, Sendable {
    /// The run ends Failed; the next one goes on.
    case stop
    /// A person must change something: exit 2.
    case user
  }
  public var disposition: Disposition
  /// Safe to show.
  public var message: String
  /// Whether it is certain that nothing of what the call asked for was done, nor will be.
  public var didNothing: Bool
  /// Of a write that may have done something: the commands of which it is certain that nothing was done.
  public var undone: [CommandID]

  public init(
    disposition: Disposition, message: String, didNothing: Bool = false, undone: [CommandID] = []
  ) {
    self.undone = undone
    self.disposition = disposition
    self.message = message
    self.didNothing = didNothing
  }
}

/// How far a run has come, for a person to watch.
public struct RunProgress: Hashable, Sendable {
  public enum Phase: String, Hashable, Sendable {
    case opening
    case reading
    case writing
    case closing
  }
  public var phase: Phase
  /// Records read or commands answered so far.
  public var done: UInt64
  public var object: String

  public init(phase: Phase, done: UInt64, object: String = "") {
    self.phase = phase
    self.done = done
    self.object = object
  }
}

/// How a run ended.
public struct RunResult: Hashable, Sendable {
  public var run: RunNumber
  public var state: RunState
  public var tally: RunTally
  /// Why it was refused, or what was held back.
  public var refusals: [Refusal]
  /// Problems of the package or its systems, where that is why.
  public var problems: [PackageProblem]
  /// Why it failed.
  public var failure: SideFailure?
}
