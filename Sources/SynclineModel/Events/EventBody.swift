/// What an event says, by kind.
public enum EventBody: Hashable, Sendable {
  case runOpened(RunOpened)
  case runClosed(RunClosed)
  case mappingAdopted(MappingAdopted)
  case objectObserved(ObjectObserved)
  case trackingCreated(TrackingCreated)
  case entriesForgotten(EntriesForgotten)
  case cursorAdvanced(CursorAdvanced)
  case parameterReset(ParameterReset)
  case recordCreated(RecordCreated)
  case recordChanged(RecordChanged)
  case recordTouched(RecordTouched)
  case recordDeleted(RecordDeleted)
  case recordRekeyed(RecordRekeyed)
  case recordFailed(RecordFailed)
  case linked(Linked)
  case unlinked(Unlinked)
  case agreed(Agreed)
  case slotVacated(SlotVacated)
  case parked(Parked)
  case ignored(Ignored)
  case commandIssued(CommandIssued)
  case commandConfirmed(CommandConfirmed)
  case commandRejected(CommandRejected)
  case conflictOpened(ConflictOpened)
  case conflictSuperseded(ConflictSuperseded)
  case conflictDecided(ConflictDecided)
  case overrideRequested(OverrideRequested)

  public var kind: EventKind {
    switch self {
    case .runOpened: .runOpened
    case .runClosed: .runClosed
    case .mappingAdopted: .mappingAdopted
    case .objectObserved: .objectObserved
    case .trackingCreated: .trackingCreated
    case .entriesForgotten: .entriesForgotten
    case .cursorAdvanced: .cursorAdvanced
    case .parameterReset: .parameterReset
    case .recordCreated: .recordCreated
    case .recordChanged: .recordChanged
    case .recordTouched: .recordTouched
    case .recordDeleted: .recordDeleted
    case .recordRekeyed: .recordRekeyed
    case .recordFailed: .recordFailed
    case .linked: .linked
    case .unlinked: .unlinked
    case .agreed: .agreed
    case .slotVacated: .slotVacated
    case .parked: .parked
    case .ignored: .ignored
    case .commandIssued: .commandIssued
    case .commandConfirmed: .commandConfirmed
    case .commandRejected: .commandRejected
    case .conflictOpened: .conflictOpened
    case .conflictSuperseded: .conflictSuperseded
    case .conflictDecided: .conflictDecided
    case .overrideRequested: .overrideRequested
    }
  }
}
