// One run: the product's run machine, with answers that come in an order, and with mishaps, that the
// plan chose.

import SynclineEngine
import SynclineJournal
import SynclineMapping
import SynclineModel
import SynclineOracle
import SynclinePorts

/// A call that was sent and is not answered yet.
struct PendingCall {
  var side: Side
  var action: RunMachine.Action
  var head: JournalHead
}

extension Place {
  var side: Side { self == .source ? .source : .target }
  init(_ side: Side) { self = side == .source ? .source : .target }
}

extension Simulation {
  func run(_ intrusions: [Intrusion], limit: Int?) throws {
    tell()
    let before = systems.map(\.state.changes.count)
    let start = clock.tick()
    let unseen = Dictionary(
      uniqueKeysWithValues: Place.allCases.compactMap { place in
        systems[place.rawValue].unseenSince.map { (place, $0) }
      })
    var driver = RunDriver(simulation: self, intrusions: intrusions, limit: limit)
    var result: RunResult?
    do { result = try driver.drive() } catch is Death {
      figures.crashes += 1
      driver.leaveUnanswered()
      note("the process dies")
      try restart()
    }
    tell()
    let end = clock.tick()
    figures.runs += 1
    heads.append(journal.head)
    extents.append(
      RunExtent(
        step: stepIndex, calls: driver.calls, appends: driver.appends, effects: driver.effects))
    figures.faults += driver.faults
    let writes = zip(systems, before).reduce(0) { sum, pair in
      sum + pair.0.state.changes[pair.1...].count { $0.author == .run }
    }
    // One that died once its close was journaled had come to its end.
    let tally = result?.tally ?? driver.closed?.tally ?? RunTally()
    let state = result?.state ?? driver.closed?.state
    let isOK = state == .succeeded && result?.refusals.isEmpty != false
    try followJournal()
    try followConflicts()
    if isOK {
      formerNames = [:]
      for system in systems { system.state.isRenewing = false }
    }
    // What a search does not show yet is not there for the run.
    let isClean =
      isOK && unseen.isEmpty && tally.held == 0 && tally.pending == 0 && tally.failed == 0
    history.runs.append(
      Span(
        start: start, end: end, isOK: isOK,
        isClean: isClean, commands: driver.commands, writes: writes,
        listed: try listed(isClean: isClean), unseen: unseen))
    note(
      "run: \(result.map { "\($0.state)" } ?? "died"), \(driver.calls) calls, \(driver.commands) commands, "
        + "\(writes) rows, held \(tally.held) pending \(tally.pending) failed \(tally.failed) "
        + "\(result?.failure?.message ?? "") \(result?.refusals.map(\.message).joined() ?? "")"
        + "\(result?.problems.map(\.message).joined() ?? "")")
    if let result, result.state == .failed, !driver.isDisturbed {
      violations.append(
        Violation(
          "L14",
          "an undisturbed run failed: \(result.failure?.message ?? "") \(result.refusals) \(result.problems)"
        ))
    }
  }
}

/// A run that does not come to its end.
struct Endless: Error, CustomStringConvertible {
  var description: String { "a run does not come to its end" }
}

/// Drives one run machine as the shell does, call by call.
struct RunDriver {
  let simulation: Simulation
  let intrusions: [Intrusion]
  let settings: RunSettings
  var machine: RunMachine
  var pending: [PendingCall] = []
  var calls = 0
  var appends = 0
  /// The calls so far that change a system.
  var effects: [Int] = []
  /// Writes to clouds that may take effect later.
  var cloudWrites = 0
  var commands = 0
  var faults = 0
  var isDisturbed = false
  var isCanceled = false
  /// What was written since the last append: the journal does not know the answer yet.
  var written: [Unanswered] = []
  /// What the journal says of its end.
  var closed: RunClosed?
  let start: Int
  /// Places of mishaps that waited for a write and met one.
  var spent: Set<Int> = []
  var dice: Dice

  init(simulation: Simulation, intrusions: [Intrusion], limit: Int?) {
    self.simulation = simulation
    self.intrusions = intrusions
    start = simulation.clock.step
    var allowances = Allowances()
    let shape = simulation.shape
    for place in Place.allCases {
      allowances.emptied.formUnion(shape.entities.map { Shape.object($0, place).rawValue })
    }
    allowances.limit = limit.map { UInt64($0) }
    settings = RunSettings(
      definition: shape.definition, journal: simulation.journal.id, program: "simulated",
      allowances: allowances, source: Self.limits(shape.sides[0]),
      target: Self.limits(shape.sides[1]))
    machine = RunMachine(settings: settings, now: simulation.clock.now)
    dice = Dice(seed: simulation.plan.seed ^ UInt64(simulation.stepIndex) << 32)
  }

