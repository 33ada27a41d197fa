/// What an event says. Raw values stand in journals and are never given another meaning.
public enum EventKind: UInt8, Hashable, Sendable, CaseIterable {
  case runOpened = 1
  case runClosed = 2
  case mappingAdopted = 3
  case objectObserved = 4
  case trackingCreated = 5
  case entriesForgotten = 6
  case cursorAdvanced = 7
  case parameterReset = 8

  case recordCreated = 16
  case recordChanged = 17
  case recordTouched = 18
  case recordDeleted = 19
  case recordRekeyed = 20
  case recordFailed = 21

  case linked = 32
  case unlinked = 33
  case agreed = 34
  case slotVacated = 35
  case parked = 36
  case ignored = 38

  case commandIssued = 48
  case commandConfirmed = 49
  case commandRejected = 50

  case conflictOpened = 64
  case conflictSuperseded = 65
  case conflictDecided = 66
  case overrideRequested = 67
}

/// The fixed part of an event. Erasing an event keeps it, so it holds numbers and no content.
@frozen public struct EventHeader: Hashable, Sendable {
  public var sequence: EventSequence
  public var kind: EventKind
  /// The shape of the payload; an older one is brought up to date where it is read.
  public var version: UInt8
  public var time: Timestamp
  public var run: RunNumber
  public var record: RecordNumber
  public var link: LinkNumber
  /// The event before this one that names the same record, or none.
  public var previousOfRecord: EventSequence
  /// The event before this one that names the same link, or none.
  public var previousOfLink: EventSequence
  /// The events that this one rests on: an outcome on its command, a command on the two observations.
  public var causes: EventCauses
  /// In bytes.
  public var payloadLength: UInt32

  public init(
    sequence: EventSequence, kind: EventKind, version: UInt8 = 1, time: Timestamp, run: RunNumber,
    record: RecordNumber = .none, link: LinkNumber = .none,
    previousOfRecord: EventSequence = .none, previousOfLink: EventSequence = .none,
    causes: EventCauses = EventCauses(), payloadLength: UInt32
  ) {
    self.sequence = sequence
    self.kind = kind
    self.version = version
    self.time = time
    self.run = run
    self.record = record
    self.link = link
    self.previousOfRecord = previousOfRecord
    self.previousOfLink = previousOfLink
    self.causes = causes
    self.payloadLength = payloadLength
  }

  /// The size of every encoded header, in bytes.
  public static let size = 80

  public func encode(to writer: inout ByteWriter) {
    writer.fixed(sequence.rawValue)
    writer.byte(kind.rawValue)
    writer.byte(version)
    writer.fixed(UInt16(0))
    writer.fixed(run.rawValue)
    writer.fixed(time.microseconds)
    writer.fixed(record.rawValue)
    writer.fixed(link.rawValue)
    writer.fixed(previousOfRecord.rawValue)
    writer.fixed(previousOfLink.rawValue)
    writer.fixed(causes.first.rawValue)
    writer.fixed(causes.second.rawValue)
    writer.fixed(payloadLength)
    writer.fixed(UInt32(0))
  }

  /// Reads a header. Throws where the bytes end, name an unknown kind, or set reserved bits.
  public init(from reader: inout ByteReader) throws(DecodingFailure) {
    let start = reader.offset
    sequence = EventSequence(try reader.fixed())
    guard let kind = EventKind(rawValue: try reader.byte()) else {
      throw .malformed(what: "event kind", offset: start + 8)
    }
    self.kind = kind
    version = try reader.byte()
    let reservedFirst: UInt16 = try reader.fixed()
    run = RunNumber(try reader.fixed())
    time = Timestamp(microseconds: try reader.fixed())
    record = RecordNumber(try reader.fixed())
    link = LinkNumber(try reader.fixed())
    previousOfRecord = EventSequence(try reader.fixed())
    previousOfLink = EventSequence(try reader.fixed())
    let first = EventSequence(try reader.fixed())
    causes = EventCauses(first, EventSequence(try reader.fixed()))
    payloadLength = try reader.fixed()
    let reservedSecond: UInt32 = try reader.fixed()
    guard reservedFirst == 0, reservedSecond == 0 else {
      throw .malformed(what: "event header", offset: start)
    }
  }
}

/// Up to two events that another one rests on.
@frozen public struct EventCauses: Hashable, Sendable {
  public var first: EventSequence
  public var second: EventSequence

  @inlinable
  public init(_ first: EventSequence = .none, _ second: EventSequence = .none) {
    self.first = first
    self.second = second
  }
}

/// An event as the run machine states it. Its place in the journal and its pointers follow from the
/// journal when it is appended.
public struct EventDraft: Hashable, Sendable {
  public var time: Timestamp
  public var run: RunNumber
  public var record: RecordNumber
  public var link: LinkNumber
  public var causes: EventCauses
  public var body: EventBody

  public init(
    time: Timestamp, run: RunNumber, record: RecordNumber = .none, link: LinkNumber = .none,
    causes: EventCauses = EventCauses(), body: EventBody
  ) {
    self.time = time
    self.run = run
    self.record = record
    self.link = link
    self.causes = causes
    self.body = body
  }
}

/// An event read from a journal.
public struct JournalEvent: Hashable, Sendable {
  public var header: EventHeader
  public var body: EventBody

  public init(header: EventHeader, body: EventBody) {
    self.header = header
    self.body = body
  }
}
