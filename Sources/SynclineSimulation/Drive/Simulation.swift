// Carries out a plan: invented systems on both sides, the product's own run machine, mapping and
// journal between them. Nothing here waits, and nothing is random that does not follow from the plan.

import SynclineEngine
import SynclineJournal
import SynclineMapping
import SynclineModel
import SynclineOracle
import SynclinePorts

/// What a seed was, for the means.
struct Figures: Sendable {
  var tasks = 0
  var records = 0
  var runs = 0
  var edits = 0
  var crashes = 0
  var faults = 0
  var conflicts = 0
  var listed = 0
}

/// How far a run went: where in it a process can die.
struct RunExtent: Hashable, Sendable {
  var step: Int
  var calls: Int
  var appends: Int
  /// The calls that change a system, by number.
  var effects: [Int]
}

/// A call to a cloud that takes effect after its caller gave up.
struct LateCall {
  var due: Timestamp
  var place: Place
  var batch: WriteBatch
  /// When the run began that sent it.
  var sent: Int
}

/// The process died here; what it held in memory is gone.
struct Death: Error {}

final class Simulation {
  let plan: Plan
  let folder: String
  let clock = WorldClock()
  let systems: [InventedSystem]
  var shape: Shape
  var since: [[Int]]
  var journal: Journal
  var history: History
  var figures = Figures()
  var violations: [Violation] = []
  /// One line per step, where it is asked for.
  var log: [String]?
  /// Which record each link is about, and each record's name, as far as they were seen.
  var links: [LinkNumber: RecordName] = [:]
  var names: [RecordNumber: RecordName] = [:]
  /// What records were called before what a run has read since the last one that succeeded.
  var formerNames: [RecordNumber: RecordName] = [:]
  var read = EventSequence.none
  /// The conflicts that the program has recorded.
  var losses: [EventSequence: Loss] = [:]
  /// How many changes of each system were told to the oracle.
  var told = [0, 0]
  var stepIndex = 0
  /// The journal's head after each run.
  var heads: [JournalHead] = []
  /// The runs so far, with what each did.
  var extents: [RunExtent] = []
  /// How many transactions changed nothing, since what they were about was not there.
  var idleTransactions = 0
  /// Whether it ends at a transaction that changes nothing.
  var endsWhenIdle = false
  /// Calls whose caller gave up and that take effect later.
  var late: [LateCall] = []

  /// - Parameter folder: where the journal is made; removed by the caller.
  init(_ plan: Plan, folder: String, isLogged: Bool = false) throws {
    self.plan = plan
    self.folder = folder
    shape = plan.shape
    since = plan.shape.entities.map { $0.fields.map { _ in 0 } }
    log = isLogged ? [] : nil
    systems = Place.allCases.map { [clock] place in
      InventedSystem(
        plan.shape.rules(place), identity: SystemIdentity("invented \(place)"), clock: clock)
    }
    history = History(entities: [])
    journal = try Journal.create(
      folder: folder, id: JournalID(bytes: [UInt8](repeating: 7, count: 16)),
      created: clock.now, secrets: Self.secrets(plan.seed))
    figures.tasks = plan.shape.entities.count
  }

  static func secrets(_ seed: UInt64) -> @Sendable () -> [UInt8] {
    { [UInt8](repeating: UInt8(truncatingIfNeeded: seed), count: 32) }
  }

  func note(_ line: @autoclosure () -> String) {
    if log != nil { log?.append("\(clock.step)  \(line())") }
  }

  /// Carries out the plan to its end, or to the first quiet point at which a law does not hold. The
  /// journal stays open.
  func execute() throws -> [Violation] {
    try goOn(plan.steps)
    if endsWhenIdle, idleTransactions > 0 { return [] }
    if violations.isEmpty { try judgeJournal() }
    return violations
  }

  /// Carries out steps, until a law does not hold.
  func goOn(_ steps: [Step]) throws {
    for step in steps {
      try carryOut(step)
      stepIndex += 1
      if !violations.isEmpty || endsWhenIdle && idleTransactions > 0 { return }
    }
  }