  private static func limits(_ side: SideShape) -> SideLimits {
    SideLimits(
      batch: side.batchLimit, page: side.pageLimit, tracksByTriggers: side.cloud == nil,
      reportsTime: true, timePrecision: side.clockPrecision, stamps: side.cloud?.stamps,
      writes: side.cloud?.writes ?? .transactional)
  }

  mutating func drive() throws -> RunResult {
    var inputs: [RunMachine.Input] = [.started]
    while true {
      if inputs.isEmpty {
        if pending.isEmpty { throw Endless() }
        inputs.append(try answer(pending.remove(at: dice.roll(pending.count))))
      }
      var hasAppended = false
      for action in try actions(after: inputs.removeFirst()) {
        switch action {
        case .append(let drafts):
          try append(drafts)
          hasAppended = true
        case .bind(let side, let objects): system(side).bind(objects)
        case .recallSeals(let sequences):
          inputs.append(.sealsRecalled(try simulation.journal.seals(endingWith: sequences)))
        case .report: continue
        case .finish(let result): return result
        case .inspect(let side), .createTracking(let side, _), .readPage(let side, _),
          .fetch(let side, _), .readChanges(let side, _), .acknowledge(let side, _, _),
          .probe(let side, _), .readDeletions(let side, _), .readStamped(let side, _),
          .readKeys(let side, _), .gatherEvidence(let side, _),
          .write(let side, _, _):
          pending.append(
            PendingCall(side: side, action: action, head: simulation.journal.head))
        }
      }
      if hasAppended, pending.isEmpty, inputs.isEmpty { inputs.append(.appended) }
    }
  }

  /// A run of a world this small that calls so often goes round in circles.
  private static let callsMax = 2000

  private func system(_ side: Side) -> InventedSystem {
    simulation.systems[Place(side).rawValue]
  }

  private mutating func actions(
    after input: RunMachine.Input
  ) throws -> [RunMachine.Action] {
    let now = simulation.clock.now
    let head = simulation.journal.head
    return try simulation.journal.withState { state in
      if isCanceled {
        _ = try machine.handle(.cancelRequested, state: state, head: head, now: now)
      }
      return try machine.handle(input, state: state, head: head, now: now)
    }
  }

  private mutating func append(_ drafts: [EventDraft]) throws {
    appends += 1
    if intrusions.contains(.diesBeforeAppend(appends)) { throw Death() }
    try simulation.journal.append(drafts, expecting: simulation.journal.head.sequence)
    written = []
    for case .runClosed(let closed) in drafts.map(\.body) { self.closed = closed }
    if intrusions.contains(.diesAfterAppend(appends)) { throw Death() }
  }

  // MARK: Calls

  private mutating func answer(_ call: PendingCall) throws -> RunMachine.Input {
    calls += 1
    if calls > Self.callsMax { throw Endless() }
    switch call.action {
    case .createTracking, .acknowledge, .write: effects.append(calls)
    default: break
    }
    let blind = Set((pending + [call]).filter(isBlind).map { Place($0.side) })
    simulation.carryOutLate(sparing: blind)
    intrude(call, sparing: blind)
    if intrusions.contains(.diesBefore(call: calls)) { throw Death() }
    if intrusions.contains(.failsBefore(call: calls)) {
      // A cloud that refuses everything says that it did nothing; a connection that breaks does not.
      let isTold = system(call.side).rules.cloud != nil && calls.isMultiple(of: 2)
      return fail(call, isTold ? "and is told so" : "before it", didNothing: isTold)
    }
    if givesUp(call) { return fail(call, "before it is carried out") }
    let input: RunMachine.Input
    do throws(ConnectorFailure) { input = try carryOut(call) } catch {
      return .failed(call.side, SideFailure(disposition: .stop, message: error.description))
    }
    if intrusions.contains(.diesAfter(call: calls)) { throw Death() }
    if intrusions.contains(.failsAfter(call: calls)) { return fail(call, "after it") }
    return input
  }

  /// A call to a cloud that seems lost and takes effect later. What overwrites without looking is lost
  /// indeed: nobody would learn what stood there.
  private mutating func givesUp(_ call: PendingCall) -> Bool {
    guard case .write(let side, let object, let commands) = call.action,
      let cloud = system(side).rules.cloud
    else { return false }
    let kept = commands.filter { $0.operation == .insert || cloud.comparesFirst }
    if kept.isEmpty { return false }
    cloudWrites += 1
    guard intrusions.contains(.givesUp(write: cloudWrites)) else { return false }
    let wait = Int64(dice.roll(1...4)) * (cloud.lateness / 4)
    simulation.late.append(
      LateCall(
        due: Timestamp(microseconds: simulation.clock.now.microseconds + wait),
        place: Place(side),
        batch: WriteBatch(object: object, commands: kept, head: call.head), sent: start))
    return true
  }

