/// A defect that can be put into the program on purpose, to see whether the simulator finds it. None
/// exists in any release: `planted(_:)` is the constant false unless the package is built with
/// SYNCLINE_PLANTED=1 in its environment (Docs/Testing.md, "Planted bugs").
public enum PlantedBug: String, Hashable, Sendable, CaseIterable {
  case echoTakenForChange = "echo taken for a change"
  case cursorExclusive = "cursor with >"
  case cursorNow = "cursor = now"
  case blindWrite = "blind write"
  case repeatedCreate = "repeated create"
  case intentOverwritten = "intent overwritten"
  case baseMovedOnOneSide = "base moved on one side only"
  case baseMovedToNewest = "base moved to the newest content"
  case baseMovedForOthers = "base moved for fields not carried"
  case oneRevisionPerLink = "one revision per link instead of per slot"
  case differencesSent = "fields that differ sent instead of changed inputs"
  case dirtyNeverAgreed = "dirty slot never agreed"
  case dueTakenForDirty = "due taken for dirty"
  case generatedSwallowed = "generated value swallowed"
  case oneWayLost = "one-way field lost in a conflict"
  case pageOvertakesCreate = "page overtakes create"
  case absentJudgedEarly = "absent judged too early"
  case ownersTriggerMuted = "owner's trigger muted"
  case usersEntryRemoved = "user's queued entry removed with ours"
  case queueNumbersReused = "queue numbers reused"
  case editBeforeWriteUnrecorded = "edit between read and write not recorded"
  case queueReplayed = "D+I replayed after a crash"
  case secondJournal = "second journal on one queue"
  case caseEditMissed = "case-only edit missed"
  case deleteAfterReset = "delete sent in the run after a reset"
  case refillBecomesDelete = "refill that was rejected turns into a delete"
  case editBeforeTriggerLost = "edit between full read and trigger creation lost"
  case cascadeOutlivesReturn = "cascade outlives its parent's return"
  case nullErases = "null erases at first match"
  case conflictPerRetry = "conflict recorded per retry"
  /// Waits for a system with an account of our own.
  case hiddenEditIgnored = "edit hidden under our author ignored"
  case scaleTakenForEdit = "scale-only difference taken for an edit"
  case targetWins = "target wins"
  case deletionForgotten = "deletion forgotten"
  case nullDropped = "null dropped"
  case healthyParked = "healthy record parked as a loop"

  #if SYNCLINE_PLANTED
    /// Whether this build can have planted bugs.
    public static let isPossible = true

    // SAFETY: set once, before anything that asks is begun.
    nonisolated(unsafe) static var inForce: PlantedBug?

    /// Plants a bug, or none. Nothing else runs meanwhile.
    public static func plant(_ bug: PlantedBug?) { inForce = bug }
  #else
    /// Whether this build can have planted bugs.
    public static let isPossible = false

    /// Nothing: this build has none.
    public static func plant(_ bug: PlantedBug?) {}
  #endif
}

#if SYNCLINE_PLANTED
  /// Whether the bug is planted in this process.
  public func planted(_ bug: PlantedBug) -> Bool { PlantedBug.inForce == bug }
#else
  /// Whether the bug is planted: never, in this build.
  @inlinable public func planted(_ bug: PlantedBug) -> Bool { false }
#endif
