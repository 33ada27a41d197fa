import SynclineMapping
import SynclineModel

/// Where a run stands in the agenda. A round works through all of it: what match rules link, so that
/// nothing is deleted whose partner was made again; deletes, children first; then task by task, parents
/// first, updates before inserts.
struct AgendaWalk: Hashable, Sendable {
  struct Pass: Hashable, Sendable {
    var task: TaskNumber
    var part: AgendaClass
    /// Whether records are linked by the task's match rule, and nothing else is done.
    var onlyLinks = false
  }

  private var passes: [Pass] = []
  private var index = 0
  /// The last number that was decided in this pass.
  var after: UInt64 = 0
  private(set) var round = 1
  /// Whether this round found anything to journal; then another one follows.
  var hasProgressed = false
  /// Whether a command of this round was confirmed, so that what it blocked may pass now.
  var hasConfirmed = false
  /// The same of the round before.
  private(set) var hadConfirmed = false
  /// What the round left, in the end: these become the run's tally.
  var held: UInt64 = 0
  /// Those of them that are held because systems rewrite what is written, by task.
  var bouncing: [TaskNumber: UInt64] = [:]
  var pending: UInt64 = 0
  var failed: UInt64 = 0
  /// Records whose refusal may pass once another record has changed.
  var mayPass: Set<RecordNumber> = []
  /// The record that gets a third value in this round, because a circle of records want one another's
  /// unique values.
  private(set) var interim = RecordNumber.none
  private var interims: Set<RecordNumber> = []
  /// Deletes that only records keep back which shall be deleted themselves.
  var circled: UInt64 = 0
  /// Whether the foreign keys of such records are emptied in this round, so that a circle can go.
  private(set) var loosens = false

  /// What becomes of deleted records, by link, as this round has found it.
  var fates: [LinkNumber: Fate] = [:]
  /// Records that are new on one side and go with a parent that the other side deleted: in this round
  /// they are not inserted.
  var doomed: Set<RecordNumber> = []

  /// A run that never comes to rest ends its rounds here; what is left stays pending.
  static let roundsMax = 12

  init() {}

  /// - Parameter isInEpoch: whether this run is the one after a reset of LastSyncTime.
  init(_ mapping: CompiledMapping, isInEpoch: Bool) {
    let order = mapping.parentsFirst
    if isInEpoch { passes = order.map { Pass(task: $0, part: .waiting) } }
    for task in mapping.tasks {
      guard case .pairs = task.match else { continue }
      for part in [AgendaClass.newSource, .newTarget, .single] {
        passes.append(Pass(task: task.number, part: part, onlyLinks: true))
      }
    }
    passes += order.reversed().map { Pass(task: $0, part: .gone) }
    for task in order {
      for part in [AgendaClass.linked, .single, .newSource, .newTarget] {
        passes.append(Pass(task: task, part: part))
      }
    }
  }

  var hasBegun: Bool { !passes.isEmpty }

  var pass: Pass? { index < passes.count ? passes[index] : nil }

  mutating func nextPass() {
    index += 1
    after = 0
  }

  /// Begins the next round; false where nothing new came up, or after too many rounds.
  mutating func nextRound() -> Bool {
    interim = .none
    if !hasConfirmed, let stuck = mayPass.subtracting(interims).min() {
      interim = stuck
      interims.insert(stuck)
    }
    let isStuck = !hasProgressed && interim == .none && circled > 0 && !loosens
    guard hasProgressed || interim != .none || isStuck, round < Self.roundsMax else { return false }
    loosens = isStuck
    circled = 0
    fates = [:]
    doomed = []
    round += 1
    index = 0
    after = 0
    hasProgressed = false
    hadConfirmed = hasConfirmed
    hasConfirmed = false
    held = 0
    bouncing = [:]
    pending = 0
    failed = 0
    return true
  }
}