  private mutating func fail(
    _ call: PendingCall, _ moment: String, didNothing: Bool = false
  ) -> RunMachine.Input {
    faults += 1
    isDisturbed = true
    leaveUnanswered()
    simulation.note("call \(calls) to the \(call.side) fails \(moment)")
    return .failed(
      call.side,
      SideFailure(
        disposition: .stop, message: "the connection broke", didNothing: didNothing))
  }

  /// An edit between a blind system's last read and its write is lost by design: none is made there, whatever
  /// other call is answered meanwhile.
  private func isBlind(_ call: PendingCall) -> Bool {
    if case .write = call.action {
      system(call.side).rules.cloud?.hasBlindWindow == true
    } else {
      false
    }
  }

  /// What users do at this very moment.
  private mutating func intrude(_ call: PendingCall, sparing blind: Set<Place>) {
    let isBlind = blind.contains(Place(call.side))
    for intrusion in intrusions {
      switch intrusion {
      case .edits(calls, let place, let edits):
        if !blind.contains(place) { simulation.transaction(place, edits) }
      case .aimed(calls, let field, let value):
        guard !isBlind, case .write(let side, let object, let commands) = call.action,
          let key = commands.compactMap(\.key).first, case .integer(let number) = key.value,
          let bound = system(side).bindings[object],
          let row = system(side).state.tables[bound.object][number],
          let tag = row[ObjectRules.tag].plain
        else { continue }
        simulation.transaction(
          Place(side),
          [Edit(kind: .update, record: RecordName(bound.object, tag), values: [field: value])])
      case .crosses(Place(call.side), let record, let field, let value):
        guard !isBlind, case .write(let side, let object, let commands) = call.action,
          system(side).bindings[object]?.object == record.entity,
          let key = system(side).keys(tagged: record.tag, of: record.entity).first,
          commands.contains(where: { $0.key == NativeKey(integer: key) })
        else { continue }
        simulation.transaction(
          Place(side), [Edit(kind: .update, record: record, values: [field: value])])
      case .deletesLast(calls):
        guard !isBlind, case .write(let side, let object, let commands) = call.action,
          commands.contains(where: { $0.operation == .insert }),
          let bound = system(side).bindings[object],
          let last = system(side).state.tables[bound.object].max(by: { $0.key < $1.key }),
          let tag = last.value[ObjectRules.tag].plain
        else { continue }
        simulation.transaction(
          Place(side), [Edit(kind: .delete, record: RecordName(bound.object, tag))])
      case .cancels(calls):
        isCanceled = true
        isDisturbed = true
      default: continue
      }
    }
  }

  private mutating func carryOut(_ call: PendingCall) throws(ConnectorFailure) -> RunMachine.Input {
    let system = system(call.side)
    let side = call.side
    switch call.action {
    case .inspect:
      return .inspected(side, system.inspect(requests(side), ourJournal: settings.journal))
    case .createTracking(_, let plan):
      let owner = OwnerRow(
        journal: settings.journal, side: side, generation: plan.generation,
        sequence: call.head.sequence, seal: call.head.seal, identities: plan.identities,
        pairs: plan.pairs)
      let identity = system.createTracking(
        TrackingRequest(objects: plan.objects, owner: owner, takeover: plan.takeover))
      return .trackingCreated(side, identity, owner: call.head.sequence)
    case .readPage(_, let request): return .pageRead(side, try system.readPage(request))
    case .fetch(_, let request): return .fetched(side, try system.fetch(request))
    case .readChanges(_, let limit):
      return .changesRead(side, try system.readChanges(limit: limit))
    case .acknowledge(_, let entries, let below):
      try system.acknowledge(
        Acknowledgement(entries: entries, commandsBelow: below, head: call.head))
      return .acknowledged(side, owner: call.head.sequence)
    case .probe(_, let commands):
      return .probed(
        side,
        try system.probe(commands.map { ProbeRequest(object: $0.object, command: $0.command) }))
    case .write(_, let object, let commands):
      return .written(side, try write(object, commands, call, system), owner: call.head.sequence)
    case .readDeletions(_, let request):
      return .deletionsRead(side, try system.readDeletions(request))
    case .readStamped(_, let request):
      return .stampedRead(side, try system.readStamped(request))
    case .readKeys(_, let request): return .keysRead(side, try system.readKeys(request))
    case .gatherEvidence(_, let request):
      return .evidenceGathered(side, try system.gatherEvidence(request))
    case .append, .bind, .recallSeals, .report, .finish: preconditionFailure("no call to a system")
    }
  }

  private func requests(_ side: Side) -> [ObjectRequest] {
    settings.definition.tasks.map { ObjectRequest(name: $0.object(side).object) }
  }
}
