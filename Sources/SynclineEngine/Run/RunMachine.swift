// The run machine: a run as a state machine without IO (Docs/Architecture.md, "A run"). Facts come in,
// actions go out. Durable facts leave as `append`, which the shell carries out before any later action;
// state is read through a `StateView`. The simulator drives this very machine.

import SynclineMapping
public import SynclineModel

/// One run of a package.
public struct RunMachine: Sendable {
  /// What has happened.
  public enum Input: Hashable, Sendable {
    case started
    /// What the machine asked to be appended now stands in the journal; nothing else is under way
    /// that would wake it.
    case appended
    case inspected(Side, Inspection)
    /// The journal's own seals at the events that were asked for; none where no block ends there.
    case sealsRecalled([EventSequence: [UInt8]])
    /// `owner`: where the owner row stands now.
    case trackingCreated(Side, SystemIdentity, owner: EventSequence)
    case pageRead(Side, RecordPage)
    case fetched(Side, FetchedRecords)
    case changesRead(Side, ChangePage)
    case acknowledged(Side, owner: EventSequence)
    case probed(Side, [ProbeOutcome])
    /// On a side that tells its changes by stamps.
    case deletionsRead(Side, DeletionPage)
    case stampedRead(Side, StampedPage)
    case keysRead(Side, KeyPage)
    case evidenceGathered(Side, Evidence)
    case written(Side, [WriteOutcome], owner: EventSequence)
    /// A call failed as a whole. What it wrote, if anything, is unknown.
    case failed(Side, SideFailure)
    /// A person or the system asked the run to end.
    case cancelRequested
  }

  /// What shall be done, in this order; calls to different sides may overlap.
  public enum Action: Hashable, Sendable {
    case append([EventDraft])
    case inspect(Side)
    /// Looks up the journal's own seals at these events.
    case recallSeals([EventSequence])
    case bind(Side, [ObjectBinding])
    case createTracking(Side, TrackingPlan)
    case readPage(Side, PageRequest)
    case fetch(Side, FetchRequest)
    case readChanges(Side, limit: Int)
    /// These only to a side that tells its changes by stamps.
    case readDeletions(Side, StampedRequest)
    case readStamped(Side, StampedRequest)
    case readKeys(Side, PageRequest)
    case gatherEvidence(Side, EvidenceRequest)
    /// The shell adds the journal's head.
    case acknowledge(Side, entries: [EntryRange], commandsBelow: CommandID)
    case probe(Side, [OutgoingCommand])
    /// One object's commands; the shell adds the journal's head.
    case write(Side, ObjectNumber, [WriteCommand])
    case report(RunProgress)
    case finish(RunResult)
  }

  /// What the machine stands in.
  enum Phase: Hashable, Sendable {
    case idle
    case opening
    case settling
    case observing
    case deciding
    case closing
    case finished
  }

  /// As given, less the tasks that cannot run today.
  var settings: RunSettings
  var phase = Phase.idle
  var clock: Timestamp
  var started: Timestamp
  var run = RunNumber.none
  var isOpened = false
  var isCanceled = false
  var failure: SideFailure?
  var refusals: [Refusal] = []
  var tally = RunTally()

  /// Events that wait for the next append.
  var drafts: [EventDraft] = []
  /// The head of the journal when the input came; the first draft gets the sequence after it.
  var head = JournalHead.empty

  /// What the inspections told of the systems' clocks.
  var clocks = ClockOffsets()
  var inspections: [Side: Inspection] = [:]
  var objects: [ObjectNumber: ObjectObserved] = [:]
  var mapping = CompiledMapping(tasks: [])
  var revision = MappingRevision.none
  var contexts: [TaskNumber: MappingContext] = [:]

  var readers: [Side: SideReader] = [:]
  var walk = AgendaWalk()
  /// The last link that stood before this run.
  var linksBefore = LinkNumber.none
  var brakes = Brakes()
  /// Records of a restored side that the journal knows as deleted.
  var revenants: Set<RecordNumber> = []
  /// Whether the brakes were measured: after what was made again is linked, before anything is sent.
  var isBraked = false
  /// What was found of the one record that the run is for.
  var choice = Choice()
  /// Records that a write found gone; the queue of their side tells whether they were deleted or moved.
  var vanished: Set<RecordNumber> = []
  /// What is still to be asked about commands of an earlier run that no system keeps count of.
  var inquiries: [Side: [Inquiry]] = [:]
  /// Since when all records of a side are known as they stood, where its searches do not lag.
  var readAt: [Side: Timestamp] = [:]
  /// Which edits of a side go nowhere; found once, when the reading begins.
  var ignoring: [Side: IgnoredEdits] = [:]
  /// The batch whose records are being read before it is sent.
  var preReads: [Side: PreRead] = [:]
  /// What was written and not shown, and is to be read before the run goes on.
  var unshown: [Side: [ReadBack]] = [:]
  /// What of it is being read.
  var readBacks: [Side: ReadBack] = [:]
  /// Sides whose queue is read once more, because of them.
  var rereads: Set<Side> = []
  /// Intents of an earlier run that this one has asked about.
  var asked: Set<CommandID> = []
  /// How often it asked all of them.
  var askings = 0
  /// Commands that wait until their side is free.
  var outbox: [Outbound] = []
  /// The commands of the call that each side is answering.
  var inFlight: [Side: [CommandID]] = [:]
  /// Sides whose answer to a write, probe or acknowledgement is awaited.
  var awaited: Set<Side> = []
  /// The commands under way, by id.
  var underWay: [CommandID: OutgoingCommand] = [:]
  var owners: [Side: EventSequence] = [:]
  var done: UInt64 = 0
  /// Whether `--limit` kept a command back.
  var isLimited = false
  /// Whether this run brought a new mapping into force.
  var hasAdopted = false
  /// Commands issued in this run.
  var sent: UInt64 = 0