  private func carryOut(_ step: Step) throws {
    switch step {
    case .edits(let place, let edits):
      pass(2)
      transaction(place, edits)
    case .run(let intrusions, let limit):
      pass(20)
      try run(intrusions, limit: limit)
    case .resetLastSync:
      history.resets.append(clock.tick())
      note("reset LastSyncTime")
      try reset(.lastSyncTime)
    case .resetTracking:
      note("reset InitTrackingObjects")
      for system in systems { system.state.isRenewing = true }
      try reset(.initTrackingObjects)
    case .remap(let entity, let field, let mapping):
      shape.entities[entity].fields[field].mapping = mapping
      since[entity][field] = clock.tick()
      note(
        "map \(shape.entities[entity].name).\(shape.entities[entity].fields[field].name) \(mapping)"
      )
    case .dropTrigger(let place, let entity):
      note("drop the trigger of \(shape.entities[entity].name) in the \(place)")
      systems[place.rawValue].state.tracking?.damaged.insert(entity)
    case .stranger: try letStrangerTry()
    case .settle: try settle()
    }
  }

  /// Up to so many seconds pass, where a cloud waits for them.
  private func pass(_ seconds: Int) {
    guard plan.shape.hasCloud else { return }
    // Until all was read once nothing lags: a match rule cannot find what is not shown yet.
    let isWhole = seconds >= 60 || !history.runs.contains(where: \.isOK)
    let part = isWhole ? 4 : (UInt64(stepIndex) &* 7919 &+ plan.seed) % 4
    let end = clock.now.microseconds + Int64(seconds) * 250_000 * Int64(part)
    // What takes effect meanwhile does so at its own time.
    while let next = nextDue, next.microseconds < end {
      clock.pass(max(0, next.microseconds - clock.now.microseconds))
      carryOutLate()
    }
    clock.pass(max(0, end - clock.now.microseconds))
  }

  /// When something happens next that nobody has a part in.
  private var nextDue: Timestamp? {
    (late.map(\.due) + systems.flatMap { $0.state.automations.map(\.due) }).min()
  }

  /// Calls whose caller gave up take effect now, and automations run, where their time has come.
  /// - Parameter spared: a system whose automations wait.
  func carryOutLate(sparing spared: Set<Place> = []) {
    for place in Place.allCases where !spared.contains(place) {
      let tags = systems[place.rawValue].carryOutAutomations()
      if !tags.isEmpty { note("\(place): an automation marks \(tags)") }
    }
    let due = late.filter { $0.due <= clock.now }
    late.removeAll { $0.due <= clock.now }
    for call in due {
      let system = systems[call.place.rawValue]
      let known = system.state.changes.count
      do throws(ConnectorFailure) {
        let outcomes = try system.write(call.batch, refused: nil)
        history.unanswered += system.state.changes[known...].compactMap {
          unanswered($0, call.place, sent: call.sent)
        }
        note("late, in the \(call.place): \(outcomes.count) commands")
      } catch {
        note("late, in the \(call.place), and to no effect: \(error)")
      }
    }
  }

  private func reset(_ parameter: Parameter) throws {
    try journal.append(
      [
        EventDraft(
          time: clock.now, run: .none, body: .parameterReset(ParameterReset(parameter: parameter)))
      ],
      expecting: journal.head.sequence)
  }

  /// The process is gone and comes back: what is not in the journal is forgotten.
  func restart() throws {
    journal.close()
    journal = try Journal.open(folder: folder, secrets: Self.secrets(plan.seed))
    for system in systems { system.reading = nil }
  }

  // MARK: Quiet

  /// Runs that nothing disturbs are enough when the last two had nothing to do.
  private static let settlingRunsMax = 24

  private func settle() throws {
    var calm = 0
    for _ in 0..<Self.settlingRunsMax {
      pass(60)
      try run([], limit: nil)
      guard violations.isEmpty, let last = history.runs.last else { return }
      calm = last.isOK && last.commands == 0 && last.writes == 0 ? calm + 1 : 0
      if calm >= 2, last.isClean { break }
      if calm >= 9 { break }
    }
    tell()
    history.entities = shape.laws(since: since)
    history.late = Set(Place.allCases.filter { systems[$0.rawValue].rules.cloud != nil })
    try gather()
    if calm == 0, let last = history.runs.last, last.writes > 0 {
      violations.append(
        Violation("L5", "it never comes to rest: \(last.writes) rows in the last run"))
    }
    if let last = history.runs.last, !last.isClean, try isStuck() {
      violations.append(
        Violation("L14", "nothing stands in the way of \(last.listed.sorted()), but they wait"))
    }
    violations += Oracle.judge(history)
    figures.records = max(
      figures.records, Set(history.acts.map(\.record)).count)
    figures.listed += history.runs.last?.listed.isEmpty == false ? 1 : 0
    figures.conflicts = history.losses.count
  }
}