  /// - Parameter now: the moment at which the run begins.
  public init(settings: RunSettings, now: Timestamp) {
    self.settings = settings
    clock = now
    started = now
  }

  /// Takes a fact and says what to do next.
  ///
  /// - Parameters:
  ///   - state: the state with everything appended so far.
  ///   - head: the journal's head in that state.
  ///   - now: the moment at which the fact came.
  public mutating func handle(
    _ input: Input, state: borrowing some StateView & ~Copyable, head: JournalHead, now: Timestamp
  ) throws(StateFailure) -> [Action] {
    self.head = head
    clock = max(clock, now)
    var actions: [Action] = []
    switch input {
    case .started: actions = try start(state)
    case .appended: actions = try proceed(state)
    case .inspected(let side, let inspection):
      inspections[side] = inspection
      measure(inspection, on: side)
      if inspections.count == 2 { actions = try recall(state) }
    case .sealsRecalled(let seals): actions = try open(state, seals: seals)
    case .trackingCreated(let side, let identity, let owner):
      owners[side] = owner
      actions = try trackingCreated(side, identity, state)
    case .pageRead(let side, let page): actions = try pageRead(side, page, state)
    case .fetched(let side, let answer): actions = try fetched(side, answer, state)
    case .changesRead(let side, let page): actions = try changesRead(side, page, state)
    case .acknowledged(let side, let owner):
      owners[side] = owner
      actions = try acknowledged(side, state)
    case .probed(let side, let outcomes): actions = try probed(side, outcomes, state)
    case .deletionsRead(let side, let page): actions = try deletionsRead(side, page, state)
    case .stampedRead(let side, let page): actions = try stampedRead(side, page, state)
    case .keysRead(let side, let page): actions = try keysRead(side, page, state)
    case .evidenceGathered(let side, let evidence):
      actions = try evidenceGathered(side, evidence, state)
    case .written(let side, let outcomes, let owner):
      owners[side] = owner
      actions = try written(side, outcomes, state)
    case .failed(let side, let failure): actions = try failed(side, failure, state)
    case .cancelRequested:
      isCanceled = true
      return []
    }
    return try flushing(actions, state)
  }

  private mutating func start(
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [Action] {
    precondition(phase == .idle, "a run starts once")
    phase = .opening
    run = try state.package().lastRun.next
    return [.report(RunProgress(phase: .opening, done: 0)), .inspect(.source), .inspect(.target)]
  }

  /// Events that were drafted go before the actions that rest on them.
  private mutating func flushing(
    _ actions: [Action], _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [Action] {
    guard !drafts.isEmpty else { return actions }
    let append = Action.append(drafts)
    drafts = []
    return [append] + actions
  }

  /// Where a system has a clock of its own: how it stands to the run's, and how long the answer took.
  private mutating func measure(_ inspection: Inspection, on side: Side) {
    guard let now = inspection.now else { return }
    clocks[side] = now.microseconds &- clock.microseconds
    clocks.error &+= clock.microseconds &- started.microseconds
  }

  /// Goes on where the machine stands, after an append or an answer.
  mutating func proceed(
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [Action] {
    switch phase {
    case .idle, .opening, .finished: return []
    case .settling: return try settle(state)
    case .observing: return try observe(state)
    case .deciding: return try decideNext(state)
    case .closing: return try close(state)
    }
  }

  /// A call failed: the run winds up what can still be said and ends Failed.
  private mutating func failed(
    _ side: Side, _ failure: SideFailure, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [Action] {
    awaited.remove(side)
    withdrawUndone(on: side, failure)
    underWay = underWay.filter { $0.value.side != side }
    outbox.removeAll { $0.side == side }
    inFlight[side] = nil
    inquiries[side] = nil
    preReads[side] = nil
    readBacks[side] = nil
    unshown[side] = nil
    readers[side]?.isWaiting = false
    if self.failure == nil { self.failure = failure }
    return phase == .opening ? endAtOpening(failure.message) : try proceed(state)
  }
}

/// A command with all that is needed to send it and to understand its answer.
public struct OutgoingCommand: Hashable, Sendable {
  public var side: Side
  public var object: ObjectNumber
  public var task: TaskNumber
  public var link: LinkNumber
  public var conflict: EventSequence
  public var command: WriteCommand
}

/// Tracking objects to be made; the shell adds the journal's head.
public struct TrackingPlan: Hashable, Sendable {
  public var generation: TrackingGeneration
  public var objects: [ObjectBinding]
  public var pairs: [ObjectPair]
  /// Those of both sides, as far as they are known.
  public var identities: [Side: SystemIdentity]
  public var takeover: JournalID?
}

// MARK: - Drafts

extension RunMachine {
  /// Notes an event for the next append. The run's own first event goes before it.
  @discardableResult
  mutating func draft(
    _ body: EventBody, record: RecordNumber = .none, link: LinkNumber = .none,
    causes: EventCauses = EventCauses()
  ) -> EventSequence {
    if !isOpened {
      isOpened = true
      let opened = RunOpened(
        program: settings.program, allowances: settings.allowances.words, clocks: clocks)
      drafts.append(EventDraft(time: started, run: run, body: .runOpened(opened)))
    }
    drafts.append(
      EventDraft(time: clock, run: run, record: record, link: link, causes: causes, body: body))
    return EventSequence(head.sequence.rawValue + UInt64(drafts.count))
  }
}
